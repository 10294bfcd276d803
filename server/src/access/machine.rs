//! Another system, known by its token: never by a cookie.

use crate::app::App;
use crate::audit::Trace;
use crate::error::{Error, Result};
use crate::identity::throttle;
use crate::token::store::{self, Shown};
use axum::extract::{ConnectInfo, FromRequestParts};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::identity::{TokenScope, TokenScopes};
use domain::ids::{PersonId, TokenId};
use http::HeaderMap;
use http::header::AUTHORIZATION;
use http::request::Parts;
use jiff::Timestamp;
use std::net::SocketAddr;

/// A system that shows a good token.
#[derive(Debug, Clone)]
pub struct Machine {
    pub token: TokenId,
    /// As administrators named it.
    pub name: String,
    pub scopes: TokenScopes,
    pub expires_at: Timestamp,
    /// What this very request was granted.
    trace: Trace,
}

/// Why a system is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It shows no token.
    Absent,
    /// What it shows is no token's secret.
    Unknown,
    Revoked,
    Expired,
}

impl Refusal {
    /// What to tell it.
    #[must_use]
    pub fn said(self) -> &'static str {
        match self {
            Self::Absent => "Présentez un jeton d’accès dans l’en-tête Authorization.",
            Self::Unknown => "Ce jeton n’existe pas, ou son secret est faux.",
            Self::Revoked => "Ce jeton a été révoqué.",
            Self::Expired => "Ce jeton a expiré.",
        }
    }

    /// The challenges that go with it (RFC 6750 §3, RFC 7617 §2).
    #[must_use]
    pub fn challenge(self) -> &'static str {
        match self {
            Self::Absent => "Bearer realm=\"Socle\", Basic realm=\"Socle\", charset=\"UTF-8\"",
            _ => "Bearer realm=\"Socle\", error=\"invalid_token\", Basic realm=\"Socle\", charset=\"UTF-8\"",
        }
    }
}

impl Machine {
    /// Notes, for the log, that it is let at people's data where that is what the scope opens.
    ///
    /// # Errors
    /// [`Error::Lacks`] where the token does not open that.
    pub fn may(&self, scope: TokenScope) -> Result<()> {
        if !self.scopes.hold(scope) {
            return Err(Error::Lacks(scope));
        }
        if scope.reads_people() {
            self.trace.grant_machine(self.token, None);
        }
        Ok(())
    }

    /// Notes, for the log, whose data it reads, where the address does not name them.
    pub(crate) fn looks_at(&self, person: PersonId) {
        self.trace.grant_machine(self.token, Some(person));
    }
}

impl FromRequestParts<App> for Machine {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let trace = parts.extensions.get::<Trace>().cloned().unwrap_or_default();
        match identify(app, &parts.headers, trace).await? {
            Ok(machine) => Ok(machine),
            Err(refusal) => {
                if refusal != Refusal::Absent {
                    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
                    let peer = peer.ok_or_else(|| Error::Internal("a request comes from nowhere".into()))?;
                    app.throttle.refuse_machine(throttle::client_address(&app.config, peer.ip(), &parts.headers))?;
                }
                Err(Error::NoToken(refusal))
            }
        }
    }
}

async fn identify(app: &App, headers: &HeaderMap, trace: Trace) -> Result<Result<Machine, Refusal>> {
    let Some(sent) = headers.get(AUTHORIZATION) else { return Ok(Err(Refusal::Absent)) };
    let Some((scheme, sent)) = sent.to_str().ok().and_then(|sent| sent.split_once(' ')) else {
        return Ok(Err(Refusal::Unknown));
    };
    let pair;
    let shown = if scheme.eq_ignore_ascii_case("bearer") {
        store::parts(sent.trim())
    } else if scheme.eq_ignore_ascii_case("basic") {
        pair = STANDARD.decode(sent.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
        pair.split_once(':').and_then(|(id, secret)| Some(Shown { id: id.parse().ok()?, secret }))
    } else {
        None
    };
    let Some(shown) = shown else { return Ok(Err(Refusal::Unknown)) };
    let Some(token) = store::find(app, shown).await? else { return Ok(Err(Refusal::Unknown)) };
    if token.revoked_at.is_some() {
        return Ok(Err(Refusal::Revoked));
    }
    if token.expires_at <= app.clock.now() {
        return Ok(Err(Refusal::Expired));
    }
    store::note_use(app, &token).await?;
    trace.asked_by_machine(token.id);
    Ok(Ok(Machine { token: token.id, name: token.name, scopes: token.scopes, expires_at: token.expires_at, trace }))
}
