//! Webinars from behind office firewalls: real browsers in networks of their own, which let out what a firewall would.

use super::browser::{Browser, Script};
use super::webinar::{DEVICES, KEEP_CONNECTIONS, enter, received, tab};
use domain::webinar::presence::Reason;
use jiff::SignedDuration;
use serde_json::{Value, json};
use server::app::App;
use std::net::Ipv4Addr;
use std::time::Duration;
use support::meeting::Meeting;
use support::office::{Office, Wall};
use support::served::{House, Served};
use support::{Client, Database};
use tempfile::TempDir;
use tokio::time::Instant;

/// The certificate is nobody's.
pub const TRUSTING: &str = "--ignore-certificate-errors";
/// The media port, UDP and TCP. Each office has an address of this machine for itself.
const MEDIA: u16 = 10_000;

/// Over which protocol and to which port the page's media goes.
const WAY: &str = "
    const done = arguments[0];
    Promise.all(window.connections.map((connection) => connection.getStats())).then((all) => {
        let way = null;
        for (const stats of all) for (const one of stats.values()) {
            if (one.type !== 'transport' || one.dtlsState !== 'connected') continue;
            const pair = stats.get(one.selectedCandidatePairId);
            const remote = pair && stats.get(pair.remoteCandidateId);
            if (remote) way = `${remote.protocol} ${remote.port}`;
        }
        done(way);
    });";

/// How many ways over UDP the page's browser still tries.
const UDP_LEFT: &str = "
    const done = arguments[0];
    Promise.all(window.connections.filter((one) => one.connectionState !== 'closed').map((one) => one.getStats())).then((all) => {
        let left = 0;
        for (const stats of all) for (const one of stats.values()) {
            if (one.type !== 'candidate-pair' || one.state === 'failed') continue;
            if (stats.get(one.remoteCandidateId)?.protocol === 'udp') left += 1;
        }
        done(left);
    });";

/// A webinar that goes on, served to that office over HTTPS on port 443.
pub struct Scene {
    pub meeting: Meeting,
    pub app: App,
    pub trainer: Browser,
    url: String,
    pub room: String,
    pub office: Office,
    _house: House,
    _served: Served,
    _files: TempDir,
}

