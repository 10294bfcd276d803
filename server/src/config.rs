//! Every setting of Socle, in one place: `socle config` prints this table.
//!
//! A setting is read from the environment, else from the file named by `SOCLE_CONFIG`
//! (TOML, keys in lower case without the `SOCLE_` prefix), else takes its default.

mod acme;
mod media;
mod nats;
mod proconnect;

pub use acme::Acme;
pub use media::Shared;
pub use nats::{Login, Nats};
pub use proconnect::ProConnect;

use anyhow::{Context as _, bail};
use domain::backup::{Keep, NotAKeep};
use domain::protection::{CLASSES, Class, NotATerm, Term};
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

/// One line of the documentation of settings.
#[derive(Debug)]
pub struct Setting {
    pub name: &'static str,
    pub default: &'static str,
    pub meaning: &'static str,
}

/// Every setting there is.
pub const SETTINGS: &[Setting] = &[
    Setting {
        name: "SOCLE_MODE",
        default: "demonstration",
        meaning: "`demonstration` prepares the course and accounts at start; `production` refuses demonstration accounts and needs SOCLE_PUBLIC_URL in https",
    },
    Setting { name: "SOCLE_LISTEN", default: "127.0.0.1:3000", meaning: "address and port to serve on" },
    Setting {
        name: "SOCLE_TLS_CERTIFICATE",
        default: "",
        meaning: "file of the certificate and those that lead to its authority (PEM): Socle then serves HTTPS by itself, without a proxy; read again where it changed",
    },
    Setting { name: "SOCLE_TLS_KEY", default: "", meaning: "file of that certificate's private key (PEM)" },
    Setting {
        name: "SOCLE_ACME",
        default: "",
        meaning: "instead of these files: `on` has Socle ask Let's Encrypt for the certificate of the public address, and renew it; the address of another authority's directory (ACME, RFC 8555) asks that one",
    },
    Setting {
        name: "SOCLE_ACME_TERMS",
        default: "",
        meaning: "`agreed`: you agree to the terms of service of that authority; needed with SOCLE_ACME",
    },
    Setting {
        name: "SOCLE_ACME_EMAIL",
        default: "",
        meaning: "e-mail address that the authority may write to; some ask for none",
    },
    Setting {
        name: "SOCLE_ACME_ROOT",
        default: "",
        meaning: "file of the root certificate (PEM) that a directory of your own is trusted by, beside those of this machine; such a directory may ask elsewhere than on port 443",
    },
    Setting {
        name: "SOCLE_REDIRECT",
        default: "",
        meaning: "address and port, such as 0.0.0.0:80, where plain HTTP is answered with the public address",
    },
    Setting {
        name: "SOCLE_PUBLIC_URL",
        default: "http://127.0.0.1:3000",
        meaning: "address that browsers use; other origins may not post. Passkeys are for its name: they need https, or localhost, and open nothing once it changes",
    },
    Setting { name: "SOCLE_DATA", default: "data", meaning: "folder of the embedded database" },
    Setting {
        name: "SOCLE_BACKUPS",
        default: "",
        meaning: "folder of the copies that are made each night of the embedded database; without it, `copies` in the data folder, and none in demonstration mode; name another disk",
    },
    Setting {
        name: "SOCLE_KEEP_BACKUPS",
        default: "7 4 12",
        meaning: "which of them are kept: the last of so many days, weeks and months",
    },
    Setting {
        name: "DATABASE_URL",
        default: "",
        meaning: "postgres://… puts the product on PostgreSQL instead of the embedded SQLite",
    },
    Setting {
        name: "SOCLE_NODE",
        default: "",
        meaning: "short name (a-z, 0-9, -) of this process where several serve one PostgreSQL behind a proxy, each by a name of its own and all on one SOCLE_DATA: the proxy leads /noeud/NAME/… to it; empty: one process alone",
    },
    Setting {
        name: "SOCLE_NATS",
        default: "",
        meaning: "NATS over which several nodes (SOCLE_NODE) share the viewers of a webinar: nats://user:password@host:4222, nats://token@host:4222, tls://… for TLS; several addresses of one cluster separated by commas; empty: each webinar is on one node",
    },
    Setting {
        name: "SOCLE_WEBINAR_RELAY_FROM",
        default: "500",
        meaning: "with SOCLE_NATS: how many people a webinar's node serves picture and sound to itself, before other nodes do so for those who come next and only watch",
    },
    Setting {
        name: "SOCLE_MEDIA_PORT",
        default: "10000",
        meaning: "the one UDP port of all webinars' picture and sound",
    },
    Setting {
        name: "SOCLE_MEDIA_TCP_PORT",
        default: "",
        meaning: "the one TCP port of the same, for networks that let no UDP out; empty: the number of SOCLE_MEDIA_PORT; `off`: none",
    },
    Setting {
        name: "SOCLE_MEDIA_SHARED_PORT",
        default: "",
        meaning: "the port of the pages under which browsers reach picture and sound too, for networks that let nothing else out; empty: that of SOCLE_LISTEN where Socle has a certificate or demonstrates; a number, such as 443, where a proxy of TCP (not of HTTP) leads from there to SOCLE_LISTEN; `off`: none",
    },
    Setting {
        name: "SOCLE_MEDIA_ADDRESSES",
        default: "",
        meaning: "IP addresses, separated by commas, under which browsers reach those ports; without them, the one of SOCLE_LISTEN",
    },
    Setting {
        name: "SOCLE_RECORDINGS",
        default: "",
        meaning: "where recordings of webinars are kept: a folder, or s3://bucket/prefix (then AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, elsewhere than at Amazon, AWS_ENDPOINT in the environment); without it, `recordings` in the data folder",
    },
    Setting { name: "SOCLE_SITE", default: "target/site", meaning: "folder of the browser bundle" },
    Setting {
        name: "SOCLE_CONTENT",
        default: "content",
        meaning: "folder of the courses published in demonstration mode",
    },
    Setting {
        name: "SOCLE_TRUSTED_PROXIES",
        default: "",
        meaning: "addresses, separated by commas, whose X-Forwarded-For is believed",
    },
    Setting {
        name: "SOCLE_SMTP_URL",
        default: "",
        meaning: "relay that takes mails away: smtps://user:password@relay:465 or smtp://relay:587?tls=required; without one no mail is sent, and administrators read the outbox at /administration/courriels",
    },
    Setting {
        name: "SOCLE_MAIL_FROM",
        default: "Socle <ne-pas-repondre@socle.example>",
        meaning: "sender of mails, and organiser of webinars in calendars; needed with SOCLE_SMTP_URL",
    },
    Setting { name: "SOCLE_SESSION_IDLE_HOURS", default: "8", meaning: "a session unused for so long ends" },
    Setting { name: "SOCLE_SESSION_MAX_DAYS", default: "7", meaning: "a session as old as this ends" },
    Setting {
        name: "SOCLE_LEAKED_PASSWORDS",
        default: "",
        meaning: "file of passwords that leaked, none of which may be chosen: the SHA-1 of each in hexadecimal, one a line, in order, as those of Have I Been Pwned; empty: common ones alone are refused",
    },
    Setting {
        name: "SOCLE_SECOND_FACTOR",
        default: "",
        meaning: "`required` asks a second factor of all who see other people's records, `offered` leaves it to them; empty: required in production, offered in demonstration",
    },
    Setting {
        name: "SOCLE_PROCONNECT_ISSUER",
        default: "",
        meaning: "issuer of ProConnect, such as https://auth.agentconnect.gouv.fr/api/v2: people then sign in with it too, and with their passwords still; needs the two below",
    },
    Setting {
        name: "SOCLE_PROCONNECT_CLIENT_ID",
        default: "",
        meaning: "what ProConnect knows this site by (client_id)",
    },
    Setting {
        name: "SOCLE_PROCONNECT_CLIENT_SECRET",
        default: "",
        meaning: "what this site is recognised with there (client_secret)",
    },
    Setting { name: "SOCLE_INVITATION_DAYS", default: "14", meaning: "how long an invitation link works" },
    Setting {
        name: "SOCLE_TRAINING_DAYS",
        default: "90",
        meaning: "an agent enrolled for longer who is not done is late",
    },
    Setting {
        name: "SOCLE_PLAN",
        default: "2020-12-31:900 2021-12-31:2000",
        meaning: "how many maisons are to be trained by which day, as the follow-up of the country shows it",
    },
    Setting {
        name: "SOCLE_RETENTION_ACCOUNTS",
        default: "3 years",
        meaning: "an account that nobody signed in to for so long is erased, a month after its person was told; as all retention settings: a number of days, months or years",
    },
    Setting {
        name: "SOCLE_RETENTION_INVITATIONS",
        default: "30 days",
        meaning: "how long the trace of an invitation link is kept once it has expired",
    },
    Setting {
        name: "SOCLE_RETENTION_READING",
        default: "2 years",
        meaning: "how long it is kept which sections were read, and where somebody stopped",
    },
    Setting {
        name: "SOCLE_RETENTION_EVIDENCE",
        default: "6 years",
        meaning: "how long what proves the training of an erased account is kept after its last result; 10 years where a European fund pays",
    },
    Setting {
        name: "SOCLE_RETENTION_CERTIFICATES",
        default: "10 years",
        meaning: "how long the certificates of an erased account are kept, without its name, after its last result",
    },
    Setting {
        name: "SOCLE_RETENTION_ROOMS",
        default: "1 year",
        meaning: "how long what was said and done in a webinar's room is kept once it has closed",
    },
    Setting {
        name: "SOCLE_RETENTION_RECORDINGS",
        default: "1 year",
        meaning: "how long the recording of a webinar is kept after it, where its trainer chooses nothing else; and the trace of a removed one",
    },
    Setting {
        name: "SOCLE_RETENTION_MAILS",
        default: "30 days",
        meaning: "how long a mail is kept once it was sent or given up",
    },
    Setting {
        name: "SOCLE_RETENTION_IMPORTS",
        default: "7 days",
        meaning: "how long a file to import is kept; its lines go once it is applied",
    },
    Setting {
        name: "SOCLE_RETENTION_AUDIT",
        default: "1 year",
        meaning: "how long it is kept who looked at or changed whose record (CNIL: six months to a year)",
    },
    Setting {
        name: "SOCLE_LOG",
        default: "info,sea_orm_migration=warn",
        meaning: "what to log: a level, or tracing's filter syntax",
    },
    Setting { name: "SOCLE_LOG_FORMAT", default: "text", meaning: "`text` or `json`" },
    Setting {
        name: "SOCLE_METRICS_TOKEN",
        default: "",
        meaning: "bearer token that /metrics asks for; without one, /metrics exists in demonstration mode only",
    },
    Setting {
        name: "SOCLE_PROVIDER",
        default: "Organisme de formation (à renseigner)",
        meaning: "certificates: who gives the training, with address and registration",
    },
    Setting {
        name: "SOCLE_PROVIDER_PLACE",
        default: "Paris",
        meaning: "certificates: the town where they are made out",
    },
    Setting {
        name: "SOCLE_PROVIDER_SIGNATORY",
        default: "La direction de la formation (à renseigner)",
        meaning: "certificates: name and title of who answers for them",
    },
    Setting { name: "SOCLE_PUBLISHER", default: "(à renseigner)", meaning: "legal pages: who publishes the site" },
    Setting {
        name: "SOCLE_PUBLICATION_DIRECTOR",
        default: "(à renseigner)",
        meaning: "legal pages: director of publication",
    },
    Setting {
        name: "SOCLE_HOST", default: "(à renseigner)", meaning: "legal pages: who hosts the site, with address"
    },
    Setting {
        name: "SOCLE_CONTACT_EMAIL",
        default: "contact@example.org",
        meaning: "legal and accessibility pages: where to write",
    },
    Setting {
        name: "SOCLE_ACCESSIBILITY_STATUS",
        default: "non conforme",
        meaning: "`non conforme`, `partiellement conforme` or `totalement conforme`: what an RGAA audit found",
    },
    Setting { name: "SOCLE_ACCESSIBILITY_DATE", default: "", meaning: "date of that audit or statement, as shown" },
];

