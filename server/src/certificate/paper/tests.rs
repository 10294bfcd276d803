mod structure;

use super::*;
use crate::qr::code;
use frontend::certificate::Row;
use structure::Opened;

pub(crate) fn paper() -> Paper {
    let url = "https://socle.example/certificats/SF-2026-7F3K-9Q2M-XW4T";
    Paper {
        number: "SF-2026-7F3K-9Q2M-XW4T".into(),
        name: "Léa Nguyễn-Perrin".into(),
        employer: Some("Maison France Services de Vouziers".into()),
        title: "Médiation numérique et outils numériques de la maison France Services (journée à distance)".into(),
        nature: "Action de formation".into(),
        days: "du 1er au 3 décembre 2026".into(),
        rows: vec![
            Row {
                title: "MOOC sur la médiation numérique".into(),
                modality: "à distance, asynchrone",
                minutes: Some(306),
            },
            Row {
                title: "Webinaire sur les outils numériques de la maison".into(),
                modality: "à distance, synchrone",
                minutes: Some(87),
            },
            Row { title: "Préparer sa retraite".into(), modality: "en présentiel", minutes: None },
        ],
        hours: vec![("à distance, asynchrone", 306), ("à distance, synchrone", 87)],
        minutes: 393,
        provider: "Centre national de la fonction publique territoriale, 80 rue de Reuilly, Paris".into(),
        place: "Paris".into(),
        signatory: "La direction de la formation".into(),
        issued_at: "2026-12-03T09:00:00Z".parse().unwrap(),
        withdrawn_at: None,
        erased_at: None,
        url: url.into(),
        code: code(url).unwrap().svg("ici"),
        key: "0123456789abcdef".into(),
    }
}

fn drawn(paper: &Paper) -> Vec<u8> {
    pdf(paper, &code(&paper.url).unwrap()).unwrap()
}

/// Papers of several shapes: as most are; of many components; with a name and a title that take lines; withdrawn; of
/// several pages.
fn shapes() -> Vec<(&'static str, Paper)> {
    let row = paper().rows.remove(0);
    let many = |count| vec![row.clone(); count];
    let long = "Anne-Charlotte Bérengère de La Rochefoucauld-Montbel née Vandenbroucke ".repeat(3);
    vec![
        ("usual", paper()),
        ("whole-path", Paper { rows: many(9), ..paper() }),
        ("long", Paper { name: long.clone(), employer: Some(long), ..paper() }),
        ("withdrawn", Paper { withdrawn_at: Some("2026-12-04T09:00:00Z".parse().unwrap()), ..paper() }),
        ("two-pages", Paper { rows: many(14), ..paper() }),
        ("many-pages", Paper { rows: many(90), ..paper() }),
    ]
}

#[test]
fn every_shape_of_it_can_be_read_aloud() {
    for (shape, paper) in shapes() {
        let bytes = drawn(&paper);
        assert!(bytes.starts_with(b"%PDF-1.7") && bytes.len() < 200_000, "{shape}: {} bytes", bytes.len());
        if let Some(folder) = std::env::var_os("SOCLE_SCREENSHOTS") {
            let file = std::path::Path::new(&folder).join(format!("certificate-{shape}.pdf"));
            std::fs::write(file, &bytes).unwrap();
        }
        let opened = Opened::read(&bytes);
        opened.assert_declared("Certificat de réalisation n° SF-2026-7F3K-9Q2M-XW4T");
        opened.assert_all_marked();
        opened.assert_fonts_embedded();
        opened.assert_links_told();
        let pages = match shape {
            "many-pages" => 2..9,
            "two-pages" => 2..3,
            _ => 1..2,
        };
        assert!(pages.contains(&opened.page_count()), "{shape}: {} pages", opened.page_count());
    }
}

#[test]
fn its_structure_is_that_of_what_it_says() {
    for (shape, paper) in shapes() {
        let whole = Opened::read(&drawn(&paper)).structure();
        let all = whole.all();
        let of = |tag: &str| all.iter().filter(|element| element.tag == tag).copied().collect::<Vec<_>>();
        assert_eq!((of("H1").len(), of("Table").len()), (1, 1), "{shape}");
        let figures = of("Figure");
        assert!(figures.len() == 1 && figures[0].alt.as_ref().is_some_and(|alt| alt.contains(&paper.url)), "{shape}");
        let rows = of("TR");
        assert_eq!(rows.len(), 1 + paper.rows.len());
        assert!(rows.iter().all(|row| row.children.len() == 3), "a table is regular");
        let scopes: Vec<_> = rows[0].children.iter().map(|cell| cell.scope.as_deref()).collect();
        assert_eq!(scopes, [Some("Column"); 3]);
        assert!(rows[1..].iter().all(|row| row.children[0].scope.as_deref() == Some("Row")), "{shape}");
        let links = of("Link");
        assert!(links.len() == 1 && links[0].links == 1 && links[0].marks > 0, "{shape}");
        for element in all.iter().filter(|element| element.children.is_empty() && !element.tag.is_empty()) {
            assert!(element.marks + element.links > 0, "{shape}: nothing stands in {element:?}");
        }
    }
}

#[test]
fn any_name_can_be_certified() {
    for name in [
        "Γιώργος Παπαδόπουλος",
        "Юлия Щербакова",
        "山田花子",
        "ﻣﺤﻤﺪ",
        "Anne\u{2011}Laure d\u{2019}Ys",
        "",
        "x\u{0}y\u{1f600}",
    ] {
        let long = name.repeat(40);
        for name in [name, &long] {
            drawn(&Paper { name: name.into(), employer: Some(name.into()), ..paper() });
        }
    }
}

#[test]
fn a_withdrawn_one_says_so() {
    let standing = drawn(&paper());
    let withdrawn = drawn(&Paper { withdrawn_at: Some("2026-12-04T09:00:00Z".parse().unwrap()), ..paper() });
    assert!(withdrawn.len() > standing.len());
}
