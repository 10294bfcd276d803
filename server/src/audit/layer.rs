//! Noting, around every handler, what was granted in it, or who was refused.

use super::pages;
use crate::app::App;
use axum::extract::{MatchedPath, Request};
use domain::audit::{Deed, Note};
use domain::identity::Role;
use domain::ids::{PersonId, TokenId};
use http::{Method, StatusCode};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Characters of an address that are kept.
const PATH: usize = 200;

/// Forms whose answer is the page itself, and not the address of another.
const ANSWERED_IN_PLACE: [&str; 1] = ["/administration/comptes/{person}/invitation"];

/// What the role of a line begins with, where a token opened the page.
pub(super) const BY_TOKEN: &str = "token:";

/// Who makes one request, and what it was granted of other people's data: filled where capabilities are, read once the request is
/// answered.
#[derive(Debug, Clone, Default)]
pub struct Trace(Arc<Mutex<Traced>>);

#[derive(Debug, Default)]
struct Traced {
    asker: Option<Actor>,
    granted: Vec<Granted>,
}

/// Who is let at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Actor {
    /// By that role.
    Person(PersonId, Option<Role>),
    /// Another system, by its token.
    Machine(TokenId),
}

impl Actor {
    /// As a line of the log says it: who, and by which role.
    fn told(self) -> (Option<PersonId>, String) {
        match self {
            Self::Person(person, role) => (Some(person), role.map_or_else(String::new, |role| role.to_string())),
            Self::Machine(token) => (None, format!("{BY_TOKEN}{token}")),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Granted {
    actor: Actor,
    /// None: many people, or whom the address names.
    subject: Option<PersonId>,
}

impl Trace {
    /// Notes that this person asks.
    pub(crate) fn asked_by(&self, person: PersonId) {
        self.traced().asker = Some(Actor::Person(person, None));
    }

    /// Notes that another system asks.
    pub(crate) fn asked_by_machine(&self, token: TokenId) {
        self.traced().asker = Some(Actor::Machine(token));
    }

    /// Notes that this person was let at that one's data, by that role.
    pub(crate) fn grant(&self, actor: PersonId, role: Option<Role>, subject: Option<PersonId>) {
        if subject != Some(actor) {
            self.add(Granted { actor: Actor::Person(actor, role), subject });
        }
    }

    /// Notes that another system was let at that person's data; at many people's, or at those of whom the address names,
    /// where there is none.
    pub(crate) fn grant_machine(&self, token: TokenId, subject: Option<PersonId>) {
        self.add(Granted { actor: Actor::Machine(token), subject });
    }

    fn add(&self, granted: Granted) {
        let all = &mut self.traced().granted;
        if !all.contains(&granted) {
            all.push(granted);
        }
    }

    fn traced(&self) -> MutexGuard<'_, Traced> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self) -> Traced {
        std::mem::take(&mut *self.traced())
    }
}

/// Notes who looked at or changed whose data, once it was answered that they did; or that they may not.
#[derive(Debug)]
pub struct Noting {
    trace: Trace,
    /// As the router names it.
    page: String,
    path: String,
    sends: bool,
}

impl Noting {
    /// The request's handler is to say what it grants.
    pub fn begin(request: &mut Request) -> Self {
        let trace = Trace::default();
        request.extensions_mut().insert(trace.clone());
        let page = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str).to_owned();
        let path = request.uri().path().chars().take(PATH).collect();
        let sends = !matches!(*request.method(), Method::GET | Method::HEAD);
        Self { trace, page, path, sends }
    }

    /// It was answered so.
    pub async fn end(self, app: &App, status: StatusCode) {
        let Self { trace, page, path, sends } = self;
        let Traced { asker, mut granted } = trace.take();
        let named = person_in(&page, &path);
        // What is unknown to somebody is answered as what is not there.
        let refused = matches!(status, StatusCode::NOT_FOUND | StatusCode::FORBIDDEN);
        if let Some(asker) = asker.filter(|_| refused && pages::is_about_others(&page)) {
            let (actor, role) = asker.told();
            let at = app.clock.now();
            app.audit.refused(app, Note { at, actor, role, subject: named, deed: Deed::Refused, page, path });
            return;
        }
        if !(status.is_success() || status.is_redirection()) {
            return;
        }
        // A form that shows itself again, to be confirmed or corrected, has only been looked at.
        let changes = sends && (status != StatusCode::OK || ANSWERED_IN_PLACE.contains(&&*page));
        let deed = if changes { Deed::Changed } else { Deed::Looked };
        if granted.iter().any(|granted| granted.subject.is_some()) {
            granted.retain(|granted| granted.subject.is_some());
        }
        for Granted { actor, subject } in granted {
            let (actor, role) = actor.told();
            let note = Note {
                at: app.clock.now(),
                actor,
                role,
                subject: subject.or(named),
                deed,
                page: page.clone(),
                path: path.clone(),
            };
            if note.actor.is_some() && note.subject == note.actor {
                continue;
            }
            if !changes {
                app.audit.look(app, note);
            } else if let Err(error) = app.audit.write(&app.db, note).await {
                tracing::error!(%error, "A change could not be noted");
            }
        }
    }
}

/// The person whom the address names, where its route has a place for one.
fn person_in(page: &str, path: &str) -> Option<PersonId> {
    let mut places = page.split('/').zip(path.split('/'));
    places.find_map(|(name, value)| (name == "{person}").then(|| value.parse().ok().map(PersonId))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_person_is_where_the_route_has_a_place_for_one() {
        let named = |page, path| person_in(page, path).map(|person| person.0);
        assert_eq!(named("/suivi/{person}/preuve.zip", "/suivi/7/preuve.zip"), Some(7));
        assert_eq!(named("/webinaires/{webinar}/presences/{person}", "/webinaires/3/presences/9"), Some(9));
        assert_eq!(named("/suivi/maisons/{maison}", "/suivi/maisons/7"), None);
        assert_eq!(named("/suivi/{person}", "/suivi/x"), None);
    }
}
