use super::*;
use crate::ids::{CohortId, PersonId};
use crate::posting::State;
use crate::record::{AttendanceRecord, HalfDay, Part};
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
    plan_agents(table, &Matching::guess(Kind::Agents, &table.header), places, known, jiff::civil::date(2026, 12, 4))
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
        state: State::Present,
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
fn a_leave_and_a_return_are_told_from_a_day_on_and_once() {
    let plan = |line: &str, known: KnownPerson| {
        agents(&table("Nom;Prénom;E-mail;Situation;Depuis le", &[line]), &[], &[known])
    };
    let leave = plan("Perrin;Léa;lea@exemple.fr;En congé;01/12/2026", lea(Some(1)));
    let (_, line) = &leave.update[0];
    assert_eq!((line.state, line.moves, line.maison), (State::OnLeave, true, Some(1)));
    assert_eq!(line.since, Some(jiff::civil::date(2026, 12, 1)));
    let away = || KnownPerson { state: State::OnLeave, ..lea(Some(1)) };
    assert_eq!(plan("Perrin;Léa;lea@exemple.fr;congé;01/12/2026", away()).unchanged, 1, "a second run");
    assert_eq!(plan("Perrin;Léa;lea@exemple.fr;;", away()).unchanged, 1, "nothing told, nothing changed");
    assert_eq!(plan("Perrin;Léa;lea@exemple.fr;Retour;", away()).update[0].1.state, State::Present);
    let renamed = plan("Perrin;Léa-Marie;lea@exemple.fr;;", away());
    assert!(!renamed.update[0].1.moves && renamed.update[0].1.state == State::OnLeave);
    let wrong = plan("Perrin;Léa;lea@exemple.fr;vacances;05/12/2026", lea(None));
    assert_eq!(
        said(&wrong),
        [
            (2, "Situation", "«\u{a0}vacances\u{a0}» n’est pas une situation."),
            (2, "Depuis le", "Le 5 décembre 2026 n’est pas possible."),
        ]
    );
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
    assert_eq!(plan.create.iter().map(|agent| agent.maison).collect::<Vec<_>>(), [Some(3)]);
}

fn training() -> Vec<crate::pathway::Pathway> {
    let component = |slug: &str, title: &str, way: serde_json::Value| {
        serde_json::json!({ "slug": slug, "title": title, "how_to": "", "modality": "face-to-face", "minutes": 360,
            "way": way })
    };
    let halves = serde_json::json!({ "by": "half-days", "count": 2 });
    let mooc = serde_json::json!({ "by": "course", "course": "mediation-numerique" });
    let pathway = serde_json::json!({ "title": "", "summary": "", "nature": "", "course": "mediation-numerique",
        "components": [component("accueil", "Accueillir l’usager", halves), component("mooc", "Le MOOC", mooc)],
        "awards": [] });
    vec![serde_json::from_value(pathway).unwrap()]
}

/// The plan of these lines, for Léa, whose record says `known` of « Accueillir l’usager ».
fn attendances(lines: &[&str], known: Option<AttendanceRecord>) -> Plan<AttendanceLine> {
    let table = table("E-mail;Composante;Date;Demi-journée;Source", lines);
    let of = (PersonId(7), "mediation-numerique".parse().unwrap(), "accueil".parse().unwrap());
    let attendances = known.map(|known| (of, known)).into_iter().collect();
    let marie = KnownPerson { id: 2, email: "marie@exemple.fr".into(), ..lea(None) };
    let (pathways, people) = (training(), [lea(None), marie]);
    let training = Training {
        pathways: &pathways,
        people: &people,
        attendances: &attendances,
        author: PersonId(2),
        today: jiff::civil::date(2026, 12, 4),
    };
    plan_attendance(&table, &Matching::guess(Kind::Attendances, &table.header), &training)
}

fn half(day: i8, part: Part) -> HalfDay {
    HalfDay { date: jiff::civil::date(2026, 12, day), part }
}

#[test]
fn a_line_adds_its_half_days_to_what_the_record_says() {
    let plan = attendances(&["LEA@exemple.fr;accueillir l’usager;3/12/2026;Matin;Feuille du 3"], None);
    assert_eq!(plan.problems, []);
    assert_eq!(
        (plan.create[0].agent, plan.create[0].minutes, &*plan.create[0].why),
        (PersonId(7), 180, "Feuille du 3")
    );
    assert_eq!(plan.create[0].half_days, [half(3, Part::Morning)].into());
    let both =
        ["lea@exemple.fr;accueil;2026-12-03;matin;Feuille", "lea@exemple.fr;accueil;03/12/2026;Après-midi;Feuille"];
    let plan = attendances(&both, None);
    assert_eq!((plan.create.len(), plan.create[1].minutes), (2, 360), "line after line");
    let whole = attendances(&["lea@exemple.fr;accueil;03/12/2026;journée;Feuille"], None);
    assert_eq!((whole.create[0].half_days.len(), whole.create[0].minutes), (2, 360));
    let days = attendances(&["lea@exemple.fr;accueil;01/12/2026, 02/12/2026;matin;Feuille"], None);
    assert_eq!(days.create[0].half_days, [half(1, Part::Morning), half(2, Part::Morning)].into());
    let known = || AttendanceRecord {
        half_days: [half(3, Part::Morning), half(3, Part::Afternoon)].into(),
        ..Default::default()
    };
    let again = attendances(&both, Some(known()));
    assert_eq!((again.unchanged, again.create.len(), again.wrong()), (2, 0, 0), "a second run changes nothing");
}

