//! Agents from a file.

use super::{Day, Kind, KnownMaison, Matching, Plan, Reader, Table, excerpt};
use crate::identity::{Email, PersonName};
use crate::place::{DepartementCode, Siret};
use crate::posting::State;
use crate::record::FIRST_DAY;
use crate::text::{day_long, folded};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Somebody who has an account, by one of their addresses: two accounts that were made one have each theirs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownPerson {
    pub id: i64,
    pub email: String,
    pub first_name: String,
    pub last_name: String,
    pub maison: Option<i64>,
    pub is_agent: bool,
    pub suspended: bool,
    pub state: State,
}

/// An agent as a line tells them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentLine {
    pub email: Email,
    pub name: PersonName,
    pub maison: Option<i64>,
    pub state: State,
    /// From when on they work there, or are away; none: from today on.
    pub since: Option<Date>,
    /// Whether that is another maison, or another state, than what is known.
    pub moves: bool,
}

/// What the file would change, `today` in Paris. An agent is known by their address. One without a maison in the file
/// keeps theirs; another maison moves them there, with their record. A case of « Situation » left empty changes nothing.
#[must_use]
pub fn plan_agents(
    table: &Table,
    matching: &Matching,
    maisons: &[KnownMaison],
    people: &[KnownPerson],
    today: Date,
) -> Plan<AgentLine> {
    let maisons = Maisons::of(maisons);
    let people: BTreeMap<&str, &KnownPerson> = people.iter().map(|known| (known.email.as_str(), known)).collect();
    let (mut seen, mut met) = (BTreeSet::new(), BTreeSet::new());
    let mut plan = Plan::default();
    for line in &table.lines {
        let mut reader = Reader::new(Kind::Agents, line, matching);
        if let Some((read, state)) = read(&mut reader, &maisons, today) {
            let known = people.get(read.email.as_str()).copied();
            if !seen.insert(read.email.as_str().to_owned()) {
                reader.wrong(
                    "email",
                    "Une autre ligne du fichier porte cette adresse.",
                    "Une adresse est celle d’une seule personne\u{a0}: gardez une seule des deux lignes.",
                );
            } else if known.is_some_and(|known| !met.insert(known.id)) {
                let what = "Une autre ligne du fichier est celle de la même personne, sous une autre adresse.";
                reader.wrong("email", what, "Gardez une seule des deux lignes.");
            } else if known.is_some_and(|known| !known.is_agent) {
                let what = "Cette adresse est celle d’un compte qui n’est pas celui d’un agent.";
                reader.wrong("email", what, "Vérifiez l’adresse, ou donnez-en une autre à cet agent.");
            } else if known.is_some_and(|known| known.suspended) {
                let what = "Le compte de cette adresse est suspendu.";
                reader.wrong("email", what, "Rétablissez-le depuis la liste des comptes, puis importez de nouveau.");
            } else {
                settle(&mut plan, read, state, known);
            }
        }
        plan.problems.append(&mut reader.problems);
    }
    plan
}

fn settle(plan: &mut Plan<AgentLine>, mut read: AgentLine, state: Option<State>, known: Option<&KnownPerson>) {
    let Some(known) = known else {
        read.state = state.unwrap_or_default();
        read.moves = read.state.is_away();
        plan.create.push(read);
        return;
    };
    read.maison = read.maison.or(known.maison);
    read.state = state.unwrap_or(known.state);
    read.moves = (read.maison, read.state) != (known.maison, known.state);
    let same = !read.moves && read.name.given() == known.first_name && read.name.family() == known.last_name;
    if same { plan.unchanged += 1 } else { plan.update.push((known.id, read)) }
}

fn read(reader: &mut Reader<'_>, maisons: &Maisons<'_>, today: Date) -> Option<(AgentLine, Option<State>)> {
    let (family, given) = (reader.text("nom"), reader.text("prenom"));
    if reader.cell("email").is_empty() {
        reader.wrong(
            "email",
            "La case est vide.",
            "Indiquez l’adresse de l’agent\u{a0}: elle lui sert à se connecter.",
        );
    }
    let email = reader.value::<Email>(
        "email",
        "n’est pas une adresse électronique.",
        "Écrivez-la comme prenom.nom@exemple.fr.",
    );
    let maison = maisons.find(reader);
    let (state, since) = (state(reader), since(reader, today));
    let name = PersonName::new(&given, &family).ok();
    let (email, name) = email.zip(name).filter(|_| reader.problems.is_empty())?;
    Some((AgentLine { email, name, maison, state: State::Present, since, moves: false }, state))
}

