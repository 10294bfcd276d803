//! What another system may do here, by the token it shows.

#[cfg(test)]
mod tests;

use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;
use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

/// Days that a token lasts.
pub const TOKEN_DAYS: RangeInclusive<i64> = 1..=366;
/// Characters of its name.
pub const TOKEN_NAME: RangeInclusive<usize> = 3..=80;

/// What a token opens: one thing to do with one kind of thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TokenScope {
    /// Agents: their names, addresses, maisons, and where they stand.
    PeopleRead,
    /// Maisons France Services.
    MaisonsRead,
    /// Webinars and sessions face to face, with who was there.
    SessionsRead,
    /// Training records, fact by fact.
    RecordsRead,
    /// Certificates, whole.
    CertificatesRead,
    /// Statements and documents of xAPI.
    StatementsRead,
    /// The same, to write.
    StatementsWrite,
}

/// Why a text names no scope.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("«\u{a0}{0}\u{a0}» n’est pas une portée.")]
pub struct NotAScope(pub String);

impl TokenScope {
    /// Every scope.
    pub const ALL: [Self; 7] = [
        Self::PeopleRead,
        Self::MaisonsRead,
        Self::SessionsRead,
        Self::RecordsRead,
        Self::CertificatesRead,
        Self::StatementsRead,
        Self::StatementsWrite,
    ];

    /// As stored, and as other systems know it: `people:read`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PeopleRead => "people:read",
            Self::MaisonsRead => "maisons:read",
            Self::SessionsRead => "sessions:read",
            Self::RecordsRead => "records:read",
            Self::CertificatesRead => "certificates:read",
            Self::StatementsRead => "statements:read",
            Self::StatementsWrite => "statements:write",
        }
    }

    /// Whether it opens what is held of people, to be read.
    #[must_use]
    pub fn reads_people(self) -> bool {
        match self {
            Self::PeopleRead
            | Self::SessionsRead
            | Self::RecordsRead
            | Self::CertificatesRead
            | Self::StatementsRead => true,
            Self::MaisonsRead | Self::StatementsWrite => false,
        }
    }

    /// As shown.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::PeopleRead => "lire les agents et leur avancement",
            Self::MaisonsRead => "lire les maisons",
            Self::SessionsRead => "lire les webinaires, les sessions en présentiel et leurs présences",
            Self::RecordsRead => "lire les dossiers de formation",
            Self::CertificatesRead => "lire les certificats",
            Self::StatementsRead => "lire les déclarations xAPI",
            Self::StatementsWrite => "écrire des déclarations xAPI",
        }
    }
}

impl fmt::Display for TokenScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for TokenScope {
    type Err = NotAScope;
    fn from_str(text: &str) -> Result<Self, NotAScope> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == text).ok_or_else(|| NotAScope(text.to_owned()))
    }
}

/// All that a token opens. Written with spaces between scopes (RFC 6749 §3.3).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TokenScopes(pub BTreeSet<TokenScope>);

impl TokenScopes {
    /// Whether the token opens that.
    #[must_use]
    pub fn hold(&self, scope: TokenScope) -> bool {
        self.0.contains(&scope)
    }
}

impl fmt::Display for TokenScopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scopes: Vec<&str> = self.0.iter().map(|scope| scope.as_str()).collect();
        f.write_str(&scopes.join(" "))
    }
}

impl FromStr for TokenScopes {
    type Err = NotAScope;
    fn from_str(text: &str) -> Result<Self, NotAScope> {
        text.split_whitespace().map(str::parse).collect::<Result<_, _>>().map(Self)
    }
}

/// The form that makes a token, as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TokenForm {
    pub name: String,
    pub scopes: Vec<String>,
    /// Days that it lasts.
    pub days: String,
}

/// A token to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewToken {
    /// The system that will hold it.
    pub name: String,
    pub scopes: TokenScopes,
    /// From that instant on it opens nothing.
    pub expires_at: Timestamp,
}

/// Reads the form; every problem is told at once, with its field.
pub fn read_token(form: &TokenForm, now: Timestamp) -> Result<NewToken, Vec<(&'static str, String)>> {
    let name = form.name.trim();
    let named = TOKEN_NAME.contains(&name.chars().count()) && !name.chars().any(char::is_control);
    let scopes: Option<BTreeSet<TokenScope>> = form.scopes.iter().map(|scope| scope.parse().ok()).collect();
    let scopes = scopes.filter(|scopes| !scopes.is_empty());
    let days = form.days.trim().parse().ok().filter(|days| TOKEN_DAYS.contains(days));
    let expires_at = days.and_then(|days: i64| now.checked_add(SignedDuration::from_hours(days * 24)).ok());
    match (named, scopes, expires_at) {
        (true, Some(scopes), Some(expires_at)) => {
            Ok(NewToken { name: name.to_owned(), scopes: TokenScopes(scopes), expires_at })
        }
        (_, scopes, expires_at) => {
            let (least, most) = (TOKEN_NAME.start(), TOKEN_NAME.end());
            let wrong = [
                (!named)
                    .then(|| ("name", format!("Nommez le système qui s’en servira, en {least} à {most} caractères."))),
                scopes.is_none().then(|| ("scopes", "Choisissez au moins une portée dans la liste.".to_owned())),
                expires_at.is_none().then(|| {
                    ("days", format!("Indiquez une durée de {} à {} jours.", TOKEN_DAYS.start(), TOKEN_DAYS.end()))
                }),
            ];
            Err(wrong.into_iter().flatten().collect())
        }
    }
}
