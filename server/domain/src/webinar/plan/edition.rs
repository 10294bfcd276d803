//! A plan back in its form, and the mark that tells whether somebody changed it since.

use super::{Plan, PlanForm, TICKED};
use crate::text::paris;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// The form that gives this plan.
impl From<&Plan> for PlanForm {
    fn from(plan: &Plan) -> Self {
        let start = paris(plan.starts_at);
        Self {
            course: plan.course.to_string(),
            kit: plan.kit.clone().unwrap_or_default(),
            title: plan.title.clone(),
            description: plan.description.clone(),
            date: start.strftime("%Y-%m-%d").to_string(),
            time: start.strftime("%H:%M").to_string(),
            minutes: plan.minutes.to_string(),
            capacity: plan.capacity.to_string(),
            threshold: plan.threshold.to_string(),
            audience: plan.audience.to_string(),
            replay_counts: ticked(plan.replay_counts),
            replay_quiz: ticked(plan.replay_quiz),
            recorded: ticked(plan.recorded),
            recording_days: plan.recording_days.to_string(),
            trainers: plan.trainers.iter().map(ToString::to_string).collect(),
        }
    }
}

fn ticked(on: bool) -> String {
    if on { TICKED.to_owned() } else { String::new() }
}

impl Plan {
    /// The same for the same plan, another for any other.
    #[must_use]
    pub fn edition(&self) -> String {
        let form = PlanForm::from(self);
        let PlanForm {
            course,
            kit,
            title,
            description,
            date,
            time,
            minutes,
            capacity,
            threshold,
            audience,
            recorded,
            recording_days,
            replay_counts,
            replay_quiz,
            trainers,
        } = &form;
        let fields = [
            course,
            kit,
            title,
            description,
            date,
            time,
            minutes,
            capacity,
            threshold,
            audience,
            recorded,
            recording_days,
            replay_counts,
            replay_quiz,
        ];
        let mut digest = Sha256::new();
        for field in fields.into_iter().chain(trainers) {
            digest.update(field.len().to_le_bytes());
            digest.update(field);
        }
        // The hour that comes twice in autumn has one form and two instants.
        digest.update(self.starts_at.as_millisecond().to_le_bytes());
        digest.finalize().iter().take(16).fold(String::new(), |mut text, byte| {
            // Writing to a text cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}
