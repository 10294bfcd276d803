//! « Mon dossier ».

use super::store;
use crate::access::{RecordReader, Viewer};
use crate::app::App;
use crate::certificate;
use crate::classroom;
use crate::dispute::{self, store::Dispute};
use crate::error::Result;
use crate::page::Surroundings;
use crate::pathway::telling;
use crate::webinar::presence;
use axum::extract::{Query, State};
use axum::response::Response;
use domain::course::Course;
use domain::identity::Subject;
use domain::ids::PersonId;
use domain::quiz::Score;
use domain::record::{ChapterRecord, CourseRecord, Entry, Fact, Figures};
use domain::text::{date_long, duration, hundredths, percent, points};
use domain::webinar::presence::Reason;
pub(crate) use frontend::record::FactLine;
use frontend::record::{ChapterLine, CourseLines, Dossier, WebinarLine, dossier_page};
use frontend::webinar::presence::in_minutes;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// Names of those who wrote in a record.
pub(crate) type Authors = BTreeMap<PersonId, String>;

/// Facts shown at a time.
const FACTS: u64 = 10;

#[derive(Debug, Deserialize)]
pub struct Before {
    avant: Option<u64>,
}

/// `GET /dossier`
pub async fn own(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Query(before): Query<Before>,
) -> Result<Response> {
    let reader = viewer.reader_of(&Subject { person: viewer.person, maison: None, courses: BTreeSet::new() })?;
    let dossier = dossier(&app, &reader, viewer.name(), "/dossier", before, true).await?;
    Ok(around.page("Mon dossier", dossier_page(dossier)))
}

/// The record of the agent that `reader` may read.
pub(crate) async fn dossier(
    app: &App,
    reader: &RecordReader,
    name: String,
    href: &str,
    Before { avant }: Before,
    owner_view: bool,
) -> Result<Dossier> {
    let folded = store::load(app.db.reader(), reader.subject).await?;
    let entries = store::facts(app.db.reader(), reader.subject, avant, FACTS + 1).await?;
    let more = entries.get(usize::try_from(FACTS).unwrap_or(usize::MAX) - 1).filter(|_| entries.len() as u64 > FACTS);
    let more = more.map(|last| format!("{href}?avant={}#faits", last.seq));
    let corrections = folded.record.courses.values().flat_map(|course| course.webinars.values());
    let corrections = corrections.flat_map(|webinar| &webinar.corrections).filter_map(|correction| correction.by);
    let entered = folded.record.courses.values().flat_map(|course| course.attendances.values());
    let entered = entered.flat_map(|known| &known.entries).filter_map(|entry| entry.by);
    let authors = entries.iter().filter_map(Entry::said_by).chain(corrections).chain(entered);
    let authors = presence::names(app.db.reader(), authors.collect::<Vec<_>>()).await?;
    let courses =
        app.library.current().into_iter().filter(|published| reader.reads(&published.course.slug)).map(|published| {
            CourseLines {
                title: published.course.title.clone(),
                minutes: folded.record.courses.get(&published.course.slug).map_or(0, CourseRecord::minutes),
                minutes_total: published.course.minutes(),
                chapters: published
                    .course
                    .chapters
                    .iter()
                    .map(|chapter| {
                        let earned = folded.record.chapter(&published.course.slug, &chapter.slug);
                        ChapterLine {
                            title: format!("{}. {}", chapter.number, chapter.title),
                            acquired: earned.and_then(|earned| earned.acquired.as_ref()).map(|at| (at.at, at.version)),
                            minutes: chapter.minutes,
                            reason: reason(earned, chapter.quiz.is_some()),
                            read: earned.and_then(|earned| earned.read.as_ref()).map(|read| read.at),
                            quiz: earned
                                .and_then(|earned| earned.quiz.as_ref())
                                .map(|quiz| percent(quiz.kept.percent())),
                        }
                    })
                    .chain(assessment(&published.course, folded.record.courses.get(&published.course.slug)))
                    .collect(),
                webinars: webinars(folded.record.courses.get(&published.course.slug), &authors),
            }
        });
    let shown = entries
        .iter()
        .take(usize::try_from(FACTS).unwrap_or(usize::MAX))
        .filter(|entry| reader.reads(entry.fact.course()));
    let sessions = classroom::of_agent(app.db.reader(), reader.subject).await?;
    let disputes = dispute::store::of(app.db.reader(), reader.subject).await?;
    let pathways = app.pathways.current();
    let pathways = pathways.iter().filter(|published| reader.reads(&published.pathway.course));
    let certificates = certificate::store::of(app.db.reader(), reader.subject).await?;
    let certificates: Vec<_> =
        certificates.into_iter().filter(|kept| certificate::routes::reads(reader, &kept.certificate)).collect();
    Ok(Dossier {
        name,
        certificates: certificate::routes::held(&certificates),
        pathways: pathways
            .map(|published| telling::lines(published, &folded.record, reader, &authors, &sessions))
            .collect(),
        proof_file: reader.reads_all().then(|| format!("{href}/preuve.zip")),
        minutes: folded.record.minutes_at_distance(),
        minutes_live: folded.record.minutes_live(),
        courses: courses.collect(),
        facts: shown
            .map(|entry| FactLine {
                proof: Some(format!("{href}/faits/{}", entry.seq)),
                dispute: disputed(reader, entry, disputes.get(&entry.seq), (href, owner_view)),
                ..line_of(app, entry, &authors)
            })
            .collect(),
        more,
        owner_view,
        proof: folded.head.map(|(seq, hash)| (seq, hash.to_string())),
    })
}

