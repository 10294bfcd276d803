//! Stills of the shared screen: who may send one, who may read one, and what is refused.

use domain::webinar::signal::{FromBrowser, FromServer, Pictures, TabId};
use domain::webinar::{Act, Lead};
use image::{DynamicImage, ImageFormat};
use jiff::SignedDuration;
use reqwest::{Method, StatusCode};
use std::io::Cursor;
use std::time::Duration;
use support::dice::new_uuid;
use support::guest::Guest;
use support::meeting::Meeting;
use support::peer::Peer;
use support::{Client, Product, on_both};
use tokio::task::JoinHandle;

/// Longer than a room waits between two stills.
const LATER: SignedDuration = SignedDuration::from_secs(4);

fn still(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::new_rgb8(width, height).write_to(&mut bytes, ImageFormat::WebP).expect("writes");
    bytes.into_inner()
}

/// Something that a browser shows, and does not make of a screen.
fn gif() -> Vec<u8> {
    b"GIF89a\x01\x00\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x01D\x00;".to_vec()
}

fn images(meeting: &Meeting) -> String {
    format!("/webinaires/{}/images", meeting.webinar)
}

async fn send(client: &Client, meeting: &Meeting, bytes: Vec<u8>) -> (StatusCode, String) {
    let request = client.request(Method::POST, &images(meeting)).header("content-type", "image/webp").body(bytes);
    let page = client.send(request).await;
    (page.status, page.text())
}

/// What comes of asking for that still, for that tab: its status, what a browser may keep of it, and its bytes.
async fn read(client: &Client, meeting: &Meeting, number: u64, tab: TabId) -> (StatusCode, String, Vec<u8>) {
    let path = format!("{}/{number}?onglet={}", images(meeting), tab.0);
    let response = client.request(Method::GET, &path).send().await.expect("an answer");
    let kept = response.headers().get("cache-control").map(|value| value.to_str().expect("text").to_owned());
    (response.status(), kept.unwrap_or_default(), response.bytes().await.expect("a body").to_vec())
}

