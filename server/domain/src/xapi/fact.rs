//! The statement of each fact of the record, in verbs and types that other stores know: those of ADL, of cmi5, of the
//! profile for virtual classrooms.
//!
//! Nobody is named: an agent is an account of this site, by its number. A fact never changes, and neither does its
//! statement: it is made of the fact, and of the titles of the version in which it was earned.

use super::actor::Identifier;
use super::statement::{Statement, told};
use super::traits::Key;
use crate::ids::{ChapterSlug, PersonId};
use crate::quiz::Score;
use crate::record::{Entry, Fact, HalfDay, Hash};
use jiff::Timestamp;
use serde_json::{Value, json};
use sha1::{Digest as _, Sha1};
use std::collections::BTreeSet;
use uuid::{Builder, Uuid};

/// What a course and one of its chapters are called, in the version in which a fact was earned.
#[derive(Debug, Clone, Copy, Default)]
pub struct Titles<'t> {
    pub course: Option<&'t str>,
    pub chapter: Option<&'t str>,
}

/// The identifier of a fact's statement: name-based (RFC 4122 §4.3), the name being the fact's hash.
#[must_use]
pub fn id_of_fact(hash: &Hash) -> Uuid {
    let digest = Sha1::new()
        .chain_update(Uuid::NAMESPACE_URL.as_bytes())
        .chain_update(format!("urn:socle:fait:{hash}"))
        .finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    Builder::from_sha1_bytes(bytes).into_uuid()
}

/// This platform, as who says what happened on it.
#[must_use]
pub fn platform(site: &str) -> Value {
    account(site, "socle")
}

/// How statements are found by what the platform says: by nearly all of them, where agents are taken broadly.
#[must_use]
pub fn platform_key(site: &str) -> Key {
    Key::agent(&Identifier::Account { home_page: site.to_owned(), name: "socle".to_owned() })
}

/// An account of this site.
#[must_use]
pub fn account(site: &str, name: &str) -> Value {
    json!({ "objectType": "Agent", "account": { "homePage": site, "name": name } })
}

/// The statement of a fact, as it was stored at `stored`. `site` is the public address.
#[must_use]
pub fn of_fact(site: &str, agent: PersonId, entry: &Entry, titles: Titles<'_>, stored: Timestamp) -> Option<Statement> {
    let telling = Telling { site, fact: &entry.fact, titles };
    let mut context = json!({ "platform": "Socle", "language": "fr-FR" });
    if let Some(around) = telling.surroundings() {
        context["contextActivities"] = around;
    }
    if let Some(version) = entry.fact.version() {
        context["revision"] = version.to_string().into();
    }
    if let Some(author) = entry.author {
        context["instructor"] = account(site, &author.to_string());
    }
    let (verb, display) = telling.verb();
    let mut body = json!({
        "actor": account(site, &agent.to_string()),
        "verb": { "id": verb, "display": display },
        "object": telling.object(),
        "context": context,
        "timestamp": told(entry.at),
        "version": "1.0.0",
    });
    if let Some(result) = telling.result() {
        body["result"] = result;
    }
    let mut statement = super::statements(body).ok()?.pop()?;
    statement.identify(id_of_fact(&entry.hash));
    let known = statement.traits.clone();
    statement.seal(stored, &platform(site));
    // Every fact is the platform's word: it is not worth an index.
    statement.traits = known;
    Some(statement)
}

const ADL: &str = "http://adlnet.gov/expapi/activities";
const CLASSROOM: &str = "https://w3id.org/xapi/virtual-classroom/activity-types/virtual-classroom";

struct Telling<'t> {
    site: &'t str,
    fact: &'t Fact,
    titles: Titles<'t>,
}

