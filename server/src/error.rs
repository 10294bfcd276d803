//! The one place where errors become HTTP, and are logged.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use http::header::{ACCEPT, CONTENT_TYPE, COOKIE, RETRY_AFTER};
use http::uri::PathAndQuery;
use http::{HeaderValue, Method, StatusCode};
use sea_orm::DbErr;

use crate::app::App;
use crate::page;

/// Why a request is not answered as asked. Texts are French: they are read by people.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is nothing there, or nothing that this person may know of.
    #[error("not found")]
    NotFound,
    /// The person must sign in first.
    #[error("not signed in")]
    SignedOut,
    /// The request was made by another site.
    #[error("cross-site request")]
    CrossSite,
    /// The request cannot be understood; the text says what is wrong with it.
    #[error("{0}")]
    BadRequest(String),
    /// The request came when things no longer stood as it supposes; the text says what to do.
    #[error("{0}")]
    Conflict(String),
    /// Too many tries.
    #[error("too many requests")]
    TooMany { retry_after_seconds: u64 },
    /// The database failed.
    #[error("database: {0}")]
    Database(#[from] DbErr),
    /// Something that ought not to happen.
    #[error("internal: {0}")]
    Internal(String),
}

/// What handlers return.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What an error page says; left on the response for [`explain`] to draw.
#[derive(Debug, Clone)]
pub struct Explanation {
    pub title: &'static str,
    pub said: String,
}

impl Error {
    fn told(&self) -> (StatusCode, &'static str, String) {
        match self {
            Self::NotFound => (
                StatusCode::NOT_FOUND,
                "Cette page n’existe pas",
                "L’adresse est peut-être incomplète, ou la page ne vous est pas ouverte.".into(),
            ),
            Self::SignedOut => (
                StatusCode::UNAUTHORIZED,
                "Connectez-vous pour continuer",
                "Votre session a pris fin. Reconnectez-vous : ce qui était enregistré l’est toujours.".into(),
            ),
            Self::CrossSite => (
                StatusCode::FORBIDDEN,
                "Demande refusée",
                "Cette demande vient d’un autre site. Revenez sur Socle et recommencez depuis la page.".into(),
            ),
            Self::BadRequest(said) => (StatusCode::BAD_REQUEST, "Demande incomprise", said.clone()),
            Self::Conflict(said) => (StatusCode::CONFLICT, "La situation a changé", said.clone()),
            Self::TooMany { retry_after_seconds } => (
                StatusCode::TOO_MANY_REQUESTS,
                "Trop d’essais",
                format!(
                    "Attendez {} avant de recommencer.",
                    domain::text::counted((*retry_after_seconds).div_ceil(60), "minute", "minutes")
                ),
            ),
            Self::Database(_) => (
                StatusCode::SERVICE_UNAVAILABLE,
                "Le service est momentanément indisponible",
                "Rien n’a été enregistré de cette demande. Réessayez dans quelques instants.".into(),
            ),
            Self::Internal(_) => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "Une erreur s’est produite",
                "Elle est de notre fait et a été notée. Réessayez ; si elle revient, écrivez-nous.".into(),
            ),
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        if let Self::Database(error) = &self {
            tracing::error!(%error, "The database failed");
        } else if let Self::Internal(error) = &self {
            tracing::error!(%error, "A request failed");
        }
        let (status, title, said) = self.told();
        let mut response = explained(status, title, said);
        if let Self::TooMany { retry_after_seconds } = self {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(retry_after_seconds));
        }
        response
    }
}

/// A response that [`explain`] will give a body to.
#[must_use]
pub fn explained(status: StatusCode, title: &'static str, said: String) -> Response {
    let mut response = status.into_response();
    response.extensions_mut().insert(Explanation { title, said });
    response
}

/// Gives every failure a body: a page for a browser, JSON for a script.
pub async fn explain(State(app): State<App>, request: Request, next: Next) -> Response {
    let wants_json = [ACCEPT, CONTENT_TYPE].iter().any(|name| {
        request
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.starts_with("application/json"))
    });
    let is_reading = request.method() == Method::GET;
    let path = request.uri().path_and_query().map_or("/", PathAndQuery::as_str).to_owned();
    let cookies = request.headers().get_all(COOKIE).iter().map(|value| (COOKIE, value.clone())).collect();
    let response = next.run(request).await;
    let status = response.status();
    if status == StatusCode::UNAUTHORIZED && is_reading && !wants_json {
        // A page asked for without a session: sign in, then come back to it.
        let sign_in = form_urlencoded::Serializer::for_suffix("/connexion?".to_owned(), "/connexion?".len())
            .append_pair("back", &path)
            .finish();
        return Redirect::to(&sign_in).into_response();
    }
    if status.is_success() || status.is_redirection() || status.is_informational() {
        return response;
    }
    let Explanation { title, said } = response.extensions().get().cloned().unwrap_or_else(|| words_for(status));
    let mut answer = if wants_json {
        (status, axum::Json(serde_json::json!({ "title": title, "said": said }))).into_response()
    } else if response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html")) {
        return response;
    } else {
        page::error(&app, &cookies, status, title, said, path).await
    };
    for name in [RETRY_AFTER, http::header::ALLOW, http::header::CONTENT_RANGE] {
        if let Some(value) = response.headers().get(&name) {
            answer.headers_mut().insert(name, value.clone());
        }
    }
    answer
}

/// Words for the refusals that libraries make.
fn words_for(status: StatusCode) -> Explanation {
    let (title, said) = match status {
        StatusCode::NOT_FOUND => return explanation_of(&Error::NotFound),
        StatusCode::METHOD_NOT_ALLOWED => {
            ("Cette action n’existe pas ici", "Revenez à la page précédente et recommencez depuis ses boutons.")
        }
        StatusCode::PAYLOAD_TOO_LARGE => {
            ("Envoi trop volumineux", "Raccourcissez ce que vous envoyez, puis recommencez.")
        }
        StatusCode::REQUEST_TIMEOUT => ("La demande a pris trop de temps", "Vérifiez votre connexion, puis réessayez."),
        status if status.is_client_error() => {
            ("Demande incomprise", "La demande est mal formée. Revenez à la page et recommencez.")
        }
        _ => ("Une erreur s’est produite", "Elle est de notre fait et a été notée. Réessayez dans quelques instants."),
    };
    Explanation { title, said: said.into() }
}

fn explanation_of(error: &Error) -> Explanation {
    let (_, title, said) = error.told();
    Explanation { title, said }
}
