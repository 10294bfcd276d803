//! A territory and its parts, as one reader may see them.

use super::store::{self, DepartementTally, MaisonTally, Question};
use crate::access::{TerritoryReader, Viewer};
use crate::app::App;
use crate::error::Result;
use domain::follow_up::{Cell, Hidden, Tally, hidden};
use domain::identity::{Sight, reach};
use domain::ids::MaisonId;
use domain::place::{DepartementCode, Territory};
use std::collections::BTreeMap;

/// A territory, counted; what its reader may not be told is taken away.
#[derive(Debug, Default)]
pub(crate) struct Counted {
    /// None where it is hidden.
    pub(crate) whole: Option<Tally>,
    pub(crate) maisons: u64,
    pub(crate) parts: Vec<Part>,
    /// The maison's name and commune, for a maison.
    pub(crate) named: Option<(String, String)>,
}

/// A part of it.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) place: Place,
    pub(crate) name: String,
    /// None where it is hidden.
    pub(crate) tally: Option<Tally>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Departement(DepartementCode),
    Maison(MaisonId),
    /// The agents who work in no maison.
    Nowhere,
}

/// Counts it.
///
/// # Errors
/// [`crate::error::Error::NotFound`] where there is no such maison; when the database fails.
pub(crate) async fn count(app: &App, viewer: &Viewer, reader: &TerritoryReader, asked: &Question) -> Result<Counted> {
    let db = app.db.reader();
    let sees_all = reader.sight == Sight::People;
    match reader.territory {
        Territory::Nation => {
            let parts = store::departements(db, asked).await?;
            let masks = Masks::of(app, viewer, asked).await?;
            let hidden = if sees_all { None } else { Some(masks.departements(&parts)) };
            Ok(nation(parts, hidden.as_ref()))
        }
        Territory::Departement(code) => {
            let maisons = store::maisons_of(db, asked, code).await?;
            if sees_all {
                return Ok(departement(maisons, None));
            }
            let masks = Masks::of(app, viewer, asked).await?;
            if masks.hides(app, asked, code).await? {
                return Ok(Counted::default());
            }
            let hidden = masks.maisons(&maisons);
            Ok(departement(maisons, Some(&hidden)))
        }
        Territory::Maison(id, code) => {
            let (maison, _) = store::maison(db, asked, id).await?;
            let shown = sees_all || !maison_is_hidden(app, viewer, asked, (id, code)).await?;
            Ok(Counted {
                whole: shown.then_some(maison.tally),
                maisons: 1,
                parts: Vec::new(),
                named: Some((maison.name, maison.commune)),
            })
        }
    }
}

fn nation(parts: Vec<DepartementTally>, hidden: Option<&Hidden>) -> Counted {
    let whole: Tally = parts.iter().map(|part| part.tally).sum();
    let is_hidden = |place: usize| hidden.is_some_and(|hidden| hidden.parts[place]);
    Counted {
        whole: hidden.is_none_or(|hidden| !hidden.whole).then_some(whole),
        maisons: parts.iter().map(|part| part.maisons).sum(),
        named: None,
        parts: parts
            .into_iter()
            .enumerate()
            .map(|(place, part)| Part {
                place: part.code.map_or(Place::Nowhere, Place::Departement),
                name: part.code.map_or_else(|| "Sans maison".to_owned(), |code| format!("{code} – {}", code.name())),
                tally: (!is_hidden(place)).then_some(part.tally),
            })
            .collect(),
    }
}

fn departement(maisons: Vec<MaisonTally>, hidden: Option<&Hidden>) -> Counted {
    let whole: Tally = maisons.iter().map(|maison| maison.tally).sum();
    let is_hidden = |place: usize| hidden.is_some_and(|hidden| hidden.parts[place]);
    Counted {
        whole: hidden.is_none_or(|hidden| !hidden.whole).then_some(whole),
        maisons: maisons.len() as u64,
        named: None,
        parts: maisons
            .into_iter()
            .enumerate()
            .map(|(place, maison)| Part {
                place: Place::Maison(maison.id),
                name: if maison.name.contains(&maison.commune) {
                    maison.name
                } else {
                    format!("{}, {}", maison.name, maison.commune)
                },
                tally: (!is_hidden(place)).then_some(maison.tally),
            })
            .collect(),
    }
}

/// A maison is hidden with its département, and as a part of it.
async fn maison_is_hidden(
    app: &App,
    viewer: &Viewer,
    asked: &Question,
    (id, code): (MaisonId, DepartementCode),
) -> Result<bool> {
    let masks = Masks::of(app, viewer, asked).await?;
    if masks.hides(app, asked, code).await? {
        return Ok(true);
    }
    let maisons = store::maisons_of(app.db.reader(), asked, code).await?;
    let hidden = masks.maisons(&maisons);
    Ok(hidden.whole || maisons.iter().zip(&hidden.parts).any(|(maison, hidden)| maison.id == id && *hidden))
}

/// What the reader knows by name, which hides nobody else.
struct Masks {
    departements: Vec<DepartementCode>,
    /// Agents of the maisons that are theirs, and where these are.
    maisons: BTreeMap<MaisonId, (DepartementCode, u64)>,
}

impl Masks {
    async fn of(app: &App, viewer: &Viewer, asked: &Question) -> Result<Self> {
        let reach = reach(&viewer.grants, &asked.course).unwrap_or_default();
        let mut maisons = BTreeMap::new();
        for id in reach.maisons {
            // A role over a maison that is gone opens nothing.
            if let Ok((maison, code)) = store::maison(app.db.reader(), asked, id).await {
                maisons.insert(id, (code, maison.tally.agents));
            }
        }
        Ok(Self { departements: reach.departements.into_iter().collect(), maisons })
    }

    fn departements(&self, parts: &[DepartementTally]) -> Hidden {
        let cells: Vec<Cell> = parts
            .iter()
            .map(|part| {
                let people = part.tally.agents;
                let own = self.maisons.values().filter(|(code, _)| Some(*code) == part.code).map(|(_, n)| n).sum();
                let follows = part.code.is_some_and(|code| self.departements.contains(&code));
                Cell { people, known: if follows { people } else { own } }
            })
            .collect();
        hidden(&cells)
    }

    fn maisons(&self, maisons: &[MaisonTally]) -> Hidden {
        let cells: Vec<Cell> = maisons
            .iter()
            .map(|maison| {
                let known = self.maisons.get(&maison.id).map_or(0, |(_, n)| *n);
                Cell { people: maison.tally.agents, known }
            })
            .collect();
        hidden(&cells)
    }

    /// Whether that département is hidden among the others.
    async fn hides(&self, app: &App, asked: &Question, code: DepartementCode) -> Result<bool> {
        let parts = store::departements(app.db.reader(), asked).await?;
        let hidden = self.departements(&parts);
        Ok(hidden.whole || parts.iter().zip(&hidden.parts).any(|(part, hidden)| part.code == Some(code) && *hidden))
    }
}
