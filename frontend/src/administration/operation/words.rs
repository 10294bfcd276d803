//! What needs attention, in words, with what to do and where.

use domain::operation::{Concern, Failure, Trouble};
use domain::studio::medium::weight;
use domain::text::{counted, date_long, date_time, lasting, percent, plural};

/// What is told of a concern.
pub(super) struct Told {
    pub(super) what: String,
    pub(super) remedy: &'static str,
    /// To be typed on the server.
    pub(super) command: Option<&'static str>,
    /// Where it is done or seen, and what that place is called.
    pub(super) link: (&'static str, &'static str),
}

const LOG: &str = "journalctl -u socle -p err";
const RESTART: &str = "systemctl restart socle";
const JOBS: (&str, &str) = ("#taches", "Voir les tâches");
const DISKS: (&str, &str) = ("#stockage", "Voir les disques");
const KEYS: (&str, &str) = ("#cles", "Voir le certificat");
const MAILS: (&str, &str) = ("/administration/courriels", "Voir les courriels");

#[expect(clippy::too_many_lines, reason = "a table")]
pub(super) fn told(concern: &Concern) -> Told {
    let say = |what: String, remedy, command, link| Told { what, remedy, command, link };
    match concern {
        Concern::SlowDatabase(took) => say(
            format!("La base de données met {} à répondre.", lasting(*took)),
            "Regardez ce qui occupe la machine et son disque\u{a0}:",
            Some("top"),
            DISKS,
        ),
        Concern::ClockWrong(by) => say(
            format!("L’horloge de la machine est fausse de {} environ.", lasting(*by)),
            "Les codes de connexion, les dates et ProConnect en dépendent. Mettez-la à l’heure\u{a0}:",
            Some("timedatectl"),
            ("#sante", "Voir la santé"),
        ),
        Concern::MediaStopped => say(
            "Le son et l’image des webinaires ne passent plus.".to_owned(),
            "Redémarrez Socle\u{a0}: les salles reviennent d’elles-mêmes.",
            Some(RESTART),
            ("#sante", "Voir la santé"),
        ),
        Concern::NatsLost => say(
            "NATS ne répond pas\u{a0}: chaque webinaire tient sur une seule machine.".to_owned(),
            "Le direct continue, avec moins de places. Relancez NATS, ou vérifiez que cette machine l’atteint\u{a0}:",
            Some("systemctl status nats-server"),
            ("#sante", "Voir la santé"),
        ),
        Concern::Overdue(jobs) => {
            let names: Vec<&str> = jobs.iter().map(|job| job.name()).collect();
            let what = match names.as_slice() {
                [one] => format!("La tâche «\u{a0}{one}\u{a0}» ne se fait plus."),
                some => format!(
                    "{} ne se font plus\u{a0}: {}.",
                    counted(some.len() as u64, "tâche", "tâches"),
                    some.join(", ")
                ),
            };
            say(what, "Redémarrez Socle, puis lisez son journal.", Some(RESTART), JOBS)
        }
        Concern::Failing(job, failure) => {
            let (remedy, command, link) = remedy(*failure, JOBS);
            say(format!("La tâche «\u{a0}{}\u{a0}» échoue\u{a0}: {failure}.", job.name()), remedy, command, link)
        }
        Concern::NoRelay => say(
            "Aucun courriel ne part.".to_owned(),
            "Réglez le relais de messagerie, puis redémarrez Socle\u{a0}:",
            Some("SOCLE_SMTP_URL"),
            MAILS,
        ),
        Concern::MailsLate(many, _) => say(
            format!(
                "{} {} depuis plus d’une demi-heure.",
                counted(*many, "courriel", "courriels"),
                plural(*many, "attend", "attendent")
            ),
            "Le relais ne les prend pas\u{a0}: chaque message dit ce qu’il a répondu.",
            None,
            MAILS,
        ),
        Concern::MailsGivenUp(many) => say(
            format!(
                "{} {} depuis sept jours.",
                counted(*many, "courriel", "courriels"),
                plural(*many, "abandonné", "abandonnés")
            ),
            "Corrigez l’adresse du compte, ou prévenez la personne autrement.",
            None,
            MAILS,
        ),
        Concern::WebhooksDisabled(many) => say(
            format!("{}.", counted(*many, "webhook désactivé", "webhooks désactivés")),
            "Rien n’arrivait plus à ce système\u{a0}: voyez avec lui, puis réactivez-le.",
            None,
            ("/administration/webhooks", "Voir les webhooks"),
        ),
        Concern::DiskShort(path, space) => say(
            format!("Il reste {} ({}) sur le disque de {path}.", weight(space.free), percent(space.percent())),
            "Agrandissez-le, gardez moins de copies, ou supprimez des enregistrements depuis la page de leur webinaire.",
            None,
            ("/webinaires", "Voir les webinaires"),
        ),
        Concern::CopyStale(last) => say(
            match last {
                Some(last) => format!("La dernière copie date du {}.", date_time(*last)),
                None => "Il n’y a aucune copie.".to_owned(),
            },
            "Faites-en une, et voyez pourquoi la tâche «\u{a0}Copie de la nuit\u{a0}» n’en fait pas.",
            Some("socle backup DOSSIER"),
            JOBS,
        ),
        Concern::CertificateExpired(at) => say(
            format!("Le certificat HTTPS a expiré le {}.", date_long(*at)),
            "Les navigateurs refusent le site. Renouvelez-le\u{a0}: Socle prend le nouveau de lui-même.",
            Some("certbot renew"),
            KEYS,
        ),
        Concern::CertificateEnds(days) => say(
            format!("Le certificat HTTPS expire dans {}.", counted(days.unsigned_abs(), "jour", "jours")),
            "Il aurait dû être renouvelé déjà. Renouvelez-le\u{a0}: Socle prend le nouveau de lui-même.",
            Some("certbot renew"),
            KEYS,
        ),
        Concern::CertificateUnfit => say(
            "Les fichiers du certificat HTTPS ne sont pas utilisables.".to_owned(),
            "Le certificat et sa clé ne vont pas ensemble\u{a0}: copiez les deux de nouveau.",
            None,
            KEYS,
        ),
        Concern::CertificateNotRenewed(why, until, _) => {
            let (why, remedy) = trouble(*why);
            let what = match until {
                Some(until) => {
                    format!("Le certificat HTTPS, valable jusqu’au {}, n’est pas renouvelé", date_long(*until))
                }
                None => "Il n’y a pas de certificat HTTPS".to_owned(),
            };
            say(format!("{what}\u{a0}: {why}."), remedy, Some(LOG), KEYS)
        }
        Concern::TokensExpire(many) => say(
            format!(
                "{} d’autres systèmes {} d’ici trente jours.",
                counted(*many, "jeton", "jetons"),
                plural(*many, "expire", "expirent")
            ),
            "Faites les suivants et donnez-les à ces systèmes.",
            None,
            ("/administration/jetons", "Voir les jetons"),
        ),
        Concern::Unread(part, failure) => {
            let (remedy, command, link) = remedy(*failure, DISKS);
            say(format!("{}\u{a0}: lecture impossible, {failure}.", part.name()), remedy, command, link)
        }
    }
}

