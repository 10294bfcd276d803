//! What makes a password good enough: long rather than complex (ANSSI-PG-078; CNIL, délibération
//! n° 2022-100), no rule of composition, no forced renewal.

use super::Email;

/// Characters that a password has at least.
pub const MIN_PASSWORD: usize = 12;
/// Characters that a password has at most: what is hashed slowly must have a bound.
pub const MAX_PASSWORD: usize = 256;

/// Why a password is refused, and what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordProblem {
    #[error(
        "Choisissez un mot de passe d’au moins {MIN_PASSWORD} caractères\u{a0}: quelques mots sans rapport entre eux se retiennent bien."
    )]
    TooShort,
    #[error("Choisissez un mot de passe de {MAX_PASSWORD} caractères au plus.")]
    TooLong,
    #[error(
        "Ce mot de passe est parmi les plus courants, donc les premiers essayés\u{a0}: choisissez-en un autre, par exemple quelques mots sans rapport entre eux."
    )]
    Common,
    #[error(
        "Ce mot de passe figure dans une liste de mots de passe volés sur d’autres sites\u{a0}: choisissez-en un autre, et changez-le partout où il vous sert."
    )]
    Leaked,
    #[error("Votre mot de passe ne peut pas être votre adresse électronique\u{a0}: choisissez-en un autre.")]
    IsEmail,
}

/// Whether the password will do for the holder of that e-mail address. `common` tells the passwords
/// known to be tried first; it is asked in lower case.
pub fn check_password(password: &str, email: &Email, common: &dyn Fn(&str) -> bool) -> Result<(), PasswordProblem> {
    let length = password.chars().count();
    let lower = password.to_lowercase();
    let lower = lower.trim();
    if length < MIN_PASSWORD {
        Err(PasswordProblem::TooShort)
    } else if length > MAX_PASSWORD {
        Err(PasswordProblem::TooLong)
    } else if lower == email.as_str() || lower == email.local_part() {
        Err(PasswordProblem::IsEmail)
    } else if common(lower) {
        Err(PasswordProblem::Common)
    } else {
        Ok(())
    }
}
