//! Webhooks: other systems that are told of what happens.

use crate::ui::{TextField, problem_list, scrolling};
use domain::text::{counted, date_long, date_time};
use domain::webhook::{Kind, MOST_WEBHOOKS, WebhookForm};
use jiff::Timestamp;
use leptos::prelude::*;

/// What the page of all of them shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WebhooksPage {
    /// Identifier of the webhook to make, so that sending twice makes one.
    pub webhook: String,
    /// As it was typed.
    pub form: WebhookForm,
    pub problems: Vec<(&'static str, String)>,
    /// The one that was just made.
    pub made: Option<MadeWebhook>,
    pub rows: Vec<WebhookRow>,
}

/// A webhook with its secret, shown this once.
#[derive(Clone, PartialEq, Eq)]
pub struct MadeWebhook {
    pub url: String,
    pub secret: String,
}

impl std::fmt::Debug for MadeWebhook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the secret of {}", self.url)
    }
}

/// A webhook in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookRow {
    pub href: String,
    pub url: String,
    pub kinds: Vec<String>,
    pub disabled_at: Option<Timestamp>,
}

/// What the page of one shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookPage {
    /// The page's own address; its forms send to addresses under it.
    pub href: String,
    pub url: String,
    pub kinds: Vec<String>,
    pub created_at: Timestamp,
    pub disabled_at: Option<Timestamp>,
    /// The latest first.
    pub deliveries: Vec<DeliveryLine>,
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryLine {
    /// Where it is sent again from.
    pub again: String,
    pub id: String,
    pub kind: String,
    pub body: String,
    pub created_at: Timestamp,
    pub attempts: u64,
    pub state: DeliveryState,
    /// What the receiver answered last.
    pub status: Option<i32>,
    /// Why it did not arrive, the last time.
    pub failure: Option<String>,
}

/// Where a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryState {
    /// It leaves from that instant on.
    Waiting(Timestamp),
    Delivered(Timestamp),
    GivenUp(Timestamp),
}

/// The page of all of them, without its shell. POSTs `webhook`, `url` and `kinds` (each one chosen).
pub fn webhooks_page(page: WebhooksPage) -> impl IntoView {
    let WebhooksPage { webhook, form, problems, made, rows } = page;
    let full = rows.len() >= MOST_WEBHOOKS;
    let list = if rows.is_empty() {
        view! { <p>"Aucun système n’est encore prévenu."</p> }.into_any()
    } else {
        scrolling("webhooks", table(rows)).into_any()
    };
    let form = if full {
        view! { <p>"Il y a "{counted(MOST_WEBHOOKS as u64, "webhook", "webhooks")}" au plus\u{a0}: retirez d’abord ceux qui ne servent plus."</p> }.into_any()
    } else {
        make(webhook, form, &problems).into_any()
    };
    view! {
        <p class="overline"><a href="/administration/comptes">"Comptes"</a></p>
        <h1>"Webhooks"</h1>
        {problem_list(&problems)}
        {made.map(shown_once)}
        <p>"Un webhook prévient un autre système dès qu’un événement se produit. Ses messages sont signés et ne portent que des identifiants\u{a0}: le système lit le reste "<a href="/api/v1">"par l’interface"</a>", avec son jeton."</p>
        {list}
        {form}
    }
}

fn shown_once(MadeWebhook { url, secret }: MadeWebhook) -> impl IntoView {
    view! {
        <div class="notice is-good" role="status">
            <p class="notice-title">"Secret de "{url}</p>
            <p><code class="secret">{secret}</code></p>
            <p>"Copiez-le maintenant\u{a0}: il ne sera plus affiché. Le système vérifie avec lui la signature de chaque message (Standard Webhooks)."</p>
        </div>
    }
}

