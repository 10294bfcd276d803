//! Who may follow up whom: territories in figures, agents by name.

use super::Viewer;
use crate::error::{Error, Result};
use domain::identity::{Home, Reach, Sight, home, reach, sight};
use domain::ids::{CourseSlug, PersonId};
use domain::place::Territory;

/// May read what the agents of this territory add up to in this course.
#[derive(Debug, Clone)]
pub struct TerritoryReader {
    pub course: CourseSlug,
    pub territory: Territory,
    pub sight: Sight,
}

/// May list these agents of this course, remind them, and take the list away.
#[derive(Debug, Clone)]
pub struct AgentLister {
    pub person: PersonId,
    pub course: CourseSlug,
    pub reach: Reach,
}

impl Viewer {
    /// # Errors
    /// [`Error::NotFound`] for who may not know of that territory.
    pub fn reader_of_territory(&self, course: &CourseSlug, territory: Territory) -> Result<TerritoryReader> {
        let sight = sight(&self.grants, course, territory).ok_or(Error::NotFound)?;
        Ok(TerritoryReader { course: course.clone(), territory, sight })
    }

    /// # Errors
    /// [`Error::NotFound`] for who follows nobody.
    pub fn lister_of(&self, course: &CourseSlug) -> Result<AgentLister> {
        let reach = reach(&self.grants, course).ok_or(Error::NotFound)?;
        self.granted(None, |grants| domain::identity::reach(grants, course).is_some())?;
        Ok(AgentLister { person: self.person, course: course.clone(), reach })
    }

    /// The course that was asked for, else the first they follow anybody in; and all of these.
    ///
    /// # Errors
    /// [`Error::NotFound`] for who follows nobody, or not in that course.
    pub fn followed_course(
        &self,
        published: &[CourseSlug],
        asked: Option<&str>,
    ) -> Result<(CourseSlug, Vec<CourseSlug>)> {
        let followed: Vec<CourseSlug> =
            published.iter().filter(|course| reach(&self.grants, course).is_some()).cloned().collect();
        let chosen = match asked.filter(|asked| !asked.is_empty()) {
            Some(asked) => followed.iter().find(|course| course.as_str() == asked),
            None => followed.first(),
        };
        Ok((chosen.cloned().ok_or(Error::NotFound)?, followed))
    }

    /// Where their follow-up opens.
    ///
    /// # Errors
    /// [`Error::NotFound`] for who follows nobody.
    pub fn home(&self, course: &CourseSlug) -> Result<Home> {
        home(&self.grants, course).ok_or(Error::NotFound)
    }
}
