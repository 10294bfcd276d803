//! The rooms that are open, and the media they share.

use super::cascade::Cascade;
use super::lease::{Lease, Leases};
use super::media::{Candidate, Event, Media, Protocol, RoomId, Settings};
use super::session::{self, Command};
use super::store;
use crate::app::App;
use crate::clock::Dice;
use crate::config::{Config, Shared};
use crate::error::{Error, Result};
use anyhow::Context as _;
use domain::ids::WebinarId;
use domain::operation;
use std::collections::{BTreeSet, HashMap};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use tokio::sync::{Mutex, OnceCell, OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

/// What waits to be dealt with by one room. Whoever says more waits.
const MAILBOX: usize = 1024;

/// Trials of the way of media that go on together.
const TRIALS: usize = 400;

/// Lines of picture and sound over HTTPS that are open together.
const LINES: usize = 1000;

/// A way to tell a room something.
pub type Mailbox = mpsc::Sender<Command>;

/// The rooms that are open. A room is opened by whoever comes first, and closes when nobody is left.
#[derive(Debug, Clone)]
pub struct Rooms(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    open: Mutex<HashMap<WebinarId, Mailbox>>,
    leases: Leases,
    cascade: Cascade,
    media: OnceCell<Media>,
    trials: Places<TRIALS>,
    lines: Places<LINES>,
}

/// Places for what holds a connection for a while.
#[derive(Debug)]
struct Places<const MANY: usize>(Arc<Semaphore>);

impl<const MANY: usize> Default for Places<MANY> {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(MANY)))
    }
}

impl<const MANY: usize> Places<MANY> {
    fn take(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.0).try_acquire_owned().ok()
    }
}

impl Rooms {
    /// None is open yet.
    ///
    /// # Errors
    /// When the database of leases cannot be reached.
    pub async fn open(config: &Config, dice: &Dice) -> anyhow::Result<Self> {
        let (leases, cascade) = (Leases::open(config).await?, Cascade::open(config, dice.clone()).await?);
        Ok(Self(Arc::new(Inner { leases, cascade, ..Inner::default() })))
    }

    /// What other nodes serve of the rooms of this one, and this one of theirs.
    #[must_use]
    pub fn cascade(&self) -> &Cascade {
        &self.0.cascade
    }

    /// Nothing where the room is on this node, or may be.
    ///
    /// # Errors
    /// [`Error::Elsewhere`] where another node has it; when the database fails.
    pub async fn not_elsewhere(&self, app: &App, webinar: WebinarId) -> Result<()> {
        if self.opened(webinar).await.is_some_and(|mailbox| !mailbox.is_closed()) {
            return Ok(());
        }
        self.0.leases.not_elsewhere(app.db.reader(), webinar).await
    }

    /// That the room is this node's; nothing where this process serves alone.
    ///
    /// # Errors
    /// [`Error::Elsewhere`] where another node has it; when the database fails.
    pub(super) async fn lease(&self, webinar: WebinarId) -> Result<Option<Lease>> {
        self.0.leases.take(webinar).await
    }

    /// The room is closed, and nothing of it goes on here.
    pub(super) async fn release(&self, lease: &Lease) {
        self.0.leases.release(lease).await;
    }

    /// The media core, started at the first need of it.
    ///
    /// # Errors
    /// When a media port cannot be bound.
    pub async fn media(&self, app: &App) -> anyhow::Result<&Media> {
        self.start(app, None).await
    }

    /// The media core, started now where it was not; `pages` is the port of the pages, where browsers reach it without a
    /// proxy of HTTP.
    ///
    /// # Errors
    /// When a media port cannot be bound.
    pub async fn start(&self, app: &App, pages: Option<u16>) -> anyhow::Result<&Media> {
        let start = async || {
            let (media, events) = Media::start(settings(app, pages), app.dice.clone()).with_context(|| {
                let (udp, tcp) = (app.config.media_port, app.config.media_tcp_port);
                let tcp = tcp.map_or_else(|| "none".to_owned(), |port| port.to_string());
                format!(
                    "the ports of media (UDP {udp}, TCP {tcp}) cannot be bound: SOCLE_MEDIA_PORT and SOCLE_MEDIA_TCP_PORT \
                     choose others"
                )
            })?;
            tokio::spawn(deliver(self.clone(), events));
            self.0.cascade.start(&media, self);
            Ok(media)
        };
        self.0.media.get_or_try_init(start).await
    }

    /// A place for one more trial of the way of media; none where all are taken.
    pub fn trial(&self) -> Option<OwnedSemaphorePermit> {
        self.0.trials.take()
    }

    /// A place for one more line of picture and sound over HTTPS; none where all are taken.
    pub fn line(&self) -> Option<OwnedSemaphorePermit> {
        self.0.lines.take()
    }

