//! A webinar that is recorded: what is written, who may watch it, what suspends it, stops it and takes it away.

use domain::webinar::recording::read::{cluster, clusters};
use domain::webinar::recording::{Track, size_of};
use domain::webinar::{Act, Lead, RecordingState, Refusal};
use jiff::SignedDuration;
use reqwest::{Method, StatusCode};
use server::config::Config;
use server::webinar::media::{Kind, RoomId};
use server::webinar::recording::{self, Edition, Recording, State};
use std::sync::Arc;
use std::time::Duration;
use support::bucket::Bucket;
use support::footage::{Playing, decoded, filmed, probed};
use support::guest::Guest;
use support::meeting::Meeting;
use support::peer::Peer;
use support::replays::{is_running, long_film, missed};
use support::served::House;
use support::waiting::until;
use support::webinars::{change, plan};
use support::{Database, Product, on_both};
use tokio::net::TcpListener;

/// What is waited for comes within this.
const PATIENCE: Duration = Duration::from_secs(30);

fn lead(lead: Lead) -> Act {
    Act::Lead(lead)
}

/// A webinar that is to be recorded, its trainer in the room.
async fn recorded(product: &Product) -> (Meeting, Guest) {
    let meeting = product.meeting(2).await;
    meeting.is_recorded(&product.app).await;
    let trainer = Guest::enter(&meeting.trainer, meeting.webinar).await.expect("comes in");
    (meeting, trainer)
}

async fn live(trainer: &mut Guest) {
    trainer.act(lead(Lead::GoLive)).await.expect("begins");
    trainer.until("the recording", |guest| guest.room.recording == Some(RecordingState::On)).await;
}

