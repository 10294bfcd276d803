//! The paper: a tagged PDF that is checked against PDF/UA-1 as it is written.
//!
//! It is drawn in Noto Sans (SIL Open Font License 1.1, in `fonts/OFL.txt`), cut down to Latin, Greek and Cyrillic.

mod face;
mod ink;
mod sheet;
#[cfg(test)]
mod tests;

use crate::error::{Error, Result};
use crate::qr::Code;
use domain::text::{date_long, duration, paris};
use face::{Faces, Style};
use frontend::certificate::Paper;
use krilla::configure::{Accessibility, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::Point;
use krilla::metadata::{DateTime, Metadata};
use krilla::outline::{Outline, OutlineNode};
use krilla::tagging::{TableHeaderScope, Tag};
use krilla::{Document, SerializeSettings};
use sheet::{Group, Sheet};
use std::num::NonZeroU16;

/// The certificate as a PDF.
pub(super) fn pdf(paper: &Paper, code: &Code) -> Result<Vec<u8>> {
    let failed = |why: &str| Error::Internal(format!("a certificate cannot be drawn: {why}"));
    let configuration = ConfigurationBuilder::new().with_accessibility_validator(Accessibility::UA1).finish();
    let settings = SerializeSettings {
        configuration: configuration.map_err(|_| failed("no version of PDF fits PDF/UA-1"))?,
        enable_tagging: true,
        ..SerializeSettings::default()
    };
    let mut document = Document::new_with(settings);
    document.set_metadata(metadata(paper));
    let mut outline = Outline::new();
    let top = XyzDestination::new(0, Point::from_xy(0.0, 0.0));
    outline.push_child(OutlineNode::new("Certificat de réalisation".to_owned(), top));
    document.set_outline(outline);
    let faces = Faces::read().ok_or_else(|| failed("no font"))?;
    let mut sheet = Sheet::new(faces);
    write(&mut sheet, paper, code);
    let name = format!("Certificat n°\u{a0}{}", paper.number);
    let tree = ink::drawn(&mut document, sheet, faces, &name).ok_or_else(|| failed("no page"))?;
    document.set_tag_tree(tree);
    document.finish().map_err(|error| failed(&format!("{error:?}")))
}

fn metadata(paper: &Paper) -> Metadata {
    let at = paris(paper.issued_at);
    let year = u16::try_from(at.year()).unwrap_or(0);
    let (month, day) = (u8::try_from(at.month()).unwrap_or(1), u8::try_from(at.day()).unwrap_or(1));
    Metadata::new()
        .title(format!("Certificat de réalisation n° {}", paper.number))
        .description(format!("{}, {}", paper.title, paper.name))
        .language("fr-FR".to_owned())
        .authors(vec![paper.provider.clone()])
        .creator("Socle".to_owned())
        .creation_date(DateTime::new(year).month(month).day(day))
        .document_id(paper.number.clone())
}

fn write(sheet: &mut Sheet, paper: &Paper, code: &Code) {
    let heading = Tag::Hn(NonZeroU16::MIN, Some("Certificat de réalisation".to_owned()));
    sheet.block(heading, "Certificat de réalisation", Style::TITLE);
    sheet.rule();
    if let Some(at) = paper.withdrawn_at {
        let said = format!("RETIRÉ le {}\u{a0}: ce certificat ne fait plus foi.", date_long(at));
        sheet.block(Tag::P, &said, Style::STRONG);
    }
    sheet.block(Tag::P, &format!("{} atteste que", paper.provider), Style::TEXT);
    sheet.block(Tag::P, &paper.name, Style::NAME);
    if let Some(employer) = &paper.employer {
        sheet.block(Tag::P, &format!("Employeur\u{a0}: {employer}"), Style::TEXT);
    }
    sheet.block(Tag::P, &format!("a suivi l’action «\u{a0}{}\u{a0}».", paper.title), Style::TEXT);
    sheet.space(4.0);
    let hours: Vec<String> =
        paper.hours.iter().map(|(modality, minutes)| format!("{} {modality}", duration(*minutes))).collect();
    for said in [
        format!("Nature de l’action\u{a0}: {}.", paper.nature),
        format!("Dates\u{a0}: {}.", paper.days),
        format!("Durée\u{a0}: {}, dont {}.", duration(paper.minutes), hours.join("\u{a0}; ")),
    ] {
        sheet.block(Tag::P, &said, Style::TEXT);
    }
    sheet.space(8.0);
    let table = table(sheet, paper);
    sheet.groups.push(table);
    sheet.space(10.0);
    let kept = "Les pièces qui le prouvent (connexions, travaux, évaluations, présences) sont conservées et présentées \
                en cas de contrôle.";
    sheet.block(Tag::P, kept, Style::TEXT);
    let made = format!("Fait à {}, le {}.", paper.place, date_long(paper.issued_at));
    sheet.block(Tag::P, &made, Style::TEXT);
    sheet.block(Tag::P, &paper.signatory, Style::STRONG);
    sheet.foot(code.clone(), format!("QR code de l’adresse {}, qui vérifie ce certificat", paper.url));
    let number = format!("Certificat n°\u{a0}{}, signé par voie électronique (clé {}).", paper.number, paper.key);
    sheet.block(Tag::P, &number, Style::SMALL);
    sheet.block(Tag::P, "N’importe qui le vérifie à cette adresse\u{a0}:", Style::SMALL);
    sheet.link(&paper.url, format!("Vérifier ce certificat, à l’adresse {}", paper.url));
}

fn table(sheet: &mut Sheet, paper: &Paper) -> Group {
    let mut table = Group::new(Tag::Table.with_summary(Some("Ce qui a été suivi, avec sa durée".to_owned())));
    let column = || Tag::TH(TableHeaderScope::Column);
    let head = [(column().into(), "Composante"), (column().into(), "Modalité"), (column().into(), "Durée")];
    let mut group = Group::new(Tag::THead);
    group.push(sheet.row(head, Style::HEAD));
    table.push(group);
    let mut body = Group::new(Tag::TBody);
    for row in &paper.rows {
        let minutes = row.minutes.map_or_else(|| "dispense".to_owned(), duration);
        let cells = [
            (Tag::TH(TableHeaderScope::Row).into(), row.title.as_str()),
            (Tag::TD.into(), row.modality),
            (Tag::TD.into(), minutes.as_str()),
        ];
        body.push(sheet.row(cells, Style::CELL));
    }
    table.push(body);
    table
}