    /// Tells a room something; it is opened if it is not.
    ///
    /// # Errors
    /// When there is no such webinar, or the database fails.
    pub async fn tell(&self, app: &App, webinar: WebinarId, command: Command) -> Result<()> {
        let mut command = command;
        // A room that has just closed is opened again.
        for _ in 0..3 {
            let mailbox = self.mailbox(app, webinar).await?;
            match mailbox.send(command).await {
                Ok(()) => return Ok(()),
                Err(unsent) => command = unsent.0,
            }
        }
        Err(Error::Internal(format!("the room of webinar {webinar} cannot be kept open")))
    }

    /// Tells a room something that matters only while it is open.
    pub async fn tell_open(&self, webinar: WebinarId, command: Command) {
        if let Some(mailbox) = self.opened(webinar).await {
            let _ = mailbox.send(command).await;
        }
    }

    /// Tells a room something that is told again and again; it is lost where the room is not open, or too busy.
    pub(super) async fn hint(&self, webinar: WebinarId, command: Command) {
        if let Some(mailbox) = self.opened(webinar).await {
            let _ = mailbox.try_send(command);
        }
    }

    async fn mailbox(&self, app: &App, webinar: WebinarId) -> Result<Mailbox> {
        let mut open = self.0.open.lock().await;
        if let Some(mailbox) = open.get(&webinar).filter(|mailbox| !mailbox.is_closed()) {
            return Ok(mailbox.clone());
        }
        let (mailbox, mail) = mpsc::channel(MAILBOX);
        session::open(app, webinar, mail, &mailbox).await?;
        open.insert(webinar, mailbox.clone());
        open.retain(|_, mailbox| !mailbox.is_closed());
        Ok(mailbox)
    }

    async fn all_open(&self) -> Vec<WebinarId> {
        let open = self.0.open.lock().await;
        open.iter().filter(|(_, mailbox)| !mailbox.is_closed()).map(|(webinar, _)| *webinar).collect()
    }

    /// How many rooms are open, and how many people are in them.
    pub async fn census(&self) -> operation::Rooms {
        let mut census = operation::Rooms::default();
        for webinar in self.all_open().await {
            let (answer, told) = oneshot::channel();
            self.tell_open(webinar, Command::Count { answer }).await;
            // One that closed meanwhile is none.
            if let Ok(people) = told.await {
                census.open += 1;
                census.people += people;
            }
        }
        census
    }

    /// The ports of media, where they are bound.
    #[must_use]
    pub fn ports(&self) -> operation::Media {
        match self.0.media.get() {
            None => operation::Media::Waiting,
            Some(media) if !media.runs() => operation::Media::Stopped,
            Some(media) => {
                let name = |candidate: &Candidate| {
                    let over = if candidate.protocol == Protocol::Udp { "UDP" } else { "TCP" };
                    format!("{over}\u{a0}{}", candidate.address.port())
                };
                // The same port under several addresses is one.
                let mut ports: Vec<String> = media.candidates().iter().map(name).collect();
                let mut known = BTreeSet::new();
                ports.retain(|port| known.insert(port.clone()));
                operation::Media::Open(ports)
            }
        }
    }

    /// The server stops: every room puts on disk what is proved of presence, and tells its browsers to come back.
    pub async fn stop(&self) {
        for webinar in self.all_open().await {
            let (done, stopped) = oneshot::channel();
            self.tell_open(webinar, Command::Stop { done }).await;
            let _ = stopped.await;
        }
        self.0.cascade.stop().await;
        self.0.leases.release_all().await;
    }

    async fn opened(&self, webinar: WebinarId) -> Option<Mailbox> {
        self.0.open.lock().await.get(&webinar).cloned()
    }
}

/// Ends the webinars that nobody ended. A job; where another node has the room, it is that node's.
///
/// # Errors
/// When the database fails.
pub async fn close_overdue(app: &App) -> Result<()> {
    for webinar in store::overdue(app.db.reader(), app.clock.now()).await? {
        match app.rooms.tell(app, webinar, Command::Overdue).await {
            Ok(()) | Err(Error::Elsewhere(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

fn settings(app: &App, pages: Option<u16>) -> Settings {
    let config = &app.config;
    let everywhere = if config.listen.is_ipv6() { IpAddr::from([0; 16]) } else { IpAddr::from([0; 4]) };
    let ip = if config.media_addresses.is_empty() { config.listen.ip() } else { everywhere };
    let mut settings = Settings::at(SocketAddr::new(ip, config.media_port));
    settings.listen_tcp = config.media_tcp_port.map(|port| SocketAddr::new(ip, port));
    settings.public.clone_from(&config.media_addresses);
    settings.shared = match config.media_shared {
        Shared::Own => pages,
        Shared::Port(port) => Some(port),
        Shared::Off => None,
    };
    settings
}

/// Brings what happens in media to the room it is about.
async fn deliver(rooms: Rooms, mut events: mpsc::Receiver<Event>) {
    while let Some(event) = events.recv().await {
        if rooms.0.cascade.happened(&event).await {
            continue;
        }
        let RoomId(id) = event.room();
        // A room that is full of mail asks for the stage itself, every second.
        rooms.hint(WebinarId(id), Command::Media(event)).await;
    }
}
