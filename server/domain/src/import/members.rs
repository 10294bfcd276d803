//! Members of a cohort from a file: an agent a line.

use super::{Kind, KnownPerson, Matching, Plan, Reader, Table, excerpt};
use crate::identity::Email;
use crate::ids::{CohortId, PersonId};
use crate::text::folded;
use std::collections::{BTreeMap, BTreeSet};

/// What the lines are held against.
#[derive(Debug, Clone, Copy)]
pub struct Group<'k> {
    pub people: &'k [KnownPerson],
    pub cohort: CohortId,
    /// The cohort of the same course in which each agent is, by identifier and name.
    pub cohorts: &'k BTreeMap<PersonId, (CohortId, String)>,
    /// Places that are free.
    pub places: usize,
}

/// Somebody who joins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemberLine {
    pub agent: PersonId,
}

/// Who the file has join the cohort. Who is in it already stays; who is in another is moved where the line says so.
#[must_use]
pub fn plan_members(table: &Table, matching: &Matching, group: &Group<'_>) -> Plan<MemberLine> {
    let people: BTreeMap<&str, &KnownPerson> = group.people.iter().map(|known| (known.email.as_str(), known)).collect();
    let mut seen = BTreeSet::new();
    let mut plan = Plan::default();
    for line in &table.lines {
        let mut reader = Reader::new(Kind::Members, line, matching);
        let agent = agent(&mut reader, &people);
        let moves = moves(&mut reader);
        if let (Some(agent), Some(moves)) = (agent, moves) {
            let joining = plan.create.len() + plan.update.len();
            let other = group.cohorts.get(&agent);
            if !seen.insert(agent) {
                let what = "Une autre ligne du fichier est celle de la même personne.";
                reader.wrong("email", what, "Gardez une seule des deux lignes.");
            } else if other.is_some_and(|(cohort, _)| *cohort == group.cohort) {
                plan.unchanged += 1;
            } else if let Some((_, name)) = other.filter(|_| !moves) {
                let what = format!("Cet agent est dans la cohorte «\u{a0}{name}\u{a0}».");
                reader.wrong(
                    "email",
                    what,
                    "Écrivez oui dans une colonne «\u{a0}Déplacer\u{a0}» pour qu’il la quitte.",
                );
            } else if joining >= group.places {
                reader.wrong(
                    "email",
                    "La cohorte n’a plus de place.",
                    "Donnez-lui plus de places, ou retirez la ligne.",
                );
            } else if other.is_some() {
                plan.update.push((agent.0, MemberLine { agent }));
            } else {
                plan.create.push(MemberLine { agent });
            }
        }
        plan.problems.append(&mut reader.problems);
    }
    plan
}

fn agent(reader: &mut Reader<'_>, people: &BTreeMap<&str, &KnownPerson>) -> Option<PersonId> {
    if reader.cell("email").is_empty() {
        reader.wrong("email", "La case est vide.", "Indiquez l’adresse de l’agent.");
    }
    let remedy = "Écrivez-la comme prenom.nom@exemple.fr.";
    let email = reader.value::<Email>("email", "n’est pas une adresse électronique.", remedy)?;
    let known = people.get(email.as_str()).filter(|known| known.is_agent && !known.suspended);
    let Some(known) = known else {
        let what = "Aucun agent n’a un compte ouvert à cette adresse.";
        reader.wrong("email", what, "Vérifiez l’adresse, ou faites d’abord créer le compte.");
        return None;
    };
    if known.state.is_away() {
        let what = "Cet agent n’est pas en poste.";
        reader.wrong("email", what, "Faites d’abord inscrire son retour, ou retirez la ligne.");
    }
    reader.problems.is_empty().then_some(PersonId(known.id))
}

fn moves(reader: &mut Reader<'_>) -> Option<bool> {
    let cell = reader.cell("deplacer");
    match folded(cell).as_str() {
        "" | "non" | "0" => Some(false),
        "oui" | "x" | "1" => Some(true),
        _ => {
            let what = format!("«\u{a0}{}\u{a0}» ne dit ni oui ni non.", excerpt(cell));
            reader.wrong("deplacer", what, "Écrivez oui, ou laissez la case vide.");
            None
        }
    }
}