fn table(rows: Vec<WebhookRow>) -> impl IntoView {
    let row = |WebhookRow { href, url, kinds, disabled_at }: WebhookRow| {
        let (key, state) = match disabled_at {
            Some(at) => ("todo", format!("Désactivé le {}", date_time(at))),
            None => ("done", "Actif".to_owned()),
        };
        view! {
            <tr data-state=key>
                <th scope="row"><a href=href>{url}</a></th>
                <td>{kinds.join(", ")}</td>
                <td>{state}</td>
            </tr>
        }
    };
    view! {
        <table>
            <caption id="webhooks">"Systèmes prévenus"</caption>
            <thead>
                <tr><th scope="col">"Adresse"</th><th scope="col">"Événements"</th><th scope="col">"État"</th></tr>
            </thead>
            <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}

fn make(webhook: String, form: WebhookForm, problems: &[(&'static str, String)]) -> impl IntoView + use<> {
    let WebhookForm { url, kinds } = form;
    let problem = |field: &str| problems.iter().find(|(known, _)| *known == field).map(|(_, said)| said.clone());
    let url = TextField {
        label: "Adresse qui reçoit les messages",
        name: "url",
        kind: "url",
        value: url,
        hint: Some("Par exemple\u{a0}: https://sirh.exemple.fr/socle. Aucune redirection n’est suivie.".to_owned()),
        autocomplete: "off",
        problem: problem("url"),
        length: Some((8, 500)),
        ..TextField::default()
    };
    let boxes = Kind::ALL.into_iter().map(|kind| {
        let field = format!("kind-{kind}");
        let checked = kinds.iter().any(|chosen| chosen == kind.as_str());
        view! {
            <li>
                <input type="checkbox" id=field.clone() name="kinds" value=kind.as_str() checked=checked/>
                <label for=field><code>{kind.as_str()}</code>"\u{a0}: "{kind.name()}</label>
            </li>
        }
    });
    let boxes = boxes.collect_view();
    let problem = problem("kinds");
    let described = problem.is_some().then_some("erreur-kinds");
    view! {
        <section aria-labelledby="nouveau">
            <h2 id="nouveau">"Prévenir un système"</h2>
            <form class="form" method="post" action="/administration/webhooks" novalidate>
                <input type="hidden" name="webhook" value=webhook/>
                {url.view()}
                <fieldset class="group" id="kinds" aria-describedby=described>
                    <legend>"Événements"</legend>
                    {problem.map(|problem| view! { <p class="field-problem" id="erreur-kinds">{problem}</p> })}
                    <ul class="boxes">{boxes}</ul>
                </fieldset>
                <button type="submit" class="button">"Faire le webhook"</button>
            </form>
        </section>
    }
}

/// The page of one, without its shell. POSTs forms without a field to `…/essai`, `…/reactiver`, `…/retirer` and to each
/// message's own address.
pub fn webhook_page(page: WebhookPage) -> impl IntoView {
    let WebhookPage { href, url, kinds, created_at, disabled_at, deliveries } = page;
    let disabled = disabled_at.map(|at| {
        view! {
            <div class="notice is-problem">
                <p class="notice-title">"Désactivé le "{date_time(at)}</p>
                <p>"Rien n’est plus arrivé à cette adresse. Depuis, les événements ne lui sont plus destinés\u{a0}: une fois le système rétabli, réactivez le webhook, et que le système relise ce qui a changé par l’interface."</p>
                <form method="post" action=format!("{href}/reactiver")>
                    <button type="submit" class="button">"Réactiver"</button>
                </form>
            </div>
        }
    });
    let said = match deliveries.len() {
        0 => "Aucun message n’a encore été écrit.".to_owned(),
        count => format!("{}, les derniers en premier", counted(count as u64, "message", "messages")),
    };
    view! {
        <p class="overline"><a href="/administration/webhooks">"Webhooks"</a></p>
        <h1>{url}</h1>
        {disabled}
        <dl class="facts-list">
            <dt>"Événements"</dt>
            <dd>{kinds.join(", ")}</dd>
            <dt>"Fait le"</dt>
            <dd>{date_long(created_at)}</dd>
        </dl>
        <div class="actions">
            <form method="post" action=format!("{href}/essai")>
                <button type="submit" class="button is-quiet">"Envoyer un essai"</button>
            </form>
            <form method="post" action=format!("{href}/retirer")>
                <button type="submit" class="button is-quiet">"Retirer ce webhook"</button>
            </form>
        </div>
        <section aria-labelledby="messages">
            <h2 id="messages">"Messages"</h2>
            <p role="status">{said}</p>
            <ul class="hits">{deliveries.into_iter().map(line).collect_view()}</ul>
        </section>
    }
}

fn line(line: DeliveryLine) -> impl IntoView {
    let DeliveryLine { again, id, kind, body, created_at, attempts, state, status, failure } = line;
    let said = match state {
        DeliveryState::Waiting(at) if attempts == 0 => format!("À envoyer à partir du {}", date_time(at)),
        DeliveryState::Waiting(at) => format!("Nouvel essai le {}", date_time(at)),
        DeliveryState::Delivered(at) => format!("Arrivé le {}", date_time(at)),
        DeliveryState::GivenUp(at) => format!("Abandonné le {}", date_time(at)),
    };
    let tried = (attempts > 0).then(|| format!(" · {}", counted(attempts, "envoi", "envois")));
    let status = status.map(|status| format!(" · réponse {status}"));
    let label = format!("Renvoyer le message {id}");
    let again = (!matches!(state, DeliveryState::Waiting(_))).then(|| {
        view! {
            <form method="post" action=again>
                <button type="submit" class="link-button" aria-label=label>"Renvoyer"</button>
            </form>
        }
    });
    view! {
        <li>
            <strong>{kind}</strong>
            <p class="hit-chapter">"Écrit le "{date_time(created_at)}" · "{said}{tried}{status}</p>
            {failure.map(|failure| view! { <p class="mail-failure"><strong>"Échec\u{a0}: "</strong>{failure}</p> })}
            {again}
            <details>
                <summary>"Lire le message"</summary>
                <pre class="mail-text" tabindex="0">{body}</pre>
            </details>
        </li>
    }
}
