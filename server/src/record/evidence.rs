//! What proves a fact, in plain words: for each, what was kept when it happened.

use super::routes::Authors;
use crate::app::App;
use crate::error::Result;
use crate::webinar::presence::{by, intervals_of};
use crate::webinar::replay;
use domain::ids::{AttemptId, PersonId, WebinarId};
use domain::record::{Entry, Fact};
use domain::text::{date_long, hour};
use domain::webinar::presence::union;
use frontend::record::Evidence;
use frontend::webinar::replay::clock;

/// What proves an entry of that agent's record, as `owner_view` may open it.
///
/// # Errors
/// When the database fails.
pub(crate) async fn of(
    app: &App,
    agent: PersonId,
    entry: &Entry,
    authors: &Authors,
    owner_view: bool,
) -> Result<Vec<Evidence>> {
    let said = |said: String| Evidence { said, href: None };
    let attempt = |id: &AttemptId, said: &str| Evidence {
        said: said.to_owned(),
        href: owner_view.then(|| (format!("/essais/{id}"), "Revoir cet essai")),
    };
    let stated =
        |why: &str| format!("Inscrit par {}, qui en répond. Source ou raison\u{a0}: {why}", by(entry.author, authors));
    let kept = match &entry.fact {
        Fact::ChapterRead { .. } => {
            said("Chaque section du chapitre a été marquée comme lue, depuis ce compte.".to_owned())
        }
        Fact::AttemptGraded { attempt: id, .. } | Fact::AssessmentGraded { attempt: id, .. } => {
            attempt(id, "Les réponses de cet essai et leur correction sont gardées.")
        }
        Fact::Positioned { attempt: id, .. } | Fact::ChapterExempted { attempt: id, .. } => {
            attempt(id, "Les réponses au quiz de positionnement et leur correction sont gardées.")
        }
        Fact::WebinarAttended { webinar, .. } => said(seen(app, *webinar, agent).await?),
        Fact::LiveQuizGraded { .. } => {
            said("Les réponses données en direct sont gardées avec le webinaire.".to_owned())
        }
        Fact::CourseCompleted { .. } => said(
            "Se déduit des lignes précédentes\u{a0}: chaque chapitre acquis ou dispensé, et l’évaluation finale."
                .to_owned(),
        ),
        Fact::ReplayFollowed { webinar, .. } => {
            let live = seen(app, *webinar, agent).await?;
            return Ok(vec![said(played(app, *webinar, agent).await?), said(live), sealed(entry)]);
        }
        Fact::PresenceCorrected { webinar, why, .. } => {
            let seen = seen(app, *webinar, agent).await?;
            return Ok(vec![said(stated(why)), said(seen), sealed(entry)]);
        }
        Fact::AttendanceEntered { why, .. } => said(stated(why)),
    };
    Ok(vec![kept, sealed(entry)])
}

/// « Connexion à la salle relevée toutes les dix secondes : de 9 h 02 à 10 h 20, de 10 h 22 à 10 h 30. »
async fn seen(app: &App, webinar: WebinarId, agent: PersonId) -> Result<String> {
    let intervals = intervals_of(app.db.reader(), webinar, agent).await?;
    let spans = union(intervals.into_iter().map(|interval| interval.span));
    let spans: Vec<String> = spans.iter().map(|span| format!("de {} à {}", hour(span.from), hour(span.to))).collect();
    Ok(if spans.is_empty() {
        "Aucune connexion à la salle n’a été relevée.".to_owned()
    } else {
        format!("Présence dans la salle, relevée toutes les dix secondes\u{a0}: {}.", spans.join(", "))
    })
}

/// « Enregistrement lu, relevé toutes les dix secondes : de 0:00 à 41:12, de 50:00 à 1:30:00. »
async fn played(app: &App, webinar: WebinarId, agent: PersonId) -> Result<String> {
    let parts = replay::played(app.db.reader(), webinar, agent).await?;
    let parts: Vec<String> = parts.iter().map(|(from, to)| format!("de {} à {}", clock(*from), clock(*to))).collect();
    Ok(format!("Enregistrement lu, relevé toutes les dix secondes\u{a0}: {}.", parts.join(", ")))
}

fn sealed(entry: &Entry) -> Evidence {
    let short: String = entry.hash.to_string().chars().take(16).collect();
    let said = format!(
        "Ligne n°\u{a0}{} du registre depuis le {}, d’empreinte {short}, qui dépend de toutes les lignes d’avant.",
        entry.seq,
        date_long(entry.at)
    );
    Evidence { said, href: None }
}
