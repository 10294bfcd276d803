use super::*;
use crate::qr::code;
use frontend::certificate::Row;

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
        url: url.into(),
        code: code(url).unwrap().svg("ici"),
        key: "0123456789abcdef".into(),
    }
}

fn drawn(paper: &Paper) -> Vec<u8> {
    pdf(paper, &code(&paper.url).unwrap()).unwrap()
}

#[test]
fn the_paper_passes_pdf_ua_as_it_is_written() {
    let bytes = drawn(&paper());
    assert!(bytes.starts_with(b"%PDF-1.7") && bytes.len() < 200_000, "{} bytes", bytes.len());
    if let Some(folder) = std::env::var_os("SOCLE_SCREENSHOTS") {
        std::fs::write(std::path::Path::new(&folder).join("certificate.pdf"), &bytes).unwrap();
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