/// Why an authority gave no certificate, and what to do. Socle asks again, and at once when it is restarted.
pub(super) fn trouble(trouble: Trouble) -> (String, &'static str) {
    let (why, remedy) = match trouble {
        Trouble::Unreachable => (
            "l’autorité de certification ne répond pas",
            "Vérifiez SOCLE_ACME, et que cette machine peut la joindre (port 443 vers l’extérieur).",
        ),
        Trouble::NotFound => (
            "l’autorité ne trouve pas cette machine sous son nom",
            "Vérifiez où mène le nom (DNS, A et AAAA), et que le port 443 est ouvert depuis l’internet.",
        ),
        Trouble::Name => {
            ("l’autorité n’en donne pas pour ce nom", "Vérifiez SOCLE_PUBLIC_URL, et l’enregistrement CAA du domaine.")
        }
        Trouble::TooOften => {
            ("l’autorité trouve qu’on lui demande trop souvent", "Attendez, sans redémarrer Socle entre-temps.")
        }
        Trouble::Refused => ("l’autorité refuse la demande", "Le journal du serveur rapporte ce qu’elle en dit."),
        Trouble::Kept(failure) => {
            return (format!("il ne peut pas être gardé, {failure}"), remedy(failure, DISKS).0);
        }
    };
    (why.to_owned(), remedy)
}

/// What to do against a failure; `link` is where it shows.
fn remedy(
    failure: Failure,
    link: (&'static str, &'static str),
) -> (&'static str, Option<&'static str>, (&'static str, &'static str)) {
    match failure {
        Failure::DiskFull => ("Faites de la place.", None, DISKS),
        Failure::ReadOnly => ("Remontez le disque en écriture, après l’avoir vérifié.", None, DISKS),
        Failure::NotAllowed => ("Rendez le dossier à l’utilisateur socle.", Some("chown -R socle: DOSSIER"), link),
        Failure::NotFound => ("Remettez-le en place, ou corrigez le réglage qui le nomme.", Some("socle config"), link),
        Failure::Disk => ("Le disque est peut-être en fin de vie\u{a0}: vérifiez-le.", Some("dmesg"), DISKS),
        Failure::Late => ("Rechargez la page. Si cela dure, le disque ou le réseau qui y mène est lent.", None, link),
        Failure::Elsewhere => {
            ("Voyez si le réseau sort, et si ce service fonctionne. Socle réessaie.", Some(LOG), link)
        }
        Failure::Unreadable => ("Remettez le bon fichier en place.", None, link),
        Failure::Database | Failure::Defect | Failure::Other => ("Le journal du serveur en dit plus.", Some(LOG), link),
    }
}
