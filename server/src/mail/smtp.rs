//! The relay that takes mails away, over SMTP; and a mail as it travels.

use super::entity::mail;
use crate::config::Config;
use anyhow::Context as _;
use jiff::Timestamp;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, Message, MultiPart, SinglePart};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use std::time::{Duration, SystemTime};

/// How long the relay may take over each of its answers.
const PATIENCE: Duration = Duration::from_secs(30);

/// What came of a sending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Sent,
    /// It did not leave, and may be tried again. Told in French, for the outbox.
    Later(String),
    /// It was refused for good, or nobody knows whether it left.
    Never(String),
}

/// The house's relay.
#[derive(Debug)]
pub struct Relay {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    host: String,
}

impl Relay {
    /// The relay of the settings, if they name one. Connects to nothing yet.
    ///
    /// # Errors
    /// Names the setting that is wrong and what it takes.
    pub fn configured(config: &Config) -> anyhow::Result<Option<Self>> {
        let Some(url) = &config.smtp_url else { return Ok(None) };
        let from = config.mail_from.parse().ok().with_context(|| {
            format!(
                "SOCLE_MAIL_FROM: `{}` is not a sender such as Socle <ne-pas-repondre@exemple.fr>",
                config.mail_from
            )
        })?;
        // What lettre says of a wrong address may repeat it, with its password.
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url).ok().context(
            "SOCLE_SMTP_URL: expected smtps://user:password@relay:465, or smtp://relay:587?tls=required; special signs of a password are %-encoded",
        )?;
        let host = config.public_host();
        let transport = builder.timeout(Some(PATIENCE)).hello_name(ClientId::Domain(host.clone())).build();
        Ok(Some(Self { transport, from, host }))
    }

    /// Whether the relay answers.
    ///
    /// # Errors
    /// What to tell in the outbox.
    pub async fn reach(&self) -> Result<(), String> {
        match self.transport.test_connection().await {
            Ok(true) => Ok(()),
            Ok(false) => Err("Le relais de messagerie a coupé la ligne.".to_owned()),
            Err(error) => Err(format!("Le relais de messagerie ne répond pas\u{a0}: {error}")),
        }
    }

    /// Sends a mail.
    pub async fn send(&self, mail: &mail::Model, now: Timestamp) -> Outcome {
        let message = match self.message(mail, now) {
            Ok(message) => message,
            Err(error) => return Outcome::Never(format!("Le message ne peut pas être écrit\u{a0}: {error}")),
        };
        match self.transport.send(message).await {
            Ok(_) => Outcome::Sent,
            Err(error) if error.is_transient() => {
                Outcome::Later(format!("Le relais demande d’attendre\u{a0}: {error}"))
            }
            Err(error) if error.is_permanent() => Outcome::Never(format!("Le relais refuse le message\u{a0}: {error}")),
            Err(error) if error.is_client() => Outcome::Never(format!("Le message ne peut pas partir\u{a0}: {error}")),
            Err(error) => Outcome::Never(format!(
                "La ligne s’est coupée pendant l’envoi\u{a0}: le message est peut-être parti, il n’est pas renvoyé ({error})."
            )),
        }
    }

    /// The mail as it travels: plain text and, where it has one, the calendar file, once for the programs that
    /// read it and once for people to keep.
    fn message(&self, mail: &mail::Model, now: Timestamp) -> anyhow::Result<Message> {
        let to = Mailbox::new(Some(mail.to_name.clone()), mail.to_address.parse::<Address>()?);
        let builder = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(&mail.subject)
            .date(SystemTime::UNIX_EPOCH + Duration::from_millis(u64::try_from(now.as_millisecond()).unwrap_or(0)))
            // The same each time it is tried: a relay or a mailbox may know it by that.
            .message_id(Some(format!("<{}@{}>", mail.id, self.host)))
            // Nobody's absence message need answer it (RFC 3834).
            .raw_header(HeaderValue::new(
                HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated".to_owned(),
            ));
        let text = SinglePart::plain(mail.body.clone());
        let (Some(calendar), Some(method)) = (&mail.calendar, &mail.calendar_method) else {
            return Ok(builder.singlepart(text)?);
        };
        let kind = ContentType::parse(&format!("text/calendar; method={method}; charset=utf-8"))?;
        let invitation = SinglePart::builder().header(kind).body(calendar.clone());
        let file =
            Attachment::new("webinaire.ics".to_owned()).body(calendar.clone(), ContentType::parse("application/ics")?);
        let read = MultiPart::alternative().singlepart(text).singlepart(invitation);
        Ok(builder.multipart(MultiPart::mixed().multipart(read).singlepart(file))?)
    }
}