/// How the product is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Demonstration,
    Production,
}

/// What HTTPS is served with.
#[derive(Debug, Clone)]
pub struct Tls {
    pub certificate: PathBuf,
    pub key: PathBuf,
}

/// What the legal pages state.
#[derive(Debug, Clone)]
pub struct Facts {
    pub publisher: String,
    pub publication_director: String,
    pub host: String,
    pub contact_email: String,
    pub accessibility_status: String,
    pub accessibility_date: String,
}

/// What certificates state of who gives the training.
#[derive(Debug, Clone)]
pub struct Provider {
    pub name: String,
    pub place: String,
    pub signatory: String,
}

/// The settings, checked.
#[derive(Debug, Clone)]
pub struct Config {
    pub mode: Mode,
    pub listen: SocketAddr,
    /// None where a proxy ends TLS.
    pub tls: Option<Tls>,
    /// Who is asked for the certificate, where it is in no files.
    pub acme: Option<Acme>,
    /// Where plain HTTP is sent on to HTTPS.
    pub redirect: Option<SocketAddr>,
    /// Without a trailing slash.
    pub public_url: String,
    pub data: PathBuf,
    /// Where nights make their copies, where a setting says so.
    pub backups: Option<PathBuf>,
    pub keep_backups: Keep,
    pub database_url: Option<String>,
    /// What this process is called among those that serve the database together; none where it serves alone.
    pub node: Option<String>,
    /// What nodes share viewers over; none: they do not.
    pub nats: Option<Nats>,
    /// How many a room's node serves itself.
    pub relay_from: usize,
    /// The UDP port of media; 0 for any that is free.
    pub media_port: u16,
    /// Its TCP port, 0 for any that is free; none for none.
    pub media_tcp_port: Option<u16>,
    pub media_shared: Shared,
    /// Where browsers reach them; none for the address that is listened on.
    pub media_addresses: Vec<IpAddr>,
    /// Where recordings are kept: a folder or an address of S3; empty for a folder in the data folder.
    pub recordings: String,
    pub site: PathBuf,
    pub content: PathBuf,
    pub trusted_proxies: Vec<IpAddr>,
    /// The relay that takes mails away; none: no mail is sent.
    pub smtp_url: Option<String>,
    pub mail_from: String,
    pub session_idle: Duration,
    pub session_max: Duration,
    pub invitation: Duration,
    /// A list of passwords that leaked.
    pub leaked_passwords: Option<PathBuf>,
    /// Whether those who see other people's records must have a second factor.
    pub second_factor_required: bool,
    /// The way in by ProConnect, where there is one.
    pub proconnect: Option<ProConnect>,
    /// Days after which an agent who is not done is late.
    pub training_days: u32,
    /// So many maisons by that day, in the order of the days.
    pub plan: Vec<(Date, u64)>,
    /// How long each class of personal data is kept, by its setting.
    pub retention: BTreeMap<&'static str, Term>,
    pub log: String,
    pub log_json: bool,
    pub metrics_token: Option<String>,
    pub provider: Provider,
    pub facts: Facts,
}

