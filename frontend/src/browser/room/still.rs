//! Stills: made of a stream, sent, fetched and hung in the page.

use super::super::page;
use crate::webinar::room::{GLANCE, HEAVY, SIDE};
use js_sys::{Array, Function, Object, Promise, Reflect, Uint8ClampedArray};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Blob, Element, HtmlVideoElement, MediaStream, RequestInit, Response};

/// A still that does not come, or go, within this is given up, in milliseconds.
const PATIENCE: u32 = 40_000;
/// A picture that the browser does not take within this is waited for no longer, in milliseconds.
const MOMENT: u32 = 2_000;
/// How much is kept of what is too heavy without loss.
const PHOTOGRAPH: f64 = 0.85;

#[wasm_bindgen]
extern "C" {
    /// A canvas and its pen, as far as they are used (HTML Living Standard, section 4.12.5).
    type Canvas;
    #[wasm_bindgen(method, js_name = getContext)]
    fn pen(this: &Canvas, kind: &str, settings: &JsValue) -> Option<Pen>;
    #[wasm_bindgen(method, js_name = toBlob)]
    fn write(this: &Canvas, told: &Function, format: &str, quality: f64);
    #[wasm_bindgen(method, setter)]
    fn set_width(this: &Canvas, width: u32);
    #[wasm_bindgen(method, setter)]
    fn set_height(this: &Canvas, height: u32);
    type Pen;
    #[wasm_bindgen(method, js_name = drawImage)]
    fn draw(this: &Pen, picture: &JsValue, x: f64, y: f64, width: f64, height: f64);
    #[wasm_bindgen(method, js_name = getImageData)]
    fn look(this: &Pen, x: f64, y: f64, width: f64, height: f64) -> Points;
    type Points;
    #[wasm_bindgen(method, getter)]
    fn data(this: &Points) -> Uint8ClampedArray;
    /// What takes pictures of a track (`MediaStream` Image Capture, section 4), which not every browser has.
    type ImageCapture;
    #[wasm_bindgen(constructor, catch)]
    fn of(track: &JsValue) -> Result<ImageCapture, JsValue>;
    #[wasm_bindgen(method, js_name = grabFrame)]
    fn grab(this: &ImageCapture) -> Promise;
}

/// A picture of a shared screen, as its own tab sees it.
pub(crate) struct Easel {
    picture: JsValue,
    width: f64,
    height: f64,
}

impl Easel {
    /// The screen as it is now. While another tab is shown in the place of the room, which is where a trainer is who shows
    /// it, elements stand still: the track itself is asked, where the browser knows how. Nothing before there is a picture.
    pub(crate) async fn of(place: &Element, stream: &MediaStream) -> Option<Self> {
        if let Ok(capture) = ImageCapture::of(&stream.get_video_tracks().get(0)) {
            let late = Promise::new(&mut |resolve, _| page::call_in(&resolve, MOMENT));
            let taken = JsFuture::from(Promise::race(&Array::of2(&capture.grab(), &late))).await.ok()?;
            return Self::sized(taken, "width", "height");
        }
        let video: HtmlVideoElement = place.query_selector("video[data-seat='0']").ok()??.dyn_into().ok()?;
        let shown = video.src_object().as_ref() == Some(stream);
        shown.then(|| Self::sized(video.into(), "videoWidth", "videoHeight")).flatten()
    }

    fn sized(picture: JsValue, width: &str, height: &str) -> Option<Self> {
        let side = |name: &str| Reflect::get(&picture, &name.into()).ok()?.as_f64().filter(|side| *side > 0.0);
        let (width, height) = (side(width)?, side(height)?);
        Some(Self { picture, width, height })
    }

    /// What it looks like, small: how bright each point is.
    pub(crate) fn glance(&self) -> Option<Vec<u8>> {
        let (width, height) = GLANCE;
        let (_, pen) = self.drawn(width, height)?;
        let points = pen.look(0.0, 0.0, f64::from(width), f64::from(height)).data().to_vec();
        let bright = |point: &[u8]| match point {
            [red, green, blue, ..] => u8::try_from((u32::from(*red) + 2 * u32::from(*green) + u32::from(*blue)) / 4),
            _ => Ok(0),
        };
        points.chunks(4).map(|point| bright(point).ok()).collect()
    }

