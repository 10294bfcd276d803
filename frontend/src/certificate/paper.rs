//! What a certificate says, as its holder prints it and as anybody verifies it.

use crate::ui::scrolling;
use domain::text::{date_long, date_time, duration};
use jiff::Timestamp;
use leptos::prelude::*;

/// All that the paper says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    pub number: String,
    pub name: String,
    pub employer: Option<String>,
    pub title: String,
    pub nature: String,
    /// « du 1er au 3 décembre 2026 »
    pub days: String,
    pub rows: Vec<Row>,
    /// Minutes of each modality that has some: « à distance, asynchrone ».
    pub hours: Vec<(&'static str, u32)>,
    pub minutes: u32,
    pub provider: String,
    pub place: String,
    pub signatory: String,
    pub issued_at: Timestamp,
    pub withdrawn_at: Option<Timestamp>,
    /// When the holder's name was erased; it is a pseudonym since.
    pub erased_at: Option<Timestamp>,
    /// The address that verifies it, whole.
    pub url: String,
    /// The same as a QR code: an SVG.
    pub code: String,
    /// The name of the key that signs it.
    pub key: String,
}

/// A component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub title: String,
    pub modality: &'static str,
    /// None for an exemption.
    pub minutes: Option<u32>,
}

/// Where the page of a certificate leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Links {
    /// Where it is listed.
    pub record: String,
    /// Its own address: what is downloaded is below it.
    pub own: String,
    /// The one that took its place.
    pub next: Option<String>,
    /// Whether its holder reads it.
    pub is_own: bool,
}

/// The holder's page, without its shell.
pub fn certificate_page(paper: Paper, links: Links) -> impl IntoView {
    let Links { record, own, next, is_own } = links;
    let pdf = format!("{own}/pdf");
    let badge = paper.withdrawn_at.is_none().then(|| badge(&own, is_own));
    let Paper { number, issued_at, withdrawn_at, place, signatory, provider, url, code, .. } = paper.clone();
    let withdrawn = withdrawn_at.map(|at| {
        let next = next.map(|href| view! { <p><a href=href>"Voir celui qui le remplace"</a></p> });
        view! {
            <div class="notice is-problem">
                <p class="notice-title">"Retiré le "{date_long(at)}</p>
                <p>"Une correction du dossier a changé ce qu’il disait. Il ne fait plus foi."</p>
                {next}
            </div>
        }
    });
    view! {
        <p class="overline"><a href=record>"Dossier"</a></p>
        <article class="certificate">
            <h1>"Certificat de réalisation"</h1>
            {withdrawn}
            <ul class="actions certificate-actions"><li><a class="button" href=pdf>"Télécharger le PDF"</a></li></ul>
            <p>{provider}" atteste la réalisation de l’action suivante."</p>
            {said(paper)}
            <p>
                "Les pièces qui le prouvent (connexions, travaux, évaluations, présences) sont conservées et présentées en cas de contrôle."
            </p>
            <p>"Fait à "{place}", le "{date_long(issued_at)}"."<br/>{signatory}</p>
            <div class="certificate-code">
                <div inner_html=code></div>
                <p class="small">
                    "Certificat n°\u{a0}"{number}", signé par voie électronique. N’importe qui le vérifie à l’adresse "
                    <a href=url.clone()>{url.clone()}</a>"."
                </p>
            </div>
        </article>
        {badge}
    }
}

/// The certificate for other platforms.
fn badge(certificate: &str, is_own: bool) -> impl IntoView + use<> {
    let (picture, document) = (format!("{certificate}/badge.svg"), format!("{certificate}/badge.json"));
    let address = is_own.then(|| {
        view! {
            <p class="hint" id="aide-adresse">
                "Des plateformes demandent une empreinte de votre adresse électronique, pour s’assurer que le badge est à vous. Qui ne connaît pas l’adresse ne l’y lira pas."
            </p>
            <ul class="boxes">
                <li>
                    <input type="checkbox" id="adresse" name="adresse" value="oui" aria-describedby="aide-adresse"/>
                    <label for="adresse">"Y joindre l’empreinte de mon adresse"</label>
                </li>
            </ul>
        }
    });
    view! {
        <section class="no-print" aria-labelledby="badge">
            <h2 id="badge">"Badge numérique"</h2>
            <p>
                "Le même certificat au format Open Badges, à déposer sur une plateforme de badges. Il dit votre nom, l’action suivie et ses heures. Il est signé\u{a0}: n’importe qui le vérifie, et voit s’il est retiré."
            </p>
            <form method="get" action=picture>
                {address}
                <ul class="actions">
                    <li><button type="submit" class="button is-quiet">"Télécharger l’image (SVG)"</button></li>
                    <li><button type="submit" class="button is-quiet" formaction=document>"Télécharger le fichier (JSON)"</button></li>
                </ul>
            </form>
        </section>
    }
}