/// What becomes of it, once it is no longer running.
async fn outcome(product: &Product, meeting: &Meeting) -> Recording {
    let settled = async {
        loop {
            let known = recording::of(product.app.db.reader(), meeting.webinar).await.expect("reads").expect("begun");
            if known.state != State::Running {
                return known;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), settled).await.expect("is completed in time")
}

/// Until the file that is being written has so many keyframes of that track.
async fn written(product: &Product, meeting: &Meeting, track: Track, keyframes: usize) {
    let part = product.app.config.data.join(format!("recordings/parts/{}.stage.webm", meeting.webinar));
    until("the file", PATIENCE, async || {
        let bytes = std::fs::read(&part).unwrap_or_default();
        let blocks = clusters(&bytes).flat_map(|(_, whole)| cluster(whole).expect("in order"));
        blocks.filter(|block| block.track == u64::from(track.number()) && block.keyframe).count() >= keyframes
    })
    .await;
}

fn page(meeting: &Meeting) -> String {
    format!("/webinaires/{}", meeting.webinar)
}

on_both!(a_webinar_is_written_as_it_comes_and_watched_by_those_who_may_see_its_page, |product| async {
    let (meeting, mut trainer) = recorded(&product).await;
    let before = meeting.agents[0].get(&page(&meeting)).await;
    assert!(before.text().contains("Ce webinaire sera enregistré"), "{}", before.text());
    for none in ["enregistrement.webm", "enregistrement/image?a=0"] {
        assert_eq!(meeting.agents[0].get(&format!("{}/{none}", page(&meeting))).await.status, 404, "{none}");
    }
    live(&mut trainer).await;
    let mut peer = Peer::new(RoomId(meeting.webinar.0), 1, &[Kind::Camera, Kind::Microphone, Kind::Screen]).await;
    trainer.connect(&mut peer).await;
    let peer = Arc::new(peer);
    let camera = Playing::start(Arc::clone(&peer), Kind::Camera, Some(Kind::Microphone));
    written(&product, &meeting, Track::Stage, 2).await;
    trainer.act(lead(Lead::Mark { title: "Le partage".into() })).await.unwrap();
    trainer.act(Act::Say { text: "Un secret".into() }).await.unwrap();
    let screen = Playing::start(Arc::clone(&peer), Kind::Screen, None);
    written(&product, &meeting, Track::Camera, 2).await;
    trainer.act(lead(Lead::Close)).await.unwrap();
    drop((camera, screen));
    let known = outcome(&product, &meeting).await;
    assert_eq!((known.state, known.has_camera, known.why.clone()), (State::Whole, true, None));

    let still = format!("{}/enregistrement/image?a=0", page(&meeting));
    let shown = meeting.agents[0].request(Method::GET, &still).send().await.unwrap();
    assert_eq!((shown.status().as_u16(), shown.headers()["content-type"].as_bytes()), (200, &b"image/webp"[..]));
    let known = shown.headers()["etag"].to_str().unwrap().to_owned();
    let picture = image::load_from_memory(&shown.bytes().await.unwrap()).expect("a picture");
    assert_eq!((picture.width(), picture.height()), (320, 180));
    // The same keyframe is of every moment until the next one, and the last one of all that comes after it.
    let again = meeting.agents[0].request(Method::GET, &still).header("if-none-match", &known).send().await.unwrap();
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    let late = meeting.agents[0].get(&still.replace("a=0", "a=4294967295")).await;
    assert_eq!(late.status, 200);
    for wrong in ["", "?a=-1", "?a=4294967296", "?a=1&b=2", "?a="] {
        let asked = still.replace("?a=0", wrong);
        assert_eq!(meeting.agents[0].get(&asked).await.status, 400, "{asked}");
    }

    let path = format!("{}/enregistrement.webm", page(&meeting));
    let whole = meeting.agents[0].request(Method::GET, &path).send().await.unwrap();
    assert_eq!(whole.status(), StatusCode::OK);
    let header = |name: &str| whole.headers()[name].to_str().unwrap().to_owned();
    assert_eq!((header("content-type").as_str(), header("accept-ranges").as_str()), ("video/webm", "bytes"));
    assert_eq!(header("cache-control"), "private, no-cache");
    assert!(header("content-disposition").starts_with("inline"));
    let tag = header("etag");
    let bytes = whole.bytes().await.unwrap();
    let blocks: Vec<_> = clusters(&bytes).flat_map(|(_, whole)| cluster(whole).expect("in order")).collect();
    let of = |track: Track| blocks.iter().filter(move |block| block.track == u64::from(track.number()));
    for track in Track::ALL {
        assert!(of(track).count() > 0, "{track:?}");
    }
    assert_eq!(size_of(of(Track::Stage).next().unwrap().data), Some((320, 180)));
    let events: Vec<_> = of(Track::Events).map(|block| String::from_utf8_lossy(block.data).into_owned()).collect();
    assert!(events.iter().any(|told| told.contains("\"title\":\"Le partage\"")), "{events:?}");
    assert!(!events.iter().any(|told| told.contains("secret") || told.contains("Marie")), "{events:?}");

    let part = meeting.agents[0].request(Method::GET, &path).header("range", "bytes=100-299").send().await.unwrap();
    assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(part.headers()["content-range"], format!("bytes 100-299/{}", bytes.len()));
    assert_eq!(part.bytes().await.unwrap(), bytes[100..300]);
    let asked = |name: &'static str, value: String| meeting.agents[0].request(Method::GET, &path).header(name, value);
    assert_eq!(asked("if-none-match", tag.clone()).send().await.unwrap().status(), StatusCode::NOT_MODIFIED);
    let outside = asked("range", format!("bytes={}-", bytes.len())).send().await.unwrap();
    assert_eq!(outside.status(), StatusCode::RANGE_NOT_SATISFIABLE);
    let other = asked("range", "bytes=0-9".into()).header("if-range", "\"another\"").send().await.unwrap();
    assert_eq!(other.status(), StatusCode::OK, "the file is another than the one that was begun");
    let stranger = product.stranger().request(Method::GET, &path).send().await.unwrap();
    assert!(
        stranger.status() != StatusCode::OK
            && stranger.headers().get("content-type") != Some(&"video/webm".parse().unwrap())
    );

    let folder = tempfile::tempdir().unwrap();
    for (name, streams) in [("enregistrement", 3), ("enregistrement-camera", 1)] {
        let file = folder.path().join(format!("{name}.webm"));
        let answer = meeting.trainer.request(Method::GET, &format!("{}/{name}.webm", page(&meeting))).send().await;
        std::fs::write(&file, answer.unwrap().bytes().await.unwrap()).unwrap();
        let told = probed(&file);
        let kinds: Vec<_> = told["streams"].as_array().unwrap().iter().map(|stream| &stream["codec_type"]).collect();
        assert!(kinds.len() >= streams, "{told}");
        let duration: f64 = told["format"]["duration"].as_str().expect("a duration").parse().unwrap();
        assert!((1.0..30.0).contains(&duration), "{told}");
        assert_eq!(decoded(&file), "", "{name}");
    }
    assert!(meeting.agents[0].get(&page(&meeting)).await.text().contains("Gardé jusqu’au"));
});

on_both!(what_is_suspended_is_not_in_the_file_and_time_goes_on, |product| async {
    let (meeting, mut trainer) = recorded(&product).await;
    let mut agent = Guest::enter(&meeting.agents[0], meeting.webinar).await.unwrap();
    assert_eq!(trainer.act(lead(Lead::Mark { title: "Trop tôt".into() })).await, Err(Refusal::NotRecorded));
    live(&mut trainer).await;
    let mut peer = Peer::new(RoomId(meeting.webinar.0), 1, &[Kind::Camera, Kind::Microphone]).await;
    trainer.connect(&mut peer).await;
    let playing = Playing::start(Arc::new(peer), Kind::Camera, Some(Kind::Microphone));
    written(&product, &meeting, Track::Stage, 1).await;
    assert_eq!(agent.act(lead(Lead::Record { on: false })).await, Err(Refusal::TrainersOnly));
    trainer.act(lead(Lead::Record { on: false })).await.unwrap();
    agent.until("a pause", |guest| guest.room.recording == Some(RecordingState::Paused)).await;
    let part = product.app.config.data.join(format!("recordings/parts/{}.stage.webm", meeting.webinar));
    // The last cluster of before is written within two seconds; then nothing more is.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let size = std::fs::metadata(&part).unwrap().len();
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(std::fs::metadata(&part).unwrap().len(), size);
    trainer.act(lead(Lead::Record { on: true })).await.unwrap();
    written(&product, &meeting, Track::Stage, 3).await;
    trainer.act(lead(Lead::Close)).await.unwrap();
    drop(playing);
    assert_eq!(outcome(&product, &meeting).await.state, State::Whole);
    let path = format!("{}/enregistrement.webm", page(&meeting));
    let bytes = meeting.agents[0].request(Method::GET, &path).send().await.unwrap().bytes().await.unwrap();
    let blocks: Vec<_> = clusters(&bytes).flat_map(|(_, whole)| cluster(whole).unwrap()).collect();
    let pictures: Vec<_> = blocks.iter().filter(|block| block.track == 1).collect();
    let gap = pictures.windows(2).max_by_key(|pair| pair[1].time - pair[0].time).expect("pictures");
    assert!(gap[1].time - gap[0].time > 1500, "time goes on while it is suspended: {gap:?}");
    assert!(gap[1].keyframe, "it goes on at a keyframe");
});

on_both!(where_the_disk_is_full_the_webinar_goes_on_and_trainers_are_told, |product| async {
    let (meeting, mut trainer) = recorded(&product).await;
    let mut agent = Guest::enter(&meeting.agents[0], meeting.webinar).await.unwrap();
    let parts = product.app.config.data.join("recordings/parts");
    std::fs::create_dir_all(&parts).unwrap();
    // A file on a disk that has no room, ever.
    std::os::unix::fs::symlink("/dev/full", parts.join(format!("{}.stage.webm", meeting.webinar))).unwrap();
    trainer.act(lead(Lead::GoLive)).await.unwrap();
    let failed = |guest: &Guest| matches!(guest.room.recording, Some(RecordingState::Failed { .. }));
    trainer.until("the failure", failed).await;
    let Some(RecordingState::Failed { why }) = &trainer.room.recording else { unreachable!() };
    assert!(why.contains("le disque du serveur est plein"), "{why}");
    agent.until("the failure", failed).await;
    assert_eq!(agent.room.recording, Some(RecordingState::Failed { why: String::new() }), "why is told to trainers");
    agent.act(Act::Say { text: "Nous sommes toujours là".into() }).await.expect("the webinar goes on");
    assert_eq!(trainer.act(lead(Lead::Record { on: true })).await, Err(Refusal::NotRecorded));
    std::fs::remove_file(parts.join(format!("{}.stage.webm", meeting.webinar))).unwrap();
    trainer.act(lead(Lead::Close)).await.unwrap();
    let known = outcome(&product, &meeting).await;
    assert_eq!(known.state, State::Failed);
    assert!(known.why.unwrap().contains("plein"));
});

/// A webinar that was recorded for a moment and is over.
async fn over(product: &Product) -> (Meeting, Recording) {
    let (meeting, mut trainer) = recorded(product).await;
    live(&mut trainer).await;
    let mut peer = Peer::new(RoomId(meeting.webinar.0), 1, &[Kind::Camera, Kind::Microphone]).await;
    trainer.connect(&mut peer).await;
    let _playing = Playing::start(Arc::new(peer), Kind::Camera, Some(Kind::Microphone));
    written(product, &meeting, Track::Stage, 1).await;
    trainer.act(lead(Lead::Close)).await.unwrap();
    let known = outcome(product, &meeting).await;
    assert_eq!(known.state, State::Whole);
    (meeting, known)
}

on_both!(trainers_remove_a_recording_and_nobody_else_does, |product| async {
    let (meeting, _) = over(&product).await;
    let (path, file) = (format!("{}/enregistrement/supprimer", page(&meeting)), "enregistrement.webm");
    assert_eq!(meeting.agents[0].post(&path, &[]).await.status, 404);
    assert_eq!(meeting.agents[0].get(&format!("{}/{file}", page(&meeting))).await.status, 200);
    assert!(meeting.trainer.get(&page(&meeting)).await.text().contains("Supprimer l’enregistrement"));
    meeting.trainer.post(&path, &[]).await;
    meeting.trainer.post(&path, &[]).await;
    assert_eq!(meeting.agents[0].get(&format!("{}/{file}", page(&meeting))).await.status, 404);
    assert!(meeting.agents[0].get(&page(&meeting)).await.text().contains("Supprimé le"));
    let known = recording::of(product.app.db.reader(), meeting.webinar).await.unwrap().unwrap();
    assert_eq!((known.state, known.removed_at), (State::Removed, Some(product.app.clock.now())));
    assert!(!product.app.config.data.join(format!("recordings/{}/stage.webm", meeting.webinar)).exists());
});

on_both!(a_recording_goes_the_night_after_its_last_day_and_not_before, |product| async {
    let (meeting, known) = over(&product).await;
    assert_eq!(known.kept_until, jiff::civil::date(2027, 12, 1));
    let state = async || recording::of(product.app.db.reader(), meeting.webinar).await.unwrap().unwrap().state;
    product.wait(SignedDuration::from_hours(24 * 365));
    server::protection::nights::tick(&product.app).await.unwrap();
    assert_eq!(state().await, State::Whole, "it is its last day");
    product.wait(SignedDuration::from_hours(24));
    server::protection::nights::tick(&product.app).await.unwrap();
    assert_eq!(state().await, State::Removed);
    assert!(!product.app.config.data.join(format!("recordings/{}/stage.webm", meeting.webinar)).exists());
});

on_both!(a_server_that_stopped_after_the_end_completes_the_recording_when_it_starts_again, |product| async {
    let (meeting, before) = over(&product).await;
    // As it was before it was completed: its file where it is written, its row still running.
    let data = &product.app.config.data;
    let (whole, part) = (
        data.join(format!("recordings/{}/stage.webm", meeting.webinar)),
        data.join(format!("recordings/parts/{}.stage.webm", meeting.webinar)),
    );
    std::fs::rename(&whole, &part).unwrap();
    let half = |bytes: &mut Vec<u8>| bytes.extend_from_slice(&[0x1f, 0x43, 0xb6, 0x75, 0x45, 0x00, 1, 2]);
    let mut bytes = std::fs::read(&part).unwrap();
    half(&mut bytes);
    std::fs::write(&part, &bytes).unwrap();
    product.sql(format!("UPDATE recording SET state = 'running' WHERE webinar = '{}'", meeting.webinar)).await;
    recording::catch_up(&product.app).await.unwrap();
    let after = recording::of(product.app.db.reader(), meeting.webinar).await.unwrap().unwrap();
    assert_eq!(after, before);
    assert_eq!(std::fs::metadata(&whole).unwrap().len(), after.bytes);
    // And one that stopped after it had put the file in its place.
    product.sql(format!("UPDATE recording SET state = 'running' WHERE webinar = '{}'", meeting.webinar)).await;
    recording::catch_up(&product.app).await.unwrap();
    assert_eq!(recording::of(product.app.db.reader(), meeting.webinar).await.unwrap().unwrap(), before);
});

on_both!(a_room_is_watched_live_in_pieces_whether_it_is_recorded_or_not, |product| async {
    let meeting = product.meeting(1).await;
    let mut trainer = Guest::enter(&meeting.trainer, meeting.webinar).await.unwrap();
    trainer.act(lead(Lead::GoLive)).await.unwrap();
    let mut silent = recording::watch(&product.app, meeting.webinar, Edition::Whole).await.unwrap();
    assert!(!silent.shows, "there is no picture yet, and silence is told as such");
    let mut peer = Peer::new(RoomId(meeting.webinar.0), 1, &[Kind::Camera, Kind::Microphone]).await;
    trainer.connect(&mut peer).await;
    let _playing = Playing::start(Arc::new(peer), Kind::Camera, Some(Kind::Microphone));
    let heard = async { while silent.coming.recv().await.is_ok() {} };
    tokio::time::timeout(Duration::from_secs(20), heard).await.expect("everybody begins anew once there is a picture");
    let mut watching = recording::watch(&product.app, meeting.webinar, Edition::Whole).await.unwrap();
    assert!(watching.shows);
    let piece = async |watching: &mut recording::Watching| {
        tokio::time::timeout(Duration::from_secs(20), watching.coming.recv()).await.expect("in time").expect("comes")
    };
    let mut file = watching.head.to_vec();
    watching.recent.iter().for_each(|piece| file.extend_from_slice(&piece.bytes));
    for _ in 0..6 {
        file.extend_from_slice(&piece(&mut watching).await.bytes);
    }
    // Whoever comes later begins at a keyframe.
    let late = recording::watch(&product.app, meeting.webinar, Edition::Whole).await.unwrap();
    let mut later = late.head.to_vec();
    late.recent.iter().for_each(|piece| later.extend_from_slice(&piece.bytes));
    let first = clusters(&later).flat_map(|(_, whole)| cluster(whole).unwrap()).next().expect("something");
    assert!(first.track == 1 && first.keyframe);
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in [("early", file), ("late", later)] {
        let path = folder.path().join(name);
        std::fs::write(&path, &bytes).unwrap();
        let told = clusters(&bytes).flat_map(|(_, whole)| cluster(whole).unwrap());
        let times: Vec<_> = told.map(|block| (block.track, block.time, block.data.len())).collect();
        assert_eq!(decoded(&path), "", "{name}: {times:?}");
    }
    assert_eq!(recording::of(product.app.db.reader(), meeting.webinar).await.unwrap(), None, "nothing is kept");
});

#[tokio::test]
async fn a_shelf_that_cannot_be_used_is_named_before_anything_is_served() {
    let config = |place: &str| {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().display().to_string();
        let find = |name: &str| match name {
            "SOCLE_RECORDINGS" => Some(place.to_owned()),
            "SOCLE_DATA" => Some(data.clone()),
            _ => None,
        };
        Config::read(find, "").unwrap()
    };
    let error = recording::Recordings::open(&config("/dev/null/nowhere")).unwrap_err();
    assert!(format!("{error:#}").contains("SOCLE_RECORDINGS: the folder /dev/null/nowhere"), "{error:#}");
}

on_both!(recording_is_chosen_in_the_form_said_in_mails_and_before_entering, |product| async {
    const ID: &str = "22222222-2222-4222-8222-222222222233";
    let page = format!("/webinaires/{ID}");
    let (trainer, agent) = (product.trainer().await, product.agent("Lea").await);
    plan(&trainer, ID, &[]).await;
    assert!(!agent.get(&page).await.text().contains("sera enregistré"));
    agent.post(&format!("{page}/inscription"), &[]).await;
    let changed = async || product.mails_to("lea@exemple.example", "Changement").await.len();
    assert_eq!(changed().await, 0);
    change(&trainer, &page, &[("recorded", "on"), ("recording_days", "30")]).await;
    assert_eq!(changed().await, 1, "whoever has a place is told that they may be heard later");
    // The webinar is on 10 December 2026.
    assert!(agent.get(&page).await.text().contains("jusqu’au 9 janvier 2027"));
    let before = agent.get(&format!("{page}/essai")).await.text();
    assert!(before.contains("Ce webinaire est enregistré.") && before.contains("jusqu’au 9 janvier 2027"), "{before}");
    let refused = change(&trainer, &page, &[("recorded", "on"), ("recording_days", "0")]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("la durée de conservation de l’enregistrement"), "{}", refused.text());
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_recording_stands_in_a_bucket_of_s3_and_where_it_was_written_while_the_bucket_is_away() {
    let mut house = House::new(Database::Sqlite, "production").expect("a house");
    let app = house.open().await.expect("opens");
    let meeting = missed(&app).await;
    let (id, page) = (meeting.webinar, page(&meeting));
    let part = house.folder().join(format!("recordings/parts/{id}.stage.webm"));
    let began = recording::of(app.db.reader(), id).await.unwrap().unwrap().started_at.as_millisecond();
    let blocks = filmed("testsrc2=size=1280x720:rate=10", 10, &["-g", "10", "-b:v", "6M"]);
    long_film(&part, began, (&blocks, 10_000), 4).expect("a film");
    is_running(&app, id).await;
    let state = async || recording::of(app.db.reader(), id).await.unwrap().unwrap();

    // Nobody is at that address.
    let nowhere = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    house = house.with_all(Bucket::settings(nowhere));
    let served = house.serve().await.expect("serves without its bucket");
    until("the film's completion", PATIENCE, async || {
        state().await.bytes == std::fs::metadata(&part).map_or(0, |it| it.len())
    })
    .await;
    let agent = meeting.agents[0].at(&format!("http://{}", served.address));
    assert!(agent.get(&format!("{page}/revoir")).await.text().contains("L’enregistrement est en préparation"));
    served.kill().await.unwrap();
    assert_eq!(state().await.state, State::Running, "it is tried again");
    let film = std::fs::read(&part).expect("it is where it was written");
    assert!(film.len() > 2 * (5 << 20), "several parts: {}", film.len());

    let bucket = Bucket::open().await;
    house = house.with_all(Bucket::settings(bucket.address));
    let served = house.serve().await.expect("serves");
    until("the film in its bucket", PATIENCE, async || state().await.state == State::Whole).await;
    assert_eq!(std::fs::read(bucket.object(&format!("{id}/stage.webm"))).expect("an object"), film);
    assert!(!part.exists(), "it stands once");
    let agent = meeting.agents[0].at(&format!("http://{}", served.address));
    let path = format!("{page}/enregistrement.webm");
    let piece = agent.request(Method::GET, &path).header("range", "bytes=7000000-7000999").send().await.unwrap();
    assert_eq!(piece.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(piece.bytes().await.unwrap(), film[7_000_000..7_001_000]);

    let trainer = meeting.trainer.at(&format!("http://{}", served.address));
    assert_eq!(trainer.post(&format!("{page}/enregistrement/supprimer"), &[]).await.status, 303);
    assert!(!bucket.object(&format!("{id}/stage.webm")).exists());
    assert_eq!(agent.get(&path).await.status, 404);
}