/// A house that serves over HTTPS at that address, with more settings, and where its certificate is.
pub fn house(here: Ipv4Addr, settings: &[(&'static str, &str)]) -> (House, TempDir) {
    let files = tempfile::tempdir().expect("a folder");
    support::certificate::write(files.path(), &here.to_string()).expect("written");
    let file = |name: &str| files.path().join(name).display().to_string();
    let house = House::new(Database::Sqlite, "production")
        .expect("a house")
        .with("SOCLE_LISTEN", format!("{here}:443"))
        .with("SOCLE_TLS_CERTIFICATE", file("cert.pem"))
        .with("SOCLE_TLS_KEY", file("key.pem"))
        .with("SOCLE_MEDIA_PORT", MEDIA.to_string());
    let house = house.with_all(settings.iter().map(|(name, value)| (*name, (*value).to_owned())));
    (house, files)
}

/// One behind that wall; none where networks cannot be made here.
async fn scene(wall: Wall) -> Option<Scene> {
    let scene = silent(wall, &[]).await?;
    scene.speak().await;
    Some(scene)
}

/// The same with more settings, whose trainer says and shows nothing yet.
pub async fn silent(wall: Wall, settings: &[(&'static str, &str)]) -> Option<Scene> {
    let office = Office::new(wall).expect("networks can be made")?;
    let (house, files) = house(office.here, settings);
    let app = house.open().await.expect("opens");
    let meeting = Meeting::in_house(&app, 1).await;
    meeting.prepare(&app, "webinaire-outils-numeriques").await;
    let served = house.serve().await.expect("serves");
    let url = format!("https://{}", office.here);
    let room = format!("/webinaires/{}/salle", meeting.webinar);
    let trainer = enter(&url, &meeting.trainer, &room, &[DEVICES, &[TRUSTING]].concat()).await;
    trainer.press("Commencer le webinaire").await;
    Some(Scene { meeting, app, trainer, url, room, office, _house: house, _served: served, _files: files })
}

impl Scene {
    /// The trainer speaks, and shows a screen.
    pub async fn speak(&self) {
        self.trainer.press("Allumer le micro").await;
        self.trainer.press("Partager l’écran").await;
    }

    /// The agent's browser, in the office, not in the room yet.
    async fn agent(&self) -> Browser {
        self.agent_with(&[], "").await
    }

    /// The same with more switches, and a script that runs before any page's own.
    pub async fn agent_with(&self, switches: &[&str], script: &str) -> Browser {
        let switches = [DEVICES, &[TRUSTING], switches].concat();
        let browser = Browser::open_in(&self.office, &self.url, Script::On, &switches).await;
        let source = format!("{KEEP_CONNECTIONS}\n{script}");
        browser.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": source })).await;
        browser.become_client(self.client()).await;
        browser
    }

    fn client(&self) -> &Client {
        &self.meeting.agents[0]
    }

    /// The trainer launches a poll, and the agent votes.
    pub async fn vote(&self, agent: &Browser) {
        tab(&self.trainer, "Sondages").await;
        self.trainer.click("[role=tabpanel]:not([hidden]) details.folded summary").await;
        self.trainer.press("Lancer Qu’est-ce qui vous prend").await;
        tab(agent, "Sondages").await;
        agent.until_text("[role=tabpanel]:not([hidden])", "Qu’est-ce qui vous prend").await;
        agent.click("[role=tabpanel]:not([hidden]) form.vote input").await;
        agent.press("Voter").await;
        agent.until_text("main", "Votre vote est enregistré").await;
    }

    /// The webinar lasts, with more of it seen and heard every second, and ends: the agent, who came so late, was present.
    pub async fn is_counted(&self, late: SignedDuration, agent: &Browser, goes_on: impl AsyncFn()) {
        // Presence is a share of the webinar's time: it has to last, for what came before the agent to weigh little.
        let lasting = u64::try_from(4 * late.as_secs()).expect("forward").max(30);
        let until = Instant::now() + Duration::from_secs(lasting);
        while Instant::now() < until {
            goes_on().await;
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        self.trainer.press("Terminer").await;
        self.trainer.press("Oui, terminer").await;
        self.trainer.until_text("main", "terminé").await;
        let measured = async || {
            let person = self.meeting.agent_ids[0];
            let record = server::record::store::load(self.app.db.reader(), person).await.expect("reads").record;
            let course = "mediation-numerique".parse().expect("a slug");
            record.webinar(&course, self.meeting.webinar).and_then(|known| known.measured)
        };
        agent.until("a fact in the record", async || measured().await.is_some()).await;
        let (figures, reason) = measured().await.expect("a fact");
        println!("present {} % of the time", figures.percent);
        assert_eq!(reason, Reason::Present, "{figures:?}");
        assert!(figures.percent >= 66, "{figures:?}");
    }
}

pub async fn way(browser: &Browser) -> String {
    let way = browser.driver.execute_async(WAY, vec![]).await.map(|found| found.json().clone()).unwrap_or_default();
    way.as_str().unwrap_or_default().to_owned()
}

/// Enters the room; gives how long it took from the click until picture and sound were there.
async fn first_frame(scene: &Scene, agent: &Browser) -> Duration {
    let began = Instant::now();
    agent.go(&scene.room).await;
    agent.until("picture and sound", async || comes(&received(agent).await)).await;
    began.elapsed()
}

fn comes(seen: &Value) -> bool {
    seen["frames"].as_f64() > Some(0.0) && seen["energy"].as_f64() > Some(0.0)
}

/// Goes on until more is seen and heard than before.
pub async fn until_more(agent: &Browser) {
    let before = received(agent).await;
    let more = async || {
        let now = received(agent).await;
        ["frames", "energy"].iter().all(|what| now[what].as_f64() > before[what].as_f64())
    };
    agent.until("more picture and sound", more).await;
}

/// A whole webinar over TCP to that port: seen, heard, voted in, and counted.
async fn is_followed_over_tcp(wall: Wall, port: u16) {
    let Some(scene) = scene(wall).await else { return };
    let live = scene.app.clock.now();
    let agent = scene.agent().await;
    let took = first_frame(&scene, &agent).await;
    println!("{wall:?}: first picture and sound after {took:?}, by {}", way(&agent).await);
    assert_eq!(way(&agent).await, format!("tcp {port}"));
    assert!(took < Duration::from_secs(20), "{took:?} on a machine that does other things too");
    agent.until_text("main", &format!("passent par TCP (port {port})")).await;
    scene.vote(&agent).await;
    let late = scene.app.clock.now().duration_since(live);
    scene.is_counted(late, &agent, async || until_more(&agent).await).await;
}

#[ignore = "alone: browsers elsewhere on this machine give up what they load when a network comes"]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_no_udp_goes_out_a_webinar_is_followed_over_the_tcp_port_of_media() {
    is_followed_over_tcp(Wall::NoUdp, MEDIA).await;
}

#[ignore = "alone: browsers elsewhere on this machine give up what they load when a network comes"]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_nothing_but_https_goes_out_a_webinar_is_followed_over_the_port_of_the_pages() {
    is_followed_over_tcp(Wall::HttpsAlone, 443).await;
}

#[ignore = "alone: browsers elsewhere on this machine give up what they load when a network comes"]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn media_falls_to_tcp_when_udp_is_cut_and_climbs_back_without_a_reload() {
    let Some(scene) = scene(Wall::Open).await else { return };
    let agent = scene.agent().await;
    let took = first_frame(&scene, &agent).await;
    println!("open: first picture and sound after {took:?}, by {}", way(&agent).await);
    assert_eq!(way(&agent).await, format!("udp {MEDIA}"));
    agent.look("window.stayed = true", vec![]).await;

    scene.office.becomes(Wall::NoUdp).expect("the wall is closed");
    let cut = Instant::now();
    agent.until("a way over TCP", async || way(&agent).await.starts_with("tcp")).await;
    until_more(&agent).await;
    println!("cut: picture and sound again after {:?}, by {}", cut.elapsed(), way(&agent).await);

    // Once the browser itself tries UDP no more, only the page finds out that it passes again.
    agent
        .until("UDP to be given up", async || {
            agent.driver.execute_async(UDP_LEFT, vec![]).await.is_ok_and(|left| left.json() == &json!(0))
        })
        .await;
    scene.office.becomes(Wall::Open).expect("the wall is opened");
    let opened = Instant::now();
    agent.until("a way over UDP again", async || way(&agent).await.starts_with("udp")).await;
    until_more(&agent).await;
    println!("open again: over UDP after {:?}", opened.elapsed());
    assert_eq!(agent.look("return window.stayed", vec![]).await, json!(true), "nothing was reloaded");
}

#[ignore = "alone: browsers elsewhere on this machine give up what they load when a network comes"]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_diagnosis_says_what_is_blocked_and_what_to_open() {
    let Some(scene) = scene(Wall::HttpsAlone).await else { return };
    let agent = scene.agent().await;
    for path in [format!("/webinaires/{}/diagnostic", scene.meeting.webinar), "/diagnostic".to_owned()] {
        agent.go(&path).await;
        agent.press("Lancer le diagnostic").await;
        agent.until_text(".diagnosis-text", "À ouvrir, en sortie").await;
        let sheet = agent.text(".diagnosis-text").await;
        for words in [
            &format!("Son et image par UDP, port {MEDIA} : BLOQUÉ"),
            &format!("Son et image par TCP, port {MEDIA} : BLOQUÉ"),
            "Son et image par TCP, port 443 : passe",
            "Discussion et sondages (WebSocket) : passe",
            "Vous suivrez le webinaire par TCP (port 443)",
            &format!("1. UDP, port {MEDIA} vers socle.example ({})", scene.office.here),
            "Horloge du poste : à l’heure",
        ] {
            assert!(sheet.contains(words), "{words}\n\n{sheet}");
        }
        let measured = |what: &str| sheet.lines().any(|line| line.contains(what) && line.contains("bit/s"));
        assert!(measured("Débit reçu") && measured("Débit envoyé"), "{sheet}");
        println!("{sheet}");
    }
    super::pictures::take(&agent, "diagnosis").await;
    scene.office.becomes(Wall::Open).expect("the wall is opened");
    agent.press("Recommencer le diagnostic").await;
    agent.until_text(".diagnosis-text", "Il n’y a rien à ouvrir").await;
    let sheet = agent.text(".diagnosis-text").await;
    let losses = sheet.lines().find(|line| line.contains("Pertes par UDP"));
    assert!(losses.is_some_and(|line| line.ends_with('%')), "{sheet}");
    println!("{sheet}");
}
