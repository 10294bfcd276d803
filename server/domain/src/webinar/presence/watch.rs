//! Watching one tab while the room is open: from proofs, as they come, to intervals.

#[cfg(test)]
mod tests;

use super::Span;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

/// How long a tab may give no proof and still be there.
///
/// The rarest proof is a consent check of ICE, every 4 to 6 seconds (RFC 7675, §5.1); receiver reports come about as
/// often or more (RFC 3550, §6.2). Two of the slowest: a single one lost on the way is no absence.
pub const PATIENCE: SignedDuration = SignedDuration::from_secs(12);

/// How often the room puts what it has seen on disk: a crash takes no more than that from anybody.
pub const CHECKPOINT: SignedDuration = SignedDuration::from_secs(10);

/// An uninterrupted presence of the tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    pub id: Uuid,
    /// It ends at the last evidence.
    pub span: Span,
}

/// One tab of one person. It is there while its socket answers *and* media flows to it.
///
/// An interval opens when both are proved, extends to the latest instant by which both were, and ends there: at the
/// last evidence, not when its lack was noticed. After [`PATIENCE`] without evidence, what comes next opens a new one.
#[derive(Debug, Clone, Default)]
pub struct Watch {
    /// Those that end, and last the one that may go on; each with the end that is on disk.
    pieces: Vec<(Piece, Option<Timestamp>)>,
    /// Whether the last one may go on.
    is_open: bool,
}

impl Watch {
    /// Tells when the tab's socket and its media last gave proof, as known at `now`. `id` names a new interval.
    pub fn feed(
        &mut self,
        now: Timestamp,
        socket: Option<Timestamp>,
        media: Option<Timestamp>,
        id: impl FnOnce() -> Uuid,
    ) {
        let proved = socket.zip(media).map(|(socket, media)| (socket.min(now), media.min(now)));
        // By then, both were proved; at `first`, the later of the two proofs came.
        let both = proved.map(|(socket, media)| (socket.min(media), socket.max(media)));
        if let (true, Some((last, _))) = (self.is_open, both) {
            self.extend(last);
        }
        if self.is_open && self.end().is_some_and(|end| is_lapse(end, now)) {
            self.is_open = false;
        }
        if let (false, Some((last, first))) = (self.is_open, both) {
            let is_new = self.end().is_none_or(|end| last > end);
            if is_new && !is_lapse(last, now) {
                self.pieces.push((Piece { id: id(), span: Span { from: first, to: first } }, None));
                self.is_open = true;
            }
        }
    }

    /// The tab has left: what comes next, if anything, opens a new interval.
    pub fn leave(&mut self) {
        self.is_open = false;
    }

    /// Whether the person is there through this tab, as far as was told.
    #[must_use]
    pub fn is_present(&self) -> bool {
        self.is_open
    }

    /// What is not yet on disk, as it stands.
    pub fn unsaved(&self) -> impl Iterator<Item = Piece> + '_ {
        let changed = |(piece, saved): &&(Piece, Option<Timestamp>)| *saved != Some(piece.span.to);
        self.pieces.iter().filter(changed).map(|(piece, _)| *piece).filter(|piece| piece.span.millis() > 0)
    }

    /// These are on disk, such as [`Watch::unsaved`] gave them.
    pub fn saved(&mut self, pieces: &[Piece]) {
        for (piece, saved) in &mut self.pieces {
            if let Some(known) = pieces.iter().find(|known| known.id == piece.id) {
                *saved = Some(known.span.to);
            }
        }
        // An interval that has ended and is on disk is only remembered as the last.
        let last = self.pieces.len().saturating_sub(1);
        let mut place = 0;
        self.pieces.retain(|(piece, saved)| {
            let keep = place == last || (*saved != Some(piece.span.to) && piece.span.millis() > 0);
            place += 1;
            keep
        });
    }

    fn end(&self) -> Option<Timestamp> {
        self.pieces.last().map(|(piece, _)| piece.span.to)
    }

    /// Takes the open interval to the new evidence, unless too much time went by without any.
    fn extend(&mut self, last: Timestamp) {
        let Some((piece, _)) = self.pieces.last_mut() else { return };
        if is_lapse(piece.span.to, last) {
            self.is_open = false;
        } else {
            piece.span.to = piece.span.to.max(last);
        }
    }
}

fn is_lapse(from: Timestamp, to: Timestamp) -> bool {
    to.duration_since(from) > PATIENCE
}

/// Whether the room's time for a checkpoint has come; `last` is none before the first.
#[must_use]
pub fn is_due(last: Option<Timestamp>, now: Timestamp) -> bool {
    last.is_none_or(|last| now.duration_since(last) >= CHECKPOINT)
}