/// The public page, without its shell. It tells nothing that the paper does not.
pub fn verification_page(paper: Paper, is_signed: bool) -> impl IntoView {
    let Paper { number, issued_at, withdrawn_at, erased_at, provider, key, .. } = paper.clone();
    let verdict = match (is_signed, withdrawn_at) {
        (false, _) => view! {
            <div class="notice is-problem" role="status">
                <p class="notice-title">"Signature non valable"</p>
                <p>"Ce qui est enregistré ne correspond pas à ce qui a été signé. Ne vous y fiez pas, et signalez-le."</p>
            </div>
        }
        .into_any(),
        (true, Some(at)) => view! {
            <div class="notice is-problem" role="status">
                <p class="notice-title">"Certificat retiré le "{date_time(at)}</p>
                <p>"Il a été délivré, puis retiré\u{a0}: il ne fait plus foi."</p>
            </div>
        }
        .into_any(),
        (true, None) => view! {
            <div class="notice is-good" role="status">
                <p class="notice-title">"Certificat authentique et en vigueur"</p>
                <p>"Comparez ce qui suit avec le document que vous avez en main."</p>
            </div>
        }
        .into_any(),
    };
    view! {
        <h1>"Vérification d’un certificat"</h1>
        {verdict}
        {erased_at.map(|at| view! {
            <p>
                "Le nom du bénéficiaire et son employeur ont été effacés le "{date_long(at)}
                " (RGPD, article\u{a0}17). Le numéro, l’action, les dates et les durées restent ceux qui ont été attestés."
            </p>
        })}
        <p>"Certificat de réalisation n°\u{a0}"<strong>{number}</strong>", délivré le "{date_long(issued_at)}" par "{provider}"."</p>
        {said(paper)}
        <p class="small">
            "La signature a été vérifiée avec la clé "<code>{key}</code>", qui est "<a href="/certificats/cles.json">"publiée"</a>"."
        </p>
    }
}

fn said(paper: Paper) -> impl IntoView {
    let Paper { name, employer, title, nature, days, rows, hours, minutes, .. } = paper;
    let hours = hours.into_iter().map(|(modality, minutes)| format!("{} {modality}", duration(minutes)));
    let hours = hours.collect::<Vec<_>>().join("\u{a0}; ");
    let row = |Row { title, modality, minutes }: Row| {
        let minutes = minutes.map_or_else(|| "dispense".to_owned(), duration);
        view! {
            <tr>
                <th scope="row">{title}<span class="narrow-only">{modality}</span></th>
                <td class="wide-only">{modality}</td>
                <td class="align-right">{minutes}</td>
            </tr>
        }
    };
    let table = view! {
        <table>
            <caption id="detail">"Détail"</caption>
            <thead>
                <tr><th scope="col">"Composante"</th><th scope="col" class="wide-only">"Modalité"</th><th scope="col" class="align-right">"Durée"</th></tr>
            </thead>
            <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
        </table>
    };
    view! {
        <dl class="facts-list">
            <dt>"Bénéficiaire"</dt>
            <dd><strong>{name}</strong></dd>
            {employer.map(|employer| view! { <dt>"Employeur"</dt><dd>{employer}</dd> })}
            <dt>"Action"</dt>
            <dd>{title}</dd>
            <dt>"Nature"</dt>
            <dd>{nature}</dd>
            <dt>"Dates"</dt>
            <dd>{days}</dd>
            <dt>"Durée"</dt>
            <dd>{duration(minutes)}", dont "{hours}</dd>
        </dl>
        {scrolling("detail", table)}
    }
}
