//! When a webinar is: its stages, and the instants that follow from its start.

#[cfg(test)]
mod tests;

use crate::text::paris_zone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};

/// How long before the start the waiting room opens.
pub const WAITING_ROOM: SignedDuration = SignedDuration::from_mins(15);

/// A webinar that nobody began so long after its planned start is over: as long as the longest may last.
pub const LAPSE: SignedDuration = SignedDuration::from_hours(4);

/// Where a webinar is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Planned: people register and withdraw.
    Scheduled,
    /// The waiting room is open; nothing is recorded as presence yet.
    Open,
    /// A trainer began it: presence counts.
    Live,
    /// It took place, or nobody came to lead it.
    Closed,
    Cancelled,
}

/// The instants of a webinar: those planned, and those that came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    pub starts_at: Timestamp,
    /// Planned length.
    pub minutes: u32,
    pub live_at: Option<Timestamp>,
    pub closed_at: Option<Timestamp>,
    pub cancelled_at: Option<Timestamp>,
}

/// Why a webinar cannot pass to another stage from where it is. Told in French to whoever asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WrongStage {
    #[error(
        "La salle n’est pas encore ouverte\u{a0}: elle ouvre quinze minutes avant l’heure prévue. Changez l’heure du webinaire pour commencer plus tôt."
    )]
    TooEarly,
    #[error("Le webinaire n’a pas commencé\u{a0}: il n’y a rien à clore.")]
    NotBegun,
    #[error("Le webinaire est en cours\u{a0}: attendez qu’il soit terminé.")]
    Live,
    #[error("Le webinaire est terminé\u{a0}: il ne change plus.")]
    Closed,
    #[error("Le webinaire est annulé\u{a0}: il n’aura pas lieu.")]
    Cancelled,
}

/// A mail that reminds of a webinar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reminder {
    /// The day before, when the clocks of Paris show the hour of the webinar.
    DayBefore,
    /// Sixty minutes before.
    HourBefore,
}

impl Reminder {
    pub const ALL: [Self; 2] = [Self::DayBefore, Self::HourBefore];
}

impl Schedule {
    /// A webinar that is only planned.
    #[must_use]
    pub fn planned(starts_at: Timestamp, minutes: u32) -> Self {
        Self { starts_at, minutes, live_at: None, closed_at: None, cancelled_at: None }
    }

    /// The stage at that instant.
    #[must_use]
    pub fn stage(&self, now: Timestamp) -> Stage {
        if self.cancelled_at.is_some() {
            Stage::Cancelled
        } else if self.closed_at.is_some() {
            Stage::Closed
        } else if self.live_at.is_some() {
            Stage::Live
        } else if now < self.opens_at() {
            Stage::Scheduled
        } else if now < later(self.starts_at, LAPSE) {
            Stage::Open
        } else {
            Stage::Closed
        }
    }

    /// When the waiting room opens.
    #[must_use]
    pub fn opens_at(&self) -> Timestamp {
        later(self.starts_at, -WAITING_ROOM)
    }

    /// When it is planned to end.
    #[must_use]
    pub fn ends_at(&self) -> Timestamp {
        later(self.starts_at, SignedDuration::from_mins(self.minutes.into()))
    }

    /// When to send that reminder.
    #[must_use]
    pub fn reminds_at(&self, reminder: Reminder) -> Timestamp {
        match reminder {
            Reminder::HourBefore => later(self.starts_at, -SignedDuration::from_hours(1)),
            // A day by the calendar: 23 or 25 hours where the clocks change in between.
            Reminder::DayBefore => {
                let zone = paris_zone();
                let day = zone.to_datetime(self.starts_at).checked_sub(1.day());
                let at = day.and_then(|day| zone.to_ambiguous_timestamp(day).compatible());
                at.unwrap_or(later(self.starts_at, -SignedDuration::from_hours(24)))
            }
        }
    }

    /// Begun by a trainer. Saying it twice changes nothing.
    pub fn begin(self, now: Timestamp) -> Result<Self, WrongStage> {
        match self.stage(now) {
            Stage::Open => Ok(Self { live_at: Some(now), ..self }),
            Stage::Live => Ok(self),
            Stage::Scheduled => Err(WrongStage::TooEarly),
            Stage::Closed => Err(WrongStage::Closed),
            Stage::Cancelled => Err(WrongStage::Cancelled),
        }
    }

    /// Ended. Saying it twice changes nothing.
    pub fn close(self, now: Timestamp) -> Result<Self, WrongStage> {
        match self.stage(now) {
            Stage::Live => Ok(Self { closed_at: Some(now), ..self }),
            Stage::Closed => Ok(self),
            Stage::Scheduled | Stage::Open => Err(WrongStage::NotBegun),
            Stage::Cancelled => Err(WrongStage::Cancelled),
        }
    }

    /// Called off before it began. Saying it twice changes nothing.
    pub fn cancel(self, now: Timestamp) -> Result<Self, WrongStage> {
        match self.stage(now) {
            Stage::Cancelled => Ok(self),
            stage => stage.before_live().map(|()| Self { cancelled_at: Some(now), ..self }),
        }
    }
}

impl Stage {
    /// What may still be changed in a plan, or given up by who registered: nothing from the moment it is live.
    pub fn before_live(self) -> Result<(), WrongStage> {
        match self {
            Self::Scheduled | Self::Open => Ok(()),
            Self::Live => Err(WrongStage::Live),
            Self::Closed => Err(WrongStage::Closed),
            Self::Cancelled => Err(WrongStage::Cancelled),
        }
    }

    /// Whether one may still come: a late-comer registers while it is live.
    pub fn takes_registrations(self) -> Result<(), WrongStage> {
        if self == Self::Live { Ok(()) } else { self.before_live() }
    }

    /// Whether the room can be entered.
    #[must_use]
    pub fn is_enterable(self) -> bool {
        matches!(self, Self::Open | Self::Live)
    }

    /// Whether nothing more will happen.
    #[must_use]
    pub fn is_over(self) -> bool {
        matches!(self, Self::Closed | Self::Cancelled)
    }

    /// As shown.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Scheduled => "À venir",
            Self::Open => "Salle ouverte",
            Self::Live => "En cours",
            Self::Closed => "Terminé",
            Self::Cancelled => "Annulé",
        }
    }
}

/// The instant so long after, or the last there is.
fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.saturating_add(by).unwrap_or(at)
}
