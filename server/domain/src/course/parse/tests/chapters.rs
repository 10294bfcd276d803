//! The problems of `chapter.md`.

use super::{check, html, section, section_files, whole, with};

const FILE: &str = "01-accueil/chapter.md";

/// Demands these problems, of a section whose text starts on line 9.
#[track_caller]
fn check_section(text: &str, expected: &[(u32, &str)]) {
    let expected: Vec<(&str, u32, &str)> = expected.iter().map(|(line, said)| (FILE, *line, *said)).collect();
    check(&section_files(text), &expected);
}

#[track_caller]
fn check_chapter(text: &str, expected: &[(u32, &str)]) {
    let mut files = section_files("x");
    files[2].bytes = text.as_bytes().to_vec();
    let expected: Vec<(&str, u32, &str)> = expected.iter().map(|(line, said)| (FILE, *line, *said)).collect();
    check(&files, &expected);
}

#[test]
fn a_chapter_starts_with_its_front_matter() {
    check_chapter("## A {#a}\n\nTexte\n", &[(1, "commence par un en-tête")]);
    check_chapter("+++\ntitle = \"A\"\n", &[(1, "n’est pas fermé")]);
}

#[test]
fn the_front_matter_is_checked_key_by_key() {
    let text = "+++\ntitel = \"A\"\nsummary = 3\nminutes = 241\nobjectives = []\n+++\n## A {#a}\nTexte\n";
    check_chapter(
        text,
        &[
            (2, "il manque « title »"),
            (2, "Vouliez-vous écrire « title » ?"),
            (3, "« summary » doit être un texte"),
            (4, "de 1 à 240"),
            (5, "au moins un texte"),
        ],
    );
}

#[test]
fn completion_is_not_written_since_it_is_derived() {
    let text = "+++\ntitle = \"A\"\nsummary = \"B\"\nminutes = 5\nobjectives = [\"C\"]\ncompletion = \"read\"\n+++\n## A {#a}\nTexte\n";
    check_chapter(text, &[(6, "« completion » n’est pas connue")]);
}

#[test]
fn a_mistake_of_syntax_has_its_line_and_does_not_hide_the_rest() {
    let text = "+++\ntitle = \"A\nsummary = \"B\"\nminutes = 0\nobjectives = [\"C\"]\n+++\n## A\nTexte\n";
    check_chapter(text, &[(2, "mal fermé"), (4, "de 1 à 240"), (7, "{#a}")]);
}

#[test]
fn text_and_titles_before_the_first_section_are_refused() {
    let front = "+++\ntitle = \"A\"\nsummary = \"B\"\nminutes = 5\nobjectives = [\"C\"]\n+++\n";
    check_chapter(&format!("{front}Avant\n## A {{#a}}\nTexte\n"), &[(7, "avant la première section")]);
    check_chapter(&format!("{front}# A\n## A {{#a}}\nTexte\n"), &[(7, "retirez ce titre")]);
    check_chapter(front, &[(7, "pas de section")]);
}

#[test]
fn a_section_has_an_anchor_of_its_own() {
    check_section("Un\n\n## L’été à Évreux\n\nDeux", &[(11, "{#l-ete-a-evreux}")]);
    check_section("Un\n\n## Deux {#Deux}\n\nDeux", &[(11, "« Deux » est refusée")]);
    check_section("Un\n\n## Deux {#p-deux}\n\nDeux", &[(11, "sans commencer par p-")]);
    check_section("Un\n\n## Deux {#ecouter}\n\nDeux", &[(11, "déjà prise")]);
    check_section("Un\n\n## *Deux* {#deux}\n\nDeux", &[(11, "texte simple")]);
    check_section("Un\n\n## Deux {#deux}\n\n", &[(11, "vide")]);
}

#[test]
fn headings_do_not_jump_nor_leave_their_place() {
    check_section("#### Quatre", &[(9, "saute un niveau")]);
    check_section("### Trois\n\n##### Cinq", &[(11, "s’arrêtent à ####")]);
    check_section("# Un", &[(9, "titre de ce niveau")]);
    check_section("Deux\n----", &[(9, "titre de ce niveau")]);
    check_section("- a\n\n  ## Deux {#deux}", &[(11, "titre de ce niveau"), (11, "ont une ancre")]);
    check_section("### Trois {#trois}", &[(9, "ont une ancre")]);
}

#[test]
fn html_is_refused_wherever_it_is() {
    check_section("<div>a</div>", &[(9, "HTML")]);
    check_section("a <b>c</b>", &[(9, "HTML")]);
    check_section("a\n\n- b\n\n  <script>alert(1)</script>", &[(13, "HTML")]);
    check_section("a <!-- b -->", &[(9, "HTML")]);
}

#[test]
fn links_lead_somewhere() {
    check_section("[a](#ecoutez)", &[(9, "l’ancre « #ecoutez » n’existe pas")]);
    check_section("a\n[a](chapitre:accueille)", &[(10, "Vouliez-vous écrire « accueil » ?")]);
    check_section("[a](chapitre:accueil#b)", &[(9, "dans le chapitre « accueil »")]);
    check_section("[a](glossaire:usagers)", &[(9, "Vouliez-vous écrire « usager » ?")]);
    check_section("[](#ecouter)", &[(9, "pas de texte")]);
    check_section("[a](#ecouter \"titre\")", &[(9, "pas de titre")]);
    check_section("[a](une page)", &[(9, "mal écrits")]);
    for target in [
        "http://x.fr",
        "javascript:alert(1)",
        "JaVaScRiPt:x",
        "//x.fr",
        "/cours/x",
        "x.html",
        "data:text/html,x",
        "ftp://x",
        "https://",
        "mailto:x",
        "tel:1",
    ] {
        check_section(&format!("[a]({target})"), &[(9, "n’est pas accepté")]);
    }
}

