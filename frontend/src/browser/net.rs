//! Words to the server.

use js_sys::JsString;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Headers, RequestInit, RequestRedirect, Response};

/// A request without a reply after this long is given up: a rural line stalls more often than it answers late.
const PATIENCE_MS: u32 = 20_000;
/// What a browser lets outlive the page (64 kB), less a margin.
const KEPT_ALIVE: usize = 60_000;

/// What the server replied.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: String,
}

/// Sends JSON; `None` where no reply came. A reply that leads elsewhere leads to the sign-in page: it is told as 401.
pub(crate) async fn post_json(url: &str, body: &str) -> Option<Reply> {
    post(url, "application/json", body).await.ok()
}

/// Sends what a form would send, asking for JSON in return.
pub(crate) async fn post_form(url: &str, body: &str) -> Option<Reply> {
    post(url, "application/x-www-form-urlencoded", body).await.ok()
}

async fn post(url: &str, content_type: &str, body: &str) -> Result<Reply, JsValue> {
    let headers = Headers::new()?;
    headers.set("content-type", content_type)?;
    headers.set("accept", "application/json")?;
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_headers(&headers);
    init.set_body(&JsValue::from_str(body));
    init.set_redirect(RequestRedirect::Manual);
    init.set_signal(Some(&AbortSignal::timeout_with_u32(PATIENCE_MS)));
    if body.len() < KEPT_ALIVE {
        // Leaving the page does not cut the sending short.
        js_sys::Reflect::set(&init, &"keepalive".into(), &JsValue::TRUE)?;
    }
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let response: Response = JsFuture::from(window.fetch_with_str_and_init(url, &init)).await?.dyn_into()?;
    let status = if response.status() == 0 { 401 } else { response.status() };
    let body = JsFuture::from(response.text()?).await?;
    Ok(Reply { status, body: body.dyn_into::<JsString>().map(String::from).unwrap_or_default() })
}