/// A live room, whose trainer shares a screen and whose agents are there.
async fn shared(meeting: &Meeting) -> (Guest, Vec<Guest>, JoinHandle<()>) {
    let mut trainer = Guest::enter(&meeting.trainer, meeting.webinar).await.expect("comes in");
    trainer.act(Act::Lead(Lead::GoLive)).await.expect("begins");
    let mut agents = Vec::new();
    for agent in &meeting.agents {
        agents.push(Guest::enter(agent, meeting.webinar).await.expect("comes in"));
    }
    let room = server::webinar::media::RoomId(meeting.webinar.0);
    let mut screen = Peer::new(room, 2, &[server::webinar::media::Kind::Screen]).await;
    trainer.connect(&mut screen).await;
    let performing = tokio::spawn(async move {
        for number in 0.. {
            screen.show(server::webinar::media::Kind::Screen, number, number % 50 == 0).await;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    trainer.until("the screen is seen", |guest| guest.seats.iter().any(|seat| seat.seat == 0 && seat.picture)).await;
    (trainer, agents, performing)
}

/// So much later, of which the trainer's line says that it is alive.
async fn later(product: &Product, trainer: &mut Guest) {
    product.wait(LATER);
    trainer.act(Act::Say { text: "Voici".to_owned() }).await.expect("says");
}

/// The last still that a guest was told of.
fn told(guest: &Guest) -> Option<(bool, Option<u64>)> {
    guest.said.iter().rev().find_map(|said| match said {
        FromServer::Stills { on, last } => Some((*on, *last)),
        _ => None,
    })
}

fn asked(guest: &Guest) -> Option<bool> {
    guest.said.iter().rev().find_map(|said| match said {
        FromServer::DrawStills { on } => Some(*on),
        _ => None,
    })
}

async fn choose(guest: &mut Guest, pictures: Pictures) {
    guest.say(&FromBrowser::Choose { pictures }).await;
}

on_both!(a_still_goes_from_who_shares_the_screen_to_those_who_are_shown_stills, |product| async {
    let meeting = product.meeting(2).await;
    let (mut trainer, mut agents, performing) = shared(&meeting).await;
    assert_eq!(asked(&trainer), None, "nobody needs any");
    choose(&mut agents[0], Pictures::Stills).await;
    trainer.until("stills are asked for", |guest| asked(guest) == Some(true)).await;
    agents[0].until("it is shown stills", |guest| told(guest) == Some((true, None))).await;

    let bytes = still(640, 360);
    assert_eq!(send(&meeting.trainer, &meeting, bytes.clone()).await.0, StatusCode::OK);
    agents[0].until("the still is told", |guest| matches!(told(guest), Some((true, Some(_))))).await;
    let Some((_, Some(number))) = told(&agents[0]) else { panic!("just told") };
    let (status, kept, got) = read(&meeting.agents[0], &meeting, number, agents[0].tab).await;
    assert_eq!((status, &*kept), (StatusCode::OK, "private, max-age=3600, immutable"));
    let seen = |bytes: &[u8]| image::load_from_memory_with_format(bytes, ImageFormat::WebP).expect("WebP").to_rgb8();
    assert_eq!(seen(&got), seen(&bytes));
    assert_eq!(told(&agents[1]), None, "who is shown pictures is not told of stills");

    // The next takes its place.
    product.wait(LATER);
    assert_eq!(send(&meeting.trainer, &meeting, still(320, 200)).await.0, StatusCode::OK);
    agents[0].until("the next one", |guest| told(guest) > Some((true, Some(number)))).await;
    assert_eq!(read(&meeting.agents[0], &meeting, number, agents[0].tab).await.0, StatusCode::NOT_FOUND);

    choose(&mut agents[0], Pictures::None).await;
    agents[0].until("no still any more", |guest| told(guest) == Some((false, None))).await;
    trainer.until("none is asked for", |guest| asked(guest) == Some(false)).await;
    performing.abort();
});

on_both!(nobody_else_sends_a_still_and_nobody_outside_the_room_reads_one, |product| async {
    let meeting = product.meeting(2).await;
    let (mut trainer, mut agents, performing) = shared(&meeting).await;
    let (status, said) = send(&meeting.agents[0], &meeting, still(64, 36)).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(said.contains("Vous ne partagez pas d’écran"), "{said}");
    let other = product.agent("Autre").await;
    assert_eq!(send(&other, &meeting, still(64, 36)).await.0, StatusCode::NOT_FOUND);
    assert_eq!(send(&product.stranger(), &meeting, still(64, 36)).await.0, StatusCode::UNAUTHORIZED);
    let elsewhere =
        meeting.trainer.bare_request(Method::POST, &images(&meeting)).header("sec-fetch-site", "cross-site");
    assert_eq!(meeting.trainer.send(elsewhere.body(still(64, 36))).await.status, StatusCode::FORBIDDEN);

    choose(&mut agents[0], Pictures::Stills).await;
    assert_eq!(send(&meeting.trainer, &meeting, still(64, 36)).await.0, StatusCode::OK);
    agents[0].until("the still is told", |guest| matches!(told(guest), Some((true, Some(_))))).await;
    let Some((_, Some(number))) = told(&agents[0]) else { panic!("just told") };
    let tab = agents[0].tab;
    assert_eq!(read(&meeting.agents[0], &meeting, number, tab).await.0, StatusCode::OK);
    assert_eq!(read(&meeting.agents[1], &meeting, number, tab).await.0, StatusCode::NOT_FOUND, "the tab of another");
    assert_eq!(read(&meeting.agents[0], &meeting, number, TabId(new_uuid())).await.0, StatusCode::NOT_FOUND);
    assert_eq!(read(&meeting.agents[0], &meeting, number + 1, tab).await.0, StatusCode::NOT_FOUND);
    assert_eq!(read(&other, &meeting, number, tab).await.0, StatusCode::NOT_FOUND);

    trainer.act(Act::Lead(Lead::Close)).await.expect("ends");
    agents[0].until("the end", |guest| guest.room.is_closed()).await;
    assert_eq!(read(&meeting.agents[0], &meeting, number, tab).await.0, StatusCode::NOT_FOUND, "over with the webinar");
    product.wait(LATER);
    assert_eq!(send(&meeting.trainer, &meeting, still(64, 36)).await.0, StatusCode::CONFLICT);
    performing.abort();
});

on_both!(what_is_no_still_is_refused_with_the_reason_and_so_is_one_too_soon, |product| async {
    let meeting = product.meeting(1).await;
    let (mut trainer, _agents, performing) = shared(&meeting).await;
    let mut png = Cursor::new(Vec::new());
    DynamicImage::new_rgb8(64, 36).write_to(&mut png, ImageFormat::Png).expect("writes");
    let whole = still(640, 360);
    let mut lies = b"RIFF\x10\x00\x00\x00WEBPVP8L".to_vec();
    lies.extend([0xff; 40]);
    for (bytes, words) in [
        (b"<script>alert(1)</script>".to_vec(), "au format WebP"),
        (gif(), "au format WebP"),
        (png.into_inner()[..60].to_vec(), "abîmée"),
        (whole[..whole.len() / 2].to_vec(), "abîmée"),
        (lies, "abîmée"),
        (still(1281, 20), "1 280 points"),
        (still(20, 1300), "1 280 points"),
        (Vec::new(), "au format WebP"),
    ] {
        later(&product, &mut trainer).await;
        let (status, said) = send(&meeting.trainer, &meeting, bytes).await;
        let said = said.replace(['\u{a0}', '\u{202f}'], " ");
        assert!(status == StatusCode::BAD_REQUEST && said.contains(words), "{status} {words}: {said}");
    }
    later(&product, &mut trainer).await;
    assert_eq!(send(&meeting.trainer, &meeting, vec![0; 1_000_001]).await.0, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(send(&meeting.trainer, &meeting, still(1280, 20)).await.0, StatusCode::OK);
    assert_eq!(send(&meeting.trainer, &meeting, still(1280, 20)).await.0, StatusCode::TOO_MANY_REQUESTS);
    later(&product, &mut trainer).await;
    assert_eq!(send(&meeting.trainer, &meeting, still(1280, 20)).await.0, StatusCode::OK);
    performing.abort();
});
