//! What is done without being asked, and how it goes.

use super::Failure;
use jiff::{SignedDuration, Timestamp};

/// A job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Job {
    Library,
    Pathways,
    SigningKeys,
    Publications,
    Certificates,
    Mails,
    Webhooks,
    Copies,
    Attempts,
    Closings,
    Webinars,
    Recordings,
    Enrolments,
    Statements,
    Postings,
    Sessions,
    Uploads,
    Retention,
    Https,
}

/// What was seen of a job since the process began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Run {
    /// When the run that is under way began.
    pub under_way: Option<Timestamp>,
    /// When the last one ended, and how long it took.
    pub ended: Option<(Timestamp, SignedDuration)>,
    /// The last failure.
    pub failed: Option<(Timestamp, Failure)>,
    /// Failures since the last success.
    pub in_a_row: u64,
    /// When its turn last came and another node had it, where this one has not had it since.
    pub left: Option<Timestamp>,
}

/// How a job goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Its turn has not come since the start.
    ToCome,
    UnderWay(Timestamp),
    Well,
    /// It is another node's to do.
    Elsewhere,
    /// The last run failed.
    Failing(Failure),
    /// Its turn has come, and another job of its round is still at work.
    Behind(Job),
    /// It has not run for three periods; since when.
    Overdue(Timestamp),
}

/// Jobs that are done one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Round {
    /// What was done elsewhere, or is due now.
    TakingUp,
    Mails,
    Webhooks,
    Copies,
    /// What is to be closed, completed, folded, swept.
    KeepingUp,
    Https,
}

impl Round {
    /// How often it begins.
    #[must_use]
    pub fn period(self) -> SignedDuration {
        match self {
            Self::Webhooks | Self::Https => SignedDuration::from_secs(2),
            Self::TakingUp | Self::Mails => SignedDuration::from_secs(5),
            Self::Copies | Self::KeepingUp => SignedDuration::from_mins(1),
        }
    }
}

/// How each job goes, in a process that began `since` then.
#[must_use]
pub fn standings(jobs: &[(Job, Run)], since: Timestamp, now: Timestamp) -> Vec<Standing> {
    let busy = |(job, run): &&(Job, Run)| matches!(job.standing(*run, since, now), Standing::UnderWay(_));
    let before = |job: Job| jobs.iter().filter(busy).find(|(other, _)| other.round() == job.round());
    let standing = |(job, run): &(Job, Run)| match (job.standing(*run, since, now), before(*job)) {
        (Standing::Overdue(_), Some((other, _))) => Standing::Behind(*other),
        (standing, _) => standing,
    };
    jobs.iter().map(standing).collect()
}

/// Periods after which a job that did not run is overdue.
const PERIODS: i32 = 3;

/// However short its period is, a job is not overdue before: a copy that ends, or a machine that was busy, is no fault.
const GRACE: SignedDuration = SignedDuration::from_mins(1);

impl Job {
    /// Every job, in the order of their table.
    pub const ALL: [Self; 19] = [
        Self::Mails,
        Self::Webhooks,
        Self::Copies,
        Self::Retention,
        Self::Webinars,
        Self::Closings,
        Self::Recordings,
        Self::Attempts,
        Self::Enrolments,
        Self::Certificates,
        Self::Postings,
        Self::Statements,
        Self::Publications,
        Self::Library,
        Self::Pathways,
        Self::SigningKeys,
        Self::Sessions,
        Self::Uploads,
        Self::Https,
    ];

