//! The one place where errors become HTTP, and are logged.

use axum::extract::Request;
use axum::response::{IntoResponse, Redirect, Response};
use domain::identity::TokenScope;
use http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE, COOKIE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use sea_orm::DbErr;

use crate::access::Refusal;
use crate::app::App;
use crate::identity::routes::before;
use crate::{node, page};

/// Why a request is not answered as asked. Texts are French: they are read by people.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is nothing there, or nothing that this person may know of.
    #[error("not found")]
    NotFound,
    /// The person must sign in first.
    #[error("not signed in")]
    SignedOut,
    /// A system asks without a token that is good.
    #[error("no good token")]
    NoToken(Refusal),
    /// A system's token does not open that.
    #[error("the token lacks the scope {0}")]
    Lacks(TokenScope),
    /// A system asks with a parameter that is not understood; the text names it.
    #[error("{0}")]
    Parameter(String),
    /// The request was made by another site.
    #[error("cross-site request")]
    CrossSite,
    /// The request cannot be understood; the text says what is wrong with it.
    #[error("{0}")]
    BadRequest(String),
    /// The request came when things no longer stood as it supposes; the text says what to do.
    #[error("{0}")]
    Conflict(String),
    /// What is to be changed is not what the request supposes; the text says what to do (RFC 9110 §15.5.13).
    #[error("{0}")]
    Otherwise(String),
    /// The request is larger than any that is taken there.
    #[error("too large")]
    TooLarge,
    /// Another node has that room: this one, by its name.
    #[error("on node {0}")]
    Elsewhere(String),
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

/// What an error page says; left on the response for [`Asked::explained`] to draw.
#[derive(Debug, Clone)]
pub struct Explanation {
    /// Where `/api/v1` explains it; empty where the status says it all.
    pub name: &'static str,
    pub title: &'static str,
    pub said: String,
}

/// The node that a browser is led to, at the same address; left on the response for [`Asked::explained`], which knows it.
#[derive(Debug, Clone)]
struct LedTo(String);

impl Error {
    /// The name of the problem, as the page about the API explains it.
    fn name(&self) -> &'static str {
        match self {
            Self::NoToken(_) => "jeton",
            Self::Lacks(_) => "portee",
            Self::Parameter(_) => "parametre",
            _ => "",
        }
    }

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
            Self::NoToken(refusal) => (StatusCode::UNAUTHORIZED, "Jeton refusé", refusal.said().into()),
            Self::Lacks(scope) => (
                StatusCode::FORBIDDEN,
                "Portée insuffisante",
                format!("Ce jeton n’a pas la portée {scope}\u{a0}: demandez-en un autre à l’administration."),
            ),
            Self::Parameter(said) => (StatusCode::BAD_REQUEST, "Paramètre incompris", said.clone()),
            Self::CrossSite => (
                StatusCode::FORBIDDEN,
                "Demande refusée",
                "Cette demande vient d’un autre site. Revenez sur Socle et recommencez depuis la page.".into(),
            ),
            Self::BadRequest(said) => (StatusCode::BAD_REQUEST, "Demande incomprise", said.clone()),
            Self::Conflict(said) => (StatusCode::CONFLICT, "La situation a changé", said.clone()),
            Self::Otherwise(said) => (StatusCode::PRECONDITION_FAILED, "La situation a changé", said.clone()),
            Self::Elsewhere(_) => (
                StatusCode::TEMPORARY_REDIRECT,
                "Ailleurs",
                "Un autre serveur tient cette salle\u{a0}: rechargez la page.".into(),
            ),
            Self::TooLarge => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "Envoi trop volumineux",
                "Raccourcissez ce que vous envoyez, puis recommencez.".into(),
            ),
            Self::TooMany { retry_after_seconds } => (
                StatusCode::TOO_MANY_REQUESTS,
                "Trop d’essais",
                format!(
                    "Attendez {} avant de recommencer.",
                    domain::text::counted((*retry_after_seconds).div_ceil(60), "minute", "minutes")
                ),
            ),
            Self::Database(error) if is_nul(error) => (
                StatusCode::BAD_REQUEST,
                "Demande incomprise",
                "Un signe invisible s’est glissé dans cette demande\u{a0}: retapez le texte.".into(),
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

/// Whether the database was given a NUL where nobody minded it: PostgreSQL keeps none in its texts.
fn is_nul(error: &DbErr) -> bool {
    error.to_string().contains("invalid byte sequence for encoding \"UTF8\": 0x00")
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        if let Self::Database(error) = &self
            && !is_nul(error)
        {
            tracing::error!(%error, "The database failed");
        } else if let Self::Internal(error) = &self {
            tracing::error!(%error, "A request failed");
        }
        let (status, title, said) = self.told();
        let mut response = status.into_response();
        response.extensions_mut().insert(Explanation { name: self.name(), title, said });
        match self {
            Self::Elsewhere(node) => {
                response.extensions_mut().insert(LedTo(node));
            }
            Self::TooMany { retry_after_seconds } => {
                response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(retry_after_seconds));
            }
            Self::NoToken(refusal) => {
                response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static(refusal.challenge()));
            }
            _ => {}
        }
        response
    }
}

