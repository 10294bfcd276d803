use super::*;

const GOOD: &str = r#"
title = "Le parcours"
summary = "En bref."
nature = "Action de formation"
course = "mediation-numerique"
[[component]]
id = "mooc"
title = "Le MOOC"
how_to = "Suivez les chapitres."
modality = "asynchronous"
minutes = 300
course = "mediation-numerique"
[[component]]
id = "salle"
title = "En salle"
how_to = "Venez."
modality = "face-to-face"
minutes = 900
half_days = 5
[[award]]
id = "tout"
title = "Le tout"
components = ["mooc", "salle"]
"#;

fn read_back(text: &str) -> Result<Pathway, String> {
    let file = SourceFile { path: PATHWAY.into(), bytes: text.as_bytes().to_vec() };
    let (pathway, problems) = parse("parcours", &[file]);
    pathway.ok_or_else(|| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}

#[test]
fn a_pathway_is_read_with_how_each_component_is_earned() {
    let pathway = read_back(GOOD).unwrap();
    assert_eq!(pathway.components[1].way, Way::HalfDays { count: 5 });
    assert_eq!((pathway.components[1].minutes_of(2), pathway.components[1].minutes_of(9)), (360, 900));
    assert_eq!(pathway.awards[0].components.len(), 2);
}

#[test]
fn every_mistake_is_told_with_its_line_and_its_remedy() {
    for (from, to, said) in [
        ("\"mooc\", \"salle\"", "\"mook\"", ":23: « mook » n’est pas une composante. Vouliez-vous écrire « mooc » ?"),
        ("id = \"salle\"", "id = \"mooc\"", ":14: « mooc » est écrit deux fois"),
        ("half_days = 5", "", ":13: dites comment la composante s’acquiert"),
        ("half_days = 5", "half_days = 5\nwebinar = \"x\"", ":13: dites comment la composante s’acquiert"),
        ("half_days = 5", "half_days = 0", ":19: « half_days » doit être un nombre entier de 1 à 20"),
        ("\"face-to-face\"", "\"en salle\"", ":17: la modalité « en salle » n’existe pas"),
        ("nature = \"Action de formation\"", "", "il manque « nature »"),
        ("id = \"tout\"", "id = \"Le Tout\"", "« Le Tout » n’est pas un identifiant"),
    ] {
        let told = read_back(&GOOD.replace(from, to)).expect_err(to);
        assert!(told.contains(said), "{to}: {told}");
    }
    let (none, problems) = parse("parcours", &[]);
    assert!(none.is_none() && !problems.is_empty());
}

#[test]
fn a_file_that_serves_nothing_is_told() {
    let files = [(PATHWAY, GOOD), ("notes.md", "?")];
    let files = files.map(|(path, text)| SourceFile { path: path.into(), bytes: text.into() });
    let (pathway, problems) = parse("parcours", &files);
    assert!(pathway.is_none() && problems[0].to_string().contains("notes.md"), "{problems:?}");
}
