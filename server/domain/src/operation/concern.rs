//! What needs attention.

use super::{
    Clock, Copies, Failure, Health, Job, Keys, Mails, Media, Run, Seen, Space, Standing, State, Storage, Trouble,
    standings,
};
use jiff::{SignedDuration, Timestamp};

/// Something that needs attention.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Concern {
    SlowDatabase(SignedDuration),
    ClockWrong(SignedDuration),
    MediaStopped,
    /// NATS is not reached: each webinar is on one node.
    NatsLost,
    /// These jobs do not run any more.
    Overdue(Vec<Job>),
    /// This one runs and fails.
    Failing(Job, Failure),
    /// Nothing takes mails away, in production.
    NoRelay,
    /// So many mails wait, the eldest since then.
    MailsLate(u64, Timestamp),
    MailsGivenUp(u64),
    WebhooksDisabled(u64),
    /// There is little room left on the disk of that folder.
    DiskShort(String, Space),
    /// The last copy is of then, if there is one.
    CopyStale(Option<Timestamp>),
    CertificateExpired(Timestamp),
    /// So many days are left.
    CertificateEnds(i64),
    /// The files are not a certificate with its key.
    CertificateUnfit,
    /// The authority gave no new one: why, until when there is one, and whether that presses.
    CertificateNotRenewed(Trouble, Option<Timestamp>, bool),
    TokensExpire(u64),
    /// That could not be read.
    Unread(Part, Failure),
}

/// How much something presses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Degree {
    /// Something does not work, or will not for long.
    Now,
    /// Everything works: it is to be planned.
    Soon,
}

/// A part of what is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    Database,
    Clock,
    Rooms,
    Sessions,
    Mails,
    Webhooks,
    DatabaseSize,
    Recordings,
    Media,
    Uploads,
    CopiesSize,
    LastCopy,
    /// The disk of that folder.
    Disk(String),
    Migrations,
    Editions,
    SigningKeys,
    Certificate,
    Tokens,
    SecondFactors,
}

impl Part {
    /// With its article, as the beginning of a sentence.
    #[must_use]
    pub fn name(&self) -> String {
        let name = match self {
            Self::Database => "La base de données",
            Self::Clock => "L’horloge",
            Self::Rooms => "Le nombre de salles ouvertes",
            Self::Sessions => "Le nombre de sessions",
            Self::Mails => "L’état des courriels",
            Self::Webhooks => "L’état des webhooks",
            Self::DatabaseSize => "La taille de la base de données",
            Self::Recordings => "La taille des enregistrements",
            Self::Media => "La taille des médias des cours",
            Self::Uploads => "La taille des envois en cours",
            Self::CopiesSize => "La taille des copies",
            Self::LastCopy => "La dernière copie",
            Self::Disk(path) => return format!("La place du disque de {path}"),
            Self::Migrations => "L’état du schéma",
            Self::Editions => "La liste des cours publiés",
            Self::SigningKeys => "La liste des clés de signature",
            Self::Certificate => "Le certificat HTTPS",
            Self::Tokens => "L’état des jetons",
            Self::SecondFactors => "Le nombre de comptes sans second facteur",
        };
        name.to_owned()
    }
}

impl Concern {
    /// How much it presses.
    #[must_use]
    pub fn degree(&self) -> Degree {
        match self {
            Self::TokensExpire(_) | Self::CertificateNotRenewed(_, _, false) => Degree::Soon,
            _ => Degree::Now,
        }
    }
}

/// A database that takes so long to say one is slow.
const SLOW: SignedDuration = SignedDuration::from_secs(1);

/// A mail that could have left so long ago is late: it was tried three times since.
const MAIL_LATE: SignedDuration = SignedDuration::from_mins(30);

/// What needs attention, what presses most first.
#[must_use]
pub fn concerns(state: &State) -> Vec<Concern> {
    let mut found = Vec::new();
    let now = state.now;
    of_health(&state.health, &mut found);
    of_storage(&state.storage, state.health.since, now, &mut found);
    of_jobs(&state.jobs, state.health.since, now, &mut found);
    of_mails(&state.mails, state.health.production, now, &mut found);
    if let Some(webhooks) = read(Part::Webhooks, &state.webhooks, &mut found)
        && webhooks.disabled > 0
    {
        found.push(Concern::WebhooksDisabled(webhooks.disabled));
    }
    read(Part::Migrations, &state.versions.migrations, &mut found);
    read(Part::Editions, &state.versions.editions, &mut found);
    of_keys(&state.keys, now, &mut found);
    found.sort_by_key(Concern::degree);
    found
}

