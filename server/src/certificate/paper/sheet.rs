//! Pages that are written from top to bottom: where each piece stands, and its tag. They are drawn afterwards.

use super::face::{ACCENT, Faces, Style};
use crate::qr::Code;
use krilla::tagging::{Tag, TagKind};

/// A4, in points.
pub(super) const WIDTH: f32 = 595.28;
pub(super) const HEIGHT: f32 = 841.89;
pub(super) const MARGIN: f32 = 62.0;
/// The side of the QR code.
pub(super) const CODE: f32 = 104.0;
/// Where the foot of the last page begins.
const FOOT: f32 = BOTTOM - CODE;
/// Where a page ends.
const BOTTOM: f32 = HEIGHT - MARGIN;
/// Where each column of the table begins, and the last one ends.
const COLUMNS: [f32; 4] = [MARGIN, 345.0, 462.0, WIDTH - MARGIN];
/// Between two columns.
const GUTTER: f32 = 8.0;
/// Between the code and what stands at its right.
const BESIDE: f32 = 12.0;

/// What is drawn at a place of a page.
pub(super) struct Piece {
    pub(super) page: usize,
    pub(super) left: f32,
    pub(super) top: f32,
    pub(super) ink: Ink,
}

pub(super) enum Ink {
    Line(String, Style),
    /// A line across the page, which says nothing.
    Rule,
    Code(Code),
}

/// An area that leads to an address.
pub(super) struct Area {
    pub(super) page: usize,
    pub(super) left: f32,
    pub(super) top: f32,
    pub(super) right: f32,
    pub(super) bottom: f32,
    pub(super) url: String,
    pub(super) alt: String,
}

/// A tag, and what stands in it.
pub(super) struct Group {
    pub(super) tag: TagKind,
    pub(super) within: Vec<Part>,
}

pub(super) enum Part {
    Group(Group),
    /// A piece, by its place.
    Piece(usize),
    /// An area, by its place.
    Area(usize),
}

impl Group {
    pub(super) fn new(tag: impl Into<TagKind>) -> Self {
        Self { tag: tag.into(), within: Vec::new() }
    }

    pub(super) fn push(&mut self, group: Self) {
        self.within.push(Part::Group(group));
    }
}

/// What is written, and how far.
pub(super) struct Sheet {
    faces: &'static Faces,
    pub(super) pieces: Vec<Piece>,
    pub(super) areas: Vec<Area>,
    /// What stands in the document, in reading order.
    pub(super) groups: Vec<Group>,
    /// The page that is written, from 0.
    pub(super) page: usize,
    /// The top of what comes next.
    y: f32,
    left: f32,
}

impl Sheet {
    pub(super) fn new(faces: &'static Faces) -> Self {
        let (pieces, areas, groups) = (Vec::new(), Vec::new(), Vec::new());
        Self { faces, pieces, areas, groups, page: 0, y: MARGIN, left: MARGIN }
    }

    pub(super) fn space(&mut self, points: f32) {
        self.y += points;
    }

    /// Begins another page where this one has no room for so many points.
    fn room(&mut self, points: f32) {
        if self.y + points > BOTTOM && self.y > MARGIN {
            self.page += 1;
            self.y = MARGIN;
        }
    }

    fn draw(&mut self, (left, top): (f32, f32), ink: Ink) -> usize {
        self.pieces.push(Piece { page: self.page, left, top, ink });
        self.pieces.len() - 1
    }

    /// A text on as many lines as it takes.
    pub(super) fn block(&mut self, tag: impl Into<TagKind>, text: &str, style: Style) {
        let mut group = Group::new(tag);
        for line in self.faces.lines(text, style, WIDTH - MARGIN - self.left) {
            self.room(style.leading);
            let piece = self.draw((self.left, self.y), Ink::Line(line, style));
            group.within.push(Part::Piece(piece));
            self.y += style.leading;
        }
        self.y += style.after;
        self.groups.push(group);
    }

    /// A row of the table, ruled under; it stands whole on one page.
    pub(super) fn row(&mut self, cells: [(TagKind, &str); 3], style: Style) -> Group {
        let mut row = Group::new(Tag::TR);
        let columns = cells.into_iter().zip(COLUMNS.windows(2)).map(|((tag, text), edges)| {
            let (left, right) = (edges.first().copied().unwrap_or_default(), edges.last().copied().unwrap_or_default());
            (tag, left, self.faces.lines(text, style, right - left - GUTTER))
        });
        let columns: Vec<(TagKind, f32, Vec<String>)> = columns.collect();
        let height =
            columns.iter().map(|(_, _, lines)| lines.iter().map(|_| style.leading).sum::<f32>()).fold(0.0, f32::max);
        self.room(height + 2.0);
        for (tag, left, lines) in columns {
            let mut cell = Group::new(tag);
            let mut top = self.y;
            for line in lines {
                cell.within.push(Part::Piece(self.draw((left, top), Ink::Line(line, style))));
                top += style.leading;
            }
            row.push(cell);
        }
        self.y += height + 2.0;
        self.rule();
        row
    }

    /// A line across the page, which says nothing.
    pub(super) fn rule(&mut self) {
        self.draw((MARGIN, self.y), Ink::Rule);
        self.y += 6.0;
    }

    /// The foot of the last page: the code, at the left, and what comes next at its right.
    pub(super) fn foot(&mut self, code: Code, alt: String) {
        self.room(CODE);
        self.y = self.y.max(FOOT);
        let mut figure = Group::new(Tag::Figure(Some(alt)));
        figure.within.push(Part::Piece(self.draw((MARGIN, self.y), Ink::Code(code))));
        self.groups.push(figure);
        self.left += CODE + BESIDE;
        self.y += 22.0;
    }

    /// An address that can be followed; `alt` says where it leads.
    pub(super) fn link(&mut self, url: &str, alt: String) {
        let style = Style { colour: ACCENT, ..Style::SMALL };
        let (top, right) = (self.y, WIDTH - MARGIN);
        let mut link = Group::new(Tag::Link);
        for line in self.faces.lines(url, style, right - self.left) {
            link.within.push(Part::Piece(self.draw((self.left, self.y), Ink::Line(line, style))));
            self.y += style.leading;
        }
        let (page, left, bottom) = (self.page, self.left, self.y);
        link.within.push(Part::Area(self.areas.len()));
        self.areas.push(Area { page, left, top, right, bottom, url: url.to_owned(), alt });
        let mut paragraph = Group::new(Tag::P);
        paragraph.push(link);
        self.groups.push(paragraph);
    }
}
