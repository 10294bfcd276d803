//! Identifiers, one type each, so that a chapter never passes for a course.

use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

/// Why a text is not a slug.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("« {0} » n’est pas un identifiant : lettres minuscules sans accent, chiffres et tirets, 64 signes au plus")]
pub struct NotASlug(pub String);

fn checked_slug(text: &str) -> Result<String, NotASlug> {
    let fits = (1..=64).contains(&text.len());
    let spelled = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    let framed = !text.starts_with('-') && !text.ends_with('-');
    if fits && spelled && framed { Ok(text.to_owned()) } else { Err(NotASlug(text.to_owned())) }
}

macro_rules! slug {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The text of the identifier.
            #[must_use]
            pub fn as_str(&self) -> &str { &self.0 }
        }
        impl TryFrom<String> for $name {
            type Error = NotASlug;
            fn try_from(text: String) -> Result<Self, NotASlug> { checked_slug(&text).map(Self) }
        }
        impl std::str::FromStr for $name {
            type Err = NotASlug;
            fn from_str(text: &str) -> Result<Self, NotASlug> { checked_slug(text).map(Self) }
        }
        impl From<$name> for String {
            fn from(slug: $name) -> Self { slug.0 }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) }
        }
    };
}

slug!(/// A course, by the name of its folder: `mediation-numerique`.
    CourseSlug);
slug!(/// A chapter in its course, by its folder's name without the order number.
    ChapterSlug);
slug!(/// A section in its chapter, by its heading's anchor.
    SectionSlug);
slug!(/// A skill that a course trains, by its key in `course.toml`.
    SkillSlug);
slug!(/// A question in its quiz; kept from one version of the course to the next.
    QuestionSlug);
slug!(/// What a webinar is led with, by the name of its folder: `webinaire-outils-numeriques`.
    KitSlug);
slug!(/// A poll prepared for a webinar.
    PollSlug);
slug!(/// A whole training, by the name of its folder: `parcours-france-services`.
    PathwaySlug);
slug!(/// A part of a pathway.
    ComponentSlug);
slug!(/// What a pathway certifies.
    AwardSlug);

macro_rules! number {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }
    };
}

number!(/// A person who has an account.
    PersonId);
number!(/// A maison France Services.
    MaisonId);
number!(/// One published, immutable version of a course.
    VersionId);

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }
        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, uuid::Error> { text.parse().map(Self) }
        }
    };
}

uuid_id!(/// One attempt at a quiz; made by whoever asks to start it, so that asking twice starts one.
    AttemptId);
uuid_id!(/// One saying of an answer; made in the browser, so that a resent answer is known as itself.
    AnswerId);
uuid_id!(/// One live webinar; made with the form that plans it, so that sending it twice plans one.
    WebinarId);
uuid_id!(/// One session face to face; made with the form that plans it, so that sending it twice plans one.
    ClassroomId);
uuid_id!(/// One cohort; made with the form that makes it, so that sending it twice makes one.
    CohortId);
uuid_id!(/// One entry of attendance by a trainer; made with its form, so that sending it twice enters once.
    EntryId);
uuid_id!(/// One correction by a trainer; made with its form, so that sending it twice corrects once.
    CorrectionId);
uuid_id!(/// One webhook; made with the form that makes it, so that sending it twice makes one.
    WebhookId);
uuid_id!(/// One message to a webhook, the same however often it is sent.
    DeliveryId);
uuid_id!(/// One token of another system; made with the form that makes it, so that sending it twice makes one.
    TokenId);
