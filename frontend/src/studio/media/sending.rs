//! Sends a file piece by piece, and goes on by itself after a dropped line. Where a file stands is kept in the browser, so
//! that the same one, chosen again after a reload, goes on too.

use super::Sending;
use crate::browser::page::{encoded_part, found, go, listen, now_ms};
use crate::browser::upload::{Answer, Chosen, ask, forget, keep, kept, pause};
use leptos::wasm_bindgen::JsCast as _;
use leptos::web_sys::{self, Element, HtmlElement, HtmlFormElement, HtmlInputElement, HtmlSelectElement};
use std::cell::Cell;
use std::rc::Rc;

/// The first piece; the next ones are longer where the line is fast.
const FIRST: f64 = 256.0 * 1024.0;
const LONGEST: f64 = 4.0 * 1024.0 * 1024.0;

/// A piece that takes less is followed by one twice as long; one that takes more, by one half as long.
const QUICK_MS: f64 = 1_500.0;
const SLOW_MS: f64 = 12_000.0;

/// Waited for between tries, longer and longer.
const WAITS_MS: [u32; 5] = [1_000, 2_000, 4_000, 8_000, 15_000];

/// The places of the page where sending is told.
#[derive(Clone)]
struct Desk {
    course: String,
    form: HtmlFormElement,
    sending: HtmlElement,
    bar: Element,
    said: Element,
    told: Element,
    stopped: Rc<Cell<bool>>,
}

/// Takes the form over.
pub(super) fn start(island: &HtmlElement, Sending { course }: Sending) {
    let one = |selector: &str| island.query_selector(selector).ok().flatten();
    let form = one("form").and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
    let sending = one("[data-sending]").and_then(|part| part.dyn_into::<HtmlElement>().ok());
    let (Some(form), Some(sending), Some(bar), Some(said), Some(told), Some(stop)) =
        (form, sending, one("progress"), one("[data-said]"), one("[data-told]"), one("[data-stop]"))
    else {
        return;
    };
    let stopped = Rc::new(Cell::new(false));
    let desk = Desk { course, form: form.clone(), sending, bar, said, told, stopped: Rc::clone(&stopped) };
    listen(&stop, "click", move |_| stopped.set(true));
    let _ = island.set_attribute("data-awake", "");
    listen(&form, "submit", move |event| {
        let file = desk.file();
        let Some(file) = file else { return };
        event.prevent_default();
        let desk = desk.clone();
        desk.stopped.set(false);
        wasm_bindgen_futures::spawn_local(async move {
            desk.sending.set_hidden(false);
            let outcome = desk.send(&file).await;
            desk.sending.set_hidden(true);
            match outcome {
                Ok(to) => go(&to),
                Err(said) => desk.tell(&said),
            }
        });
    });
}

impl Desk {
    fn file(&self) -> Option<Chosen> {
        let input = found(self.form.query_selector_all("input[type=file]")).into_iter().next()?;
        Chosen::of(&input.dyn_into::<HtmlInputElement>().ok()?)
    }

    fn chapter(&self) -> String {
        let select = self.form.query_selector("select").ok().flatten();
        select
            .and_then(|select| select.dyn_into::<HtmlSelectElement>().ok())
            .map(|select| select.value())
            .unwrap_or_default()
    }

    fn tell(&self, said: &str) {
        if self.told.text_content().as_deref() != Some(said) {
            self.told.set_text_content(Some(said));
        }
    }

    fn show(&self, offset: f64, size: f64) {
        let percent = if size > 0.0 { (offset / size * 100.0).floor() } else { 100.0 };
        let _ = self.bar.set_attribute("value", &percent.to_string());
        let mega = |bytes: f64| (bytes / 100_000.0).round() / 10.0;
        let said = format!("{}\u{a0}Mo sur {}\u{a0}Mo, {percent}\u{a0}%", french(mega(offset)), french(mega(size)));
        self.said.set_text_content(Some(&said));
    }

