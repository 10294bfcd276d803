//! Microphone, camera and screen.

use js_sys::{Array, JSON, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DisplayMediaStreamConstraints, DomException, MediaDevices, MediaStream, MediaStreamTrack};

/// Echo and noise are the browser's to take out.
const MICROPHONE: &str = r#"{"audio":{"echoCancellation":true,"noiseSuppression":true,"autoGainControl":true}}"#;
const CAMERA: &str = r#"{"video":{"width":{"ideal":1280},"height":{"ideal":720},"frameRate":{"ideal":24,"max":30}}}"#;
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

fn named(error: &JsValue) -> Wrong {
    error.dyn_ref::<DomException>().map_or_else(|| "TypeError".to_owned(), DomException::name)
}

async fn granted(asked: Result<js_sys::Promise, JsValue>) -> Result<MediaStream, Wrong> {
    let stream = JsFuture::from(asked.map_err(|error| named(&error))?).await.map_err(|error| named(&error))?;
    stream.dyn_into().map_err(|_| "TypeError".to_owned())
}

async fn user_media(constraints: &str) -> Result<MediaStream, Wrong> {
    let constraints = JSON::parse(constraints).unwrap_or_default();
    granted(devices()?.get_user_media_with_constraints(constraints.unchecked_ref())).await
}

/// The microphone, once the person agrees.
pub(crate) async fn microphone() -> Result<MediaStream, Wrong> {
    user_media(MICROPHONE).await
}

/// The camera, once the person agrees.
pub(crate) async fn camera() -> Result<MediaStream, Wrong> {
    user_media(CAMERA).await
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
