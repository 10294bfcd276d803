//! A file that was chosen, its pieces, and the requests that carry them.

use super::page;
use js_sys::{JsString, Promise, Reflect};
use leptos::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Blob, File, Headers, HtmlInputElement, RequestInit, RequestRedirect, Response, Storage};

/// A piece without a reply after this long is sent again from where it stands.
const PATIENCE_MS: u32 = 60_000;

/// A file that was chosen.
#[derive(Debug, Clone)]
pub(crate) struct Chosen(File);

impl Chosen {
    /// The file in that field, if there is one.
    pub(crate) fn of(input: &HtmlInputElement) -> Option<Self> {
        input.files()?.get(0).map(Self)
    }

    /// Bytes.
    pub(crate) fn size(&self) -> f64 {
        self.0.size()
    }

    /// What makes it the same file when it is chosen again.
    pub(crate) fn fingerprint(&self) -> String {
        format!("{}:{}:{}", self.0.name(), self.0.size(), self.0.last_modified())
    }

    /// The bytes from there to there.
    pub(crate) fn part(&self, from: f64, to: f64) -> Option<Blob> {
        self.0.slice_with_f64_and_f64(from, to).ok()
    }

    /// What the server is told of it: keys, and values in base 64.
    pub(crate) fn metadata(&self, course: &str) -> String {
        let id: Option<uuid::Uuid> = page::new_id();
        let pairs = [
            ("filename", Some(self.0.name())),
            ("course", Some(course.to_owned())),
            ("id", id.map(|id| id.to_string())),
        ];
        let coded = |text: String| {
            // `btoa` takes a byte a sign.
            let bytes: String = text.bytes().map(char::from).collect();
            web_sys::window().and_then(|window| window.btoa(&bytes).ok()).unwrap_or_default()
        };
        let pairs = pairs.into_iter().filter_map(|(key, value)| Some(format!("{key} {}", coded(value?))));
        pairs.collect::<Vec<_>>().join(",")
    }
}

/// What the server answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) offset: Option<f64>,
    pub(crate) location: Option<String>,
    body: String,
}

impl Answer {
    /// Why it refuses, for people.
    pub(crate) fn said(&self) -> String {
        if self.status == 401 {
            return "Votre session a pris fin\u{a0}: reconnectez-vous dans un autre onglet, puis recommencez\u{a0}; l’envoi reprendra où il en est.".to_owned();
        }
        self.field("said").unwrap_or_else(|| "L’envoi a été refusé.".to_owned())
    }

    /// The page to go to.
    pub(crate) fn page(&self) -> Option<String> {
        self.field("page")
    }

    fn field(&self, name: &str) -> Option<String> {
        let body = js_sys::JSON::parse(&self.body).ok()?;
        Reflect::get(&body, &name.into()).ok()?.as_string()
    }
}

/// Asks; `None` where no answer came.
pub(crate) async fn ask(method: &str, url: &str, headers: &[(&str, String)], body: Option<&Blob>) -> Option<Answer> {
    let body = body.map_or(JsValue::UNDEFINED, |body| body.clone().into());
    sent(method, url, headers, &body).await.ok()
}

/// Posts a text.
pub(crate) async fn post(url: &str, headers: &[(&str, String)], body: &str) -> Option<Answer> {
    sent("POST", url, headers, &JsValue::from_str(body)).await.ok()
}

async fn sent(method: &str, url: &str, more: &[(&str, String)], body: &JsValue) -> Result<Answer, JsValue> {
    let headers = Headers::new()?;
    headers.set("accept", "application/json")?;
    for (name, value) in more {
        headers.set(name, value)?;
    }
    let init = RequestInit::new();
    init.set_method(method);
    init.set_headers(&headers);
    init.set_body(body);
    init.set_redirect(RequestRedirect::Manual);
    init.set_signal(Some(&AbortSignal::timeout_with_u32(PATIENCE_MS)));
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let response: Response = JsFuture::from(window.fetch_with_str_and_init(url, &init)).await?.dyn_into()?;
    // An answer that leads elsewhere leads to the sign-in page.
    let status = if response.status() == 0 { 401 } else { response.status() };
    let offset = response.headers().get("upload-offset")?.and_then(|offset| offset.parse().ok());
    let location = response.headers().get("location")?;
    let body = JsFuture::from(response.text()?).await?;
    Ok(Answer { status, offset, location, body: body.dyn_into::<JsString>().map(String::from).unwrap_or_default() })
}

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

/// Keeps a text in this browser. Where it keeps nothing, the file is sent anew after a reload.
pub(crate) fn keep(key: &str, value: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(key, value);
    }
}

pub(crate) fn kept(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

pub(crate) fn forget(key: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(key);
    }
}

/// Waits so many milliseconds, or until the browser has a network again.
pub(crate) async fn pause(milliseconds: u32) {
    let promise = Promise::new(&mut |resolve, _| {
        page::call_in(&resolve, milliseconds);
        if let (Some(window), false) = (web_sys::window(), page::is_online()) {
            let _ = window.add_event_listener_with_callback("online", &resolve);
        }
    });
    // It only resolves.
    let _ = JsFuture::from(promise).await;
}
