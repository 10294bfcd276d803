//! What every handler gets.

use crate::acme::Acme;
use crate::audit::Audit;
use crate::certificate::keys::Keys;
use crate::clock::{Clock, Dice};
use crate::config::Config;
use crate::course::library::Library;
use crate::db::Db;
use crate::follow_up;
use crate::identity::leaks::Leaks;
use crate::identity::passkey::Passkeys;
use crate::identity::proconnect::ProConnect;
use crate::identity::session::Sessions;
use crate::identity::throttle::Throttle;
use crate::mail::smtp::Relay;
use crate::node::{self, Node};
use crate::operation::{Measures, Register};
use crate::pathway::store::Pathways;
use crate::quiz::desk::Desk;
use crate::quiz::store::Sittings;
use crate::site::Site;
use crate::studio;
use crate::studio::desk::Tables;
use crate::webhook;
use crate::webinar::recording::Recordings;
use crate::webinar::rooms::Rooms;
use crate::xapi;
use metrics_exporter_prometheus::PrometheusHandle;
use std::ops::Deref;
use std::sync::Arc;

/// A handle on the running product, cheap to clone.
#[derive(Debug, Clone)]
pub struct App(Arc<Parts>);

/// The parts of the product.
#[derive(Debug)]
pub struct Parts {
    pub config: Config,
    /// This process, among those that serve the database.
    pub node: Node,
    pub db: Db,
    pub clock: Clock,
    pub dice: Dice,
    /// The published courses, parsed.
    pub library: Library,
    /// The published pathways.
    pub pathways: Pathways,
    /// What certificates are signed with.
    pub keys: Keys,
    /// Where it is noted who looked at or changed whose data.
    pub audit: Audit,
    pub sessions: Sessions,
    /// Answers to quizzes, which come in crowds, and the attempts they are for.
    pub desk: Desk,
    pub sittings: Sittings,
    pub throttle: Throttle,
    /// The passwords that leaked, where there is a list of them.
    pub leaks: Option<Leaks>,
    /// What passkeys of this site are for, where it can have some.
    pub passkeys: Passkeys,
    /// The way in by ProConnect, where there is one.
    pub proconnect: Option<ProConnect>,
    /// Who is asked for the certificate of HTTPS, where it is in no files.
    pub acme: Option<Acme>,
    /// In what order statements that point at others are kept.
    pub statements: xapi::Order,
    /// The rooms of live webinars, and their media.
    pub rooms: Rooms,
    /// The recordings that run, and where those that are whole stand.
    pub recordings: Recordings,
    /// What takes mails away, where there is one.
    pub relay: Option<Relay>,
    /// The webhooks that are being delivered to.
    pub lanes: webhook::Lanes,
    /// Courses being written, and who is at their chapters.
    pub tables: Tables,
    /// The files of the studio that are being received.
    pub uploads: studio::media::uploads::Uploads,
    /// The browser bundle.
    pub site: Site,
    pub metrics: Option<PrometheusHandle>,
    /// How the jobs of this process went, and how much room there was.
    pub jobs: Register,
    pub measures: Measures,
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl App {
    /// Opens the database, brings it up to date and loads what is published.
    ///
    /// # Errors
    /// When the database cannot be opened.
    pub async fn open(
        config: Config,
        clock: Clock,
        dice: Dice,
        metrics: Option<PrometheusHandle>,
    ) -> anyhow::Result<Self> {
        let relay = Relay::configured(&config)?;
        let recordings = Recordings::open(&config)?;
        // After them: their clients find the TLS that they set up.
        let proconnect = ProConnect::configured(&config)?;
        let acme = Acme::configured(&config, clock.now())?;
        let leaks = Leaks::configured(&config)?;
        let passkeys = Passkeys::configured(&config)?;
        // Until all is loaded: one process at a time brings a database up to date.
        let _opening = node::opening(&config).await?;
        let db = Db::open(&config).await?;
        let library = Library::default();
        library.refresh(&db).await?;
        let pathways = Pathways::default();
        pathways.refresh(&db).await?;
        let keys = Keys::open(&db, &clock, &dice).await?;
        let jobs = Register::new(clock.now());
        let site = Site::load(&config.site)?;
        let node = Node::open(&config).await?;
        let rooms = Rooms::open(&config, &dice).await?;
        let sessions = Sessions::of(&node);
        let parts = Parts {
            config,
            node,
            db,
            clock,
            dice,
            library,
            pathways,
            keys,
            audit: Audit::default(),
            sessions,
            desk: Desk::default(),
            sittings: Sittings::default(),
            throttle: Throttle::default(),
            leaks,
            passkeys,
            proconnect,
            acme,
            statements: xapi::Order::default(),
            rooms,
            recordings,
            relay,
            lanes: webhook::Lanes::default(),
            tables: Tables::default(),
            uploads: studio::media::uploads::Uploads::default(),
            site,
            metrics,
            jobs,
            measures: Measures::default(),
        };
        let app = Self(Arc::new(parts));
        follow_up::catch_up(&app).await?;
        Ok(app)
    }
}