impl Config {
    /// Reads the settings from the environment and the file it names.
    ///
    /// # Errors
    /// Names the setting that is wrong and what it takes.
    pub fn load() -> anyhow::Result<Self> {
        let file = match std::env::var("SOCLE_CONFIG") {
            Ok(path) => std::fs::read_to_string(&path)
                .with_context(|| format!("SOCLE_CONFIG names {path}, which cannot be read"))?,
            Err(_) => String::new(),
        };
        Self::read(|name| std::env::var(name).ok(), &file)
    }

    /// Reads the settings from `environment` and from the text of a file.
    ///
    /// # Errors
    /// Names the setting that is wrong and what it takes.
    pub fn read(environment: impl Fn(&str) -> Option<String>, file: &str) -> anyhow::Result<Self> {
        let file = read_file(file)?;
        let text = |name: &str| -> String {
            environment(name).or_else(|| file.get(name).cloned()).unwrap_or_else(|| {
                SETTINGS.iter().find(|setting| setting.name == name).map_or("", |setting| setting.default).to_owned()
            })
        };
        let some = |name: &str| Some(text(name)).filter(|text| !text.is_empty());
        let media_port = parsed("SOCLE_MEDIA_PORT", &text("SOCLE_MEDIA_PORT"), "a port, from 0 to 65535")?;
        let mode = match text("SOCLE_MODE").as_str() {
            "demonstration" => Mode::Demonstration,
            "production" => Mode::Production,
            other => bail!("SOCLE_MODE: `{other}` is neither `demonstration` nor `production`"),
        };
        let config = Self {
            mode,
            listen: parsed("SOCLE_LISTEN", &text("SOCLE_LISTEN"), "an address and port such as 127.0.0.1:3000")?,
            tls: match (some("SOCLE_TLS_CERTIFICATE"), some("SOCLE_TLS_KEY")) {
                (Some(certificate), Some(key)) => Some(Tls { certificate: certificate.into(), key: key.into() }),
                (None, None) => None,
                _ => bail!("SOCLE_TLS_CERTIFICATE and SOCLE_TLS_KEY go together: name both, or none"),
            },
            acme: acme::read(some)?,
            redirect: some("SOCLE_REDIRECT")
                .map(|text| parsed("SOCLE_REDIRECT", &text, "an address and port such as 0.0.0.0:80"))
                .transpose()?,
            public_url: text("SOCLE_PUBLIC_URL").trim_end_matches('/').to_owned(),
            data: text("SOCLE_DATA").into(),
            backups: some("SOCLE_BACKUPS").map(PathBuf::from),
            keep_backups: parsed("SOCLE_KEEP_BACKUPS", &text("SOCLE_KEEP_BACKUPS"), &NotAKeep.to_string())?,
            database_url: some("DATABASE_URL"),
            node: some("SOCLE_NODE"),
            nats: nats::read(&text("SOCLE_NATS"))?,
            relay_from: parsed(
                "SOCLE_WEBINAR_RELAY_FROM",
                &text("SOCLE_WEBINAR_RELAY_FROM"),
                "a number of people, such as 500",
            )?,
            media_port,
            media_tcp_port: media::tcp_port(&text("SOCLE_MEDIA_TCP_PORT"), media_port)?,
            media_shared: media::shared(&text("SOCLE_MEDIA_SHARED_PORT"))?,
            media_addresses: addresses("SOCLE_MEDIA_ADDRESSES", &text("SOCLE_MEDIA_ADDRESSES"))?,
            recordings: text("SOCLE_RECORDINGS"),
            site: text("SOCLE_SITE").into(),
            content: text("SOCLE_CONTENT").into(),
            trusted_proxies: addresses("SOCLE_TRUSTED_PROXIES", &text("SOCLE_TRUSTED_PROXIES"))?,
            smtp_url: some("SOCLE_SMTP_URL"),
            mail_from: text("SOCLE_MAIL_FROM"),
            session_idle: hours("SOCLE_SESSION_IDLE_HOURS", &text("SOCLE_SESSION_IDLE_HOURS"), 1)?,
            session_max: hours("SOCLE_SESSION_MAX_DAYS", &text("SOCLE_SESSION_MAX_DAYS"), 24)?,
            invitation: hours("SOCLE_INVITATION_DAYS", &text("SOCLE_INVITATION_DAYS"), 24)?,
            leaked_passwords: some("SOCLE_LEAKED_PASSWORDS").map(PathBuf::from),
            second_factor_required: match (text("SOCLE_SECOND_FACTOR").as_str(), text("SOCLE_MODE").as_str()) {
                ("required", _) | ("", "production") => true,
                ("offered" | "", _) => false,
                (other, _) => bail!("SOCLE_SECOND_FACTOR: `{other}` is neither `required` nor `offered`"),
            },
            proconnect: proconnect::read(some, mode)?,
            training_days: parsed("SOCLE_TRAINING_DAYS", &text("SOCLE_TRAINING_DAYS"), "a number of days")?,
            plan: plan(&text("SOCLE_PLAN"))?,
            retention: retention(&text)?,
            log: text("SOCLE_LOG"),
            log_json: match text("SOCLE_LOG_FORMAT").as_str() {
                "text" => false,
                "json" => true,
                other => bail!("SOCLE_LOG_FORMAT: `{other}` is neither `text` nor `json`"),
            },
            metrics_token: some("SOCLE_METRICS_TOKEN"),
            provider: Provider {
                name: text("SOCLE_PROVIDER"),
                place: text("SOCLE_PROVIDER_PLACE"),
                signatory: text("SOCLE_PROVIDER_SIGNATORY"),
            },
            facts: Facts {
                publisher: text("SOCLE_PUBLISHER"),
                publication_director: text("SOCLE_PUBLICATION_DIRECTOR"),
                host: text("SOCLE_HOST"),
                contact_email: text("SOCLE_CONTACT_EMAIL"),
                accessibility_status: text("SOCLE_ACCESSIBILITY_STATUS"),
                accessibility_date: text("SOCLE_ACCESSIBILITY_DATE"),
            },
        };
        config.check()?;
        Ok(config)
    }

