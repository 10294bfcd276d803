//! Cohorts: who keeps one, and who sees it.

use super::Viewer;
use crate::cohort::Cohort;
use crate::error::Result;
use domain::identity::may_publish;
use domain::ids::{CohortId, PersonId};

/// May change this cohort, and who is in it.
#[derive(Debug, Clone, Copy)]
pub struct CohortManager {
    pub cohort: CohortId,
    pub person: PersonId,
}

impl Viewer {
    /// The trainers of its course, and the administrators.
    ///
    /// # Errors
    /// [`crate::error::Error::NotFound`] for anybody else.
    pub(crate) fn cohort_manager(&self, cohort: &Cohort) -> Result<CohortManager> {
        self.granted(None, |grants| may_publish(grants, &cohort.course))?;
        Ok(CohortManager { cohort: cohort.id, person: self.person })
    }
}