/// The line of the final assessment, where the course has one.
fn assessment(course: &Course, earned: Option<&CourseRecord>) -> Option<ChapterLine> {
    let assessment = course.assessment.as_ref()?;
    let known = earned.and_then(|earned| earned.assessment.as_ref()).map(|known| &known.quiz);
    let passed = known.and_then(|quiz| quiz.passed);
    Some(ChapterLine {
        title: assessment.quiz.title.clone(),
        acquired: passed.map(|at| (at.at, at.version)),
        minutes: assessment.minutes,
        reason: match passed {
            Some(at) => format!("Réussie le {}.", date_long(at.at)),
            None => format!("Il reste à la réussir, avec {} des points.", percent(assessment.quiz.rules.pass)),
        },
        read: None,
        quiz: known.map(|quiz| percent(quiz.kept.percent())),
    })
}

/// The course's webinars that have closed, in the order in which they were held.
fn webinars(earned: Option<&CourseRecord>, authors: &Authors) -> Vec<WebinarLine> {
    let mut held: Vec<_> = earned.into_iter().flat_map(|course| course.webinars.values()).collect();
    held.sort_by_key(|webinar| webinar.held_at);
    held.into_iter()
        .map(|webinar| WebinarLine {
            title: webinar.title.clone(),
            held_at: webinar.held_at,
            said: attended(webinar.figures, webinar.live_minutes, webinar.threshold, webinar.reason()),
            met: webinar.figures.met,
            minutes: webinar.minutes_counted(),
            corrections: webinar.corrections.iter().map(|correction| presence::told(correction, authors)).collect(),
        })
        .collect()
}

/// « 87 min sur 90 min, 96 %, seuil de 80 % atteint »
fn attended(figures: Figures, live_minutes: u32, threshold: u8, reason: Reason) -> String {
    let Figures { minutes, percent: share, .. } = figures;
    let told = format!("{} sur {}, {}", in_minutes(minutes), in_minutes(live_minutes), percent(share));
    match reason {
        Reason::Present => format!("{told}, seuil de {} atteint", percent(threshold)),
        Reason::PresentBeside => format!("{told}, seuil de {} atteint, à deux devant un écran", percent(threshold)),
        Reason::Replayed => {
            format!("{told}, seuil de {} atteint à distance, asynchrone (rediffusion)", percent(threshold))
        }
        Reason::BelowThreshold => format!("{told}, sous le seuil de {}", percent(threshold)),
        Reason::Absent => "absence".to_owned(),
    }
}

/// Why a chapter stands as it does.
fn reason(earned: Option<&ChapterRecord>, has_quiz: bool) -> String {
    let Some(earned) = earned else { return "Pas encore commencé, ou lecture en cours.".into() };
    let passed = earned.quiz.as_ref().is_some_and(|quiz| quiz.passed.is_some());
    if let (None, Some(exempted)) = (&earned.acquired, &earned.exempted) {
        return format!("Dispense depuis le {}, d’après le quiz de positionnement.", date_long(exempted.at));
    }
    match (&earned.acquired, &earned.read, has_quiz) {
        (Some(at), _, true) => format!("Acquis le {} : chapitre lu et quiz réussi.", date_long(at.at)),
        (Some(at), _, false) => format!("Acquis le {} : chapitre lu.", date_long(at.at)),
        (None, Some(_), _) => "Lu ; il reste à réussir le quiz.".into(),
        (None, None, _) if passed => "Quiz réussi ; il reste à lire le chapitre en entier.".into(),
        (None, None, _) => "Il reste à lire le chapitre et à réussir le quiz.".into(),
    }
}