    /// A still, without loss where that is light enough; nothing where the browser makes none.
    pub(crate) async fn still(&self) -> Option<Blob> {
        let scale = (SIDE / self.width.max(self.height)).min(1.0);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped first")]
        let points = |side: f64| (side * scale).round().clamp(1.0, SIDE) as u32;
        let (canvas, _) = self.drawn(points(self.width), points(self.height))?;
        // A browser that writes no WebP makes PNG of this, without loss too.
        let exact = written(&canvas, "image/webp", 1.0).await?;
        if exact.size() <= HEAVY { Some(exact) } else { written(&canvas, "image/jpeg", PHOTOGRAPH).await }
    }

    fn drawn(&self, width: u32, height: u32) -> Option<(Canvas, Pen)> {
        let canvas: Canvas = page::document()?.create_element("canvas").ok()?.unchecked_into();
        canvas.set_width(width);
        canvas.set_height(height);
        let settings = Object::new();
        let _ = Reflect::set(&settings, &"alpha".into(), &JsValue::FALSE);
        let _ = Reflect::set(&settings, &"willReadFrequently".into(), &JsValue::TRUE);
        let pen = canvas.pen("2d", &settings)?;
        let _ = Reflect::set(&pen, &"imageSmoothingQuality".into(), &"high".into());
        pen.draw(&self.picture, 0.0, 0.0, f64::from(width), f64::from(height));
        Some((canvas, pen))
    }
}

async fn written(canvas: &Canvas, format: &str, quality: f64) -> Option<Blob> {
    let written = Promise::new(&mut |resolve, _| canvas.write(&resolve, format, quality));
    JsFuture::from(written).await.ok()?.dyn_into().ok()
}

impl Drop for Easel {
    /// A picture taken of a track holds megabytes until it is told to let go; an element has nothing to close.
    fn drop(&mut self) {
        let close =
            Reflect::get(&self.picture, &"close".into()).ok().and_then(|close| close.dyn_into::<Function>().ok());
        let _ = close.map(|close| close.call0(&self.picture));
    }
}

/// Sends a still there. Tells whether it was taken.
pub(crate) async fn send(path: &str, still: &Blob) -> bool {
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(still);
    init.set_signal(Some(&AbortSignal::timeout_with_u32(PATIENCE)));
    let sent = web_sys::window().map(|window| window.fetch_with_str_and_init(path, &init));
    let Some(sent) = sent else { return false };
    let response = JsFuture::from(sent).await.ok().and_then(|response| response.dyn_into::<Response>().ok());
    response.is_some_and(|response| response.ok())
}

/// Fetches a still: an element that shows it, whole; nothing where it does not come.
pub(crate) async fn fetch(path: &str) -> Option<Element> {
    let image = page::document()?.create_element("img").ok()?;
    let there = image.clone();
    let loaded = Promise::new(&mut |resolve, _| {
        for event in ["load", "error"] {
            let _ = there.add_event_listener_with_callback(event, &resolve);
        }
        page::call_in(&resolve, PATIENCE);
        let _ = there.set_attribute("src", path);
    });
    let _ = JsFuture::from(loaded).await;
    let width = Reflect::get(&image, &"naturalWidth".into()).ok()?.as_f64()?;
    let whole = Reflect::get(&image, &"complete".into()).is_ok_and(|complete| complete.is_truthy());
    (whole && width > 0.0).then_some(image)
}

/// Hangs a still in its place, for the one that hung there; or nothing.
pub(crate) fn hang(place: &Element, still: Option<&Element>) {
    let Some(still) = still else {
        place.set_inner_html("");
        return;
    };
    match place.first_element_child() {
        Some(former) => {
            let _ = place.replace_child(still, &former);
        }
        None => {
            let _ = place.append_child(still);
        }
    }
}