    /// How long that class of personal data is kept; none for as long as the account.
    #[must_use]
    pub fn term(&self, class: &Class) -> Option<Term> {
        class.setting().and_then(|setting| self.retention.get(setting)).copied()
    }

    /// The host of the public address.
    #[must_use]
    pub fn public_host(&self) -> String {
        let uri = self.public_url.parse::<http::Uri>().ok();
        uri.as_ref().and_then(http::Uri::host).unwrap_or("localhost").to_owned()
    }

    /// The port of the public address.
    #[must_use]
    pub fn public_port(&self) -> u16 {
        let uri = self.public_url.parse::<http::Uri>().ok();
        let default = if self.public_url.starts_with("https://") { 443 } else { 80 };
        uri.as_ref().and_then(http::Uri::port_u16).unwrap_or(default)
    }

    fn check(&self) -> anyhow::Result<()> {
        if self.smtp_url.is_some() && self.mail_from.ends_with("@socle.example>") && self.mode == Mode::Production {
            bail!("SOCLE_MAIL_FROM: name the sender of mails, such as Socle <ne-pas-repondre@exemple.fr>");
        }
        if let Some(url) = &self.database_url
            && !url.starts_with("postgres://")
            && !url.starts_with("postgresql://")
        {
            bail!("DATABASE_URL: only postgres://… is understood; without it Socle uses its embedded SQLite");
        }
        if let Some(node) = &self.node {
            if !is_node(node) {
                bail!("SOCLE_NODE: `{node}` is not a name of at most 20 signs among a-z, 0-9 and -");
            }
            if self.database_url.is_none() {
                bail!("SOCLE_NODE: several processes need PostgreSQL (DATABASE_URL); the embedded SQLite serves one");
            }
        }
        if self.nats.is_some() && self.node.is_none() {
            bail!("SOCLE_NATS: it is for several nodes, each with a name (SOCLE_NODE)");
        }
        if !["http://", "https://"].iter().any(|scheme| self.public_url.starts_with(scheme)) {
            bail!("SOCLE_PUBLIC_URL: `{}` must start with http:// or https://", self.public_url);
        }
        if self.listen.ip().is_unspecified() && self.media_addresses.is_empty() && self.mode == Mode::Production {
            bail!("SOCLE_MEDIA_ADDRESSES: say under which address browsers reach the media ports of this machine");
        }
        acme::check(self)?;
        if (self.tls.is_some() || self.redirect.is_some()) && !self.public_url.starts_with("https://") {
            bail!("SOCLE_PUBLIC_URL: with a certificate, or a redirection to HTTPS, it must start with https://");
        }
        if self.mode == Mode::Production && !self.public_url.starts_with("https://") {
            bail!("SOCLE_PUBLIC_URL: production needs https://, since its session cookies travel only there");
        }
        let statuses = ["non conforme", "partiellement conforme", "totalement conforme"];
        if !statuses.contains(&self.facts.accessibility_status.as_str()) {
            bail!("SOCLE_ACCESSIBILITY_STATUS: `{}` must be one of {statuses:?}", self.facts.accessibility_status);
        }
        Ok(())
    }
}

