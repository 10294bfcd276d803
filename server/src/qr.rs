//! QR codes of addresses.

use crate::error::{Error, Result};
use qrcode::{Color, EcLevel, QrCode};
use std::fmt::Write as _;

/// Modules left white around the code, as its standard asks.
const QUIET: usize = 4;

/// The dark modules of a code, quiet zone included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Code {
    /// Modules on each side.
    pub(crate) side: usize,
    /// Column and row of each dark one.
    pub(crate) dark: Vec<(usize, usize)>,
}

/// The code of an address.
pub(crate) fn code(url: &str) -> Result<Code> {
    let code = QrCode::with_error_correction_level(url, EcLevel::M)
        .map_err(|error| Error::Internal(format!("no QR code of an address: {error}")))?;
    let width = code.width();
    let dark = code.to_colors().into_iter().enumerate().filter(|(_, color)| *color == Color::Dark);
    let dark = dark.map(|(place, _)| (place % width + QUIET, place / width + QUIET)).collect();
    Ok(Code { side: width + 2 * QUIET, dark })
}

impl Code {
    /// Drawn, dark on white whatever the page's colours: readers of codes ask for it.
    /// `leads` says whereto, for those who do not see it.
    pub(crate) fn svg(&self, leads: &str) -> String {
        let side = self.side;
        let mut path = String::new();
        for (column, row) in &self.dark {
            // Writing to a String cannot fail.
            let _ = write!(path, "M{column} {row}h1v1h-1z");
        }
        format!(
            "<svg class=\"code\" viewBox=\"0 0 {side} {side}\" role=\"img\" aria-label=\"QR code\u{a0}: {leads}\" \
             shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/>\
             <path fill=\"#000\" d=\"{path}\"/></svg>"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_square_and_its_corners_are_marks() {
        let code = code("https://socle.example/certificats/SF-2026-7F3K-9Q2M-XW4T").unwrap();
        let marks = [(QUIET, QUIET), (code.side - QUIET - 1, QUIET), (QUIET, code.side - QUIET - 1)];
        assert!(marks.iter().all(|mark| code.dark.contains(mark)));
        assert!(code.dark.iter().all(|(x, y)| (QUIET..code.side - QUIET).contains(x) && *y < code.side - QUIET));
        assert!(code.svg("ici").starts_with("<svg") && code.svg("ici").matches("h1v1h-1z").count() == code.dark.len());
    }
}
