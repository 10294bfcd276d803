//! One webinar: when it is, where one stands, what to do next.

use super::list::{Standing, key, places, when};
use super::manage::{Manage, manage};
use domain::text::{date_long, day_long, duration, hour, percent};
use domain::webinar::schedule::Stage;
use jiff::Timestamp;
use jiff::civil::Date;
use leptos::prelude::*;

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Details {
    /// The page's own address; its forms send to addresses under it.
    pub href: String,
    pub title: String,
    /// Lines of plain text; may be empty.
    pub description: String,
    pub course: String,
    pub starts_at: Timestamp,
    pub opens_at: Timestamp,
    pub minutes: u32,
    pub stage: Stage,
    /// « tous les agents »
    pub audience: String,
    /// Percent of the live time.
    pub threshold: u8,
    pub capacity: u32,
    /// Places left.
    pub free: u32,
    pub trainers: Vec<String>,
    pub standing: Standing,
    pub cancelled_why: Option<String>,
    /// Where its recording stands, where there is one or is to be.
    pub recorded: Option<Recorded>,
    /// For those who may change it.
    pub manage: Option<Manage>,
}

/// Where a webinar's recording stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    /// The webinar will be recorded.
    Planned {
        until: Date,
    },
    /// It is being recorded, or what was recorded is being made ready.
    Running {
        until: Date,
    },
    /// It can be watched.
    Whole {
        until: Date,
    },
    /// Nothing was recorded.
    Failed,
    Removed {
        at: Timestamp,
    },
}

impl Recorded {
    /// The last day on which it can be watched, where it can.
    fn until(self) -> Option<Date> {
        if let Self::Whole { until } = self { Some(until) } else { None }
    }

    /// In a sentence.
    fn said(self) -> String {
        match self {
            Self::Planned { until } => format!(
                "Ce webinaire sera enregistré\u{a0}: la voix de qui parle, l’image de qui anime et l’écran partagé. Il pourra être revu jusqu’au {}",
                day_long(until)
            ),
            Self::Running { until } => {
                format!("En préparation. Il pourra être revu jusqu’au {}", day_long(until))
            }
            Self::Whole { until } => format!("Gardé jusqu’au {}", day_long(until)),
            Self::Failed => "Rien n’a pu être enregistré".to_owned(),
            Self::Removed { at } => format!("Supprimé le {}", date_long(at)),
        }
    }
}

/// The page, without its shell. Its forms POST to `…/inscription`, `…/desistement` and `…/annuler` (`reason`).
pub fn details_page(page: Details) -> impl IntoView {
    let action = action(&page);
    let standing = standing(&page);
    let Details {
        href,
        title,
        description,
        course,
        starts_at,
        minutes,
        stage,
        audience,
        threshold,
        capacity,
        free,
        trainers,
        cancelled_why,
        recorded,
        manage: managed,
        ..
    } = page;
    let paragraphs = description.split("\n\n").filter(|text| !text.is_empty()).map(lines).collect_view();
    let places_left = (!stage.is_over()).then(|| {
        let of = (free > 0).then(|| format!(" sur {}", domain::text::integer(capacity.into())));
        view! { <dt>"Places"</dt><dd>{places(free)}{of}</dd> }
    });
    let cancelled = (stage == Stage::Cancelled).then(|| {
        view! {
            <div class="notice is-problem">
                <p class="notice-title">"Ce webinaire est annulé."</p>
                {cancelled_why.map(|why| lines(&why))}
            </div>
        }
    });
    view! {
        <p class="overline"><a href="/webinaires">"Webinaires"</a></p>
        <h1>{title}</h1>
        <p class="webinar-state" data-stage=key(stage)>{stage.name()}</p>
        {cancelled}
        {standing}
        {action}
        {paragraphs}
        <dl class="facts-list">
            <dt>"Date"</dt>
            <dd>{when(starts_at)}" (heure de Paris)"</dd>
            <dt>"Durée"</dt>
            <dd>{duration(minutes)}</dd>
            <dt>"Animé par"</dt>
            <dd>{trainers.join(", ")}</dd>
            <dt>"Cours"</dt>
            <dd>{course}</dd>
            <dt>"Pour"</dt>
            <dd>{audience}</dd>
            {places_left}
            <dt>"Présence"</dt>
            <dd>"Comptée au dossier à partir de "{percent(threshold)}" du temps en direct"</dd>
            {recorded.map(|recorded| view! { <dt>"Enregistrement"</dt><dd>{recorded.said()}</dd> })}
        </dl>
        {managed.map(|managed| manage(&href, stage, managed))}
    }
}

