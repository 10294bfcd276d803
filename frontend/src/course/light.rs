//! The light mode: words in the place of images and media.

use domain::course::{Media, MediaKind};
use leptos::prelude::*;

/// Rendered prose with each image's alternative in its place; decorative images go.
pub(super) fn without_images(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, image)) = rest.split_once("<img ") {
        out.push_str(before);
        let (tag, after) = image.split_once('>').unwrap_or((image, ""));
        let alt = tag.split_once("alt=\"").and_then(|(_, alt)| alt.split_once('"')).map_or("", |(alt, _)| alt);
        if !alt.trim().is_empty() {
            out.push_str("<span class=\"image-words\">Image\u{a0}: ");
            out.push_str(alt);
            out.push_str("</span>");
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// What is said and shown, and a link to the file.
pub(super) fn media(media: Media, base: &str) -> impl IntoView + use<> {
    let Media { anchor, kind, title, file, cues, transcript, .. } = media;
    let label = match kind {
        MediaKind::Audio => "Charger le son",
        MediaKind::Video => "Charger la vidéo",
    };
    let href = format!("{}/{file}", base.trim_end_matches('/'));
    let words = match transcript {
        Some(html) => view! { <div class="transcript-whole" inner_html=html></div> }.into_any(),
        None => cues.into_iter().map(|cue| view! { <p>{cue.text}</p> }).collect_view().into_any(),
    };
    view! {
        <figure class="player is-light" id=anchor>
            <figcaption>{title.clone()}</figcaption>
            {words}
            <p><a href=href>{label}<span class="visually-hidden">"\u{a0}: "{title}</span></a></p>
        </figure>
    }
}