/// Whether a node may be called so.
pub(crate) fn is_node(name: &str) -> bool {
    let sign = |sign: u8| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == b'-';
    (1..=20).contains(&name.len()) && name.bytes().all(sign)
}

/// The file's settings, by the names they have in the environment.
fn read_file(text: &str) -> anyhow::Result<BTreeMap<String, String>> {
    let table: toml::Table = toml::from_str(text).context("the file named by SOCLE_CONFIG is not TOML")?;
    let mut settings = BTreeMap::new();
    for (key, value) in table {
        let name = if key == "database_url" { "DATABASE_URL".into() } else { format!("SOCLE_{}", key.to_uppercase()) };
        if !SETTINGS.iter().any(|setting| setting.name == name) {
            bail!("the file named by SOCLE_CONFIG has an unknown setting `{key}`: see `socle config`");
        }
        let text = match value {
            toml::Value::String(text) => text,
            toml::Value::Integer(number) => number.to_string(),
            other => {
                bail!("the file named by SOCLE_CONFIG: `{key}` must be a text or a number, not {}", other.type_str())
            }
        };
        settings.insert(name, text);
    }
    Ok(settings)
}

fn parsed<T: FromStr>(name: &str, text: &str, wanted: &str) -> anyhow::Result<T> {
    text.parse().ok().with_context(|| format!("{name}: `{text}` is not {wanted}"))
}