/// A paragraph whose lines stay lines.
fn lines(text: &str) -> impl IntoView + use<> {
    let lines = text.lines().map(ToOwned::to_owned).enumerate();
    let lines = lines.map(|(place, line)| view! { {(place > 0).then(|| view! { <br/> })}{line} }).collect_view();
    view! { <p>{lines}</p> }
}

/// Where one stands.
fn standing(page: &Details) -> impl IntoView + use<> {
    let said = match (page.stage, page.standing) {
        (Stage::Closed | Stage::Cancelled, _) | (_, Standing::None) => None,
        (_, Standing::Registered) => {
            Some(("Vous êtes inscrit.", "Ajoutez-le à votre agenda pour ne pas le manquer.".to_owned()))
        }
        (_, Standing::Waiting(rank)) => Some((
            "Vous êtes sur la liste d’attente.",
            format!(
                "{}Dès qu’une place se libère, elle vous est attribuée et un message vous le dit.",
                rank.map_or_else(String::new, |rank| format!("Vous êtes en {} position. ", domain::text::rank(rank)))
            ),
        )),
        (_, Standing::Leads) => {
            Some(("Vous animez ce webinaire.", "Vous y avez votre place, sans inscription.".to_owned()))
        }
    };
    said.map(|(title, said)| {
        view! {
            <div class="notice is-good">
                <p class="notice-title">{title}</p>
                <p>{said}</p>
            </div>
        }
    })
}

/// What to do next, the first thing first.
fn action(page: &Details) -> impl IntoView + use<> {
    let Details { href, stage, standing, free, opens_at, .. } = page;
    let has_place = matches!(standing, Standing::Registered | Standing::Leads);
    let enter = (has_place && stage.is_enterable()).then(|| {
        view! { <p class="go-on"><a class="button is-large" href=format!("{href}/salle")>"Entrer dans la salle"</a></p> }
    });
    let opens = (has_place && *stage == Stage::Scheduled).then(|| {
        view! { <p>"La salle ouvre à "{hour(*opens_at)}", 15\u{a0}minutes avant l’heure. Un bouton pour y entrer apparaîtra ici."</p> }
    });
    let register = (*standing == Standing::None && stage.takes_registrations().is_ok()).then(|| {
        let label = if *free == 0 { "M’inscrire sur la liste d’attente" } else { "M’inscrire" };
        view! {
            <form class="go-on" method="post" action=format!("{href}/inscription")>
                <button type="submit" class="button is-large">{label}</button>
                <span>{places(*free)}</span>
            </form>
        }
    });
    let check = (!stage.is_over()).then(
        || view! { <li><a class="button is-quiet" href=format!("{href}/essai")>"Vérifier mon matériel"</a></li> },
    );
    let calendar = (!stage.is_over()).then(|| {
        view! { <li><a class="button is-quiet" href=format!("{href}/invitation.ics") download="webinaire.ics">"Ajouter à mon agenda"</a></li> }
    });
    let holds = matches!(standing, Standing::Registered | Standing::Waiting(_));
    let withdraw = (holds && stage.before_live().is_ok()).then(|| {
        let label = if *standing == Standing::Registered { "Me désinscrire" } else { "Quitter la liste d’attente" };
        view! {
            <li>
                <form method="post" action=format!("{href}/desistement")>
                    <button type="submit" class="button is-quiet">{label}</button>
                </form>
            </li>
        }
    });
    let any = !stage.is_over();
    let replay = page.recorded.and_then(Recorded::until).map(|until| {
        view! {
            <p class="go-on">
                <a class="button is-large" href=format!("{href}/revoir")>"Revoir le webinaire"</a>
                <span>"Jusqu’au "{day_long(until)}" inclus"</span>
            </p>
        }
    });
    view! {
        {enter}
        {replay}
        {opens}
        {register}
        {any.then(|| view! { <ul class="actions">{check}{calendar}{withdraw}</ul> })}
    }
}
