//! A sound or a video with its captions and transcript.
//!
//! Without script: native controls, captions, and a transcript whose lines open the media where
//! they are said. `Listening` adds speed, keys, and a transcript that seeks and follows.

use domain::course::{Cue, Media, MediaKind};
use leptos::prelude::*;

const SPEEDS: [(&str, &str); 4] = [("0.75", "0,75"), ("1", "1 (normale)"), ("1.25", "1,25"), ("1.5", "1,5")];

/// `12:05`.
fn clock(milliseconds: u32) -> String {
    let seconds = milliseconds / 1000;
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// Seconds with a decimal point, for attributes.
fn seconds(milliseconds: u32) -> String {
    format!("{}.{:03}", milliseconds / 1000, milliseconds % 1000)
}

fn mime(file: &str, kind: MediaKind) -> &'static str {
    let extension = file.rsplit('.').next().unwrap_or_default();
    match (extension, kind) {
        ("webm", MediaKind::Video) => "video/webm",
        ("webm" | "weba", MediaKind::Audio) => "audio/webm",
        ("ogv", _) => "video/ogg",
        ("ogg" | "oga" | "opus", _) => "audio/ogg",
        ("mp3", _) => "audio/mpeg",
        ("m4a", _) | ("mp4", MediaKind::Audio) => "audio/mp4",
        _ => "video/mp4",
    }
}

/// A sound or a video; `base` comes before the paths of its files. One that does not wake has the browser's own
/// controls, as without script.
#[component]
pub fn Player(media: Media, base: String, #[prop(default = true)] awake: bool) -> impl IntoView {
    let Media { anchor, kind, title, file, captions, poster, cues, transcript } = media;
    let source = format!("{base}{file}");
    let poster = poster.map(|poster| format!("{base}{poster}"));
    let track = base + &captions;
    let mime = mime(&file, kind);
    let label =
        format!("Lecteur\u{a0}: {title}. Espace ou K\u{a0}: lecture ou pause\u{a0}; flèches\u{a0}: cinq secondes.");
    let native = match kind {
        MediaKind::Video => view! {
            <video controls preload="none" width="640" height="360" poster=poster aria-label=title.clone()>
                <source src=source.clone() type=mime/>
                <track kind="captions" srclang="fr" label="Français" default=true src=track/>
            </video>
        }
        .into_any(),
        MediaKind::Audio => view! {
            <audio controls preload="none" aria-label=title.clone()>
                <source src=source.clone() type=mime/>
                <track kind="captions" srclang="fr" label="Français" default=true src=track/>
            </audio>
        }
        .into_any(),
    };
    let lines = cues.into_iter().map(|cue| line(cue, &source)).collect_view();
    let inside = view! {
        {native}
        <details class="transcript">
            <summary>"Transcription"</summary>
            <ol class="cues">{lines}</ol>
            {transcript.map(|html| view! { <div class="transcript-whole" inner_html=html></div> })}
        </details>
    };
    let inside =
        if awake { view! { <Listening label=label>{inside}</Listening> }.into_any() } else { inside.into_any() };
    view! {
        <figure class="player" id=anchor>
            <figcaption>{title}</figcaption>
            {inside}
        </figure>
    }
}

fn line(cue: Cue, source: &str) -> impl IntoView + use<> {
    let Cue { start_ms, end_ms, text } = cue;
    let (start, end) = (seconds(start_ms), seconds(end_ms));
    view! {
        <li>
            <a class="cue" href=format!("{source}#t={start}") data-start=start data-end=end>
                <span class="cue-time">{clock(start_ms)}</span>
                " "
                {text}
            </a>
        </li>
    }
}

/// What a script adds around the media and its transcript; `label` names the place where keys are heard.
#[island]
pub fn Listening(label: String, children: Children) -> impl IntoView {
    let awake = RwSignal::new(false);
    let place = NodeRef::<leptos::html::Div>::new();
    let speed = NodeRef::<leptos::html::Select>::new();
    #[cfg(feature = "hydrate")]
    place.on_load(move |place| {
        if let Some(select) = speed.get_untracked() {
            crate::browser::media::follow(&place, &select);
            awake.set(true);
        }
    });
    let options = SPEEDS
        .into_iter()
        .map(|(value, said)| view! { <option value=value selected=value == "1">{said}</option> })
        .collect_view();
    view! {
        <div
            class="player-place"
            role="group"
            aria-label=label
            tabindex=move || awake.get().then_some("0")
            node_ref=place
        >
            {children()}
            <label class="player-speed" hidden=move || !awake.get()>
                "Vitesse "
                <select node_ref=speed autocomplete="off">{options}</select>
            </label>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_for_people_and_for_attributes() {
        assert_eq!(clock(725_400), "12:05");
        assert_eq!(seconds(12_034), "12.034");
    }

    #[test]
    fn the_type_follows_the_file_and_what_it_is() {
        assert_eq!(mime("media/a.webm", MediaKind::Audio), "audio/webm");
        assert_eq!(mime("media/a.webm", MediaKind::Video), "video/webm");
        assert_eq!(mime("media/a.mp4", MediaKind::Video), "video/mp4");
    }
}
