//! Microphone, camera and screen.

use super::super::page;
use super::memory;
use crate::webinar::gear::{Gear, Known};
use js_sys::{Array, JSON, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DisplayMediaStreamConstraints, DomException, HtmlMediaElement, MediaDeviceInfo, MediaDeviceKind, MediaDevices,
    MediaStream, MediaStreamTrack,
};

/// Echo and noise are the browser's to take out.
const MICROPHONE: &str = r#"{"echoCancellation":true,"noiseSuppression":true,"autoGainControl":true}"#;
const CAMERA: &str = r#"{"width":{"ideal":1280},"height":{"ideal":720},"frameRate":{"ideal":24,"max":30}}"#;
/// A page is read: few pictures a second, each sharp.
const SCREEN: &str = r#"{"video":{"frameRate":{"ideal":15,"max":15}},"audio":true}"#;

/// The name that the browser gives to what went wrong.
type Wrong = String;

fn devices() -> Result<MediaDevices, Wrong> {
    let window = web_sys::window().ok_or("TypeError")?;
    // Absent where the page is not secure, though the interface says otherwise.
    let devices = Reflect::get(&window.navigator(), &"mediaDevices".into()).unwrap_or_default();
    devices.dyn_into().map_err(|_| "TypeError".to_owned())
}

/// The name that the browser gives to an error.
pub(crate) fn named(error: &JsValue) -> Wrong {
    error.dyn_ref::<DomException>().map_or_else(|| "TypeError".to_owned(), DomException::name)
}

async fn granted(asked: Result<js_sys::Promise, JsValue>) -> Result<MediaStream, Wrong> {
    let stream = JsFuture::from(asked.map_err(|error| named(&error))?).await.map_err(|error| named(&error))?;
    stream.dyn_into().map_err(|_| "TypeError".to_owned())
}

/// What was asked for, and whether it is another one than was chosen.
pub(crate) struct Given {
    pub(crate) stream: MediaStream,
    pub(crate) replaced: bool,
}

/// The microphone or the camera, once the person agrees: the chosen one, or another where that one is gone.
pub(crate) async fn ask(gear: Gear, chosen: &str) -> Result<Given, Wrong> {
    let (kind, wanted) = if gear == Gear::Camera { ("video", CAMERA) } else { ("audio", MICROPHONE) };
    let wanted = JSON::parse(wanted).unwrap_or_default();
    if !chosen.is_empty() {
        // A wish, not a condition: the browser gives another one rather than none.
        let _ = Reflect::set(&wanted, &"deviceId".into(), &chosen.into());
    }
    let constraints = js_sys::Object::new();
    let _ = Reflect::set(&constraints, &kind.into(), &wanted);
    let stream = granted(devices()?.get_user_media_with_constraints(constraints.unchecked_ref())).await?;
    let settings = first(&stream, gear == Gear::Camera).map(|track| track.get_settings());
    let is = settings.and_then(|settings| Reflect::get(&settings, &"deviceId".into()).ok()?.as_string());
    let replaced = !chosen.is_empty() && is.is_some_and(|is| is != chosen);
    Ok(Given { stream, replaced })
}

/// What the browser knows of; it tells names only to a page that was allowed to use one.
pub(crate) async fn known() -> Vec<Known> {
    let Some(asked) = devices().ok().and_then(|devices| devices.enumerate_devices().ok()) else { return Vec::new() };
    let Ok(found) = JsFuture::from(asked).await else { return Vec::new() };
    let one = |device: JsValue| {
        let device: MediaDeviceInfo = device.unchecked_into();
        let gear = match device.kind() {
            MediaDeviceKind::Audioinput => Gear::Microphone,
            MediaDeviceKind::Videoinput => Gear::Camera,
            MediaDeviceKind::Audiooutput if can_route() => Gear::Loudspeaker,
            _ => return None,
        };
        let (id, name) = (device.device_id(), device.label());
        // The computer's own choices stand in the list already.
        let named = !name.is_empty() && !matches!(id.as_str(), "" | "default" | "communications");
        named.then_some(Known { gear, id, name })
    };
    Array::from(&found).iter().filter_map(one).collect()
}

/// Tells each time that something is plugged in or out.
pub(crate) fn on_change(told: impl Fn() + 'static) {
    if let Ok(devices) = devices() {
        page::listen(&devices, "devicechange", move |_| told());
    }
}

/// What was chosen on this machine; empty for the computer's own choice.
pub(crate) fn remembered(gear: Gear) -> String {
    memory::kept(gear.key()).unwrap_or_default()
}

/// Notes what is chosen on this machine.
pub(crate) fn remember(gear: Gear, id: &str) {
    memory::keep(gear.key(), id);
}

/// Whether this browser lets a page choose where sound comes out.
fn can_route() -> bool {
    let known = || Reflect::get(&Reflect::get(&js_sys::global(), &"HTMLMediaElement".into())?, &"prototype".into());
    known().is_ok_and(|known| Reflect::has(&known, &"setSinkId".into()).unwrap_or(false))
}

/// Lets sound come out of that loudspeaker; nothing where it does already, or where the browser cannot.
pub(crate) fn route(element: &HtmlMediaElement, id: &str) -> Option<js_sys::Promise> {
    let now = Reflect::get(element, &"sinkId".into()).ok()?.as_string()?;
    if now == id {
        return None;
    }
    let route: js_sys::Function = Reflect::get(element, &"setSinkId".into()).ok()?.dyn_into().ok()?;
    route.call1(element, &id.into()).ok()?.dyn_into().ok()
}

/// A window, a tab or a screen, as the person chooses, with its sound where the browser gives it.
pub(crate) async fn screen() -> Result<MediaStream, Wrong> {
    let devices = devices()?;
    if Reflect::get(&devices, &"getDisplayMedia".into()).is_ok_and(|method| method.is_undefined()) {
        return Err("TypeError".to_owned());
    }
    let constraints = JSON::parse(SCREEN).unwrap_or_default();
    let constraints: &DisplayMediaStreamConstraints = constraints.unchecked_ref();
    let stream = granted(devices.get_display_media_with_constraints(constraints)).await?;
    for track in tracks(&stream.get_video_tracks()) {
        // Text stays sharp: the encoder gives up pictures a second before detail (W3C MediaStreamTrack Content Hints).
        let _ = Reflect::set(&track, &"contentHint".into(), &"detail".into());
    }
    Ok(stream)
}

/// The tracks of a list.
pub(crate) fn tracks(list: &Array) -> Vec<MediaStreamTrack> {
    list.iter().filter_map(|track| track.dyn_into().ok()).collect()
}

/// The first picture or sound of a stream.
pub(crate) fn first(stream: &MediaStream, picture: bool) -> Option<MediaStreamTrack> {
    let list = if picture { stream.get_video_tracks() } else { stream.get_audio_tracks() };
    tracks(&list).into_iter().next()
}

/// Lets the device go.
pub(crate) fn stop(stream: &MediaStream) {
    tracks(&stream.get_tracks()).iter().for_each(MediaStreamTrack::stop);
}
