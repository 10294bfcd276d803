//! Tokens, as administrators make and revoke them.

use super::store::{self, Token};
use crate::access::Viewer;
use crate::app::App;
use crate::error::{Error, Result};
use crate::page::Surroundings;
use crate::webinar::presence;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{Redirect, Response};
use domain::identity::{TokenForm, TokenScope, read_token};
use domain::ids::TokenId;
use frontend::administration::{MadeToken, TokenRow, TokenState, TokensPage, tokens_page};
use http::StatusCode;

const TITLE: &str = "Jetons d’accès";
const HREF: &str = "/administration/jetons";

/// `GET /administration/jetons`
pub async fn list(State(app): State<App>, viewer: Viewer, around: Surroundings) -> Result<Response> {
    viewer.administrator()?;
    let form = TokenForm { days: "365".into(), ..TokenForm::default() };
    Ok(around.page(TITLE, tokens_page(TokensPage { form, ..page(&app).await? })))
}

/// `POST /administration/jetons`: makes a token and shows it, this once.
pub async fn create(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response> {
    viewer.administrator()?;
    let (id, form) = typed(fields)?;
    match read_token(&form, app.clock.now()) {
        Ok(new) => {
            let name = new.name.clone();
            let Some(secret) = store::create(&app, Some(viewer.person), id, new).await? else {
                return Err(Error::Conflict(
                    "Ce jeton est déjà fait, et son secret n’a été montré qu’une fois. S’il est perdu, révoquez le jeton et faites-en un autre.".into(),
                ));
            };
            let made =
                MadeToken { name, whole: store::whole(id, &secret), user: id.0.simple().to_string(), password: secret };
            let form = TokenForm { days: form.days, ..TokenForm::default() };
            Ok(around.page(TITLE, tokens_page(TokensPage { made: Some(made), form, ..page(&app).await? })))
        }
        Err(problems) => {
            let view = tokens_page(TokensPage { token: id.to_string(), form, problems, ..page(&app).await? });
            Ok(around.page_as(StatusCode::UNPROCESSABLE_ENTITY, TITLE, view))
        }
    }
}

/// `POST /administration/jetons/{token}/revoquer`
pub async fn revoke(State(app): State<App>, viewer: Viewer, Path(token): Path<String>) -> Result<Redirect> {
    viewer.administrator()?;
    let token: TokenId = token.parse().map_err(|_| Error::NotFound)?;
    if store::revoke(&app, token).await? { Ok(Redirect::to(HREF)) } else { Err(Error::NotFound) }
}

fn typed(fields: Vec<(String, String)>) -> Result<(TokenId, TokenForm)> {
    let malformed = || Error::BadRequest("Rechargez la page, puis envoyez de nouveau le formulaire.".into());
    let (mut id, mut form) = (None, TokenForm::default());
    for (field, value) in fields {
        match field.as_str() {
            "token" => id = value.parse().ok(),
            "name" => form.name = value,
            "days" => form.days = value,
            "scopes" if form.scopes.len() < TokenScope::ALL.len() => form.scopes.push(value),
            _ => return Err(malformed()),
        }
    }
    Ok((id.ok_or_else(malformed)?, form))
}

/// The page with a form for another token.
async fn page(app: &App) -> Result<TokensPage> {
    let tokens = store::list(app).await?;
    let authors = presence::names(app.db.reader(), tokens.iter().filter_map(|token| token.created_by)).await?;
    let now = app.clock.now();
    let row = |token: Token| TokenRow {
        revoke: format!("{HREF}/{}/revoquer", token.id),
        user: token.id.0.simple().to_string(),
        scopes: token.scopes.0.iter().map(|scope| scope.as_str()).collect(),
        by: token.created_by.and_then(|author| authors.get(&author).cloned()),
        created_at: token.created_at,
        used_at: token.used_at,
        state: match token.revoked_at {
            Some(at) => TokenState::Revoked(at),
            None if token.expires_at <= now => TokenState::Expired(token.expires_at),
            None => TokenState::Good(token.expires_at),
        },
        name: token.name,
    };
    let rows = tokens.into_iter().map(row).collect();
    Ok(TokensPage { token: app.dice.uuid().to_string(), rows, ..TokensPage::default() })
}
