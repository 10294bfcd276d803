//! What lives in the room's page: the line, the call, the timers. Carries between them and the state, and decides
//! nothing that can be decided there.

mod beside;
mod late;
mod media;
mod sending;
mod stills;
mod way;

pub(crate) use beside::sit_beside;

use super::super::pictures;
use super::announce::{Announcer, News};
use super::call::Call;
use super::climbing::Climbing;
use super::desk::{Desk, Order, Panel, Path, Sent};
use super::falling::Falling;
use super::measure::{Counted, Patience, Spending};
use super::seeking::Seeking;
use super::socket::{self, Socket};
use super::state::{Effect, Ending, Heard, Line, Live, Part};
use crate::browser::page;
use crate::browser::room::direct::Direct;
use crate::browser::room::{devices, memory, place};
use domain::webinar::Act;
use domain::webinar::signal::{ActId, FromBrowser, FromServer, MediaKind, Shown};
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;
use stills::Stills;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::Element;

/// How often the connection is measured when nobody looks.
const MEASURED_MS: f64 = 5_000.0;

thread_local! {
    // A page has one room.
    static ENGINE: RefCell<Option<Rc<Engine>>> = const { RefCell::new(None) };
}

struct Engine {
    desk: Desk,
    place: Element,
    /// What addresses of the room begin with: nothing, or the node that this browser was led to.
    base: RefCell<String>,
    socket: RefCell<Option<Socket>>,
    call: Rc<Call>,
    announcer: RefCell<Announcer>,
    retry: Cell<Option<TimeoutHandle>>,
    shown: RefCell<Vec<Shown>>,
    /// Hears that the browser would not play before it is asked to.
    refused: Closure<dyn FnMut(JsValue)>,
    measuring: Cell<bool>,
    counted: Cell<Option<Counted>>,
    patience: Cell<Patience>,
    /// How long sound is kept before it is played, as the browser was last told.
    kept: Cell<Option<u32>>,
    spending: Cell<Spending>,
    stills: RefCell<Stills>,
    seeking: RefCell<Seeking>,
    climbing: RefCell<Climbing>,
    falling: RefCell<Falling>,
    direct: RefCell<Option<Direct>>,
    /// When the connection was begun over which something is awaited.
    awaited: Cell<f64>,
    /// Hears that sound cannot come out where it was to.
    mute: Closure<dyn FnMut(JsValue)>,
}

/// Enters the room.
pub(crate) fn start(desk: Desk, place: Element) {
    let call = Call::new(|event| with(|engine| engine.media(event)));
    let engine = Rc::new(Engine {
        desk,
        place,
        base: RefCell::default(),
        socket: RefCell::default(),
        call,
        announcer: RefCell::default(),
        retry: Cell::default(),
        shown: RefCell::default(),
        refused: Closure::new(move |error: JsValue| {
            // Anything else, as a picture that was replaced, is no refusal.
            if error.dyn_ref::<web_sys::DomException>().is_some_and(|error| error.name() == "NotAllowedError") {
                desk.silent.set(true);
            }
        }),
        measuring: Cell::default(),
        counted: Cell::default(),
        patience: Cell::default(),
        kept: Cell::default(),
        spending: Cell::default(),
        stills: RefCell::default(),
        seeking: RefCell::default(),
        climbing: RefCell::default(),
        falling: RefCell::new(late::falling()),
        direct: RefCell::default(),
        awaited: Cell::default(),
        mute: Closure::new(|error| {
            // A browser that was not yet allowed to use any refuses too: that is no news to the person.
            if devices::named(&error) == "NotFoundError" {
                with(Engine::loudspeaker_gone);
            }
        }),
    });
    let light = desk.entrance.with_value(|entrance| entrance.light);
    let chosen = pictures::chosen(&memory::kept(pictures::KEY).unwrap_or_default(), light);
    desk.change(|live| {
        live.pictures = chosen;
        ((), vec![Part::Seats])
    });
    ENGINE.set(Some(Rc::clone(&engine)));
    desk.clock.set(page::now_ms());
    page::listen_around("online", |_| {
        with(|engine| {
            engine.retry_in(page::dice() * 300.0);
            engine.network_changed();
        });
    });
    place::on_network_change(|| with(Engine::network_changed));
    page::listen_around("offline", |_| with(Engine::dropped));
    page::listen_around("pagehide", |_| with(|engine| drop((engine.socket.take(), engine.direct.take()))));
    page::listen_around("keydown", |event| with(|engine| engine.key(&event)));
    page::on_visibility(|_| with(Engine::show));
    engine.know_gear();
    devices::on_change(|| with(Engine::know_gear));
    set_interval(|| with(Engine::tick), Duration::from_secs(1));
    engine.dial();
}

