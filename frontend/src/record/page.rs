//! The page of a record.

use crate::certificate::{Held, held as certificates_held};
use crate::pathway::{PathwayLines, pathway};
use crate::ui::scrolling;
use domain::text::{counted, date_long, date_time, duration};
use jiff::Timestamp;
use leptos::prelude::*;

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dossier {
    /// Whose record it is.
    pub name: String,
    /// Minutes at a distance, asynchronous, of all the chapters acquired.
    pub minutes: u32,
    /// Minutes at a distance, synchronous, of the webinars whose threshold is met.
    pub minutes_live: u32,
    /// The newest first.
    pub certificates: Vec<Held>,
    pub pathways: Vec<PathwayLines>,
    pub courses: Vec<CourseLines>,
    /// Latest first.
    pub facts: Vec<FactLine>,
    /// Where older facts are.
    pub more: Option<String>,
    /// Whether the agent looks at their own record.
    pub owner_view: bool,
    /// How many facts there are, and the hash that covers them all.
    pub proof: Option<(u64, String)>,
    /// Where all of it is downloaded, for those who may read all of it.
    pub proof_file: Option<String>,
}

/// A course in the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CourseLines {
    pub title: String,
    pub minutes: u32,
    pub minutes_total: u32,
    pub chapters: Vec<ChapterLine>,
    /// In the order in which they were held.
    pub webinars: Vec<WebinarLine>,
}

/// A webinar in the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebinarLine {
    pub title: String,
    pub held_at: Timestamp,
    /// « 87 min sur 90 min, 97 % : seuil atteint »
    pub said: String,
    /// Whether it counts.
    pub met: bool,
    /// What it counts for.
    pub minutes: u32,
    /// Who corrected it and why, in the order of the corrections.
    pub corrections: Vec<String>,
}

/// A chapter in the record, or the final assessment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChapterLine {
    /// « 2. L’accueil »
    pub title: String,
    /// When, and in which version of the course.
    pub acquired: Option<(Timestamp, u32)>,
    /// What the chapter counts for.
    pub minutes: u32,
    /// Why it stands as it does, in a sentence.
    pub reason: String,
    pub read: Option<Timestamp>,
    /// The score that counts: « 80 % ».
    pub quiz: Option<String>,
}

/// A fact in plain words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactLine {
    pub seq: u64,
    pub at: Timestamp,
    pub said: String,
    /// Version of the course; a webinar is of none.
    pub version: Option<u32>,
    /// Who wrote it, when it is not the agent's own doing.
    pub by: Option<String>,
    /// Where what proves it is told.
    pub proof: Option<String>,
    /// Where it is disputed, and what the link says.
    pub dispute: Option<(String, &'static str)>,
}

/// The page, without its shell.
pub fn dossier_page(page: Dossier) -> impl IntoView {
    let Dossier { name, minutes, minutes_live, certificates, pathways, courses, facts, more, owner_view, .. } = page;
    let (proof, proof_file) = (page.proof, page.proof_file);
    let pathways = pathways.into_iter().zip(1..);
    let pathways = pathways.map(|(lines, place)| pathway(lines, place, owner_view)).collect_view();
    let title = if owner_view { "Mon dossier".to_owned() } else { format!("Dossier de {name}") };
    let overline = (!owner_view).then(|| view! { <p class="overline"><a href="/suivi">"Suivi des agents"</a></p> });
    let whose = owner_view.then(|| view! { <p class="dossier-name">{name}</p> });
    let courses = courses.into_iter().zip(1..).map(|(lines, place)| course(lines, place)).collect_view();
    view! {
        {overline}
        <h1>{title}</h1>
        {whose}
        <p class="figure-line"><strong>{duration(minutes)}</strong>" de formation à distance, chapitres acquis seulement"</p>
        {(minutes_live > 0).then(|| view! {
            <p class="figure-line"><strong>{duration(minutes_live)}</strong>" de formation à distance en direct, webinaires suivis jusqu’au seuil"</p>
        })}
        {certificates_held(certificates)}
        {pathways}
        {courses}
        {history(facts, more)}
        {proof.map(|(count, hash)| sealed(count, &hash, proof_file))}
        {owner_view.then(|| view! {
            <p class="proof"><a href="/mes-donnees">"Mes données"</a>"\u{a0}: ce qui est détenu à votre sujet, sa copie, et qui l’a consulté."</p>
        })}
    }
}

fn course(lines: CourseLines, place: usize) -> impl IntoView {
    let CourseLines { title, minutes, minutes_total, chapters, webinars } = lines;
    let caption = format!("chapitres-{place}");
    let table = view! {
        <table>
            <caption id=caption.clone()>"État de chaque chapitre"</caption>
            <thead>
                <tr>
                    <th scope="col">"Chapitre"</th>
                    <th scope="col">"État"</th>
                    <th scope="col" class="align-right wide-only">"Quiz"</th>
                    <th scope="col" class="align-right wide-only">"Temps compté"</th>
                </tr>
            </thead>
            <tbody>{chapters.into_iter().map(chapter).collect_view()}</tbody>
        </table>
    };
    view! {
        <section aria-labelledby=format!("cours-{place}")>
            <h2 id=format!("cours-{place}")>{title}</h2>
            <p>{duration(minutes)}" sur "{duration(minutes_total)}</p>
            {scrolling(caption, table)}
            {(!webinars.is_empty()).then(|| held(webinars, place))}
        </section>
    }
}

