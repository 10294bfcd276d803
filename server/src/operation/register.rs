//! What was seen of each job since the process began: in memory, and of this process alone.

use domain::operation::{Failure, Job, Run};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How the jobs of this process went.
#[derive(Debug)]
pub struct Register {
    since: Timestamp,
    runs: Mutex<BTreeMap<Job, Run>>,
}

impl Register {
    /// That of a process that begins now.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        Self { since: now, runs: Mutex::default() }
    }

    /// When the process began.
    #[must_use]
    pub fn since(&self) -> Timestamp {
        self.since
    }

    /// Every job, and how its runs went.
    #[must_use]
    pub fn runs(&self) -> Vec<(Job, Run)> {
        let runs = self.held();
        Job::ALL.into_iter().map(|job| (job, runs.get(&job).copied().unwrap_or_default())).collect()
    }

    /// A run begins.
    pub(crate) fn begin(&self, job: Job, now: Timestamp) {
        self.held().entry(job).or_default().under_way.get_or_insert(now);
    }

    /// Its turn came, and it is another node's to do.
    pub(crate) fn leave(&self, job: Job, now: Timestamp) {
        self.held().entry(job).or_default().left = Some(now);
    }

    /// A run ended, after so long; why it failed, where it did.
    pub(crate) fn end(&self, job: Job, now: Timestamp, took: Duration, failure: Option<Failure>) {
        let mut runs = self.held();
        let run = runs.entry(job).or_default();
        (run.under_way, run.left) = (None, None);
        run.ended = Some((now, SignedDuration::try_from(took).unwrap_or(SignedDuration::MAX)));
        match failure {
            Some(failure) => {
                run.failed = Some((now, failure));
                run.in_a_row += 1;
            }
            None => run.in_a_row = 0,
        }
    }

    fn held(&self) -> MutexGuard<'_, BTreeMap<Job, Run>> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