/// A response that [`Asked::explained`] will give a body to.
#[must_use]
pub fn explained(status: StatusCode, title: &'static str, said: String) -> Response {
    let mut response = status.into_response();
    response.extensions_mut().insert(Explanation { name: "", title, said });
    response
}

/// What is known of a request once it is answered, for a failure to be told in the terms of who asked.
#[derive(Debug)]
pub struct Asked {
    wants_json: bool,
    is_reading: bool,
    asks_by_token: bool,
    path: String,
    cookies: HeaderMap,
}

impl Asked {
    pub fn of(request: &Request) -> Self {
        let headers = request.headers();
        let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        Self {
            wants_json: [ACCEPT, CONTENT_TYPE].into_iter().any(|name| text(name).starts_with("application/json")),
            is_reading: request.method() == Method::GET,
            asks_by_token: is_for_machines(request.uri().path()),
            path: request.uri().path_and_query().map_or("/", PathAndQuery::as_str).to_owned(),
            cookies: headers.get_all(COOKIE).iter().map(|value| (COOKIE, value.clone())).collect(),
        }
    }

    /// Gives every failure a body: a page for a browser, JSON for a script.
    pub async fn explained(self, app: &App, response: Response) -> Response {
        let Self { wants_json, is_reading, asks_by_token, path, cookies } = self;
        let status = response.status();
        if status == StatusCode::UNAUTHORIZED && is_reading && !wants_json && !asks_by_token {
            // A page asked for without a session: sign in, then come back to it.
            return Redirect::to(&before("/connexion", &path)).into_response();
        }
        if let Some(LedTo(node)) = response.extensions().get() {
            // The same method again, with the same body (RFC 9110, section 15.4.8).
            return Redirect::temporary(&node::address(node, &path)).into_response();
        }
        if status.is_success() || status.is_redirection() || status.is_informational() {
            return response;
        }
        let explanation = response.extensions().get().cloned().unwrap_or_else(|| words_for(status));
        let Explanation { title, said, .. } = explanation.clone();
        let mut answer = if asks_by_token {
            problem(status, explanation)
        } else if wants_json {
            (status, axum::Json(serde_json::json!({ "title": title, "said": said }))).into_response()
        } else if response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html")) {
            return response;
        } else {
            // Apart, since it would make the place that every request takes as large as a page that few see.
            Box::pin(page::error(app, &cookies, status, title, said, path)).await
        };
        for name in [RETRY_AFTER, WWW_AUTHENTICATE, http::header::ALLOW, http::header::CONTENT_RANGE] {
            if let Some(value) = response.headers().get(&name) {
                answer.headers_mut().insert(name, value.clone());
            }
        }
        answer
    }
}

/// Whether that is asked for by systems, which show a token: no page is there, and no cookie says anything.
#[must_use]
pub fn is_for_machines(path: &str) -> bool {
    path.starts_with("/api/v1/") || path == "/xapi" || path.starts_with("/xapi/")
}

/// A failure as systems read it (RFC 9457). Where the status says it all, its type is `about:blank` (§4.2.1).
fn problem(status: StatusCode, Explanation { name, title, said }: Explanation) -> Response {
    let (kind, title, said) = match (name, status) {
        ("", StatusCode::NOT_FOUND) => ("about:blank".to_owned(), "Not Found", NOT_THERE.to_owned()),
        ("", StatusCode::METHOD_NOT_ALLOWED) => ("about:blank".to_owned(), "Method Not Allowed", NOT_DONE.to_owned()),
        ("", _) => ("about:blank".to_owned(), status.canonical_reason().unwrap_or(title), said),
        _ => (format!("/api/v1#{name}"), title, said),
    };
    let body = serde_json::json!({ "type": kind, "title": title, "status": status.as_u16(), "detail": said });
    let headers = [(CONTENT_TYPE, "application/problem+json"), (CACHE_CONTROL, "no-store")];
    (status, headers, body.to_string()).into_response()
}

const NOT_THERE: &str = "Il n’y a rien à cette adresse.";
const NOT_DONE: &str =
    "Cette adresse ne connaît pas cette méthode\u{a0}: l’en-tête Allow donne celles qu’elle connaît.";

/// Words for the refusals that libraries make.
fn words_for(status: StatusCode) -> Explanation {
    let (title, said) = match status {
        StatusCode::NOT_FOUND => return explanation_of(&Error::NotFound),
        StatusCode::METHOD_NOT_ALLOWED => {
            ("Cette action n’existe pas ici", "Revenez à la page précédente et recommencez depuis ses boutons.")
        }
        StatusCode::PAYLOAD_TOO_LARGE => return explanation_of(&Error::TooLarge),
        StatusCode::REQUEST_TIMEOUT => ("La demande a pris trop de temps", "Vérifiez votre connexion, puis réessayez."),
        status if status.is_client_error() => {
            ("Demande incomprise", "La demande est mal formée. Revenez à la page et recommencez.")
        }
        _ => ("Une erreur s’est produite", "Elle est de notre fait et a été notée. Réessayez dans quelques instants."),
    };
    Explanation { name: "", title, said: said.into() }
}

fn explanation_of(error: &Error) -> Explanation {
    let (_, title, said) = error.told();
    Explanation { name: error.name(), title, said }
}