#[test]
fn images_exist_and_are_described() {
    let image = |text: &str, said: &str| {
        let mut files = whole();
        let chapter = files.iter_mut().find(|file| file.path == "02-posture/chapter.md").unwrap();
        chapter.bytes.extend_from_slice(format!("\n{text}\n").as_bytes());
        check(&files, &[("02-posture/chapter.md", 11, said)]);
    };
    image("![](media/plan.svg)", "pas de description");
    image("![](media/plan.svg \"titre\")", "pas de description");
    image("![a](media/plan.svg \"décoratif\")", "retirez l’une ou l’autre");
    image("![a](media/plan.svg \"titre\")", "pas de titre");
    image("![a](media/plam.svg)", "Vouliez-vous écrire « media/plan.svg » ?");
    image("![a](media/demo.webm)", "il faut un fichier svg");
    for target in [
        "../media/plan.svg",
        "media/../media/plan.svg",
        "https://x.fr/a.png",
        "/media/plan.svg",
        "data:image/png;base64,x",
    ] {
        image(&format!("![a]({target})"), "n’est pas un fichier du cours");
    }
}

#[test]
fn notes_are_defined_and_called() {
    check_section("a[^1]", &[(9, "n’est définie nulle part")]);
    check_section("a\n\n[^1]: b", &[(11, "rien n’appelle la note [^1]")]);
    check_section("a[^1]\n\n[^1]: b\n\n[^1]: c", &[(13, "déjà définie")]);
    let html = html(&section("a[^x] b[^y] c[^x]\n\n[^y]: deux\n[^x]: un"));
    assert!(html.find("un").unwrap() < html.find("deux").unwrap(), "in the order of the calls: {html}");
    assert_eq!(html.matches("footnote-back").count(), 3, "{html}");
}

#[test]
fn cases_are_opened_and_closed() {
    check_section(":::cas A\n\na", &[(9, "n’est pas fermé")]);
    check_section(":::cas A\n\na\n\n## B {#b}\n\nb\n\n:::", &[(9, "n’est pas fermé"), (17, "ne ferme rien")]);
    check_section(":::cas\n\na\n:::", &[(9, "pas de titre")]);
    check_section(":::cas A\n:::cas B\n:::", &[(10, "pas d’autre cas")]);
    check_section("a\n:::", &[(10, "ne ferme rien")]);
    check_section("a\n\n:::note A", &[(11, "« :::note » n’existe pas")]);
    check_section("<!--\n:::cas A\n:::\n-->", &[(9, "HTML"), (10, "mal placé")]);
}

#[test]
fn what_was_nearly_written_well_is_told() {
    check_section("###Sous-titre", &[(9, "une espace entre les #")]);
    check_section("- a\n\n  :::cas A", &[(11, "au début de la ligne")]);
    check_section("> [!INFO]\n> a", &[(9, "encadré mal écrit")]);
    check_section("> [!NOTE] a", &[(9, "encadré mal écrit")]);
}

#[test]
fn a_case_may_hold_markdown_and_stop_a_list() {
    let html = html(&section("- a\n:::cas A\n- b\n\n### C\n:::\nd"));
    assert!(html.contains("</ul>\n<details"), "{html}");
    assert!(html.contains("<li id=\"p-ecouter-3\">b</li>"), "{html}");
    assert!(html.contains("</h3>\n</details>\n<p"), "{html}");
}

#[test]
fn invisible_signs_are_refused_and_a_byte_order_mark_is_not() {
    check_section("a\u{200b}b", &[]);
    check_section("a\u{7}b", &[(9, "signe invisible")]);
    check_section("a\u{e000}0\u{e000}b", &[(9, "signe invisible")]);
    check(&with("02-posture/chapter.md", format!("\u{feff}{}", super::POSTURE.replace('\n', "\r\n"))), &[]);
}

#[test]
fn a_loose_list_has_one_passage_a_paragraph() {
    let section = section("- un\n\n- deux\n\n  trois");
    let texts: Vec<&str> = section.passages.iter().map(|passage| passage.text.as_str()).collect();
    assert_eq!(texts, ["un", "deux", "trois"]);
}

#[test]
fn french_typography_is_left_as_it_was_written() {
    let html = html(&section("Il dit \"non\"... -- « oui » & l’été"));
    assert!(html.contains("Il dit \"non\"... -- « oui » &amp; l’été"), "{html}");
}

#[test]
fn every_callout_has_its_title() {
    for (kind, title) in [
        ("NOTE", "À noter"),
        ("TIP", "Astuce"),
        ("IMPORTANT", "À retenir"),
        ("WARNING", "Attention"),
        ("CAUTION", "À ne jamais faire"),
    ] {
        let html = html(&section(&format!("> [!{kind}]\n> texte")));
        let class = kind.to_lowercase();
        assert!(html.starts_with(&format!("<div class=\"callout callout-{class}\" role=\"note\"><p class=\"callout-title\">{title}</p>\n<p id=\"p-ecouter-1\">texte</p>")), "{html}");
    }
}