#[test]
fn a_wrong_line_of_attendance_says_why() {
    let known =
        AttendanceRecord { half_days: [half(1, Part::Morning), half(1, Part::Afternoon)].into(), ..Default::default() };
    let lines = [
        ";accueil;03/12/2026;matin;Feuille",
        "karim@exemple.fr;accueil;03/12/2026;matin;Feuille",
        "marie@exemple.fr;accueil;03/12/2026;matin;Feuille",
        "lea@exemple.fr;Cuisine;03/12/2026;matin;Feuille",
        "lea@exemple.fr;Le MOOC;03/12/2026;matin;Feuille",
        "lea@exemple.fr;accueil;31/11/2026;matin;Feuille",
        "lea@exemple.fr;accueil;05/12/2026;matin;Feuille",
        "lea@exemple.fr;accueil;03/12/2016;matin;Feuille",
        "lea@exemple.fr;accueil;03/12/2026;absente;Feuille",
        "lea@exemple.fr;accueil;03/12/2026;soir;Feuille",
        "lea@exemple.fr;accueil;03/12/2026;matin;Vu",
        "lea@exemple.fr;accueil;03/12/2026;matin;Feuille",
        "lea@exemple.fr;accueil;;matin;Feuille",
    ];
    let plan = attendances(&lines, Some(known));
    assert_eq!(
        said(&plan),
        [
            (2, "Adresse électronique", "La case est vide."),
            (3, "Adresse électronique", "Aucun agent n’a l’adresse «\u{a0}karim@exemple.fr\u{a0}»."),
            (4, "Adresse électronique", "Cette adresse est la vôtre."),
            (5, "Composante", "Le parcours n’a pas de composante «\u{a0}Cuisine\u{a0}»."),
            (6, "Composante", "Cette composante se suit sur la plateforme, qui en note la présence."),
            (7, "Date", "«\u{a0}31/11/2026\u{a0}» n’est pas une date."),
            (8, "Date", "Le 5 décembre 2026 n’est pas passé."),
            (9, "Date", "Le 3 décembre 2016 est avant les premières maisons."),
            (10, "Demi-journée", "Une absence ne s’inscrit pas."),
            (11, "Demi-journée", "«\u{a0}soir\u{a0}» n’est pas une demi-journée."),
            (12, "Source", "Le texte a 2 caractères."),
            (13, "Date", "Avec cette ligne, le dossier aurait 3\u{a0}demi-journées, sur 2."),
            (14, "Date", "La case est vide."),
        ]
    );
    assert!(plan.problems.iter().all(|problem| !problem.remedy.is_empty()) && plan.create.is_empty());
    let exempted = AttendanceRecord { exempted: true, ..Default::default() };
    let plan = attendances(&["lea@exemple.fr;accueil;03/12/2026;matin;Feuille"], Some(exempted));
    assert_eq!(said(&plan), [(2, "Composante", "Le dossier de cet agent dit qu’il en est dispensé.")]);
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

#[test]
fn members_join_once_move_where_the_line_says_so_and_fill_no_more_than_the_places() {
    let (here, there) = (CohortId(uuid::Uuid::from_u128(1)), CohortId(uuid::Uuid::from_u128(2)));
    let known = |id: i64, name: &str| KnownPerson {
        id,
        email: format!("{name}@exemple.fr"),
        first_name: name.to_owned(),
        last_name: "Durand".to_owned(),
        maison: None,
        is_agent: true,
        suspended: false,
        state: State::Present,
    };
    let people = [
        known(1, "lea"),
        known(2, "karim"),
        known(3, "noe"),
        known(4, "zoe"),
        KnownPerson { is_agent: false, ..known(5, "rose") },
        KnownPerson { state: State::OnLeave, ..known(6, "paul") },
        known(7, "anna"),
    ];
    let cohorts = [(2, here, "Ici"), (3, there, "Calvados"), (4, there, "Calvados")];
    let cohorts = cohorts.map(|(id, cohort, name)| (PersonId(id), (cohort, name.to_owned()))).into();
    let table = table(
        "Courriel;Déplacer",
        &[
            "LEA@exemple.fr;",
            "karim@exemple.fr;non",
            "noe@exemple.fr;",
            "zoe@exemple.fr;oui",
            "rose@exemple.fr;",
            "paul@exemple.fr;",
            "lea@exemple.fr;",
            ";",
            "anna@exemple.fr;peut-être",
            "anna@exemple.fr;",
        ],
    );
    let matching = Matching::guess(Kind::Members, &table.header);
    let group = Group { people: &people, cohort: here, cohorts: &cohorts, places: 2 };
    let plan = plan_members(&table, &matching, &group);
    assert_eq!(plan.create, [MemberLine { agent: PersonId(1) }]);
    assert_eq!(plan.update, [(4, MemberLine { agent: PersonId(4) })]);
    assert_eq!(plan.unchanged, 1);
    let lines: Vec<(u32, &str)> = said(&plan).into_iter().map(|(line, _, what)| (line, what)).collect();
    assert_eq!(
        lines,
        [
            (4, "Cet agent est dans la cohorte «\u{a0}Calvados\u{a0}»."),
            (6, "Aucun agent n’a un compte ouvert à cette adresse."),
            (7, "Cet agent n’est pas en poste."),
            (8, "Une autre ligne du fichier est celle de la même personne."),
            (9, "La case est vide."),
            (10, "«\u{a0}peut-être\u{a0}» ne dit ni oui ni non."),
            (11, "La cohorte n’a plus de place."),
        ]
    );
}
