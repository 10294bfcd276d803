//! Picture and sound over HTTPS, for those whose network lets nothing else through: who gets them, from where on, and what it
//! proves.

use domain::webinar::direct::FromViewer;
use domain::webinar::presence::Reason;
use domain::webinar::recording::read::{cluster, clusters};
use domain::webinar::signal::{FromBrowser, FromServer, Pictures, TabId};
use domain::webinar::{Act, Lead};
use jiff::SignedDuration;
use reqwest::StatusCode;
use server::webinar::media::{Kind, RoomId};
use std::sync::Arc;
use std::time::Duration;
use support::dice::new_uuid;
use support::direct::{Came, DirectViewer};
use support::footage::{Playing, decoded};
use support::guest::{Guest, upgrade_at};
use support::meeting::Meeting;
use support::peer::Peer;
use support::{Product, on_both};
use tokio::task::JoinSet;
use tokio_tungstenite::tungstenite::Message;

/// A webinar that goes on, its trainer in the room.
async fn live(product: &Product, agents: usize) -> (Meeting, Guest) {
    let meeting = product.meeting(agents).await;
    let mut trainer = Guest::enter(&meeting.trainer, meeting.webinar).await.expect("comes in");
    trainer.act(Act::Lead(Lead::GoLive)).await.expect("begins");
    (meeting, trainer)
}

/// The trainer is seen and heard until this is dropped.
async fn seen(meeting: &Meeting, trainer: &mut Guest) -> Playing {
    let mut peer = Peer::new(RoomId(meeting.webinar.0), 1, &[Kind::Camera, Kind::Microphone]).await;
    trainer.connect(&mut peer).await;
    Playing::start(Arc::new(peer), Kind::Camera, Some(Kind::Microphone))
}

/// They say that they are here, until this is dropped.
fn stay(guests: Vec<Guest>) -> JoinSet<()> {
    let listening = |mut guest: Guest| async move { while guest.hear().await.is_some() {} };
    guests.into_iter().map(listening).collect()
}

/// Takes what comes until a film of those codecs begins.
async fn until_begun(viewer: &mut DirectViewer, codecs: &str) {
    loop {
        match viewer.next().await.expect("stays") {
            Came::Begin(begun) if begun == codecs => return,
            Came::Piece(piece) => viewer.took(&piece).await,
            Came::Begin(_) | Came::Head(_) => {}
        }
    }
}

/// Watches until there is a picture.
async fn until_seen(viewer: &mut DirectViewer) {
    until_begun(viewer, "vp8,opus").await;
}

on_both!(only_members_who_are_in_the_room_get_it_and_one_line_a_tab, |product| async {
    let (meeting, _trainer) = live(&product, 2).await;
    let webinar = meeting.webinar;
    let path = format!("/webinaires/{webinar}/direct");
    let (stranger, other) = (product.stranger(), product.agent("Autre").await);
    let refused = async |client, origin: &str| upgrade_at(client, &path, origin).await.err();
    assert_eq!(refused(&meeting.agents[0], "https://autre.example").await, Some(StatusCode::FORBIDDEN));
    assert_eq!(refused(&stranger, stranger.url()).await, Some(StatusCode::SEE_OTHER), "to the sign-in page");
    assert_eq!(refused(&other, other.url()).await, Some(StatusCode::NOT_FOUND));

    let agent = Guest::enter(&meeting.agents[0], webinar).await.expect("comes in");
    for tab in [TabId(new_uuid()), agent.tab] {
        let mut thief = DirectViewer::open(&meeting.agents[1], webinar, tab).await.expect("opens");
        thief.until_closed().await;
        assert_eq!(thief.pieces, 0, "a tab that is not theirs shows them nothing");
    }
    let mut first = DirectViewer::open(&meeting.agents[0], webinar, agent.tab).await.expect("opens");
    assert!(first.watch(1).await, "silence is told as such");
    let mut second = DirectViewer::open(&meeting.agents[0], webinar, agent.tab).await.expect("opens");
    assert!(second.watch(1).await);
    first.until_closed().await;
});

