//! Hashing and checking of passwords (ANSSI PG-078, CNIL 2022-100: long, slow and salted).

use crate::app::App;
use crate::error::Result;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use domain::identity::{Email, PasswordProblem, check_password};
use std::collections::HashSet;
use std::sync::{Arc, LazyLock};
use tokio::sync::Semaphore;

/// Passwords and words that guessers try first, one a line, lower case.
static COMMON: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("common_passwords.txt").lines().collect());

/// A hash as long in the checking as any other, of no password that anybody knows.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29jbGUtc29jbGUtc29j$bm9ib2R5IGhhcyB0aGlzIHBhc3N3b3JkISEhISEhISE";

/// Hashes as many at a time as there are cores to do it: each takes 19 MiB.
static TURNS: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(2)));

/// OWASP's first choice for argon2id: 19 MiB, 2 passes, 1 lane.
fn hasher() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(19 * 1024, 2, 1, None).unwrap_or_default())
}

/// Whether guessers would try this password early: a listed one, or a listed word dressed with
/// digits and signs at its ends, or the same few characters over and over.
#[must_use]
pub fn is_common(password: &str) -> bool {
    let lower = password.to_lowercase();
    let bare = lower.trim_matches(|c: char| !c.is_alphabetic());
    let distinct = lower.chars().collect::<HashSet<_>>().len();
    distinct < 5 || bare.chars().count() < 4 || COMMON.contains(lower.as_str()) || COMMON.contains(bare)
}

/// Checks a new password against the rules, then hashes it.
///
/// # Errors
/// What to change in the password.
pub async fn hash_new(password: String, email: &Email, salt: [u8; 32]) -> std::result::Result<String, PasswordProblem> {
    check_password(&password, email, &is_common)?;
    Ok(hashed(password, salt).await)
}

async fn hashed(password: String, salt: [u8; 32]) -> String {
    in_turn(move || {
        hasher()
            .hash_password_with_salt(password.as_bytes(), &salt[..16])
            .map(|hash| hash.to_string())
            .unwrap_or_default()
    })
    .await
    .unwrap_or_default()
}

/// Hashes a password that was typed twice; or tells, in a sentence in French, what to change.
///
/// # Errors
/// When it cannot be known whether it leaked.
pub(super) async fn chosen(
    app: &App,
    (password, again): (String, String),
    email: &Email,
) -> Result<std::result::Result<String, String>> {
    if password != again {
        return Ok(Err("Les deux saisies diffèrent\u{a0}: tapez deux fois le même mot de passe.".to_owned()));
    }
    if let Err(problem) = check_password(&password, email, &is_common) {
        return Ok(Err(problem.to_string()));
    }
    if let Some(leaks) = &app.leaks
        && leaks.hold(&password).await?
    {
        return Ok(Err(PasswordProblem::Leaked.to_string()));
    }
    Ok(Ok(hashed(password, app.dice.secret()).await))
}

/// Whether the password is the one that was hashed. Without a hash (no such account), takes as long.
pub async fn verify(password: String, hash: Option<String>) -> bool {
    in_turn(move || {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
        let matches =
            PasswordHash::new(&hash).is_ok_and(|hash| hasher().verify_password(password.as_bytes(), &hash).is_ok());
        known && matches
    })
    .await
    .unwrap_or(false)
}

/// Hashes of secrets that are too short for a fast one, under one salt of 8 bytes at least; none when the server stops.
pub(super) async fn slow_hashes(secrets: Vec<String>, salt: String) -> Option<Vec<String>> {
    let hash = move |secret: String| {
        let mut hash = [0; 32];
        hasher().hash_password_into(secret.as_bytes(), salt.as_bytes(), &mut hash).ok()?;
        Some(hex::encode(hash))
    };
    in_turn(move || secrets.into_iter().map(hash).collect()).await?
}

async fn in_turn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let _turn = TURNS.clone().acquire_owned().await.ok()?;
    tokio::task::spawn_blocking(work).await.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dressed_up_common_words_are_common() {
        for password in [
            "motdepasse2026!",
            "azertyuiop123",
            "123456789012",
            "aaaabbbbaaaa",
            "Soleil-2026-!!",
            "Socle-2026-!!!",
            "Médiation2026!",
        ] {
            assert!(is_common(password), "{password}");
        }
    }

    #[test]
    fn a_few_words_in_a_row_are_not_common() {
        assert!(!is_common("le guichet ouvre à neuf heures"));
    }

    #[tokio::test]
    async fn a_password_verifies_against_its_own_hash_only() {
        let email = "lea@example.org".parse().unwrap();
        let hash = hash_new("le guichet ouvre à neuf heures".into(), &email, [7; 32]).await.unwrap();
        assert!(verify("le guichet ouvre à neuf heures".into(), Some(hash.clone())).await);
        assert!(!verify("le guichet ouvre à dix heures".into(), Some(hash)).await);
        assert!(!verify("le guichet ouvre à neuf heures".into(), None).await);
    }

    #[tokio::test]
    async fn an_unknown_account_is_checked_as_long_as_a_known_one() {
        let email = "lea@example.org".parse().unwrap();
        let hash = hash_new("le guichet ouvre à neuf heures".into(), &email, [7; 32]).await.unwrap();
        let work = |hash: &str| {
            let hash = PasswordHash::new(hash).unwrap();
            (hash.algorithm.to_string(), hash.params.to_string(), hash.hash.unwrap().len())
        };
        assert_eq!(work(NOBODY), work(&hash));
    }
}
