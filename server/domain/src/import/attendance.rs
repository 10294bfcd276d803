//! Presence at what is followed away from the platform, from a file: an agent and their half days a line.

use super::{Day, Kind, KnownPerson, Matching, Plan, Reader, Table, excerpt};
use crate::ids::{ComponentSlug, CourseSlug, PersonId};
use crate::pathway::{Component, Pathway};
use crate::record::{AttendanceRecord, FIRST_DAY, HalfDay, Part, WHY};
use crate::text::{counted, day_long, folded};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Whose attendance of what.
pub type Attended = (PersonId, CourseSlug, ComponentSlug);

/// What the lines are held against.
#[derive(Debug, Clone, Copy)]
pub struct Training<'k> {
    pub pathways: &'k [Pathway],
    pub people: &'k [KnownPerson],
    /// What records say already.
    pub attendances: &'k BTreeMap<Attended, AttendanceRecord>,
    /// Who brings the file in: nobody enters their own presence.
    pub author: PersonId,
    /// The day in Paris.
    pub today: Date,
}

/// What a line has an agent's record say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttendanceLine {
    pub agent: PersonId,
    pub course: CourseSlug,
    pub component: ComponentSlug,
    /// The component's.
    pub title: String,
    /// All that the record holds of it then: those that were there, and the line's.
    pub half_days: BTreeSet<HalfDay>,
    /// Minutes that they come to.
    pub minutes: u32,
    /// Where it comes from.
    pub why: String,
}

/// The agents whom the file names, as far as they are known: whose records [`plan_attendance`] reads.
#[must_use]
pub fn agents_named(table: &Table, matching: &Matching, people: &[KnownPerson]) -> BTreeSet<PersonId> {
    let ids = by_email(people);
    let emails = table.lines.iter().map(|line| matching.cell(line, "email").to_lowercase());
    emails.filter_map(|email| ids.get(email.as_str()).map(|known| PersonId(known.id))).collect()
}

/// What the file would enter. A line adds its half days to those that are known and takes none away; one whose half days
/// are all known changes nothing. Who is not named is not said to have been away.
#[must_use]
pub fn plan_attendance(table: &Table, matching: &Matching, training: &Training<'_>) -> Plan<AttendanceLine> {
    let people = by_email(training.people);
    let mut known: BTreeMap<Attended, BTreeSet<HalfDay>> = BTreeMap::new();
    let mut plan = Plan::default();
    for line in &table.lines {
        let mut reader = Reader::new(Kind::Attendances, line, matching);
        let agent = agent(&mut reader, &people, training.author);
        let found = component(&mut reader, training.pathways);
        let half_days = half_days(&mut reader, training.today);
        let why = source(&mut reader);
        if let (Some(agent), Some((pathway, component)), true) = (agent, found, reader.problems.is_empty()) {
            let of: Attended = (agent, pathway.course.clone(), component.slug.clone());
            let record = training.attendances.get(&of);
            let held = known.entry(of).or_insert_with(|| record.map(|it| it.half_days.clone()).unwrap_or_default());
            let all: BTreeSet<HalfDay> = held.union(&half_days).copied().collect();
            if record.is_some_and(|record| record.exempted) {
                let what = "Le dossier de cet agent dit qu’il en est dispensé.";
                reader.wrong("composante", what, "Retirez la dispense dans son dossier, ou retirez la ligne.");
            } else if all.len() == held.len() {
                plan.unchanged += 1;
            } else if all.len() > most(component) {
                let said = counted(all.len() as u64, "demi-journée", "demi-journées");
                let what = format!("Avec cette ligne, le dossier aurait {said}, sur {}.", most(component));
                reader.wrong("date", what, "Vérifiez les jours\u{a0}; ceux du dossier se corrigent sur sa page.");
            } else {
                held.clone_from(&all);
                plan.create.push(AttendanceLine {
                    agent,
                    course: pathway.course.clone(),
                    component: component.slug.clone(),
                    title: component.title.clone(),
                    minutes: component.minutes_of(all.len()),
                    half_days: all,
                    why,
                });
            }
        }
        plan.problems.append(&mut reader.problems);
    }
    plan
}

fn by_email(people: &[KnownPerson]) -> BTreeMap<&str, &KnownPerson> {
    people.iter().map(|known| (known.email.as_str(), known)).collect()
}

fn most(component: &Component) -> usize {
    component.half_days().map_or(0, |count| usize::try_from(count).unwrap_or(usize::MAX))
}