/// What was read; what could not be is a concern.
fn read<'s, T>(part: Part, seen: &'s Seen<T>, found: &mut Vec<Concern>) -> Option<&'s T> {
    match seen {
        Ok(seen) => Some(seen),
        Err(failure) => {
            found.push(Concern::Unread(part, *failure));
            None
        }
    }
}

fn of_health(health: &Health, found: &mut Vec<Concern>) {
    if let Some(database) = read(Part::Database, &health.database, found)
        && database.took > SLOW
    {
        found.push(Concern::SlowDatabase(database.took));
    }
    let clock = read(Part::Clock, &health.clock, found).copied();
    found.extend(clock.and_then(Clock::wrong_by).map(Concern::ClockWrong));
    if health.media == Media::Stopped {
        found.push(Concern::MediaStopped);
    }
    if health.cascade.as_ref().is_some_and(|cascade| !cascade.connected) {
        found.push(Concern::NatsLost);
    }
    read(Part::Rooms, &health.rooms, found);
    read(Part::Sessions, &health.sessions, found);
}

fn of_storage(storage: &Storage, since: Timestamp, now: Timestamp, found: &mut Vec<Concern>) {
    for disk in &storage.disks {
        if let Some(space) = read(Part::Disk(disk.path.clone()), &disk.space, found)
            && space.is_short()
        {
            found.push(Concern::DiskShort(disk.path.clone(), *space));
        }
    }
    if let Copies::Made { all, last, .. } = &storage.copies {
        read(Part::LastCopy, last, found);
        read(Part::CopiesSize, all, found);
    }
    if storage.copies.are_stale(since, now) {
        found.push(Concern::CopyStale(storage.copies.last().map(|last| last.at)));
    }
    read(Part::DatabaseSize, &storage.database, found);
    read(Part::Recordings, &storage.recordings, found);
    read(Part::Media, &storage.media, found);
    read(Part::Uploads, &storage.uploads, found);
}

fn of_jobs(jobs: &[(Job, Run)], since: Timestamp, now: Timestamp, found: &mut Vec<Concern>) {
    let mut overdue = Vec::new();
    for ((job, _), standing) in jobs.iter().zip(standings(jobs, since, now)) {
        match standing {
            Standing::Overdue(_) => overdue.push(*job),
            Standing::Failing(failure) => found.push(Concern::Failing(*job, failure)),
            Standing::ToCome | Standing::UnderWay(_) | Standing::Behind(_) | Standing::Elsewhere | Standing::Well => {}
        }
    }
    if !overdue.is_empty() {
        found.push(Concern::Overdue(overdue));
    }
}

fn of_mails(mails: &Seen<Mails>, production: bool, now: Timestamp, found: &mut Vec<Concern>) {
    let Some(mails) = read(Part::Mails, mails, found) else { return };
    if !mails.relay {
        found.extend(production.then_some(Concern::NoRelay));
    } else if let Some(eldest) = mails.eldest.filter(|eldest| now.duration_since(*eldest) > MAIL_LATE) {
        found.push(Concern::MailsLate(mails.waiting, eldest));
    }
    if mails.given_up > 0 {
        found.push(Concern::MailsGivenUp(mails.given_up));
    }
}

fn of_keys(keys: &Keys, now: Timestamp, found: &mut Vec<Concern>) {
    read(Part::SigningKeys, &keys.signing, found);
    let certificate = keys.tls.as_ref().and_then(|tls| read(Part::Certificate, tls, found));
    if let Some((_, trouble)) = keys.acme.as_ref().and_then(|acme| acme.failed) {
        let presses = certificate.is_none_or(|certificate| certificate.is_ending(now));
        let until = certificate.map(|certificate| certificate.until);
        found.push(Concern::CertificateNotRenewed(trouble, until, presses));
    } else if let Some(certificate) = certificate {
        match certificate.days_left(now) {
            ..0 => found.push(Concern::CertificateExpired(certificate.until)),
            days if certificate.is_ending(now) => found.push(Concern::CertificateEnds(days)),
            _ => {}
        }
        if !certificate.fits {
            found.push(Concern::CertificateUnfit);
        }
    }
    if let Some(tokens) = read(Part::Tokens, &keys.tokens, found)
        && tokens.expiring > 0
    {
        found.push(Concern::TokensExpire(tokens.expiring));
    }
    read(Part::SecondFactors, &keys.without_factor, found);
}