fn held(webinars: Vec<WebinarLine>, place: usize) -> impl IntoView {
    let caption = format!("webinaires-{place}");
    let rows = webinars.into_iter().map(webinar).collect_view();
    let table = view! {
        <table>
            <caption id=caption.clone()>"Webinaires"</caption>
            <thead>
                <tr>
                    <th scope="col">"Webinaire"</th>
                    <th scope="col">"Présence"</th>
                    <th scope="col" class="align-right wide-only">"Temps compté"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    scrolling(caption, table)
}

fn webinar(line: WebinarLine) -> impl IntoView {
    let WebinarLine { title, held_at, said, met, minutes, corrections } = line;
    let key = if met { "done" } else { "todo" };
    let notes =
        corrections.into_iter().map(|said| view! { <span class="attendance-note">{said}</span> }).collect_view();
    view! {
        <tr data-state=key>
            <th scope="row">{title}</th>
            <td>
                "Le "<time datetime=held_at.to_string()>{date_long(held_at)}</time>"\u{a0}: "{said}{notes}
                <span class="narrow-only">"Temps compté\u{a0}: "{duration(minutes)}"."</span>
            </td>
            <td class="align-right wide-only">{duration(minutes)}</td>
        </tr>
    }
}

fn chapter(line: ChapterLine) -> impl IntoView {
    let ChapterLine { title, acquired, minutes, reason, quiz, read: _ } = line;
    let key = if acquired.is_some() { "done" } else { "todo" };
    let version = acquired.map(|(_, version)| format!(" Version\u{a0}{version} du cours."));
    let counts = if acquired.is_some() { duration(minutes) } else { format!("0\u{a0}min sur {}", duration(minutes)) };
    let quiz = quiz.unwrap_or_else(|| "aucun essai".to_owned());
    let narrow = format!("Quiz\u{a0}: {quiz}. Temps compté\u{a0}: {counts}.");
    view! {
        <tr data-state=key>
            <th scope="row">{title}</th>
            <td>{reason}{version}<span class="narrow-only">{narrow}</span></td>
            <td class="align-right wide-only">{quiz}</td>
            <td class="align-right wide-only">{counts}</td>
        </tr>
    }
}

fn history(facts: Vec<FactLine>, more: Option<String>) -> impl IntoView {
    let body = if facts.is_empty() {
        view! { <p>"Rien n’est encore inscrit. Un chapitre lu en entier ou un quiz rendu s’inscrit ici aussitôt."</p> }
            .into_any()
    } else {
        view! {
            <p>"Chaque résultat s’inscrit une fois, avec sa date, et n’est jamais modifié. Le plus récent vient en premier."</p>
            <ol class="facts">{facts.into_iter().map(fact).collect_view()}</ol>
        }
        .into_any()
    };
    view! {
        <section aria-labelledby="faits">
            <h2 id="faits">"Historique"</h2>
            {body}
            {more.map(|href| view! { <p><a href=href>"Voir les faits plus anciens"</a></p> })}
        </section>
    }
}

fn fact(fact: FactLine) -> impl IntoView {
    let FactLine { seq, at, said, version, by, proof, dispute } = fact;
    let links = [proof.map(|href| (href, "Ce qui le prouve")), dispute];
    let links = links.into_iter().flatten().zip(["", "\u{a0}· "]).map(|((href, label), apart)| {
        view! { {apart}<a href=href>{label}<span class="visually-hidden">{format!(", ligne {seq}")}</span></a> }
    });
    let links = links.collect_view();
    let version = version.map(|version| format!("Version\u{a0}{version} du cours"));
    let by = by.map(|by| if version.is_some() { format!(", inscrit par {by}") } else { format!("Inscrit par {by}") });
    let more = (version.is_some() || by.is_some()).then(|| view! { <span class="fact-more">{version}{by}</span> });
    view! {
        <li value=seq.to_string()>
            <time datetime=at.to_string()>{date_time(at)}</time>
            <span class="fact-said">{said}</span>
            {more}
            <span class="fact-more">{links}</span>
        </li>
    }
}

fn sealed(count: u64, hash: &str, file: Option<String>) -> impl IntoView + use<> {
    let short: String = hash.chars().take(16).collect();
    view! {
        <p class="proof">
            "Registre de "{counted(count, "fait", "faits")}", empreinte "<code>{short}</code>
            ". Cette empreinte changerait si un seul fait était modifié ou retiré."
        </p>
        {file.map(|href| view! {
            <p class="proof">
                <a href=href>"Télécharger le fichier de preuve"</a>" (ZIP)\u{a0}: les faits, les essais, les présences et les certificats, à vérifier sans Socle."
            </p>
        })}
    }
}