fn addresses(name: &str, text: &str) -> anyhow::Result<Vec<IpAddr>> {
    let each = text.split(',').map(str::trim).filter(|address| !address.is_empty());
    each.map(|address| parsed(name, address, "IP addresses separated by commas")).collect()
}

/// The terms of the classes of personal data that have one.
fn retention(text: &impl Fn(&str) -> String) -> anyhow::Result<BTreeMap<&'static str, Term>> {
    let term = |setting: &'static str| {
        let said = text(setting);
        let term = match setting {
            // In days, since it is older than the others.
            "SOCLE_SESSION_MAX_DAYS" => Term::Days(parsed(setting, &said, "a whole number from 1 to 1000")?),
            _ => parsed(setting, &said, &NotATerm.to_string())?,
        };
        Ok((setting, term))
    };
    CLASSES.iter().filter_map(Class::setting).map(term).collect()
}

fn plan(text: &str) -> anyhow::Result<Vec<(Date, u64)>> {
    let step = |step: &str| Some(step.split_once(':')?).and_then(|(day, n)| Some((day.parse().ok()?, n.parse().ok()?)));
    let mut steps: Vec<(Date, u64)> = text
        .split_whitespace()
        .map(|word| {
            step(word).with_context(|| format!("SOCLE_PLAN: `{word}` is not a day and a number such as 2026-12-31:900"))
        })
        .collect::<anyhow::Result<_>>()?;
    steps.sort_unstable();
    Ok(steps)
}

