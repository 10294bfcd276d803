//! What was played goes to the server: kept in the browser first, sent every few seconds, sent again until it is kept.

use super::meter::{Look, Meter, signed, whole};
use super::place::{Acknowledged, Watching};
use crate::browser::{kept, net, page};
use domain::webinar::replay::{Claim, MOST_PIECES, Position, Report};
use leptos::prelude::{set_interval, set_timeout};
use leptos::web_sys::{Element, HtmlMediaElement};
use serde::{Deserialize, Serialize};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;
use uuid::Uuid;
use wasm_bindgen_futures::spawn_local;

/// Between two reports, in milliseconds.
const RHYTHM: f64 = 10_000.0;
/// How often it is seen whether one is due.
const TICK: Duration = Duration::from_secs(2);
/// What happens to a player.
const EVENTS: [&str; 10] =
    ["timeupdate", "play", "playing", "pause", "waiting", "seeking", "seeked", "ratechange", "volumechange", "ended"];

/// What waits in the browser under the name of its player.
#[derive(Serialize, Deserialize)]
struct Waiting {
    pieces: Vec<Claim>,
    position: Option<Position>,
}

struct Reporter {
    watching: Watching,
    media: HtmlMediaElement,
    /// Where it is told what is counted.
    told: Option<Element>,
    watch: Uuid,
    meter: RefCell<Meter>,
    position: Cell<Option<Position>>,
    stood_at: Cell<u64>,
    /// Nothing is said of where the player stands before it was played here.
    began: Cell<bool>,
    /// The server knows that the player is open.
    opened: Cell<bool>,
    sending: Cell<bool>,
    sent_at: Cell<f64>,
}

/// Reports what that player plays, from now on.
pub(super) fn start(media: HtmlMediaElement, told: Option<Element>, watching: Watching) {
    // Without a good source of identifiers (a page that is not secure) nothing can be counted.
    let Some(watch) = page::new_id() else { return };
    let reporter = Rc::new(Reporter {
        watching,
        media,
        told,
        watch,
        meter: RefCell::default(),
        position: Cell::default(),
        stood_at: Cell::default(),
        began: Cell::default(),
        opened: Cell::default(),
        sending: Cell::default(),
        sent_at: Cell::default(),
    });
    for event in EVENTS {
        let looks = Rc::clone(&reporter);
        page::listen(&reporter.media, event, move |event| {
            looks.look();
            if matches!(event.type_().as_str(), "pause" | "ended") {
                looks.keep();
                looks.send();
            }
        });
    }
    let hides = Rc::clone(&reporter);
    page::on_visibility(move |hidden| {
        hides.look();
        if hidden {
            hides.keep();
            hides.send();
        }
    });
    for event in ["pagehide", "online"] {
        let leaves = Rc::clone(&reporter);
        page::listen_around(event, move |_| {
            leaves.look();
            leaves.keep();
            leaves.send();
        });
    }
    let ticks = Rc::clone(&reporter);
    set_interval(
        move || {
            ticks.keep();
            if !ticks.opened.get() || (ticks.has_news() && page::now_ms() - ticks.sent_at.get() >= RHYTHM) {
                ticks.send();
            }
        },
        TICK,
    );
    reporter.send();
    let late = Rc::clone(&reporter);
    // What another visit could not send: once this one is under way.
    set_timeout(move || spawn_local(async move { late.send_what_waits().await }), TICK);
}

impl Reporter {
    fn look(&self) {
        let media = &self.media;
        let playing = !media.paused() && !media.ended() && !media.seeking() && media.ready_state() > 2;
        let look = Look {
            media: media.current_time() * 1000.0,
            wall: page::now_ms(),
            playing,
            speed: u32::try_from(whole((media.playback_rate() * 100.0).round())).unwrap_or(u32::MAX),
            hidden: page::is_hidden(),
            silent: media.muted() || media.volume() <= 0.0,
        };
        self.meter.borrow_mut().look(look, page::new_id);
        self.began.set(self.began.get() || playing);
        let at = whole(look.media);
        // A player that stands still says nothing: another device may have gone on since.
        if self.began.get() && self.stood_at.replace(at) != at {
            self.position.set(Some(Position { at, said: signed(look.wall) }));
        }
    }

