//! The letters of the paper: measured, spelled, cut into lines.

use krilla::text::Font;
use std::sync::LazyLock;
use ttf_parser::Face;

static REGULAR: &[u8] = include_bytes!("../fonts/NotoSans-Regular.ttf");
static BOLD: &[u8] = include_bytes!("../fonts/NotoSans-Bold.ttf");

/// A face as it is measured and as it is drawn.
pub(super) struct Typeface {
    face: Face<'static>,
    pub(super) font: Font,
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

static FACES: LazyLock<Option<Faces>> =
    LazyLock::new(|| Some(Faces { regular: Typeface::read(REGULAR)?, bold: Typeface::read(BOLD)? }));

/// Read once for all papers.
pub(super) struct Faces {
    regular: Typeface,
    bold: Typeface,
}

impl Faces {
    pub(super) fn read() -> Option<&'static Self> {
        FACES.as_ref()
    }

    pub(super) fn of(&self, style: Style) -> &Typeface {
        if style.bold { &self.bold } else { &self.regular }
    }

    /// The lines that a text takes in that width, in points.
    pub(super) fn lines(&self, text: &str, style: Style, width: f32) -> Vec<String> {
        let face = self.of(style);
        wrapped(face, &face.spelled(text), style.size, width)
    }
}

/// How a text is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    pub(super) size: f32,
    /// Between two lines.
    pub(super) leading: f32,
    /// Under the block.
    pub(super) after: f32,
    pub(super) bold: bool,
    pub(super) colour: (u8, u8, u8),
}

const INK: (u8, u8, u8) = (0x23, 0x20, 0x1b);
pub(super) const ACCENT: (u8, u8, u8) = (0x0b, 0x5f, 0x63);
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
