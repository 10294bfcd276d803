//! A page that is written from top to bottom, each piece with its tag.

use crate::qr::Code;
use krilla::action::LinkAction;
use krilla::annotation::{Annotation, LinkAnnotation, Target};
use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::num::NormalizedF32;
use krilla::page::Page;
use krilla::paint::{Fill, FillRule};
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, SpanTag, Tag, TagGroup, TagKind};
use krilla::text::{Font, TextDirection};
use std::sync::LazyLock;
use ttf_parser::Face;

/// A4, in points.
pub(super) const WIDTH: f32 = 595.28;
pub(super) const HEIGHT: f32 = 841.89;
const MARGIN: f32 = 62.0;
/// Where the foot begins.
const FOOT: f32 = HEIGHT - MARGIN - CODE;
/// The side of the QR code.
const CODE: f32 = 104.0;
/// Where each column of the table begins, and the last one ends.
const COLUMNS: [f32; 4] = [MARGIN, 345.0, 462.0, WIDTH - MARGIN];

static REGULAR: &[u8] = include_bytes!("../fonts/NotoSans-Regular.ttf");
static BOLD: &[u8] = include_bytes!("../fonts/NotoSans-Bold.ttf");

/// A face as it is measured and as it is drawn.
struct Typeface {
    face: Face<'static>,
    font: Font,
}

impl Typeface {
    fn read(bytes: &'static [u8]) -> Option<Self> {
        Some(Self { face: Face::parse(bytes, 0).ok()?, font: Font::new(bytes.into(), 0)? })
    }

    /// The width of a text, in points.
    fn width(&self, text: &str, size: f32) -> f32 {
        let advance = |letter| {
            let glyph = self.face.glyph_index(letter)?;
            self.face.glyph_hor_advance(glyph).map(f32::from)
        };
        text.chars().filter_map(advance).sum::<f32>() * size / f32::from(self.face.units_per_em())
    }

    /// The text with a question mark for each letter that the face lacks: PDF/UA refuses a letter that cannot be read.
    fn spelled(&self, text: &str) -> String {
        text.chars().map(|letter| if self.face.glyph_index(letter).is_some() { letter } else { '?' }).collect()
    }
}

static FACES: LazyLock<Option<(Typeface, Typeface)>> =
    LazyLock::new(|| Some((Typeface::read(REGULAR)?, Typeface::read(BOLD)?)));

/// How a text is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    size: f32,
    /// Between two lines.
    leading: f32,
    /// Under the block.
    after: f32,
    bold: bool,
    colour: (u8, u8, u8),
}

const INK: (u8, u8, u8) = (0x23, 0x20, 0x1b);
const ACCENT: (u8, u8, u8) = (0x0b, 0x5f, 0x63);
const SOFT: (u8, u8, u8) = (0x5d, 0x56, 0x4b);

impl Style {
    pub(super) const TITLE: Self = Self { size: 24.0, leading: 30.0, after: 6.0, bold: true, colour: ACCENT };
    pub(super) const NAME: Self = Self { size: 20.0, leading: 26.0, after: 6.0, bold: true, colour: INK };
    pub(super) const TEXT: Self = Self { size: 11.0, leading: 16.5, after: 6.0, bold: false, colour: INK };
    pub(super) const STRONG: Self = Self { bold: true, ..Self::TEXT };
    pub(super) const CELL: Self = Self { size: 10.0, leading: 14.0, after: 5.0, bold: false, colour: INK };
    pub(super) const HEAD: Self = Self { bold: true, colour: SOFT, ..Self::CELL };
    pub(super) const SMALL: Self = Self { size: 9.0, leading: 13.5, after: 3.0, bold: false, colour: SOFT };
}

/// The page, and how far it is written.
pub(super) struct Sheet<'p> {
    surface: Surface<'p>,
    faces: &'static (Typeface, Typeface),
    /// The top of what comes next.
    y: f32,
    left: f32,
    right: f32,
    links: Vec<(Annotation, TagGroup)>,
}

impl<'p> Sheet<'p> {
    pub(super) fn on(page: &'p mut Page<'_>) -> Option<Self> {
        let faces = FACES.as_ref()?;
        let (left, right) = (MARGIN, WIDTH - MARGIN);
        Some(Self { surface: page.surface(), faces, y: MARGIN, left, right, links: Vec::new() })
    }

    /// Ends the page's drawing; what is left is its links, each with the group of its words.
    pub(super) fn finish(self) -> Vec<(Annotation, TagGroup)> {
        self.surface.finish();
        self.links
    }

    pub(super) fn space(&mut self, points: f32) {
        self.y += points;
    }

    /// A text on as many lines as it takes.
    pub(super) fn block(&mut self, tag: impl Into<TagKind>, text: &str, style: Style) -> TagGroup {
        let mut group = TagGroup::new(tag);
        self.y = self.lines(&mut group, text, style, (self.left, self.right), self.y) + style.after;
        group
    }