    /// As metrics and logs know it, for ever.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Library => "library",
            Self::Pathways => "pathways",
            Self::SigningKeys => "signing-keys",
            Self::Publications => "publications",
            Self::Certificates => "certificates",
            Self::Mails => "mails",
            Self::Webhooks => "webhooks",
            Self::Copies => "copies",
            Self::Attempts => "attempts",
            Self::Closings => "closings",
            Self::Webinars => "webinars",
            Self::Recordings => "recordings",
            Self::Enrolments => "enrolments",
            Self::Statements => "statements",
            Self::Postings => "postings",
            Self::Sessions => "sessions",
            Self::Uploads => "uploads",
            Self::Retention => "retention",
            Self::Https => "https",
        }
    }

    /// What people call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Library => "Cours publiés",
            Self::Pathways => "Parcours publiés",
            Self::SigningKeys => "Clés de signature",
            Self::Publications => "Publications prévues",
            Self::Certificates => "Certificats",
            Self::Mails => "Envoi des courriels",
            Self::Webhooks => "Envoi aux webhooks",
            Self::Copies => "Copie de la nuit",
            Self::Attempts => "Essais de quiz",
            Self::Closings => "Présences aux webinaires",
            Self::Webinars => "Fin des webinaires",
            Self::Recordings => "Enregistrements",
            Self::Enrolments => "Tableaux de suivi",
            Self::Statements => "Traces xAPI",
            Self::Postings => "Affectations",
            Self::Sessions => "Sessions",
            Self::Uploads => "Envois de fichiers",
            Self::Retention => "Conservation des données",
            Self::Https => "Certificat HTTPS",
        }
    }

    /// What it is for.
    #[must_use]
    pub fn purpose(self) -> &'static str {
        match self {
            Self::Library => "Prend en compte les cours publiés en ligne de commande.",
            Self::Pathways => "Prend en compte les parcours publiés en ligne de commande.",
            Self::SigningKeys => "Prend en compte une clé faite en ligne de commande.",
            Self::Publications => "Publie les versions à l’heure choisie dans le studio.",
            Self::Certificates => "Délivre ce qu’une nouvelle version du parcours ou d’un cours accorde.",
            Self::Mails => "Remet au relais les messages dont l’heure est venue.",
            Self::Webhooks => "Prévient les autres systèmes de ce qui se passe.",
            Self::Copies => "Copie toute la base chaque nuit, et retire les copies trop anciennes.",
            Self::Attempts => "Rend les essais dont le temps est écoulé.",
            Self::Closings => "Inscrit les présences aux dossiers après un webinaire.",
            Self::Webinars => "Termine les webinaires que personne n’a terminés.",
            Self::Recordings => "Achève les enregistrements et les met en place.",
            Self::Enrolments => "Recalcule les lignes du suivi qui ne sont plus à jour.",
            Self::Statements => "Énonce en xAPI les résultats inscrits aux dossiers.",
            Self::Postings => "Applique les affectations dont le jour est venu.",
            Self::Sessions => "Efface les sessions terminées.",
            Self::Uploads => "Efface les fichiers dont l’envoi a été abandonné.",
            Self::Retention => "Efface chaque nuit ce qui a passé son terme.",
            Self::Https => "Demande et renouvelle le certificat HTTPS, là où c’est à Socle de le faire.",
        }
    }

    /// Whether each of several nodes does it for itself; else the one on duty does it for all.
    #[must_use]
    pub fn is_of_each_node(self) -> bool {
        matches!(self, Self::Library | Self::Pathways | Self::SigningKeys | Self::Copies | Self::Webinars | Self::Https)
    }

    /// With which others it takes turns.
    #[must_use]
    pub fn round(self) -> Round {
        match self {
            Self::Mails => Round::Mails,
            Self::Webhooks => Round::Webhooks,
            Self::Copies => Round::Copies,
            Self::Https => Round::Https,
            Self::Library | Self::Pathways | Self::SigningKeys | Self::Publications | Self::Certificates => {
                Round::TakingUp
            }
            Self::Attempts
            | Self::Closings
            | Self::Webinars
            | Self::Recordings
            | Self::Enrolments
            | Self::Statements
            | Self::Postings
            | Self::Sessions
            | Self::Uploads
            | Self::Retention => Round::KeepingUp,
        }
    }

    /// How long a run may take: a recording goes to its bucket, a large database is copied, many mails leave.
    fn longest(self) -> SignedDuration {
        match self {
            Self::Mails
            | Self::Copies
            | Self::Publications
            | Self::Certificates
            | Self::Recordings
            | Self::Enrolments
            | Self::Statements
            | Self::Retention => SignedDuration::from_hours(1),
            _ => SignedDuration::from_mins(10),
        }
    }

    /// After how long without a run it is overdue.
    #[must_use]
    pub fn patience(self) -> SignedDuration {
        (self.round().period() * PERIODS).max(GRACE)
    }

    /// How it goes by itself, in a process that began `since` then.
    fn standing(self, run: Run, since: Timestamp, now: Timestamp) -> Standing {
        if let Some(began) = run.under_way {
            let long = now.duration_since(began) > self.longest();
            return if long { Standing::Overdue(began) } else { Standing::UnderWay(began) };
        }
        if let Some(left) = run.left {
            let late = now.duration_since(left) > self.patience();
            return if late { Standing::Overdue(left) } else { Standing::Elsewhere };
        }
        let last = run.ended.map_or(since, |(ended, _)| ended);
        match (run.ended, run.failed) {
            _ if now.duration_since(last) > self.patience() => Standing::Overdue(last),
            (None, _) => Standing::ToCome,
            (Some(_), Some((_, failure))) if run.in_a_row > 0 => Standing::Failing(failure),
            (Some(_), _) => Standing::Well,
        }
    }
}