fn hours(name: &str, text: &str, unit: u32) -> anyhow::Result<Duration> {
    let count: u32 = parsed(name, text, "a whole number from 1 to 1000")?;
    if !(1..=1000).contains(&count) {
        bail!("{name}: {count} is not from 1 to 1000");
    }
    Ok(Duration::from_secs(u64::from(count * unit) * 3600))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(environment: &[(&str, &str)], file: &str) -> Result<Config, String> {
        let find = |name: &str| environment.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        Config::read(find, file).map_err(|error| format!("{error:#}"))
    }

    #[test]
    fn every_term_has_its_setting_and_a_default() {
        let config = read(&[("SOCLE_RETENTION_EVIDENCE", "10 years")], "").unwrap();
        assert_eq!(config.retention["SOCLE_RETENTION_EVIDENCE"], Term::Years(10));
        for class in CLASSES {
            let setting = class.setting().map(|name| SETTINGS.iter().any(|setting| setting.name == name));
            assert_eq!(setting.is_some(), config.term(class).is_some(), "{}", class.slug);
            assert_ne!(setting, Some(false), "{}", class.slug);
        }
    }

    #[test]
    fn a_demonstration_needs_no_setting() {
        let config = read(&[], "").unwrap();
        assert_eq!(config.mode, Mode::Demonstration);
        assert_eq!(config.listen.to_string(), "127.0.0.1:3000");
    }

    #[test]
    fn media_over_tcp_has_the_number_of_udp_unless_it_is_told_otherwise() {
        let ports = |environment: &[_]| {
            let config = read(environment, "").unwrap();
            (config.media_port, config.media_tcp_port, config.media_shared)
        };
        assert_eq!(ports(&[("SOCLE_MEDIA_PORT", "4000")]), (4000, Some(4000), Shared::Own));
        assert_eq!(ports(&[("SOCLE_MEDIA_TCP_PORT", "off")]), (10_000, None, Shared::Own));
        let shared = [("SOCLE_MEDIA_TCP_PORT", "5000"), ("SOCLE_MEDIA_SHARED_PORT", "443")];
        assert_eq!(ports(&shared), (10_000, Some(5000), Shared::Port(443)));
        assert_eq!(ports(&[("SOCLE_MEDIA_SHARED_PORT", "off")]).2, Shared::Off);
    }

    /// All but the issuer.
    const PROCONNECT: &str = "proconnect_client_id = 'socle'\nproconnect_client_secret = 'tout bas'";

    #[test]
    fn proconnect_is_there_where_its_three_settings_are_and_its_secret_is_not_shown() {
        assert_eq!(read(&[], "").unwrap().proconnect, None);
        for issuer in ["https://proconnect.example/api/v2", "http://127.0.0.1:4000", "http://[::1]:4000"] {
            let config = read(&[("SOCLE_PROCONNECT_ISSUER", issuer)], PROCONNECT).unwrap();
            assert_eq!(config.proconnect.as_ref().unwrap().issuer, issuer);
            assert!(!format!("{config:?}").contains("tout bas"));
        }
    }

    /// What an authority can be asked with.
    const ACME: &str = "acme = 'on'\nacme_terms = 'agreed'\nlisten = '[::]:443'\npublic_url = 'https://socle.example'";

    #[test]
    fn the_authority_is_lets_encrypt_unless_another_is_named() {
        assert_eq!(read(&[], "").unwrap().acme, None);
        let directory = |environment: &[_]| read(environment, ACME).unwrap().acme.unwrap().directory;
        assert!(directory(&[]).contains("letsencrypt.org"));
        assert_eq!(directory(&[("SOCLE_ACME", "https://ca.example/dir")]), "https://ca.example/dir");
        // Where a proxy of TCP leads from 443, or a directory of one's own asks elsewhere.
        let led = [("SOCLE_LISTEN", "0.0.0.0:3000"), ("SOCLE_MEDIA_SHARED_PORT", "443")];
        let own = [("SOCLE_PUBLIC_URL", "https://socle.example:8443"), ("SOCLE_ACME_ROOT", "root.pem")];
        assert!(read(&led, ACME).is_ok() && read(&own, ACME).is_ok());
    }

    #[test]
    fn what_an_authority_cannot_be_asked_with_is_refused_with_the_remedy() {
        for (setting, value, said) in [
            ("SOCLE_ACME", "letsencrypt", "SOCLE_ACME: `letsencrypt` is neither `on` nor the address"),
            ("SOCLE_ACME", "", "SOCLE_ACME names no authority"),
            ("SOCLE_ACME_TERMS", "", "SOCLE_ACME_TERMS: read the terms of service of https://acme-v02."),
            ("SOCLE_ACME_EMAIL", "moi", "SOCLE_ACME_EMAIL: `moi` is not an e-mail address"),
            (
                "SOCLE_PUBLIC_URL",
                "http://socle.example",
                "SOCLE_PUBLIC_URL: with SOCLE_ACME it must start with https://",
            ),
            ("SOCLE_PUBLIC_URL", "https://192.0.2.1", "`192.0.2.1` is an address, and SOCLE_ACME asks"),
            ("SOCLE_PUBLIC_URL", "https://[2001:db8::1]", "is an address, and SOCLE_ACME asks"),
            ("SOCLE_PUBLIC_URL", "https://socle.example:8443", "asks on port 443, not on 8443"),
            ("SOCLE_LISTEN", "0.0.0.0:3000", "SOCLE_LISTEN: the authority of SOCLE_ACME asks on port 443"),
        ] {
            let error = read(&[(setting, value)], ACME).unwrap_err();
            assert!(error.contains(said), "{error}");
        }
        let files = [("SOCLE_TLS_CERTIFICATE", "cert.pem"), ("SOCLE_TLS_KEY", "key.pem")];
        assert!(read(&files, ACME).unwrap_err().contains("from an authority or from files: take one of both out"));
        let node = [("SOCLE_NODE", "a"), ("DATABASE_URL", "postgres://x")];
        assert!(read(&node, ACME).unwrap_err().contains("the proxy before several nodes (SOCLE_NODE) holds"));
    }

    #[test]
    fn what_opens_nats_is_read_from_its_address_and_not_shown() {
        let config = |address: &str| {
            read(&[("SOCLE_NATS", address), ("SOCLE_NODE", "a"), ("DATABASE_URL", "postgres://x")], "").unwrap()
        };
        let asked = config("nats://socle:tout-bas@nats-1.example, tls://socle:tout-bas@nats-2.example:4333");
        let nats = asked.nats.as_ref().unwrap();
        assert_eq!(nats.hosts(), ["nats-1.example:4222", "nats-2.example:4333"]);
        assert_eq!(nats.login, Login::Password("socle".into(), "tout-bas".into()));
        assert!(!format!("{asked:?}").contains("tout-bas"));
        assert_eq!(config("nats://tout-bas@nats.example").nats.unwrap().login, Login::Token("tout-bas".into()));
        assert_eq!(config("nats://nats.example").nats.unwrap().login, Login::None);
    }

    #[test]
    fn the_environment_wins_over_the_file() {
        let config = read(&[("SOCLE_PUBLISHER", "la maison")], "publisher = 'le fichier'\nhost = 'ici'").unwrap();
        assert_eq!((config.facts.publisher.as_str(), config.facts.host.as_str()), ("la maison", "ici"));
    }

    #[test]
    fn a_wrong_setting_is_named_with_what_it_takes() {
        for (environment, file, said) in [
            (vec![("SOCLE_LISTEN", "ici")], "", "SOCLE_LISTEN: `ici` is not an address and port"),
            (vec![("SOCLE_MODE", "prod")], "", "SOCLE_MODE: `prod` is neither"),
            (vec![("SOCLE_MODE", "production")], "", "SOCLE_PUBLIC_URL: production needs https://"),
            (vec![("DATABASE_URL", "mysql://x")], "", "DATABASE_URL: only postgres://"),
            (vec![("SOCLE_NODE", "a")], "", "SOCLE_NODE: several processes need PostgreSQL"),
            (
                vec![("SOCLE_NODE", "Nœud 1"), ("DATABASE_URL", "postgres://x")],
                "",
                "SOCLE_NODE: `Nœud 1` is not a name",
            ),
            (vec![("SOCLE_NATS", "nats://127.0.0.1")], "", "SOCLE_NATS: it is for several nodes"),
            (vec![("SOCLE_NATS", "127.0.0.1:4222")], "", "SOCLE_NATS: an address begins with nats://"),
            (vec![("SOCLE_NATS", "nats://a:b@x,nats://c:d@y")], "", "SOCLE_NATS: the addresses name one user"),
            (vec![("SOCLE_WEBINAR_RELAY_FROM", "peu")], "", "SOCLE_WEBINAR_RELAY_FROM: `peu` is not a number"),
            (vec![], "pubisher = 'x'", "unknown setting `pubisher`"),
            (vec![("SOCLE_RETENTION_MAILS", "un mois")], "", "SOCLE_RETENTION_MAILS: `un mois` is not a number"),
            (vec![("SOCLE_MEDIA_PORT", "70000")], "", "SOCLE_MEDIA_PORT: `70000` is not a port"),
            (vec![("SOCLE_MEDIA_TCP_PORT", "non")], "", "SOCLE_MEDIA_TCP_PORT: `non` is not a port"),
            (
                vec![("SOCLE_MEDIA_SHARED_PORT", "0")],
                "",
                "SOCLE_MEDIA_SHARED_PORT: `0` is not a port that browsers reach",
            ),
            (vec![("SOCLE_MEDIA_ADDRESSES", "192.0.2.1, ici")], "", "SOCLE_MEDIA_ADDRESSES: `ici` is not"),
            (
                vec![
                    ("SOCLE_MODE", "production"),
                    ("SOCLE_PUBLIC_URL", "https://socle.example"),
                    ("SOCLE_LISTEN", "0.0.0.0:3000"),
                ],
                "",
                "SOCLE_MEDIA_ADDRESSES: say",
            ),
            (vec![("SOCLE_TLS_KEY", "key.pem")], "", "SOCLE_TLS_CERTIFICATE and SOCLE_TLS_KEY go together"),
            (
                vec![("SOCLE_PROCONNECT_ISSUER", "https://proconnect.example/api/v2")],
                "proconnect_client_id = 'socle'",
                "SOCLE_PROCONNECT_CLIENT_SECRET go together",
            ),
            (
                vec![("SOCLE_PROCONNECT_ISSUER", "proconnect.example")],
                PROCONNECT,
                "SOCLE_PROCONNECT_ISSUER: `proconnect.example` is not an address",
            ),
            (
                vec![("SOCLE_PROCONNECT_ISSUER", "http://proconnect.example/api/v2")],
                PROCONNECT,
                "must start with https://",
            ),
            (
                vec![
                    ("SOCLE_MODE", "production"),
                    ("SOCLE_PUBLIC_URL", "https://socle.example"),
                    ("SOCLE_PROCONNECT_ISSUER", "http://127.0.0.1:4000"),
                ],
                PROCONNECT,
                "must start with https://",
            ),
            (vec![("SOCLE_REDIRECT", "80")], "", "SOCLE_REDIRECT: `80` is not an address and port"),
            (vec![("SOCLE_KEEP_BACKUPS", "une semaine")], "", "SOCLE_KEEP_BACKUPS: `une semaine` is not three numbers"),
            (vec![], "session_idle_hours = 0", "SOCLE_SESSION_IDLE_HOURS: 0 is not from 1 to 1000"),
        ] {
            let error = read(&environment, file).unwrap_err();
            assert!(error.contains(said), "{error}");
        }
    }
}
