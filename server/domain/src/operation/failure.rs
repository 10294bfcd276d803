//! Why something failed, in plain words.

use std::fmt;

/// The kind of a failure. What the error itself says stays in the log: it may name files, and people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Failure {
    DiskFull,
    ReadOnly,
    NotAllowed,
    NotFound,
    Disk,
    Database,
    Elsewhere,
    /// What it says is not what was expected.
    Unreadable,
    /// It did not come in time.
    Late,
    /// The program itself is at fault.
    Defect,
    Other,
}

/// What errors of the system, of both databases and of clients say, the most telling first.
const SAID: &[(Failure, &[&str])] = &[
    (Failure::DiskFull, &["No space left on device", "disk is full", "Disk quota exceeded", "could not extend file"]),
    (Failure::ReadOnly, &["Read-only file system", "readonly database", "read-only transaction"]),
    (Failure::NotAllowed, &["Permission denied", "Operation not permitted"]),
    (Failure::NotFound, &["No such file or directory", "Not a directory", "there is no database at"]),
    (Failure::Unreadable, &["cannot be read as PEM", "holds no certificate"]),
    (Failure::Disk, &["Input/output error", "disk I/O error", "Stale file handle", "database disk image is malformed"]),
    (
        Failure::Database,
        &["database is locked", "acquire connection from pool", "pool timed out", "database:", "Connection Error"],
    ),
    (Failure::Database, &["Execution Error", "Query Error", "error returned from database"]),
    (
        Failure::Elsewhere,
        &[
            "error sending request",
            "Connection refused",
            "Connection reset",
            "timed out",
            "dns error",
            "Generic S3 error",
        ],
    ),
];

impl Failure {
    /// The kind of what an error says with all its causes.
    #[must_use]
    pub fn read(error: &str) -> Self {
        let says = |(_, said): &&(Self, &[&str])| said.iter().any(|said| error.contains(said));
        SAID.iter().find(says).map_or(Self::Other, |(failure, _)| *failure)
    }

    /// In plain words, as the end of « …: ».
    #[must_use]
    pub fn said(self) -> &'static str {
        match self {
            Self::DiskFull => "le disque est plein",
            Self::ReadOnly => "le disque est en lecture seule",
            Self::NotAllowed => "Socle n’a pas le droit d’y accéder",
            Self::NotFound => "le fichier ou le dossier est introuvable",
            Self::Disk => "le disque ne se lit pas ou ne s’écrit pas",
            Self::Database => "la base de données n’a pas répondu comme il faut",
            Self::Elsewhere => "un autre service ne répond pas",
            Self::Unreadable => "le fichier n’est pas celui qui est attendu",
            Self::Late => "la mesure a pris trop de temps",
            Self::Defect => "un défaut du logiciel",
            Self::Other => "une erreur que seul le journal du serveur détaille",
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.said())
    }
}