fn state(reader: &mut Reader<'_>) -> Option<State> {
    let cell = reader.cell("situation");
    match folded(cell).as_str() {
        "" => None,
        "en poste" | "present" | "presente" | "retour" | "actif" | "active" => Some(State::Present),
        "en conge" | "conge" | "absent" | "absente" => Some(State::OnLeave),
        "parti" | "partie" | "depart" => Some(State::Left),
        _ => {
            let what = format!("«\u{a0}{}\u{a0}» n’est pas une situation.", excerpt(cell));
            reader.wrong("situation", what, "Écrivez en poste, en congé ou parti, ou laissez la case vide.");
            None
        }
    }
}

fn since(reader: &mut Reader<'_>, today: Date) -> Option<Date> {
    let day = reader.value::<Day>("depuis", "n’est pas une date.", "Écrivez-la comme 31/01/2026.");
    let Day(day) = day?;
    if day < FIRST_DAY || day > today {
        let what = format!("Le {} n’est pas possible.", day_long(day));
        reader.wrong("depuis", what, "Écrivez un jour passé\u{a0}; ceux à venir s’inscrivent sur la page du compte.");
    }
    Some(day)
}

/// The maisons, by what a line may call them.
struct Maisons<'k> {
    by_siret: BTreeMap<String, &'k KnownMaison>,
    by_name: BTreeMap<String, Vec<&'k KnownMaison>>,
}

impl<'k> Maisons<'k> {
    fn of(known: &'k [KnownMaison]) -> Self {
        let mut by_name: BTreeMap<String, Vec<&KnownMaison>> = BTreeMap::new();
        for known in known {
            by_name.entry(folded(&known.maison.name)).or_default().push(known);
        }
        let by_siret = known.iter().filter_map(|known| Some((known.maison.siret.as_ref()?.to_string(), known)));
        Self { by_siret: by_siret.collect(), by_name }
    }

    /// The maison that the line names, if it names one.
    fn find(&self, reader: &mut Reader<'_>) -> Option<i64> {
        let departement = reader.departement();
        let siret = reader.value::<Siret>(
            "siret",
            "n’est pas un SIRET.",
            "Un SIRET a 14 chiffres\u{a0}; dans un tableur, mettez la colonne au format texte.",
        );
        if let Some(siret) = siret {
            let found = self.by_siret.get(&siret.to_string());
            if found.is_none() {
                reader.wrong(
                    "siret",
                    "Aucune maison n’a ce SIRET.",
                    "Importez d’abord les maisons, ou vérifiez le SIRET.",
                );
            }
            return found.map(|known| known.id);
        }
        let name = reader.cell("maison");
        if name.is_empty() {
            return None;
        }
        let found = self.named(name, reader.cell("commune"), departement);
        match found[..] {
            [one] => Some(one.id),
            [] => {
                reader.wrong(
                    "maison",
                    "Aucune maison ne porte ce nom à cet endroit.",
                    "Importez d’abord les maisons, ou écrivez le nom comme dans leur liste.",
                );
                None
            }
            [..] => {
                let what = format!("{} maisons portent ce nom.", found.len());
                reader.wrong("maison", what, "Ajoutez le département, la commune ou le SIRET.");
                None
            }
        }
    }

    fn named(&self, name: &str, commune: &str, departement: Option<DepartementCode>) -> Vec<&'k KnownMaison> {
        let commune = folded(commune);
        let called = self.by_name.get(&folded(name)).map_or(&[][..], Vec::as_slice).iter().copied();
        called
            .filter(|known| departement.is_none_or(|code| known.maison.departement == code))
            .filter(|known| commune.is_empty() || folded(&known.maison.commune) == commune)
            .collect()
    }
}