    /// Writes lines between two edges from `y` on; returns where they end.
    fn lines(&mut self, group: &mut TagGroup, text: &str, style: Style, (left, right): (f32, f32), y: f32) -> f32 {
        let face = if style.bold { &self.faces.1 } else { &self.faces.0 };
        let lines = wrapped(face, &face.spelled(text), style.size, right - left);
        let mut y = y;
        for line in lines {
            let (red, green, blue) = style.colour;
            self.surface.set_fill(Some(fill(red, green, blue)));
            group.push(self.surface.start_tagged(ContentTag::Span(SpanTag::empty())));
            let baseline = Point::from_xy(left, y + style.leading * 0.75);
            self.surface.draw_text(baseline, face.font.clone(), style.size, &line, false, TextDirection::LeftToRight);
            self.surface.end_tagged();
            y += style.leading;
        }
        y
    }

    /// A row of the table, ruled under.
    pub(super) fn row(&mut self, cells: [(TagKind, &str); 3], style: Style) -> TagGroup {
        let mut row = TagGroup::new(Tag::TR);
        let (top, mut bottom) = (self.y, self.y);
        for ((tag, text), edges) in cells.into_iter().zip(COLUMNS.windows(2)) {
            let mut cell = TagGroup::new(tag);
            if let [left, right] = edges {
                bottom = bottom.max(self.lines(&mut cell, text, style, (*left, right - 8.0), top));
            }
            row.push(cell);
        }
        self.y = bottom + 2.0;
        self.rule();
        row
    }

    /// A line across the page, which says nothing.
    pub(super) fn rule(&mut self) {
        self.surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)));
        self.surface.set_fill(Some(fill(0xd8, 0xd0, 0xc2)));
        self.rectangles([(self.left, self.y, self.right - self.left, 0.8)]);
        self.surface.end_tagged();
        self.y += 6.0;
    }

    fn rectangles(&mut self, rectangles: impl IntoIterator<Item = (f32, f32, f32, f32)>) {
        let mut path = PathBuilder::new();
        for (x, y, width, height) in rectangles {
            if let Some(rectangle) = Rect::from_xywh(x, y, width, height) {
                path.push_rect(rectangle);
            }
        }
        if let Some(path) = path.finish() {
            self.surface.draw_path(&path);
        }
    }

    /// What comes next stands at the foot of the page, beside the code.
    pub(super) fn foot(&mut self) {
        self.y = self.y.max(FOOT);
    }

    /// The code, at the left; what comes next stands at its right.
    #[expect(clippy::cast_precision_loss, reason = "a code has fewer than two hundred modules")]
    pub(super) fn code(&mut self, code: &Code, alt: String) -> TagGroup {
        let mut figure = TagGroup::new(Tag::Figure(Some(alt)));
        let module = CODE / code.side as f32;
        let (left, top) = (self.left, self.y);
        self.surface.set_fill(Some(fill(0, 0, 0)));
        figure.push(self.surface.start_tagged(ContentTag::Other));
        let dark = code.dark.iter().map(|(x, y)| (left + *x as f32 * module, top + *y as f32 * module, module, module));
        self.rectangles(dark);
        self.surface.end_tagged();
        self.left += CODE + 12.0;
        self.y += 22.0;
        figure
    }

    /// An address that can be followed.
    pub(super) fn link(&mut self, url: &str) {
        let mut group = TagGroup::new(Tag::Link);
        let style = Style { colour: ACCENT, ..Style::SMALL };
        let top = self.y;
        self.y = self.lines(&mut group, url, style, (self.left, self.right), top);
        if let Some(area) = Rect::from_ltrb(self.left, top, self.right, self.y) {
            let link = LinkAnnotation::new(area, Target::Action(LinkAction::new(url.to_owned()).into()));
            let alt = format!("Vérifier ce certificat, à l’adresse {url}");
            self.links.push((Annotation::new_link(link, Some(alt)), group));
        }
    }
}

fn fill(red: u8, green: u8, blue: u8) -> Fill {
    Fill { paint: rgb::Color::new(red, green, blue).into(), opacity: NormalizedF32::ONE, rule: FillRule::NonZero }
}

/// The text cut at its ordinary spaces; each line but the last keeps the space that ends it, so that words stay apart
/// when they are read aloud. A word longer than a line is cut where it must be.
fn wrapped(face: &Typeface, text: &str, size: f32, most: f32) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_inclusive(' ') {
        let fits = |line: &str, more: &str| face.width(&format!("{line}{}", more.trim_end()), size) <= most;
        let last = lines.last().cloned().unwrap_or_default();
        if !last.is_empty() && !fits(&last, word) {
            lines.push(String::new());
        }
        for letter in word.chars() {
            let last = lines.last().cloned().unwrap_or_default();
            if !last.is_empty() && letter != ' ' && !fits(&last, letter.encode_utf8(&mut [0; 4])) {
                lines.push(String::new());
            }
            if let Some(line) = lines.last_mut() {
                line.push(letter);
            }
        }
    }
    lines
}
