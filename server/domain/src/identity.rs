//! Who may do what: roles and their scope, names, e-mail addresses, passwords, passkeys, the tokens of other systems.

#[cfg(test)]
mod tests;

mod access;
mod passkey;
mod password;
mod person;
mod second_factor;
mod sight;
mod token;

pub use access::{
    Grant, Misfit, NotAGrant, Role, Scope, Subject, may_administer, may_begin_course, may_follow_course,
    may_follow_departement, may_follow_maison, may_follow_nation, may_publish, may_see_course_record, may_see_record,
};
pub use passkey::{MAX_PASSKEY_NAME, MAX_PASSKEYS, NoPasskeys, passkey_name, passkey_site};
pub use password::{MAX_PASSWORD, MIN_PASSWORD, PasswordProblem, check_password};
pub use person::{Email, NotAName, NotAnEmail, PersonName};
pub use second_factor::{RECOVERY_CODES, TotpKey, needs_second_factor, recovery_code, typed_recovery_code};
pub use sight::{Home, Reach, Sight, home, may_follow_somebody, reach, sight};
pub use token::{NewToken, NotAScope, TOKEN_DAYS, TOKEN_NAME, TokenForm, TokenScope, TokenScopes, read_token};
