//! A request as xAPI means it: in the usual syntax, or as a form for those who can only send forms (Communication 1.3).

use crate::access::Machine;
use crate::app::App;
use crate::error::{Error, Result};
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts as _, Request};
use domain::identity::TokenScope;
use domain::xapi::{Problem, is_version};
use http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, IF_MATCH, IF_NONE_MATCH};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method};

/// The header that every request and every answer bears (Communication 3.3).
pub const VERSION: HeaderName = HeaderName::from_static("x-experience-api-version");

/// The version spoken here.
pub const SPOKEN: &str = "1.0.3";

/// What is asked, whatever the syntax.
#[derive(Debug)]
pub struct Asked {
    pub method: Method,
    pub parameters: Vec<(String, String)>,
    pub headers: HeaderMap,
    pub content: Bytes,
}

impl Asked {
    /// The header, where it is there and is text.
    #[must_use]
    pub fn header(&self, name: &HeaderName) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The type of what is sent.
    #[must_use]
    pub fn content_type(&self) -> &str {
        self.header(&CONTENT_TYPE).unwrap_or_default()
    }

    /// Whether it only reads.
    #[must_use]
    pub fn reads(&self) -> bool {
        matches!(self.method, Method::GET | Method::HEAD)
    }
}

/// What is asked, by a system that may ask it, in a version that is spoken here.
#[derive(Debug)]
pub struct Granted {
    pub asked: Asked,
    pub machine: Machine,
}

impl FromRequest<App> for Granted {
    type Rejection = Error;

    async fn from_request(request: Request, app: &App) -> Result<Self> {
        let (mut parts, body) = request.into_parts();
        // Who shows no token is not listened to; a form shows its token within.
        let known = if parts.uri.query().is_some_and(|query| query.contains("method=")) {
            None
        } else {
            Some(Machine::from_request_parts(&mut parts, app).await?)
        };
        let body = Request::from_parts(parts.clone(), body);
        let content = match Bytes::from_request(body, app).await {
            Ok(content) => content,
            Err(refused) if refused.status() == http::StatusCode::PAYLOAD_TOO_LARGE => return Err(Error::TooLarge),
            Err(_) => {
                return Err(Error::BadRequest("Le contenu n’est pas arrivé en entier : envoyez-le de nouveau.".into()));
            }
        };
        let (asked, mut parts) = understood(parts, content)?;
        let machine = match known {
            Some(machine) => machine,
            None => Machine::from_request_parts(&mut parts, app).await?,
        };
        machine.may(if asked.reads() { TokenScope::StatementsRead } else { TokenScope::StatementsWrite })?;
        let Some(version) = asked.header(&VERSION) else {
            return Err(Error::BadRequest(format!("L’en-tête {VERSION} est obligatoire : {SPOKEN}.")));
        };
        if !is_version(version) {
            return Err(Error::BadRequest(format!(
                "{VERSION} : la version parlée ici est {SPOKEN}, ou toute autre 1.0.x."
            )));
        }
        Ok(Self { asked, machine })
    }
}

/// Brings both syntaxes to one.
fn understood(mut parts: Parts, content: Bytes) -> Result<(Asked, Parts)> {
    let query = parts.uri.query().unwrap_or_default();
    let parameters: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let method = parts.method.clone();
    let alternate = parameters.iter().find(|(name, _)| name == "method");
    let Some((_, meant)) = alternate else {
        return Ok((Asked { method, parameters, headers: parts.headers.clone(), content }, parts));
    };
    let wrong = |remedy: &str| Error::BadRequest(Problem::new(remedy).within("method").to_string());
    if method != Method::POST {
        return Err(wrong("ce paramètre n’accompagne que POST."));
    }
    if parameters.len() > 1 {
        return Err(wrong("ce paramètre va seul dans l’adresse\u{a0}: les autres sont des champs du formulaire."));
    }
    let method = [Method::GET, Method::PUT, Method::POST, Method::DELETE, Method::HEAD]
        .into_iter()
        .find(|known| known.as_str() == meant)
        .ok_or_else(|| wrong("GET, PUT, POST, DELETE ou HEAD est attendu ici."))?;
    let kind = parts.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.is_empty() && !kind.to_lowercase().starts_with("application/x-www-form-urlencoded") {
        return Err(wrong("le contenu est alors un formulaire\u{a0}: application/x-www-form-urlencoded."));
    }
    let mut headers = parts.headers.clone();
    headers.remove(CONTENT_TYPE);
    headers.remove(CONTENT_LENGTH);
    let (mut parameters, mut sent) = (Vec::new(), None);
    for (name, value) in form_urlencoded::parse(&content).into_owned() {
        let header = [AUTHORIZATION, VERSION, CONTENT_TYPE, CONTENT_LENGTH, IF_MATCH, IF_NONE_MATCH]
            .into_iter()
            .find(|header| header.as_str().eq_ignore_ascii_case(&name));
        match header {
            Some(header) => {
                let value =
                    HeaderValue::from_str(&value).map_err(|_| wrong("un champ n’est pas un en-tête valable."))?;
                headers.insert(header, value);
            }
            None if name == "content" => sent = Some(Bytes::from(value)),
            None => parameters.push((name, value)),
        }
    }
    let sends = matches!(method, Method::PUT | Method::POST);
    if sends && sent.is_none() {
        return Err(wrong("ce qui est envoyé est le champ «\u{a0}content\u{a0}» du formulaire."));
    }
    if sends && !headers.contains_key(CONTENT_TYPE) {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    parts.headers.clone_from(&headers);
    Ok((Asked { method, parameters, headers, content: sent.unwrap_or_default() }, parts))
}