impl Telling<'_> {
    fn verb(&self) -> (&'static str, Value) {
        let (id, english, french) = match self.fact {
            Fact::ChapterRead { suffices: false, .. } => {
                ("http://adlnet.gov/expapi/verbs/experienced", "experienced", "a suivi")
            }
            Fact::ChapterRead { .. }
            | Fact::Positioned { .. }
            | Fact::LiveQuizGraded { .. }
            | Fact::CourseCompleted { .. } => ("http://adlnet.gov/expapi/verbs/completed", "completed", "a terminé"),
            Fact::AttemptGraded { earned, max, pass, .. } | Fact::AssessmentGraded { earned, max, pass, .. } => {
                if (Score { earned: *earned, max: *max }).passes(*pass) {
                    ("http://adlnet.gov/expapi/verbs/passed", "passed", "a réussi")
                } else {
                    ("http://adlnet.gov/expapi/verbs/failed", "failed", "n’a pas réussi")
                }
            }
            Fact::ChapterExempted { .. } | Fact::AttendanceEntered { exempted: true, .. } => {
                ("https://w3id.org/xapi/adl/verbs/waived", "waived", "a été dispensé de")
            }
            Fact::ReplayFollowed { .. } => ("http://activitystrea.ms/schema/1.0/watch", "watched", "a regardé"),
            Fact::WebinarAttended { minutes: 0, .. }
            | Fact::PresenceCorrected { minutes: 0, .. }
            | Fact::AttendanceEntered { minutes: 0, .. } => {
                ("http://id.tincanapi.com/verb/skipped", "skipped", "n’a pas suivi")
            }
            Fact::WebinarAttended { .. } | Fact::PresenceCorrected { .. } | Fact::AttendanceEntered { .. } => {
                ("http://adlnet.gov/expapi/verbs/attended", "attended", "a assisté à")
            }
        };
        (id, json!({ "en-US": english, "fr-FR": french }))
    }

    fn object(&self) -> Value {
        match self.fact {
            Fact::ChapterRead { chapter, .. } | Fact::ChapterExempted { chapter, .. } => self.chapter(chapter),
            Fact::AttemptGraded { chapter, .. } => self.activity(
                &self.in_course(&format!("/{chapter}/quiz")),
                &format!("{ADL}/assessment"),
                self.titles.chapter.map(|title| format!("Quiz\u{a0}: {title}")),
            ),
            Fact::Positioned { .. } => self.activity(
                &self.in_course("/positionnement"),
                &format!("{ADL}/assessment"),
                self.titles.course.map(|title| format!("Positionnement\u{a0}: {title}")),
            ),
            Fact::AssessmentGraded { .. } => self.activity(
                &self.in_course("/evaluation"),
                &format!("{ADL}/assessment"),
                self.titles.course.map(|title| format!("Évaluation finale\u{a0}: {title}")),
            ),
            Fact::WebinarAttended { webinar, title, .. }
            | Fact::PresenceCorrected { webinar, title, .. }
            | Fact::ReplayFollowed { webinar, title, .. } => {
                self.activity(&format!("/webinaires/{webinar}"), CLASSROOM, Some(title.clone()))
            }
            Fact::LiveQuizGraded { webinar, quiz, quiz_title, .. } => self.activity(
                &format!("/webinaires/{webinar}/quiz/{quiz}"),
                &format!("{ADL}/assessment"),
                Some(quiz_title.clone()),
            ),
            Fact::CourseCompleted { .. } => self.course(),
            Fact::AttendanceEntered { component, title, .. } => self.activity(
                &self.in_course(&format!("/composantes/{component}")),
                &format!("{ADL}/module"),
                Some(title.clone()),
            ),
        }
    }

    /// What it is a part of.
    fn surroundings(&self) -> Option<Value> {
        let around = match self.fact {
            Fact::CourseCompleted { .. } => return None,
            Fact::AttemptGraded { chapter, .. } => {
                json!({ "parent": [self.chapter(chapter)], "grouping": [self.course()] })
            }
            Fact::LiveQuizGraded { webinar, title, .. } => {
                let webinar = self.activity(&format!("/webinaires/{webinar}"), CLASSROOM, Some(title.clone()));
                json!({ "parent": [webinar], "grouping": [self.course()] })
            }
            _ => json!({ "parent": [self.course()] }),
        };
        Some(around)
    }

    fn result(&self) -> Option<Value> {
        match self.fact {
            Fact::ChapterRead { suffices, minutes, .. } => {
                Some(json!({ "completion": suffices, "extensions": self.minutes(*minutes) }))
            }
            Fact::AttemptGraded { earned, max, pass, number, .. }
            | Fact::AssessmentGraded { earned, max, pass, number, .. } => Some(scored(
                json!({
                    "success": Score { earned: *earned, max: *max }.passes(*pass),
                    "completion": true,
                    "extensions": { self.extension("tentative"): number, self.extension("seuil"): pass },
                }),
                *earned,
                *max,
            )),
            Fact::Positioned { earned, max, .. } | Fact::LiveQuizGraded { earned, max, .. } => {
                Some(scored(json!({ "completion": true }), *earned, *max))
            }
            Fact::ChapterExempted { earned, max, percent, .. } => Some(scored(
                json!({ "success": true, "extensions": { self.extension("seuil"): percent } }),
                *earned,
                *max,
            )),
            Fact::WebinarAttended { minutes, percent, threshold, met, .. }
            | Fact::PresenceCorrected { minutes, percent, threshold, met, .. } => Some(json!({
                "completion": met,
                "duration": format!("PT{minutes}M"),
                "extensions": { self.extension("presence"): percent, self.extension("seuil"): threshold },
            })),
            Fact::ReplayFollowed { minutes, seen_live, percent, threshold, .. } => Some(json!({
                "completion": true,
                "duration": format!("PT{minutes}M"),
                "extensions": {
                    self.extension("presence"): percent,
                    self.extension("seuil"): threshold,
                    self.extension("minutes-en-direct"): seen_live,
                },
            })),
            Fact::CourseCompleted { minutes, .. } => {
                Some(json!({ "completion": true, "extensions": self.minutes(*minutes) }))
            }
            Fact::AttendanceEntered { exempted: true, .. } => None,
            Fact::AttendanceEntered { minutes, half_days, .. } => Some(json!({
                "completion": !half_days.is_empty(),
                "duration": format!("PT{minutes}M"),
                "extensions": { self.extension("demi-journees"): told_half_days(half_days) },
            })),
        }
    }

    /// Minutes that it counts for: stated by the course, and not measured, which `duration` would say.
    fn minutes(&self, minutes: u32) -> Value {
        json!({ self.extension("minutes-comptees"): minutes })
    }

    fn course(&self) -> Value {
        self.activity(&self.in_course(""), &format!("{ADL}/course"), self.titles.course.map(str::to_owned))
    }

    fn chapter(&self, chapter: &ChapterSlug) -> Value {
        let title = self.titles.chapter.map(str::to_owned);
        self.activity(&self.in_course(&format!("/{chapter}")), &format!("{ADL}/module"), title)
    }

    fn in_course(&self, rest: &str) -> String {
        format!("/cours/{}{rest}", self.fact.course())
    }

    fn activity(&self, path: &str, kind: &str, name: Option<String>) -> Value {
        let mut definition = json!({ "type": kind });
        if let Some(name) = name {
            definition["name"] = json!({ "fr-FR": name });
        }
        json!({ "objectType": "Activity", "id": format!("{}{path}", self.site), "definition": definition })
    }

    fn extension(&self, name: &str) -> String {
        format!("{}/xapi/extensions/{name}", self.site)
    }
}

/// The result with its score, where there was something to earn.
fn scored(mut result: Value, earned: u32, max: u32) -> Value {
    if max > 0 {
        let points = |hundredths: u32| f64::from(hundredths) / 100.0;
        result["score"] = json!({
            "scaled": f64::from(earned.min(max)) / f64::from(max),
            "raw": points(earned.min(max)),
            "min": 0,
            "max": points(max),
        });
    }
    result
}

fn told_half_days(half_days: &BTreeSet<HalfDay>) -> Vec<String> {
    half_days.iter().map(ToString::to_string).collect()
}
