//! The page of one line, and the list that trainers read.

use crate::record::{Evidence, FactLine, evidence};
use crate::ui::{AreaField, problem_box, scrolling};
use domain::text::{date_long, date_time};
use jiff::Timestamp;
use leptos::prelude::*;

/// What the page of a line shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisputePage {
    /// The page's own address; its form sends there.
    pub href: String,
    pub record: String,
    /// Whose record it is.
    pub name: String,
    pub line: FactLine,
    /// What proves it.
    pub evidence: Vec<Evidence>,
    /// What the agent said.
    pub raised: Option<Words>,
    pub answered: Option<Words>,
    /// What may be said now.
    pub asks: Option<Asks>,
    pub owner_view: bool,
}

/// What somebody said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    pub at: Timestamp,
    pub by: String,
    pub said: String,
}

/// The form, as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asks {
    /// Whether it disputes the line, or answers.
    pub raises: bool,
    pub words: String,
    pub problem: Option<String>,
}

/// A dispute in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub href: String,
    pub name: String,
    pub at: Timestamp,
    pub said: String,
    pub answered_at: Option<Timestamp>,
}

/// The page, without its shell. Its form POSTs `words`.
pub fn dispute_page(page: DisputePage) -> impl IntoView {
    let DisputePage { href, record, name, line, raised, answered, asks, owner_view, .. } = page;
    let back = if owner_view { "Mon dossier".to_owned() } else { format!("Dossier de {name}") };
    let problem = asks.as_ref().and_then(|asks| asks.problem.clone());
    let exchange: Vec<(&'static str, Words)> = raised
        .map(|words| ("Contestation", words))
        .into_iter()
        .chain(answered.map(|words| ("Réponse", words)))
        .collect();
    let waits = exchange.len() == 1 && owner_view;
    view! {
        <p class="overline"><a href=record>{back}</a></p>
        <h1>"Une ligne du dossier"</h1>
        {problem_box(problem)}
        <p>{date_time(line.at)}"\u{a0}: "<strong>{line.said}</strong></p>
        {evidence(page.evidence)}
        {(!exchange.is_empty()).then(|| said(exchange))}
        {waits.then(|| view! { <p class="notice">"Votre formateur ou formatrice vous répondra ici. Si la ligne est fausse, une correction s’ajoutera au dossier."</p> })}
        {asks.map(|asks| form(href, asks))}
    }
}

fn said(exchange: Vec<(&'static str, Words)>) -> impl IntoView {
    let one = |(kind, Words { at, by, said }): (&'static str, Words)| {
        view! {
            <li>
                <time datetime=at.to_string()>{kind}" du "{date_time(at)}</time>
                <span class="fact-said">{said}</span>
                <span class="fact-more">{by}</span>
            </li>
        }
    };
    view! {
        <section aria-labelledby="echange">
            <h2 id="echange">"Ce qui a été dit"</h2>
            <ol class="facts">{exchange.into_iter().map(one).collect_view()}</ol>
        </section>
    }
}

fn form(href: String, Asks { raises, words, problem }: Asks) -> impl IntoView {
    let (heading, label, hint, button) = if raises {
        (
            "Je conteste",
            "Pourquoi cette ligne est fausse",
            "Dites ce qui s’est passé. Votre texte et la réponse restent au dossier.",
            "Contester cette ligne",
        )
    } else {
        (
            "Répondre",
            "Votre réponse",
            "L’agent la lira. Si la ligne est fausse, corrigez-la d’abord, puis dites-le ici.",
            "Répondre",
        )
    };
    let field = AreaField {
        label,
        name: "words",
        value: words,
        hint: Some(hint.to_owned()),
        problem,
        rows: 5,
        most: 1000,
        optional: false,
    };
    view! {
        <section aria-labelledby="contester">
            <h2 id="contester">{heading}</h2>
            <form class="form" method="post" action=href>
                {field.view()}
                <button type="submit" class="button">{button}</button>
            </form>
        </section>
    }
}

/// The list, without its shell.
pub fn disputes_page(rows: Vec<Row>) -> impl IntoView {
    let row = |Row { href, name, at, said, answered_at }: Row| {
        let state = answered_at.map_or_else(|| "À répondre".to_owned(), |at| format!("Répondue le {}", date_long(at)));
        let key = if answered_at.is_some() { "done" } else { "todo" };
        view! {
            <tr data-state=key>
                <th scope="row"><a href=href>{name}", le "{date_long(at)}</a></th>
                <td>{said}<span class="attendance-note">{state}</span></td>
            </tr>
        }
    };
    let body = if rows.is_empty() {
        view! { <p>"Personne ne conteste rien."</p> }.into_any()
    } else {
        let table = view! {
            <table>
                <caption id="contestations">"Celles qui attendent une réponse viennent d’abord, les plus anciennes en premier"</caption>
                <thead><tr><th scope="col">"Agent"</th><th scope="col">"Contestation"</th></tr></thead>
                <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
            </table>
        };
        scrolling("contestations", table).into_any()
    };
    view! {
        <p class="overline"><a href="/suivi">"Suivi des agents"</a></p>
        <h1>"Contestations"</h1>
        {body}
    }
}
