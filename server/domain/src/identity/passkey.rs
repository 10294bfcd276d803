//! Passkeys: where browsers take them, how they are named.

/// Characters of a passkey's name.
pub const MAX_PASSKEY_NAME: usize = 60;

/// How many somebody may have: a telephone, a computer and a spare, several times over.
pub const MAX_PASSKEYS: u64 = 20;

/// What one is called that its owner gave no name.
const UNNAMED: &str = "Clé d’accès";

/// Why browsers take no passkey at an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoPasskeys {
    /// It is not encrypted, and not this very machine.
    Insecure,
    /// It has no name: passkeys are for names alone (WebAuthn, section 5.1.3: a valid domain).
    Unnamed,
}

impl NoPasskeys {
    /// What is said of it, and to whom to turn.
    #[must_use]
    pub fn said(self) -> &'static str {
        match self {
            Self::Insecure => {
                "Les clés d’accès ne fonctionnent pas ici\u{a0}: les navigateurs ne les acceptent que sur un site en HTTPS. \
                 L’exploitant du site règle son adresse publique (SOCLE_PUBLIC_URL)."
            }
            Self::Unnamed => {
                "Les clés d’accès ne fonctionnent pas ici\u{a0}: les navigateurs ne les acceptent que sur un site qui a un nom, \
                 et celui-ci n’a qu’une adresse IP. L’exploitant du site règle son adresse publique (SOCLE_PUBLIC_URL)\u{a0}; \
                 sur votre propre machine, http://localhost fonctionne."
            }
        }
    }
}

/// The name that passkeys of the site at this public address are for: its host.
///
/// # Errors
/// Why browsers take none there.
pub fn passkey_site(public_url: &str) -> Result<&str, NoPasskeys> {
    let (scheme, rest) = public_url.split_once("://").ok_or(NoPasskeys::Insecure)?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let authority = authority.rsplit('@').next().unwrap_or_default();
    if authority.starts_with('[') {
        return Err(NoPasskeys::Unnamed);
    }
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    // What ends in a number is read as an IPv4 address (WHATWG URL, section 3.5).
    let last = host.trim_end_matches('.').rsplit('.').next().unwrap_or_default();
    if last.is_empty() || last.bytes().all(|sign| sign.is_ascii_digit()) || last.starts_with("0x") {
        return Err(NoPasskeys::Unnamed);
    }
    let here = host == "localhost" || host.ends_with(".localhost");
    if scheme == "https" || here { Ok(host) } else { Err(NoPasskeys::Insecure) }
}

/// A passkey's name as it was typed: on one line, no longer than it may be; where nothing was typed, a usual one.
#[must_use]
pub fn passkey_name(typed: &str) -> String {
    let plain: String = typed.chars().map(|sign| if sign.is_control() { ' ' } else { sign }).collect();
    let words = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    let name: String = words.chars().take(MAX_PASSKEY_NAME).collect();
    match name.trim_end() {
        "" => UNNAMED.to_owned(),
        name => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn passkeys_are_for_a_name_over_https_or_for_this_machine() {
        for (url, host) in [
            ("https://socle.example", "socle.example"),
            ("https://socle.example:8443", "socle.example"),
            ("https://socle.example/chemin", "socle.example"),
            ("http://localhost:3000", "localhost"),
            ("http://socle.localhost", "socle.localhost"),
        ] {
            assert_eq!(passkey_site(url), Ok(host), "{url}");
        }
    }

    #[test]
    fn an_address_without_a_name_or_in_the_clear_has_none_and_says_why() {
        for (url, why) in [
            ("http://127.0.0.1:3000", NoPasskeys::Unnamed),
            ("https://192.0.2.7", NoPasskeys::Unnamed),
            ("https://192.0.2.7.", NoPasskeys::Unnamed),
            ("https://0x7f.1", NoPasskeys::Unnamed),
            ("https://0x7f000001", NoPasskeys::Unnamed),
            ("https://[2001:db8::1]:3000", NoPasskeys::Unnamed),
            ("https://", NoPasskeys::Unnamed),
            ("http://socle.example", NoPasskeys::Insecure),
            ("http://localhost.example", NoPasskeys::Insecure),
        ] {
            assert_eq!(passkey_site(url), Err(why), "{url}");
            assert!(why.said().contains("SOCLE_PUBLIC_URL"));
        }
    }

    #[test]
    fn a_name_is_on_one_line_and_never_empty() {
        assert_eq!(passkey_name("  Mon\ttéléphone\n vert "), "Mon téléphone vert");
        for nothing in ["", "  ", "\n", "\u{7}\u{a0}"] {
            assert_eq!(passkey_name(nothing), "Clé d’accès", "{nothing:?}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_typed_a_name_is_short_and_stays_what_it_is(typed in any::<String>()) {
            let name = passkey_name(&typed);
            prop_assert!(!name.is_empty() && name.chars().count() <= MAX_PASSKEY_NAME);
            prop_assert_eq!(passkey_name(&name), name);
        }
    }
}
