//! What was written, drawn page after page; what was drawn, put in its tags.

use super::face::{Faces, Style};
use super::sheet::{Area, CODE, Group, HEIGHT, Ink, MARGIN, Part, Piece, Sheet, WIDTH};
use krilla::Document;
use krilla::action::LinkAction;
use krilla::annotation::{Annotation, LinkAnnotation, Target};
use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule};
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, Identifier, SpanTag, TagGroup, TagTree};
use krilla::text::TextDirection;
use std::collections::BTreeMap;

/// What the pieces and the areas are known by in the document, by their places.
#[derive(Default)]
struct Known {
    pieces: BTreeMap<usize, Identifier>,
    areas: BTreeMap<usize, Identifier>,
}

/// Draws the pages, each named at its foot where there are several; returns the tags. None when a page cannot be.
pub(super) fn drawn(document: &mut Document, sheet: Sheet, faces: &Faces, name: &str) -> Option<TagTree> {
    let mut known = Known::default();
    let last = sheet.page;
    for number in 0..=last {
        let mut page = document.start_page_with(PageSettings::from_wh(WIDTH, HEIGHT)?);
        let mut surface = page.surface();
        for (place, piece) in sheet.pieces.iter().enumerate().filter(|(_, piece)| piece.page == number) {
            known.pieces.extend(draw(&mut surface, faces, piece).map(|identifier| (place, identifier)));
        }
        if last > 0 {
            let said = format!("{name}, page {} sur {}", number + 1, last + 1);
            surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::PageNumber)));
            text(&mut surface, faces, &said, Style::SMALL, (MARGIN, HEIGHT - MARGIN * 0.6));
            surface.end_tagged();
        }
        surface.finish();
        for (place, area) in sheet.areas.iter().enumerate().filter(|(_, area)| area.page == number) {
            known.areas.insert(place, page.add_tagged_annotation(annotation(area)?));
        }
        page.finish();
    }
    let mut tree = TagTree::new().with_lang(Some("fr-FR".to_owned()));
    for group in sheet.groups {
        tree.push(tagged(group, &known));
    }
    Some(tree)
}

fn tagged(group: Group, known: &Known) -> TagGroup {
    let mut it = TagGroup::new(group.tag);
    for part in group.within {
        let identifier = match part {
            Part::Group(group) => {
                it.push(tagged(group, known));
                continue;
            }
            Part::Piece(place) => known.pieces.get(&place),
            Part::Area(place) => known.areas.get(&place),
        };
        if let Some(identifier) = identifier {
            it.push(*identifier);
        }
    }
    it
}

/// Draws a piece; returns what it is known by, if it says something.
fn draw(surface: &mut Surface<'_>, faces: &Faces, piece: &Piece) -> Option<Identifier> {
    let (left, top) = (piece.left, piece.top);
    match &piece.ink {
        Ink::Line(line, style) => {
            let identifier = surface.start_tagged(ContentTag::Span(SpanTag::empty()));
            text(surface, faces, line, *style, (left, top));
            surface.end_tagged();
            Some(identifier)
        }
        Ink::Rule => {
            surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)));
            surface.set_fill(Some(fill((0xd8, 0xd0, 0xc2))));
            rectangles(surface, [(left, top, WIDTH - MARGIN - left, 0.8)]);
            surface.end_tagged();
            None
        }
        Ink::Code(code) => {
            let identifier = surface.start_tagged(ContentTag::Other);
            #[expect(clippy::cast_precision_loss, reason = "a code has fewer than two hundred modules")]
            let place = |place: usize| place as f32 * CODE / code.side as f32;
            surface.set_fill(Some(fill((0, 0, 0))));
            let dark = code.dark.iter();
            rectangles(surface, dark.map(|(x, y)| (left + place(*x), top + place(*y), place(1), place(1))));
            surface.end_tagged();
            Some(identifier)
        }
    }
}

fn text(surface: &mut Surface<'_>, faces: &Faces, line: &str, style: Style, (left, top): (f32, f32)) {
    let baseline = Point::from_xy(left, top + style.leading * 0.75);
    let font = faces.of(style).font.clone();
    surface.set_fill(Some(fill(style.colour)));
    surface.draw_text(baseline, font, style.size, line, false, TextDirection::LeftToRight);
}

fn rectangles(surface: &mut Surface<'_>, rectangles: impl IntoIterator<Item = (f32, f32, f32, f32)>) {
    let mut path = PathBuilder::new();
    for (x, y, width, height) in rectangles {
        if let Some(rectangle) = Rect::from_xywh(x, y, width, height) {
            path.push_rect(rectangle);
        }
    }
    if let Some(path) = path.finish() {
        surface.draw_path(&path);
    }
}

fn annotation(Area { left, top, right, bottom, url, alt, .. }: &Area) -> Option<Annotation> {
    let area = Rect::from_ltrb(*left, *top, *right, *bottom)?;
    let link = LinkAnnotation::new(area, Target::Action(LinkAction::new(url.clone()).into()));
    Some(Annotation::new_link(link, Some(alt.clone())))
}

fn fill((red, green, blue): (u8, u8, u8)) -> Fill {
    Fill { paint: rgb::Color::new(red, green, blue).into(), opacity: NormalizedF32::ONE, rule: FillRule::NonZero }
}