/// Gives an order to the room of this page.
pub(crate) fn order(order: Order) {
    with(move |engine| engine.ordered(order));
}

fn with(tell: impl FnOnce(&Rc<Engine>)) {
    if let Some(engine) = ENGINE.with_borrow(Clone::clone) {
        tell(&engine);
    }
}

impl Engine {
    /// The address of what is asked of this room: `/signal`, `/images`…
    fn address(&self, what: &str) -> String {
        let webinar = self.desk.entrance.with_value(|entrance| entrance.webinar);
        format!("{}/webinaires/{webinar}{what}", self.base.borrow())
    }

    fn dial(self: &Rc<Self>) {
        if self.desk.peek(|live| live.is_over() || (live.line == Line::Here)) {
            return;
        }
        let told: Rc<dyn Fn(socket::Event)> = Rc::new(|event| with(|engine| engine.line(event)));
        let socket = Socket::open(&self.address("/signal"), &told);
        let dialled = socket.is_some();
        self.socket.replace(socket);
        if !dialled {
            self.dropped();
        }
    }

    fn line(self: &Rc<Self>, event: socket::Event) {
        match event {
            socket::Event::Open => self.say(&FromBrowser::Hello { tab: self.desk.peek(|live| live.tab) }),
            socket::Event::Said(FromServer::Elsewhere { node }) => self.led(&node),
            socket::Event::Said(said) => self.heard(said),
            socket::Event::Closed => self.dropped(),
        }
    }

    /// The room is on that node. Whoever is led on by a node that they were led to begins again, in a moment.
    fn led(self: &Rc<Self>, node: &str) {
        if !self.base.borrow().is_empty() {
            return self.dropped();
        }
        self.base.replace(format!("/noeud/{node}"));
        self.socket.replace(None);
        self.dial();
    }

    fn say(&self, said: &FromBrowser) {
        if let Some(socket) = self.socket.borrow().as_ref() {
            socket.say(said);
        }
    }

    fn dropped(self: &Rc<Self>) {
        self.socket.replace(None);
        // Where the room is now is asked anew: its node may be gone.
        self.base.take();
        if self.desk.peek(Live::is_over) {
            return;
        }
        let lost = self.desk.change(|live| (live.lost(), vec![Part::Line]));
        if lost == Some(true) {
            self.announcer.borrow_mut().note(News::Lost);
        }
        let delay = self.desk.peek(|live| live.delay_ms(page::dice()));
        self.retry_in(delay);
    }

    fn retry_in(self: &Rc<Self>, milliseconds: f64) {
        let after = Duration::from_secs_f64(milliseconds / 1000.0);
        let handle = set_timeout_with_handle(|| with(Engine::dial), after);
        if let Some(former) = self.retry.replace(handle.ok()) {
            former.clear();
        }
    }

    fn heard(self: &Rc<Self>, said: FromServer) {
        let keyboard = place::Keyboard::now(&self.place);
        let now = page::now_ms();
        let heard = self.desk.change(|live| {
            let heard = live.hear(said, now);
            let parts = heard.parts.clone();
            (heard, parts)
        });
        let Some(Heard { parts, effects, news, refused }) = heard else { return };
        for news in news {
            self.announcer.borrow_mut().note(news);
        }
        if let Some((act, why)) = refused {
            self.desk.trouble.set(Some(why.to_string()));
            self.desk.returned.set(Some(act));
        }
        for effect in effects {
            self.bring_about(effect);
        }
        if parts.contains(&Part::Seats) || parts.contains(&Part::Floor) {
            self.show();
        }
        if !parts.is_empty() {
            place::after_drawing(move || keyboard.keep());
        }
    }

