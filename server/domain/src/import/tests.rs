use super::*;
use proptest::prelude::*;

fn table(header: &str, lines: &[&str]) -> Table {
    let cells = |line: &str| line.split(';').map(str::to_owned).collect::<Vec<_>>();
    let lines = (2..).zip(lines).map(|(number, line)| Line { number, cells: cells(line) });
    Table { header: cells(header), lines: lines.collect() }
}

fn maisons(table: &Table, known: &[KnownMaison]) -> Plan<MaisonLine> {
    plan_maisons(table, &Matching::guess(Kind::Maisons, &table.header), known)
}

fn agents(table: &Table, places: &[KnownMaison], known: &[KnownPerson]) -> Plan<AgentLine> {
    plan_agents(table, &Matching::guess(Kind::Agents, &table.header), places, known)
}

fn said<T>(plan: &Plan<T>) -> Vec<(u32, &'static str, &str)> {
    plan.problems.iter().map(|problem| (problem.line, problem.column, problem.what.as_str())).collect()
}

const HEADER: &str = "Nom;Commune;Département;SIRET;Labellisée le";

/// What is known once the plan was carried out.
fn carried_out(plan: &Plan<MaisonLine>) -> Vec<KnownMaison> {
    (1..).zip(&plan.create).map(|(id, maison)| KnownMaison { id, maison: maison.clone() }).collect()
}

fn vouziers() -> Vec<KnownMaison> {
    carried_out(&maisons(&table(HEADER, &["Maison de Vouziers;Vouziers;08;35600000000048;31/01/2020"]), &[]))
}

#[test]
fn headings_are_known_by_their_usual_names() {
    let of = |header: &str| {
        let header: Vec<String> = header.split(';').map(str::to_owned).collect();
        let matching = Matching::guess(Kind::Agents, &header);
        ["nom", "prenom", "email", "maison", "siret"].map(|field| matching.column(field))
    };
    assert_eq!(of("Prénom;NOM;E-mail;Structure;N° SIRET"), [Some(1), Some(0), Some(2), Some(3), None]);
    assert_eq!(of("prenom;nom;Courriel"), [Some(1), Some(0), Some(2), None, None]);
    assert_eq!(of("a;b"), [None; 5]);
    let missing = Matching::guess(Kind::Agents, &["Nom".to_owned()]).missing(Kind::Agents);
    assert_eq!(missing.iter().map(|field| field.label).collect::<Vec<_>>(), ["Prénom", "Adresse électronique"]);
}

#[test]
fn a_maison_is_known_by_its_siret_or_by_its_name_in_its_commune() {
    let known = vouziers();
    assert_eq!(known.len(), 1);
    let plan = |line: &str| maisons(&table(HEADER, &[line]), &known);
    assert_eq!(plan("MAISON DE VOUZIERS;vouziers;Ardennes;;").unchanged, 0, "its name is written otherwise");
    assert_eq!(plan("Maison de Vouziers;Vouziers;Ardennes;;").unchanged, 1, "an empty case changes nothing");
    let renamed = plan("Espace de Vouziers;Vouziers;8;356 000 000 00048;");
    assert_eq!((renamed.update[0].0, renamed.update[0].1.name.as_str()), (1, "Espace de Vouziers"));
    assert_eq!(plan("Maison de Vouziers;Vouziers;14;;").create.len(), 1, "elsewhere it is another");
}

#[test]
fn a_wrong_line_of_maisons_says_where_what_and_how_to_mend_it() {
    let long = "x".repeat(101);
    let lines = [
        ";Vouziers;08;;",
        "Maison A;;08;;",
        "Maison B;Rethel;99;;",
        "Maison C;Rethel;08;123;",
        "Maison D;Rethel;08;;31/02/2020",
        "Maison E;Rethel;;;",
        "Maison F;Rethel;08;;",
        "Maison F;Rethel;08;;",
        &format!("{long};Rethel;08;;"),
        "Maison de Vouziers;Vouziers;08;35600000000055;",
    ];
    let plan = maisons(&table(HEADER, &lines), &vouziers());
    assert_eq!(
        said(&plan),
        [
            (2, "Nom de la maison", "La case est vide."),
            (3, "Commune", "La case est vide."),
            (4, "Département", "«\u{a0}99\u{a0}» n’est pas un département."),
            (5, "SIRET", "«\u{a0}123\u{a0}» n’est pas un SIRET."),
            (6, "Labellisée le", "«\u{a0}31/02/2020\u{a0}» n’est pas une date."),
            (7, "Département", "La case est vide."),
            (9, "Nom de la maison", "Une autre ligne du fichier porte ce nom dans cette commune."),
            (10, "Nom de la maison", "Le texte a 101 caractères."),
            (11, "SIRET", "Cette maison est connue sous un autre SIRET."),
        ]
    );
    assert!(plan.problems.iter().all(|problem| !problem.remedy.is_empty()));
    assert_eq!((plan.create.len(), plan.wrong()), (1, 9));
}

