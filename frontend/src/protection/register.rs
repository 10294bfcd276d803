//! The register of processing (RGPD, article 30).

use crate::about::write_to;
use leptos::prelude::*;

/// What the page shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Register {
    pub publisher: String,
    /// Name and address.
    pub host: String,
    pub contact_email: String,
    pub classes: Vec<ClassLine>,
    /// Tables that hold nothing of anybody, and what they hold.
    pub free: Vec<(&'static str, &'static str)>,
}

/// A class of personal data.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClassLine {
    pub name: &'static str,
    pub what: &'static str,
    pub purpose: &'static str,
    pub basis: &'static str,
    pub seen_by: &'static str,
    /// « 6 ans après le dernier résultat »
    pub kept: String,
    pub erasure: &'static str,
    pub source: &'static str,
    pub tables: Vec<&'static str>,
}

/// The page, without its shell.
pub fn register_page(page: Register) -> impl IntoView {
    let Register { publisher, host, contact_email, classes, free } = page;
    let free = free.into_iter().map(|(table, holds)| view! { <li><code>{table}</code>"\u{a0}: "{holds}</li> });
    let free = free.collect_view();
    view! {
        <p class="overline"><a href="/donnees-personnelles">"Données personnelles"</a></p>
        <article>
            <h1>"Registre des traitements"</h1>
            <p>
                "Ce registre (RGPD, article\u{a0}30) est tiré de la liste que le logiciel tient de ses propres données. Les durées sont celles qui sont réglées ici."
            </p>
            <dl class="facts-list">
                <dt>"Responsable du traitement"</dt>
                <dd>{publisher}</dd>
                <dt>"Contact"</dt>
                <dd>{write_to(&contact_email)}</dd>
                <dt>"Personnes concernées"</dt>
                <dd>"Agents des maisons France\u{a0}Services, personnes qui les forment et qui suivent leur formation"</dd>
                <dt>"Sous-traitant"</dt>
                <dd>{host}", qui héberge le site"</dd>
                <dt>"Transferts hors de l’Union européenne"</dt>
                <dd>"Aucun par le logiciel\u{a0}: aucune page n’appelle un autre site"</dd>
                <dt>"Sécurité"</dt>
                <dd>"Accès limité au rôle de chacun, mots de passe et liens gardés en empreintes, dossier et journal liés par empreintes, consultations notées"</dd>
            </dl>
            {classes.into_iter().zip(1..).map(|(line, place)| class(line, place)).collect_view()}
            <h2>"Ce qui ne concerne personne"</h2>
            <ul>{free}</ul>
        </article>
    }
}

fn class(line: ClassLine, place: usize) -> impl IntoView {
    let ClassLine { name, what, purpose, basis, seen_by, kept, erasure, source, tables } = line;
    view! {
        <section class="register-class" aria-labelledby=format!("classe-{place}")>
            <h2 id=format!("classe-{place}")>{name}</h2>
            <dl class="facts-list">
                <dt>"Données"</dt>
                <dd>{what}</dd>
                <dt>"Finalité"</dt>
                <dd>{purpose}</dd>
                <dt>"Base légale"</dt>
                <dd>{basis}</dd>
                <dt>"Destinataires"</dt>
                <dd>{seen_by}</dd>
                <dt>"Conservation"</dt>
                <dd>{kept}</dd>
                <dt>"À l’effacement du compte"</dt>
                <dd>{erasure}</dd>
                <dt>"Source"</dt>
                <dd>{source}</dd>
                <dt>"Tables"</dt>
                <dd><code>{tables.join(", ")}</code></dd>
            </dl>
        </section>
    }
}
