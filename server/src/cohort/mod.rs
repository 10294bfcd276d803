//! Cohorts: agents who follow a course together. Planned, filled, followed until their last day.

mod adding;
mod attached;
mod entity;
pub mod importing;
mod letters;
mod listing;
mod members;
mod page;
mod planning;
pub mod routes;
mod store;

pub(crate) use members::{enter, hand_over};
pub(crate) use page::of_agent;
pub(crate) use store::{Cohort, Due, cohort, courses_of, known_in, locked, of_agents, of_people, places, still_open};