const PEOPLE: &str = "Nom;Prénom;E-mail;Maison;Département";

fn lea(maison: Option<i64>) -> KnownPerson {
    KnownPerson {
        id: 7,
        email: "lea@exemple.fr".into(),
        first_name: "Léa".into(),
        last_name: "Perrin".into(),
        maison,
        is_agent: true,
        suspended: false,
    }
}

#[test]
fn an_agent_is_known_by_their_address_and_moves_with_it() {
    let plan = |line: &str, known: KnownPerson| agents(&table(PEOPLE, &[line]), &vouziers(), &[known]);
    let same = plan("Perrin;Léa;LEA@exemple.fr;maison de vouziers;", lea(Some(1)));
    assert_eq!((same.unchanged, same.problems), (1, vec![]));
    assert_eq!(plan("Perrin;Léa;lea@exemple.fr;;", lea(Some(1))).unchanged, 1, "no maison told, none changed");
    let moved = plan("Perrin;Léa;lea@exemple.fr;Maison de Vouziers;08", lea(Some(4)));
    assert_eq!((moved.update[0].0, moved.update[0].1.maison), (7, Some(1)));
    assert_eq!(plan("Benali;Karim;karim@exemple.fr;;", lea(None)).create.len(), 1);
    let trainer = plan("Perrin;Léa;lea@exemple.fr;;", KnownPerson { is_agent: false, ..lea(None) });
    let gone = plan("Perrin;Léa;lea@exemple.fr;;", KnownPerson { suspended: true, ..lea(None) });
    assert_eq!((trainer.wrong(), gone.wrong()), (1, 1));
}

#[test]
fn a_maison_that_is_not_there_or_not_alone_is_told() {
    let places = carried_out(&maisons(
        &table(HEADER, &["Espace services;Rethel;08;;", "Espace services;Sedan;08;;", "Espace services;Bayeux;14;;"]),
        &[],
    ));
    let plan = agents(
        &table(
            PEOPLE,
            &[
                "A;A;a@exemple.fr;Espace services;",
                "B;B;b@exemple.fr;Espace services;14",
                "C;C;c@exemple.fr;Maison inconnue;",
                "D;D;d@exemple;Espace services;14",
                "E;E;b@exemple.fr;;",
            ],
        ),
        &places,
        &[],
    );
    assert_eq!(
        said(&plan),
        [
            (2, "Nom de la maison", "3 maisons portent ce nom."),
            (4, "Nom de la maison", "Aucune maison ne porte ce nom à cet endroit."),
            (5, "Adresse électronique", "«\u{a0}d@exemple\u{a0}» n’est pas une adresse électronique."),
            (6, "Adresse électronique", "Une autre ligne du fichier porte cette adresse."),
        ]
    );
    assert_eq!(plan.create.iter().map(|agent| agent.maison).collect::<Vec<_>>(), [Some(3), Some(3)]);
}

proptest! {
    /// Every line is told of once: it creates, changes, says what is known, or is wrong. What was brought in is known.
    #[test]
    fn a_second_run_changes_nothing(cells in proptest::collection::vec(proptest::collection::vec("[a-cé ;0-9/@.]{0,6}", 0..6), 0..20)) {
        let lines = (2..).zip(cells).map(|(number, cells)| Line { number, cells });
        let header = HEADER.split(';').map(str::to_owned).collect();
        let table = Table { header, lines: lines.collect() };
        let plan = maisons(&table, &[]);
        let count = table.lines.len() as u64;
        prop_assert_eq!(plan.create.len() as u64 + plan.update.len() as u64 + plan.unchanged + plan.wrong(), count);
        let again = maisons(&table, &carried_out(&plan));
        prop_assert_eq!((again.create.len(), again.update.len(), again.wrong()), (0, 0, plan.wrong()));
        prop_assert_eq!(again.unchanged, plan.create.len() as u64);
    }
}