fn agent(reader: &mut Reader<'_>, people: &BTreeMap<&str, &KnownPerson>, author: PersonId) -> Option<PersonId> {
    let email = reader.cell("email").to_lowercase();
    if email.is_empty() {
        reader.wrong("email", "La case est vide.", "Indiquez l’adresse avec laquelle l’agent se connecte.");
        return None;
    }
    let Some(known) = people.get(email.as_str()).filter(|known| known.is_agent) else {
        let what = format!("Aucun agent n’a l’adresse «\u{a0}{}\u{a0}».", excerpt(&email));
        reader.wrong("email", what, "Vérifiez l’adresse, ou importez d’abord cet agent.");
        return None;
    };
    if known.id == author.0 {
        let what = "Cette adresse est la vôtre.";
        reader.wrong("email", what, "Personne n’inscrit sa propre présence\u{a0}: demandez-le à quelqu’un d’autre.");
        return None;
    }
    Some(PersonId(known.id))
}

/// The component that the line names, by its title or its identifier.
fn component<'k>(reader: &mut Reader<'_>, pathways: &'k [Pathway]) -> Option<(&'k Pathway, &'k Component)> {
    let cell = reader.cell("composante");
    if cell.is_empty() {
        reader.wrong("composante", "La case est vide.", "Écrivez le nom de la composante, comme au parcours.");
        return None;
    }
    let name = folded(cell);
    let all = pathways.iter().flat_map(|pathway| pathway.components.iter().map(move |component| (pathway, component)));
    let named = all.filter(|(_, component)| component.slug.as_str() == cell || folded(&component.title) == name);
    let named: Vec<_> = named.collect();
    let remedy = "Écrivez le nom d’une composante en salle, comme au parcours.";
    match named[..] {
        [one] if most(one.1) > 0 => Some(one),
        [_] => {
            reader.wrong("composante", "Cette composante se suit sur la plateforme, qui en note la présence.", remedy);
            None
        }
        [] => {
            let what = format!("Le parcours n’a pas de composante «\u{a0}{}\u{a0}».", excerpt(cell));
            reader.wrong("composante", what, remedy);
            None
        }
        [..] => {
            let what = format!("{} composantes portent ce nom.", named.len());
            reader.wrong("composante", what, "Écrivez l’identifiant de la composante.");
            None
        }
    }
}

/// The line's days, each in the halves that it says.
fn half_days(reader: &mut Reader<'_>, today: Date) -> BTreeSet<HalfDay> {
    let parts = parts(reader);
    let cell = reader.cell("date");
    let mut dates = BTreeSet::new();
    let texts = cell.split([',', ';', ' ', '\n', '\u{a0}']).filter(|text| !text.is_empty() && *text != "et");
    for text in texts {
        match text.parse() {
            Ok(Day(date)) if date > today => {
                let what = format!("Le {} n’est pas passé.", day_long(date));
                reader.wrong("date", what, "Une présence s’inscrit après coup.");
            }
            Ok(Day(date)) if date < FIRST_DAY => {
                let what = format!("Le {} est avant les premières maisons.", day_long(date));
                reader.wrong("date", what, "Vérifiez l’année.");
            }
            Ok(Day(date)) => {
                dates.insert(date);
            }
            Err(()) => {
                let what = format!("«\u{a0}{}\u{a0}» n’est pas une date.", excerpt(text));
                reader.wrong("date", what, "Écrivez-la comme 31/01/2026\u{a0}; plusieurs se séparent d’une virgule.");
            }
        }
    }
    if cell.is_empty() {
        reader.wrong("date", "La case est vide.", "Écrivez le jour comme 31/01/2026.");
    }
    dates.into_iter().flat_map(|date| parts.iter().map(move |part| HalfDay { date, part: *part })).collect()
}

fn parts(reader: &mut Reader<'_>) -> &'static [Part] {
    const REMEDY: &str = "Écrivez matin, après-midi ou journée.";
    let cell = reader.cell("demi-journee");
    match folded(cell).as_str() {
        "matin" | "matinee" => &[Part::Morning],
        "apres midi" => &[Part::Afternoon],
        "journee" | "journee entiere" | "matin et apres midi" | "matin apres midi" => &[Part::Morning, Part::Afternoon],
        "" => {
            reader.wrong("demi-journee", "La case est vide.", REMEDY);
            &[]
        }
        "absent" | "absente" | "non" => {
            let what = "Une absence ne s’inscrit pas.";
            reader.wrong("demi-journee", what, "Retirez la ligne\u{a0}: qui n’est pas dans le fichier n’y gagne rien.");
            &[]
        }
        _ => {
            let what = format!("«\u{a0}{}\u{a0}» n’est pas une demi-journée.", excerpt(cell));
            reader.wrong("demi-journee", what, REMEDY);
            &[]
        }
    }
}

fn source(reader: &mut Reader<'_>) -> String {
    let why = reader.cell("source").split_whitespace().collect::<Vec<_>>().join(" ");
    let length = why.chars().count();
    if !WHY.contains(&length) || why.chars().any(char::is_control) {
        let what =
            if length == 0 { "La case est vide.".to_owned() } else { format!("Le texte a {length} caractères.") };
        let remedy = format!("Dites d’où vient cette présence, en {} à {} caractères.", WHY.start(), WHY.end());
        reader.wrong("source", what, remedy);
    }
    why
}
