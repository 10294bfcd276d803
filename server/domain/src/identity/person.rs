//! Names and e-mail addresses.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// An e-mail address, trimmed and in lower case: the key by which accounts are reconciled.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

/// Why a text is not an e-mail address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Indiquez une adresse électronique complète, par exemple prenom.nom@mairie.fr.")]
pub struct NotAnEmail;

impl Email {
    /// The whole address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before the `@`.
    #[must_use]
    pub fn local_part(&self) -> &str {
        self.0.split_once('@').map_or("", |(local, _)| local)
    }
}

/// Sane rather than exact: only a message sent tells whether an address works. Lengths are those
/// of RFC 5321, §4.5.3.1.
impl FromStr for Email {
    type Err = NotAnEmail;
    fn from_str(text: &str) -> Result<Self, NotAnEmail> {
        let text = text.trim().to_lowercase();
        let (local, domain) = text.split_once('@').ok_or(NotAnEmail)?;
        let plain = |part: &str| part.chars().all(|c| c.is_alphanumeric() || ".-_".contains(c));
        let framed = |part: &str| !part.is_empty() && part.split('.').all(|label| !label.is_empty());
        let local_fits = local.len() <= 64
            && framed(local)
            && local.chars().all(|c| c.is_alphanumeric() || "!#$%&'*+/=?^_`{|}~.-".contains(c));
        let domain_fits = domain.contains('.')
            && framed(domain)
            && plain(domain)
            && domain.split('.').all(|label| !label.starts_with('-') && !label.ends_with('-'));
        if text.len() <= 254 && local_fits && domain_fits { Ok(Self(text)) } else { Err(NotAnEmail) }
    }
}

impl TryFrom<String> for Email {
    type Error = NotAnEmail;
    fn try_from(text: String) -> Result<Self, NotAnEmail> {
        text.parse()
    }
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.0
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A person's name, as it stands on a certificate.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Parts", into = "Parts")]
pub struct PersonName {
    given: String,
    family: String,
}

#[derive(Serialize, Deserialize)]
struct Parts {
    given: String,
    family: String,
}

/// Why a text is not a person's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Indiquez le prénom et le nom, de 100 caractères au plus chacun.")]
pub struct NotAName;

impl PersonName {
    /// The name of those two parts, spaces put in order.
    pub fn new(given: &str, family: &str) -> Result<Self, NotAName> {
        Ok(Self { given: tidy(given)?, family: tidy(family)? })
    }

    #[must_use]
    pub fn given(&self) -> &str {
        &self.given
    }

    #[must_use]
    pub fn family(&self) -> &str {
        &self.family
    }
}

fn tidy(part: &str) -> Result<String, NotAName> {
    let part = part.split_whitespace().collect::<Vec<_>>().join(" ");
    let fits = (1..=100).contains(&part.chars().count()) && !part.chars().any(char::is_control);
    if fits { Ok(part) } else { Err(NotAName) }
}

impl TryFrom<Parts> for PersonName {
    type Error = NotAName;
    fn try_from(parts: Parts) -> Result<Self, NotAName> {
        Self::new(&parts.given, &parts.family)
    }
}

impl From<PersonName> for Parts {
    fn from(name: PersonName) -> Self {
        Self { given: name.given, family: name.family }
    }
}

/// Given name first: « Léa Martin ».
impl fmt::Display for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.given, self.family)
    }
}
