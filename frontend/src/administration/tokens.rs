//! The tokens of other systems.

use crate::ui::{TextField, problem_list, scrolling};
use domain::identity::{TOKEN_DAYS, TOKEN_NAME, TokenForm, TokenScope};
use domain::text::{date_long, date_time};
use jiff::Timestamp;
use leptos::prelude::*;

/// What the page shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TokensPage {
    /// Identifier of the token to make, so that sending twice makes one.
    pub token: String,
    /// As it was typed, or what to start from.
    pub form: TokenForm,
    pub problems: Vec<(&'static str, String)>,
    /// The one that was just made.
    pub made: Option<MadeToken>,
    pub rows: Vec<TokenRow>,
}

/// A token with its secret, shown this once.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct MadeToken {
    pub name: String,
    pub whole: String,
    /// The same in two parts, for systems that ask for a name and a password.
    pub user: String,
    pub password: String,
}

impl std::fmt::Debug for MadeToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the secret of token {}", self.user)
    }
}

/// A token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRow {
    /// Where its revocation is sent.
    pub revoke: String,
    pub name: String,
    pub user: String,
    pub scopes: Vec<&'static str>,
    /// Who made it; none for the command line.
    pub by: Option<String>,
    pub created_at: Timestamp,
    pub used_at: Option<Timestamp>,
    pub state: TokenState,
}

/// Whether a token still opens anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenState {
    /// Until then.
    Good(Timestamp),
    Expired(Timestamp),
    Revoked(Timestamp),
}

/// The page, without its shell. POSTs `token`, `name`, `scopes` (each one chosen) and `days`; and a form without a
/// field to revoke each token.
pub fn tokens_page(page: TokensPage) -> impl IntoView {
    let TokensPage { token, form, problems, made, rows } = page;
    let list = if rows.is_empty() {
        view! { <p>"Aucun autre système n’a encore de jeton."</p> }.into_any()
    } else {
        scrolling("jetons", table(rows)).into_any()
    };
    view! {
        <p class="overline"><a href="/administration/comptes">"Comptes"</a></p>
        <h1>"Jetons d’accès"</h1>
        {problem_list(&problems)}
        {made.map(shown_once)}
        <p>"Un jeton ouvre à un autre système ce que disent ses portées, jusqu’à sa date. Un par système\u{a0}: on le révoque sans gêner les autres."</p>
        {list}
        {make(token, form, &problems)}
    }
}

fn shown_once(made: MadeToken) -> impl IntoView {
    let MadeToken { name, whole, user, password } = made;
    view! {
        <div class="notice is-good" role="status">
            <p class="notice-title">"Jeton de «\u{a0}"{name}"\u{a0}»"</p>
            <p><code class="secret">{whole}</code></p>
            <p>"Copiez-le maintenant\u{a0}: il ne sera plus affiché. Le système l’envoie dans l’en-tête "<code>"Authorization: Bearer"</code>"."</p>
            <p>"S’il demande plutôt un identifiant et un mot de passe (xAPI)\u{a0}: "<code class="secret">{user}</code>" et "<code class="secret">{password}</code></p>
        </div>
    }
}

fn table(rows: Vec<TokenRow>) -> impl IntoView {
    view! {
        <table>
            <caption id="jetons">"Jetons, les derniers faits en premier"</caption>
            <thead>
                <tr>
                    <th scope="col">"Système"</th>
                    <th scope="col">"Portées"</th>
                    <th scope="col">"Dernier usage"</th>
                    <th scope="col">"État"</th>
                </tr>
            </thead>
            <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}

fn row(row: TokenRow) -> impl IntoView {
    let TokenRow { revoke, name, user, scopes, by, created_at, used_at, state } = row;
    let made = match by {
        Some(by) => format!("fait le {} par {by}", date_long(created_at)),
        None => format!("fait le {} en ligne de commande", date_long(created_at)),
    };
    let (key, said) = match state {
        TokenState::Good(until) => ("done", format!("Valable jusqu’au {}", date_time(until))),
        TokenState::Expired(at) => ("todo", format!("Expiré le {}", date_long(at))),
        TokenState::Revoked(at) => ("todo", format!("Révoqué le {}", date_time(at))),
    };
    let label = format!("Révoquer le jeton de {name}");
    let button = matches!(state, TokenState::Good(_)).then(|| {
        view! {
            <form method="post" action=revoke>
                <button type="submit" class="link-button" aria-label=label>"Révoquer"</button>
            </form>
        }
    });
    view! {
        <tr data-state=key>
            <th scope="row">
                {name}
                <span class="attendance-note">{made}</span>
                <span class="attendance-note"><code>"socle_"{user}"_…"</code></span>
            </th>
            <td>{scopes.join(", ")}</td>
            <td>{used_at.map_or_else(|| "Jamais".to_owned(), |at| format!("Le {}", date_time(at)))}</td>
            <td>{said}{button}</td>
        </tr>
    }
}

fn make(token: String, form: TokenForm, problems: &[(&'static str, String)]) -> impl IntoView + use<> {
    let TokenForm { name, scopes, days } = form;
    let problem = |field: &str| problems.iter().find(|(known, _)| *known == field).map(|(_, said)| said.clone());
    let most = |bound: usize| u32::try_from(bound).unwrap_or(u32::MAX);
    let name = TextField {
        label: "Système qui s’en servira",
        name: "name",
        value: name,
        hint: Some("Par exemple\u{a0}: SIRH de l’agence, entrepôt de traces.".to_owned()),
        autocomplete: "off",
        problem: problem("name"),
        length: Some((most(*TOKEN_NAME.start()), most(*TOKEN_NAME.end()))),
        ..TextField::default()
    };
    let days = TextField {
        label: "Durée, en jours",
        name: "days",
        kind: "number",
        value: days,
        hint: Some(format!("De {} à {}. Ensuite il faudra en faire un autre.", TOKEN_DAYS.start(), TOKEN_DAYS.end())),
        autocomplete: "off",
        problem: problem("days"),
        ..TextField::default()
    };
    let boxes = TokenScope::ALL.into_iter().map(|scope| {
        let field = format!("scope-{scope}");
        let checked = scopes.iter().any(|chosen| chosen == scope.as_str());
        view! {
            <li>
                <input type="checkbox" id=field.clone() name="scopes" value=scope.as_str() checked=checked/>
                <label for=field><code>{scope.as_str()}</code>"\u{a0}: "{scope.name()}</label>
            </li>
        }
    });
    let boxes = boxes.collect_view();
    let problem = problem("scopes");
    let described = problem.is_some().then_some("erreur-scopes");
    view! {
        <section aria-labelledby="nouveau">
            <h2 id="nouveau">"Faire un jeton"</h2>
            <form class="form" method="post" action="/administration/jetons" novalidate>
                <input type="hidden" name="token" value=token/>
                {name.view()}
                <fieldset class="group" id="scopes" aria-describedby=described>
                    <legend>"Portées"</legend>
                    <p class="hint">"Le moins possible\u{a0}: ce dont le système a besoin."</p>
                    {problem.map(|problem| view! { <p class="field-problem" id="erreur-scopes">{problem}</p> })}
                    <ul class="boxes">{boxes}</ul>
                </fieldset>
                {days.view()}
                <button type="submit" class="button">"Faire le jeton"</button>
            </form>
        </section>
    }
}