    /// Sends it whole and has it taken in; gives the page that shows it, or why not.
    async fn send(&self, file: &Chosen) -> Result<String, String> {
        let key = format!("socle-envoi:{}:{}", self.course, file.fingerprint());
        let mut tries = 0;
        let mut piece = FIRST;
        let mut place: Option<(String, f64)> = None;
        loop {
            if self.stopped.get() {
                return self.give_up(&key).await;
            }
            let Some((url, offset)) = place.clone() else {
                match self.find(&key, file).await? {
                    Some(there) => {
                        tries = 0;
                        self.tell("Envoi en cours.");
                        place = Some(there);
                    }
                    None => self.wait(&mut tries).await,
                }
                continue;
            };
            self.show(offset, file.size());
            if offset >= file.size() {
                return self.take(&key, &url).await;
            }
            let end = (offset + piece).min(file.size());
            let began = now_ms();
            let headers = [
                ("tus-resumable", "1.0.0".to_owned()),
                ("content-type", "application/offset+octet-stream".to_owned()),
                ("upload-offset", offset.to_string()),
            ];
            match ask("PATCH", &url, &headers, file.part(offset, end).as_ref()).await {
                Some(Answer { status: 204, offset: Some(next), .. }) => {
                    tries = 0;
                    place = Some((url, next));
                    let took = now_ms() - began;
                    piece = if took < QUICK_MS {
                        (piece * 2.0).min(LONGEST)
                    } else if took > SLOW_MS {
                        (piece / 2.0).max(FIRST / 4.0)
                    } else {
                        piece
                    };
                }
                Some(answer) if is_final(answer.status) => return Err(answer.said()),
                // Where it stands is asked again.
                _ => {
                    place = None;
                    self.wait(&mut tries).await;
                }
            }
        }
    }

    /// Where this file stands on the server; announced there where it is not known. None while the line is down.
    async fn find(&self, key: &str, file: &Chosen) -> Result<Option<(String, f64)>, String> {
        let version = ("tus-resumable", "1.0.0".to_owned());
        if let Some(url) = kept(key) {
            match ask("HEAD", &url, std::slice::from_ref(&version), None).await {
                Some(Answer { status: 200, offset: Some(offset), .. }) => return Ok(Some((url, offset))),
                Some(Answer { status: 404 | 410, .. }) => forget(key),
                Some(answer) if is_final(answer.status) => return Err(answer.said()),
                _ => return Ok(None),
            }
        }
        let metadata = file.metadata(&self.course);
        let headers = [version, ("upload-length", file.size().to_string()), ("upload-metadata", metadata)];
        match ask("POST", "/studio/envois", &headers, None).await {
            Some(Answer { status: 201, location: Some(url), .. }) => {
                keep(key, &url);
                Ok(Some((url, 0.0)))
            }
            Some(answer) if is_final(answer.status) => Err(answer.said()),
            _ => Ok(None),
        }
    }

    async fn wait(&self, tries: &mut usize) {
        self.tell("La connexion est coupée\u{a0}: l’envoi reprendra de lui-même.");
        let wait = WAITS_MS.get(*tries).or(WAITS_MS.last()).copied().unwrap_or(1_000);
        *tries += 1;
        pause(wait).await;
    }

    /// Has the whole file judged and kept.
    async fn take(&self, key: &str, url: &str) -> Result<String, String> {
        self.tell("Le fichier est arrivé\u{a0}: il est examiné.");
        let id = url.rsplit('/').next().unwrap_or_default();
        let to = format!("/studio/{}/medias/envois/{id}", self.course);
        let headers = [("content-type", "application/x-www-form-urlencoded".to_owned())];
        let body = format!("chapter={}", encoded_part(&self.chapter()));
        let mut tries = 0;
        loop {
            match crate::browser::upload::post(&to, &headers, &body).await {
                Some(answer) if answer.status == 200 => {
                    forget(key);
                    return answer.page().ok_or_else(|| "Le fichier est rangé\u{a0}: rouvrez cette page.".to_owned());
                }
                Some(answer) if is_final(answer.status) => {
                    forget(key);
                    return Err(answer.said());
                }
                _ => self.wait(&mut tries).await,
            }
        }
    }

    async fn give_up(&self, key: &str) -> Result<String, String> {
        if let Some(url) = kept(key) {
            let _ = ask("DELETE", &url, &[("tus-resumable", "1.0.0".to_owned())], None).await;
        }
        forget(key);
        Err("Envoi abandonné.".to_owned())
    }
}

/// Whether trying again would change nothing.
fn is_final(status: u16) -> bool {
    (400..500).contains(&status) && !matches!(status, 408 | 409 | 410 | 423 | 404 | 460)
}

fn french(number: f64) -> String {
    number.to_string().replace('.', ",")
}
