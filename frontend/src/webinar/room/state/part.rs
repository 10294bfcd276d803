//! The parts of a room, as views follow them.

use domain::webinar::Change;

/// The parts of what is shown: a view follows those it draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    Line,
    Phase,
    Chat,
    Questions,
    /// Hands, the floor, who is muted, removed or locked out.
    Floor,
    People,
    Seats,
    Polls,
    Quizzes,
    Checks,
    Documents,
    Captions,
    Recording,
    /// Acts that wait for an acknowledgement.
    Unsent,
}

impl Part {
    pub(crate) const COUNT: usize = 14;
}

/// All of them.
pub(crate) const ALL: [Part; Part::COUNT] = [
    Part::Line,
    Part::Phase,
    Part::Chat,
    Part::Questions,
    Part::Floor,
    Part::People,
    Part::Seats,
    Part::Polls,
    Part::Quizzes,
    Part::Checks,
    Part::Documents,
    Part::Captions,
    Part::Recording,
    Part::Unsent,
];

/// What a change of the room changes of what is shown.
pub(super) fn changed_by(change: &Change) -> &'static [Part] {
    match change {
        Change::WentLive => &[Part::Phase, Part::Checks],
        Change::Closed => &ALL,
        Change::Said { .. } | Change::Hidden { .. } => &[Part::Chat],
        Change::Asked { .. }
        | Change::QuestionHidden { .. }
        | Change::Supported { .. }
        | Change::QuestionAnswered { .. } => &[Part::Questions],
        Change::HandRaised | Change::HandLowered { .. } | Change::Locked { .. } | Change::LetBack { .. } => {
            &[Part::Floor]
        }
        Change::FloorGiven { .. } | Change::FloorTaken { .. } | Change::Muted { .. } => &[Part::Floor, Part::Seats],
        Change::Removed { .. } => &[Part::Floor, Part::Line, Part::Phase],
        Change::PollLaunched { .. } | Change::Voted { .. } | Change::PollClosed { .. } | Change::PollShown { .. } => {
            &[Part::Polls]
        }
        Change::QuizLaunched { .. } | Change::Answered { .. } | Change::QuizClosed { .. } => &[Part::Quizzes],
        Change::CheckLaunched { .. } | Change::Confirmed { .. } => &[Part::Checks],
        Change::HandedOut { .. } => &[Part::Documents],
        Change::Captioned { .. } => &[Part::Captions],
        Change::Recording { .. } | Change::RecordingFailed { .. } | Change::Marked { .. } => &[Part::Recording],
        Change::SatBeside { .. } | Change::PartedWith { .. } => &[Part::People],
    }
}