on_both!(whoever_comes_late_begins_at_a_keyframe_and_what_comes_plays, |product| async {
    let (meeting, mut trainer) = live(&product, 2).await;
    let early = Guest::enter(&meeting.agents[0], meeting.webinar).await.expect("comes in");
    let mut early = DirectViewer::open(&meeting.agents[0], meeting.webinar, early.tab).await.expect("opens");
    assert!(early.watch(1).await);
    let playing = seen(&meeting, &mut trainer).await;
    until_seen(&mut early).await;
    assert!(early.watch(4).await);

    let late = Guest::enter(&meeting.agents[1], meeting.webinar).await.expect("comes in");
    let mut late = DirectViewer::open(&meeting.agents[1], meeting.webinar, late.tab).await.expect("opens");
    until_seen(&mut late).await;
    let mut file = Vec::new();
    let mut stopped = Some(playing);
    let begun = late.pieces;
    while late.pieces < begun + 12 {
        match late.next().await.expect("stays") {
            Came::Begin(codecs) => unreachable!("{codecs} again"),
            Came::Head(head) => file.extend_from_slice(&head),
            Came::Piece(piece) => {
                late.took(&piece).await;
                file.extend_from_slice(&piece);
            }
        }
        if late.pieces == begun + 5 {
            // Nobody moves or speaks any more: there are picture and sound all the same.
            stopped.take();
        }
    }
    let blocks: Vec<_> = clusters(&file).flat_map(|(_, whole)| cluster(whole).expect("in order")).collect();
    assert!(blocks[0].track == 1 && blocks[0].keyframe, "it begins at a keyframe");
    for (track, most) in [(1, 200), (3, 40)] {
        let times: Vec<_> = blocks.iter().filter(|block| block.track == track).map(|block| block.time).collect();
        let holes = times.windows(2).map(|pair| pair[1] - pair[0]).max();
        assert!(holes.is_some_and(|hole| hole <= most), "track {track}: {holes:?}");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("late.webm");
    std::fs::write(&path, &file).expect("written");
    assert_eq!(decoded(&path), "");
});

on_both!(whoever_is_slow_goes_on_with_the_sound_and_holds_up_nobody, |product| async {
    let (meeting, mut trainer) = live(&product, 2).await;
    let [slow, quick] = [&meeting.agents[0], &meeting.agents[1]];
    let slow_guest = Guest::enter(slow, meeting.webinar).await.expect("comes in");
    let quick_guest = Guest::enter(quick, meeting.webinar).await.expect("comes in");
    let (slow_tab, quick_tab) = (slow_guest.tab, quick_guest.tab);
    let _playing = seen(&meeting, &mut trainer).await;
    let _stay = stay(vec![slow_guest, quick_guest, trainer]);
    let mut quick = DirectViewer::open(quick, meeting.webinar, quick_tab).await.expect("opens");
    until_seen(&mut quick).await;
    assert!(quick.watch(2).await);
    let mut slow = DirectViewer::open(slow, meeting.webinar, slow_tab).await.expect("opens");
    until_seen(&mut slow).await;
    // Some pieces are on their way, and no more are sent while none is taken; the other goes on, and takes what waited for it
    // meanwhile too.
    let (begun, mut last) = (slow.pieces, Vec::new());
    loop {
        match slow.next().await.expect("stays") {
            Came::Begin(codecs) if codecs == "opus" => break,
            Came::Piece(piece) => last = piece,
            Came::Begin(_) | Came::Head(_) => {}
        }
    }
    assert!(slow.pieces - begun <= 8);
    assert!(matches!(slow.next().await, Some(Came::Head(_))));
    assert!(quick.watch(14).await);
    let missed = cluster(&last).expect("in order").last().expect("something").time;
    slow.took(&last).await;
    let Some(Came::Piece(piece)) = slow.next().await else { unreachable!("the sound comes") };
    let blocks = cluster(&piece).expect("in order");
    assert!(blocks.iter().all(|block| block.track == 3), "the sound alone");
    assert!(blocks[0].time > missed + 2_000, "as it is now");
    slow.took(&piece).await;
    until_seen(&mut slow).await;
    let piece = loop {
        if let Came::Piece(piece) = slow.next().await.expect("stays") {
            break piece;
        }
    };
    let blocks = cluster(&piece).expect("in order");
    assert!(blocks[0].track == 1 && blocks[0].keyframe, "at the last keyframe, once it takes what comes");
});

/// Listens until the room says whether stills are in the place of pictures.
async fn until_stills(guest: &mut Guest, on: bool) {
    let told = |said: &FromServer| matches!(said, FromServer::Stills { on: told, .. } if *told == on);
    while !guest.hear().await.is_some_and(|said| told(&said)) {}
}

on_both!(a_line_that_carries_little_more_than_sound_has_no_picture_until_it_does, |product| async {
    let (meeting, mut trainer) = live(&product, 1).await;
    let mut guest = Guest::enter(&meeting.agents[0], meeting.webinar).await.expect("comes in");
    let _playing = seen(&meeting, &mut trainer).await;
    let mut viewer = DirectViewer::open(&meeting.agents[0], meeting.webinar, guest.tab).await.expect("opens");
    // As a line of 64 kbit/s does.
    viewer.check_takes = Duration::from_millis(140);
    let watched = async |viewer: &mut DirectViewer| {
        loop {
            match viewer.next().await.expect("stays") {
                Came::Begin(codecs) => assert_eq!(codecs, "opus", "nothing is shown that the line does not carry"),
                Came::Piece(piece) => viewer.took(&piece).await,
                Came::Head(_) => {}
            }
        }
    };
    tokio::select! {
        () = until_stills(&mut guest, true) => {}
        () = watched(&mut viewer) => {}
    }
    viewer.check_takes = Duration::ZERO;
    until_begun(&mut viewer, "vp8,opus").await;
    until_stills(&mut guest, false).await;
    for (pictures, codecs) in [(Pictures::None, "opus"), (Pictures::Auto, "vp8,opus"), (Pictures::Stills, "opus")] {
        guest.say(&FromBrowser::Choose { pictures }).await;
        until_begun(&mut viewer, codecs).await;
    }
});

on_both!(what_was_received_counts_as_presence_and_what_is_claimed_does_not, |product| async {
    let (meeting, mut trainer) = live(&product, 3).await;
    let mut guests = Vec::new();
    for agent in &meeting.agents {
        guests.push(Guest::enter(agent, meeting.webinar).await.expect("comes in"));
    }
    let open = async |agent: usize, tab| {
        DirectViewer::open(&meeting.agents[agent], meeting.webinar, tab).await.expect("opens")
    };
    let mut watches = open(0, guests[0].tab).await;
    let mut claims = open(1, guests[1].tab).await;
    // The third is in the room, and nothing comes to it.
    let _stay = stay(guests);
    let mut piece = 0;
    for minute in 0..20 {
        product.wait(SignedDuration::from_secs(2));
        assert!(watches.watch(3).await);
        // Whoever says nothing for long is taken to be gone.
        trainer.act(Act::Say { text: format!("{minute}") }).await.expect("goes on");
        piece += 100;
        claims.say(FromViewer::Took { piece, until: 1 << 40 }).await;
    }
    trainer.act(Act::Lead(Lead::Close)).await.expect("ends");
    watches.until_closed().await;
    let course = "mediation-numerique".parse().expect("a slug");
    let measured = async |agent: usize| {
        let person = meeting.agent_ids[agent];
        let settled = async {
            loop {
                let known = server::record::store::load(product.app.db.reader(), person).await.expect("reads").record;
                if let Some(measured) = known.webinar(&course, meeting.webinar).and_then(|known| known.measured) {
                    return measured;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), settled).await.expect("a fact")
    };
    let (figures, reason) = measured(0).await;
    assert_eq!(reason, Reason::Present, "{figures:?}");
    for agent in [1, 2] {
        let (figures, reason) = measured(agent).await;
        assert_eq!(reason, Reason::Absent, "{agent}: {figures:?}");
    }
});

on_both!(what_is_not_of_the_protocol_closes_the_line_and_the_room_goes_on, |product| async {
    let (meeting, mut trainer) = live(&product, 1).await;
    let agent = Guest::enter(&meeting.agents[0], meeting.webinar).await.expect("comes in");
    let open = async || DirectViewer::open(&meeting.agents[0], meeting.webinar, agent.tab).await.expect("opens");
    for bad in [Message::text("x".repeat(200)), Message::text("x".repeat(1 << 20)), Message::binary(vec![0; 10])] {
        let mut viewer = open().await;
        viewer.say_raw(bad).await;
        viewer.until_closed().await;
    }
    for words in [
        "",
        "{",
        "{\"took\":{\"piece\":-1,\"until\":0}}",
        "{\"took\":{\"piece\":1}}",
        "{\"tab\":\"x\"}",
        "{\"checked\":{\"number\":0}}",
    ] {
        let mut viewer = open().await;
        for _ in 0..21 {
            viewer.say_raw(Message::text(words)).await;
        }
        viewer.until_closed().await;
    }
    let path = format!("/webinaires/{}/direct", meeting.webinar);
    let mut silent = upgrade_at(&meeting.agents[0], &path, meeting.agents[0].url()).await.expect("opens");
    futures_util::SinkExt::send(&mut silent, Message::text("{\"tab\":null}")).await.expect("sent");
    let closed = async { while let Some(Ok(_)) = futures_util::StreamExt::next(&mut silent).await {} };
    tokio::time::timeout(Duration::from_secs(15), closed).await.expect("is closed");
    assert!(open().await.watch(2).await);
    trainer.act(Act::Say { text: "La séance continue".into() }).await.expect("goes on");
});