    fn name(&self) -> String {
        format!("{}{}", self.prefix(), self.watch)
    }

    fn prefix(&self) -> String {
        format!("socle.revoir.{}.", self.watching.whose)
    }

    fn has_news(&self) -> bool {
        self.position.get().is_some() || !self.meter.borrow().unsent().is_empty()
    }

    /// Keeps in the browser what is not known to be on the server.
    fn keep(&self) {
        if self.has_news() {
            let waiting = Waiting { pieces: self.meter.borrow().unsent(), position: self.position.get() };
            kept::put(&self.name(), &serde_json::to_string(&waiting).unwrap_or_default());
        }
    }

    /// Sends what is new, unless something is on its way.
    fn send(self: &Rc<Self>) {
        if self.sending.replace(true) {
            return;
        }
        self.sent_at.set(page::now_ms());
        let (pieces, position) = (self.meter.borrow().unsent(), self.position.get());
        let reporter = Rc::clone(self);
        spawn_local(async move {
            let outcome = reporter.post(reporter.watch, &pieces, position).await;
            reporter.sending.set(false);
            match outcome {
                Outcome::Kept(answer) => {
                    reporter.opened.set(true);
                    reporter.settled(&pieces, position);
                    reporter.tell(&answer.said);
                }
                Outcome::Refused => {
                    reporter.opened.set(true);
                    reporter.settled(&pieces, position);
                    reporter.tell("Ce que vous regardez n’est pas compté\u{a0}: rechargez la page.");
                }
                Outcome::SignedOut => reporter.tell(
                    "Votre session a pris fin\u{a0}: ce que vous avez regardé est gardé ici. Reconnectez-vous, puis rouvrez \
                     cette page\u{a0}: il sera compté.",
                ),
                Outcome::Lost => reporter.tell(
                    "Connexion coupée\u{a0}: ce que vous regardez est gardé ici, et sera compté à son retour.",
                ),
            }
        });
    }

    fn settled(&self, pieces: &[Claim], position: Option<Position>) {
        self.meter.borrow_mut().kept(pieces);
        if self.position.get() == position {
            self.position.set(None);
        }
        if !self.has_news() {
            kept::forget(&self.name());
        }
    }

    /// What earlier visits left in this browser.
    async fn send_what_waits(&self) {
        for name in kept::names(&self.prefix()) {
            let watch = name.rsplit('.').next().and_then(|watch| watch.parse::<Uuid>().ok());
            let waiting = kept::get(&name).and_then(|text| crate::json::read::<Waiting>(&text));
            let (Some(watch), Some(Waiting { pieces, position })) = (watch, waiting) else {
                kept::forget(&name);
                continue;
            };
            if watch == self.watch {
                continue;
            }
            let mut is_settled = true;
            for some in pieces.chunks(MOST_PIECES).chain(pieces.is_empty().then_some(&[][..])) {
                match self.post(watch, some, position).await {
                    Outcome::Kept(answer) => self.tell(&answer.said),
                    Outcome::Refused => {}
                    Outcome::SignedOut | Outcome::Lost => is_settled = false,
                }
            }
            if is_settled {
                kept::forget(&name);
            }
        }
    }

    async fn post(&self, watch: Uuid, pieces: &[Claim], position: Option<Position>) -> Outcome {
        let report = Report { watch, now: signed(page::now_ms()), pieces: pieces.to_vec(), position };
        let body = serde_json::to_string(&report).unwrap_or_default();
        let Some(reply) = net::post_json(&self.watching.report, &body).await else { return Outcome::Lost };
        match reply.status {
            // Where a proxy's page comes in place of ours, the line is as good as cut.
            200 => crate::json::read(&reply.body).map_or(Outcome::Lost, Outcome::Kept),
            401 => Outcome::SignedOut,
            400..=499 => Outcome::Refused,
            _ => Outcome::Lost,
        }
    }

    fn tell(&self, said: &str) {
        if let Some(told) = self.told.as_ref().filter(|told| told.text_content().as_deref() != Some(said)) {
            told.set_text_content(Some(said));
        }
    }
}

/// What became of a report.
enum Outcome {
    Kept(Acknowledged),
    /// It will never be kept.
    Refused,
    SignedOut,
    Lost,
}
