//! Why an act is refused.

use serde::{Deserialize, Serialize};

/// Why an act is refused, in words for whoever did it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum Refusal {
    #[error("Seules les personnes qui animent peuvent faire cela.")]
    TrainersOnly,
    #[error("Le webinaire est terminé.")]
    Closed,
    #[error("Le webinaire n’a pas encore commencé.")]
    NotLive,
    #[error("Le webinaire est déjà en direct.")]
    AlreadyLive,
    #[error("Cela n’existe pas, ou plus.")]
    NoSuchThing,
    #[error("Écrivez quelque chose d’abord.")]
    Empty,
    #[error("C’est trop long\u{a0}: {0} caractères au plus.")]
    TooLong(usize),
    #[error("C’est terminé\u{a0}: il n’est plus possible de répondre.")]
    Over,
    #[error("Vous avez déjà répondu à cette question.")]
    AlreadyAnswered,
    #[error("{0}")]
    Malformed(String),
    #[error("Six personnes ont déjà la parole\u{a0}: reprenez-la d’abord à l’une d’elles.")]
    FloorFull,
    #[error("Cette personne n’est pas dans la salle.")]
    NotHere,
    #[error("Une personne qui anime ne peut ni être exclue, ni perdre la parole.")]
    Trainer,
    #[error("Un choix doit être fait, et un seul.")]
    OneChoice,
    #[error("Il faut de deux à huit choix, tous différents.")]
    Choices,
    #[error("Marquez au moins un choix juste, et laissez-en au moins un faux.")]
    RightChoices,
    #[error("Aucun quiz n’est préparé pour ce webinaire\u{a0}: écrivez au moins une question.")]
    NothingPrepared,
    #[error("Dix questions au plus.")]
    TooManyQuestions,
    #[error("L’adresse doit commencer par https://, ou par / pour une page de Socle.")]
    NotALink,
    #[error("Entre dix secondes et dix minutes.")]
    Duration,
    #[error("Ce webinaire n’est pas enregistré.")]
    NotRecorded,
    #[error("Vous allez trop vite\u{a0}: attendez quelques secondes.")]
    TooOften,
    #[error("Il y en a trop dans ce webinaire.")]
    TooMany,
    #[error("Rien n’a été enregistré\u{a0}: réessayez dans un instant.")]
    NotKept,
}
