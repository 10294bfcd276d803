//! Maisons from a file.

use super::{Kind, Line, Matching, Plan, Reader, Table};
use crate::place::{DepartementCode, Siret};
use crate::text::folded;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

/// A maison as it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownMaison {
    pub id: i64,
    pub maison: MaisonLine,
}

/// A maison as a line tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaisonLine {
    pub name: String,
    pub commune: String,
    pub departement: DepartementCode,
    pub siret: Option<Siret>,
    pub labelled_on: Option<Date>,
}

/// What two maisons never share.
type Key = (String, String, DepartementCode);

impl MaisonLine {
    fn key(&self) -> Key {
        (folded(&self.name), folded(&self.commune), self.departement)
    }
}

/// What the file would change. A maison is known by its SIRET, else by its name in its commune; a case left empty
/// changes nothing of what is known.
#[must_use]
pub fn plan_maisons(table: &Table, matching: &Matching, known: &[KnownMaison]) -> Plan<MaisonLine> {
    let by_siret: BTreeMap<String, &KnownMaison> =
        known.iter().filter_map(|known| Some((known.maison.siret.as_ref()?.to_string(), known))).collect();
    let by_key: BTreeMap<Key, &KnownMaison> = known.iter().map(|known| (known.maison.key(), known)).collect();
    let (mut sirets, mut keys) = (BTreeSet::new(), BTreeSet::new());
    let mut plan = Plan::default();
    for line in &table.lines {
        let mut reader = Reader::new(Kind::Maisons, line, matching);
        let read = read(&mut reader);
        if let Some(read) = &read {
            let siret = read.siret.as_ref().map(ToString::to_string);
            if siret.clone().is_some_and(|siret| !sirets.insert(siret)) {
                reader.wrong(
                    "siret",
                    "Une autre ligne du fichier porte ce SIRET.",
                    "Gardez une seule des deux lignes.",
                );
            } else if !keys.insert(read.key()) {
                let what = "Une autre ligne du fichier porte ce nom dans cette commune.";
                reader.wrong("maison", what, "Gardez une seule des deux lignes, ou distinguez les noms.");
            }
            let same_name = by_key.get(&read.key()).copied();
            let same_siret = siret.as_ref().and_then(|siret| by_siret.get(siret).copied());
            match (same_siret, same_name) {
                (Some(one), Some(other)) if one.id != other.id => {
                    let what = "Une autre maison porte déjà ce nom dans cette commune.";
                    reader.wrong("maison", what, "Vérifiez le SIRET, ou distinguez les noms.");
                }
                (None, Some(other)) if siret.is_some() && other.maison.siret.is_some() => {
                    let what = "Cette maison est connue sous un autre SIRET.";
                    reader.wrong("siret", what, "Vérifiez le SIRET, ou distinguez les noms.");
                }
                _ => {}
            }
            if reader.problems.is_empty() {
                settle(&mut plan, read.clone(), same_siret.or(same_name));
            }
        }
        plan.problems.append(&mut reader.problems);
    }
    plan
}

fn settle(plan: &mut Plan<MaisonLine>, mut read: MaisonLine, known: Option<&KnownMaison>) {
    let Some(known) = known else {
        plan.create.push(read);
        return;
    };
    read.siret = read.siret.or_else(|| known.maison.siret.clone());
    read.labelled_on = read.labelled_on.or(known.maison.labelled_on);
    if read == known.maison { plan.unchanged += 1 } else { plan.update.push((known.id, read)) }
}

fn read(reader: &mut Reader<'_>) -> Option<MaisonLine> {
    let (name, commune) = (reader.text("maison"), reader.text("commune"));
    if reader.cell("departement").is_empty() {
        reader.wrong("departement", "La case est vide.", "Écrivez le code du département ou son nom entier.");
    }
    let departement = reader.departement();
    let siret = reader.value::<Siret>(
        "siret",
        "n’est pas un SIRET.",
        "Un SIRET a 14 chiffres\u{a0}; dans un tableur, mettez la colonne au format texte.",
    );
    let labelled = reader.value::<Day>("labellisee", "n’est pas une date.", "Écrivez-la comme 31/01/2026.");
    let departement = departement.filter(|_| reader.problems.is_empty())?;
    Some(MaisonLine { name, commune, departement, siret, labelled_on: labelled.map(|Day(day)| day) })
}

/// « 2026-01-31 » or « 31/01/2026 ».
pub(super) struct Day(pub(super) Date);

impl FromStr for Day {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let french = || {
            let mut parts = text.split('/');
            let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
            let (day, month, year) = (day.parse().ok()?, month.parse().ok()?, year.parse().ok()?);
            Date::new(year, month, day).ok().filter(|_| parts.next().is_none())
        };
        text.parse().ok().or_else(french).map(Self).ok_or(())
    }
}

impl Line {
    /// Whether every case is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cells.iter().all(|cell| cell.trim().is_empty())
    }
}