    fn bring_about(self: &Rc<Self>, effect: Effect) {
        match effect {
            Effect::Send(said) => self.say(&said),
            Effect::Media { fresh } => {
                self.rights();
                self.seeking.borrow_mut().anew(page::now_ms());
                self.say_choice();
                if fresh || self.desk.path.get_untracked() != Path::Connected {
                    self.falling.borrow_mut().missing(page::now_ms());
                }
                self.connect(fresh);
            }
            Effect::Answer { turn, sdp } => self.call.answered(turn, sdp),
            Effect::NoMedia { turn, why } => self.call.refused(turn, why),
            Effect::OfferAnew => self.call.offer_anew(),
            Effect::Rights => self.rights(),
            Effect::Still => {
                self.keep();
                self.hang_still();
            }
            Effect::HangUp => {
                self.socket.replace(None);
                self.call.close();
                self.seeking.take();
                self.falling.take();
                self.empty();
                for sent in [self.desk.microphone, self.desk.camera, self.desk.screen] {
                    sent.set(Sent::Off);
                }
            }
        }
    }

    fn tick(self: &Rc<Self>) {
        let now = page::now_ms();
        self.desk.clock.set(now);
        if self.socket.borrow().as_ref().is_some_and(Socket::is_dead) {
            self.dropped();
        }
        let reading = self.desk.panel.get_untracked() == Panel::Chat && !page::is_hidden();
        if let Some(said) = self.announcer.borrow_mut().due(now, reading) {
            self.desk.said.set(said);
        }
        self.seek(now);
        self.fall();
        self.climb(now);
        self.draw(now);
        self.hang_still();
        let measured = self.counted.get().map_or(0.0, |counted| counted.at_ms);
        if self.measuring.get() || now - measured > MEASURED_MS {
            let engine = Rc::clone(self);
            spawn_local(async move { engine.measure().await });
        }
    }

    fn ordered(self: &Rc<Self>, order: Order) {
        match order {
            Order::Do(act) => self.act(act),
            Order::Microphone(on) => self.microphone(on),
            Order::Camera(true) => self.ask(MediaKind::Camera),
            Order::Camera(false) => self.stop(MediaKind::Camera),
            Order::Screen(true) => self.ask(MediaKind::Screen),
            Order::Screen(false) => self.stop(MediaKind::Screen),
            Order::Play => {
                self.desk.silent.set(false);
                self.show();
            }
            Order::Choose(pictures) => self.choose(pictures),
            Order::Layout(layout) => {
                self.desk.layout.set(layout);
                self.show();
            }
            Order::FullScreen => {
                if let Ok(Some(stage)) = self.place.query_selector(".stage") {
                    place::full_screen(&stage);
                }
            }
            Order::Reconnect => self.retry_in(0.0),
            Order::SeekMedia => self.seek_again(),
            Order::Use(gear, id) => self.use_gear(gear, id),
            Order::KnowGear => self.know_gear(),
            Order::Leave => {
                self.desk.change(|live| (live.leave(Ending::Left), vec![Part::Line]));
                self.bring_about(Effect::HangUp);
            }
            Order::Measure(on) => {
                self.measuring.set(on);
                self.counted.set(None);
            }
        }
        self.show();
    }

    fn key(self: &Rc<Self>, event: &web_sys::Event) {
        let Some(letter) = place::letter(event) else { return };
        match letter.as_str() {
            "k" => self.ordered(Order::Layout(self.desk.layout.get_untracked().next())),
            "g" => self.ordered(Order::FullScreen),
            "a" => self.desk.help.update(|open| *open = !*open),
            "t" => {
                self.desk.panel.set(Panel::Chat);
                place::focus_within(&self.place, "#message");
            }
            letter if place::press(&self.place, letter) => {}
            _ => return,
        }
        event.prevent_default();
    }

    fn act(&self, act: Act) {
        self.desk.trouble.set(None);
        let Some(id) = page::new_id().map(ActId) else {
            let why = "Ce navigateur est trop ancien pour participer. Mettez-le à jour.";
            self.desk.trouble.set(Some(why.to_owned()));
            return;
        };
        let said = self.desk.change(|live| (live.act(id, act), vec![Part::Unsent, Part::Checks]));
        if let Some(said) = said.flatten() {
            self.say(&said);
        }
    }
}