/// Where a line is disputed, for its owner; where it is answered, once it is, for those who may answer.
fn disputed(
    reader: &RecordReader,
    entry: &Entry,
    dispute: Option<&Dispute>,
    (href, owner_view): (&str, bool),
) -> Option<(String, &'static str)> {
    let (place, said) = match dispute {
        None => ("contester", "Je conteste"),
        Some(dispute) if dispute.answered_at.is_none() => ("echange", "Contesté, en attente d’une réponse"),
        Some(_) => ("echange", "Contesté, avec une réponse"),
    };
    let may = owner_view || (dispute.is_some() && reader.keeper(entry.fact.course()).is_ok());
    may.then(|| (format!("{href}/faits/{}#{place}", entry.seq), said))
}

/// A fact in plain words.
pub(crate) fn line_of(app: &App, entry: &Entry, authors: &Authors) -> FactLine {
    let title = |course, chapter| {
        let published = app.library.course(course);
        let known = published.as_ref().and_then(|published| published.chapter(chapter));
        known.map_or_else(|| chapter.to_string(), |chapter| chapter.title.clone())
    };
    let result = |earned: u32, max: u32, pass: u8| {
        let verdict = if (Score { earned, max }).passes(pass) { "réussi" } else { "à refaire" };
        format!("{} sur {}, {verdict} ({} demandés)", hundredths(earned), points(max), percent(pass))
    };
    let said = match &entry.fact {
        Fact::ChapterRead { course, chapter, .. } => format!("Chapitre « {} » lu en entier", title(course, chapter)),
        Fact::AttemptGraded { course, chapter, number, earned, max, pass, .. } => {
            format!("Quiz « {} », essai {number} : {}", title(course, chapter), result(*earned, *max, *pass))
        }
        Fact::Positioned { earned, max, .. } => {
            format!("Quiz de positionnement : {} sur {}", hundredths(*earned), points(*max))
        }
        Fact::ChapterExempted { course, chapter, earned, max, percent: needed, .. } => format!(
            "Dispense du chapitre « {} » : {} sur {} à ses questions du quiz de positionnement ({} demandés)",
            title(course, chapter),
            hundredths(*earned),
            points(*max),
            percent(*needed)
        ),
        Fact::AssessmentGraded { number, earned, max, pass, .. } => {
            format!("Évaluation finale, essai {number} : {}", result(*earned, *max, *pass))
        }
        Fact::WebinarAttended { title, minutes, live_minutes, percent, threshold, met, reason, .. } => {
            let figures = Figures { minutes: *minutes, percent: *percent, met: *met };
            format!("Webinaire «\u{a0}{title}\u{a0}»\u{a0}: {}", attended(figures, *live_minutes, *threshold, *reason))
        }
        Fact::LiveQuizGraded { title, quiz_title, earned, max, .. } => format!(
            "Quiz en direct «\u{a0}{quiz_title}\u{a0}» du webinaire «\u{a0}{title}\u{a0}»\u{a0}: {}",
            percent(Score { earned: *earned, max: *max }.percent())
        ),
        Fact::PresenceCorrected { title, minutes, live_minutes, percent: share, met, why, .. } => format!(
            "Présence au webinaire «\u{a0}{title}\u{a0}» corrigée\u{a0}: {} sur {}, {}, {}. Raison\u{a0}: {why}",
            in_minutes(*minutes),
            in_minutes(*live_minutes),
            percent(*share),
            if *met { "seuil atteint" } else { "sous le seuil" }
        ),
        Fact::ReplayFollowed { title, minutes, seen_live, live_minutes, percent: share, threshold, .. } => {
            let live = (*seen_live > 0).then(|| format!(", dont {} en direct", in_minutes(*seen_live)));
            format!(
                "Webinaire «\u{a0}{title}\u{a0}» suivi en rediffusion, à distance, asynchrone\u{a0}: {} sur {}{}, {}, seuil de {} atteint",
                in_minutes(*minutes),
                in_minutes(*live_minutes),
                live.unwrap_or_default(),
                percent(*share),
                percent(*threshold)
            )
        }
        Fact::CourseCompleted { course, minutes, .. } => {
            let title = app.library.course(course).map(|published| published.course.title.clone());
            let title = title.unwrap_or_else(|| course.to_string());
            format!("Cours «\u{a0}{title}\u{a0}» terminé\u{a0}: {} à distance", duration(*minutes))
        }
        Fact::AttendanceEntered { title, half_days, exempted, why, .. } => format!(
            "«\u{a0}{title}\u{a0}»\u{a0}: {}. Source ou raison\u{a0}: {why}",
            telling::what(half_days, *exempted)
        ),
    };
    let said = match entry.origin {
        Some(_) => format!("{said} (inscrit avec un autre compte, réuni à celui-ci le {})", date_long(entry.at)),
        None => said,
    };
    let by = entry.said_by().and_then(|author| authors.get(&author)).cloned();
    FactLine { seq: entry.seq, at: entry.when(), said, version: entry.fact.version(), by, proof: None, dispute: None }
}
