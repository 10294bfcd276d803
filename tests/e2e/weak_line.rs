//! A webinar at the end of a weak line: one datagram in twenty is lost, and each takes 150 ms there and back.

use super::browser::Browser;
use super::webinar::{DEVICES, enter, enter_with};
use serde_json::Value;
use std::net::{SocketAddr, UdpSocket};
use std::time::Duration;
use support::Database;
use support::line::Line;
use support::meeting::Meeting;
use support::served::House;

/// One way.
const DELAY: Duration = Duration::from_millis(75);
const LOST_IN_100: u64 = 5;
/// The line is found out to lose datagrams; then the webinar is watched.
const FOUND_OUT: Duration = Duration::from_secs(5);
const WATCHED: Duration = Duration::from_secs(20);

/// Sums over all that the page sends and receives.
const COUNTS: &str = "
    const done = arguments[0];
    Promise.all(window.connections.map((connection) => connection.getStats())).then((all) => {
        const seen = { shown: 0, frames: 0, frozen: 0, repaired: 0, lost: 0, came: 0, concealed: 0, samples: 0 };
        for (const stats of all) for (const one of stats.values()) {
            if (one.type === 'outbound-rtp' && one.kind === 'video') seen.shown += one.framesSent ?? 0;
            if (one.type !== 'inbound-rtp') continue;
            if (one.kind === 'video') {
                seen.frames += one.framesDecoded ?? 0;
                seen.frozen += one.totalFreezesDuration ?? 0;
                seen.repaired += one.retransmittedPacketsReceived ?? 0;
            } else {
                seen.lost += one.packetsLost ?? 0;
                seen.came += one.packetsReceived ?? 0;
                seen.concealed += (one.concealedSamples ?? 0) - (one.silentConcealedSamples ?? 0);
                seen.samples += one.totalSamplesReceived ?? 0;
            }
        }
        done(seen);
    });";

async fn counts(browser: &Browser) -> Value {
    browser.driver.execute_async(COUNTS, vec![]).await.map(|found| found.json().clone()).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_that_loses_one_datagram_in_twenty_carries_whole_sound_and_moving_pictures() {
    let port = free_port();
    let house = House::new(Database::Sqlite, "production").expect("a house").with("SOCLE_MEDIA_PORT", port.to_string());
    let app = house.open().await.expect("opens");
    let meeting = Meeting::in_house(&app, 1).await;
    let served = house.serve().await.expect("serves");
    let line = Line::to(SocketAddr::new(served.address.ip(), port), DELAY, LOST_IN_100, 5).await;
    let url = format!("http://{}", served.address);
    let room = format!("/webinaires/{}/salle", meeting.webinar);
    let trainer = enter(&url, &meeting.trainer, &room, DEVICES).await;
    trainer.press("Commencer le webinaire").await;
    trainer.press("Allumer le micro").await;
    trainer.press("Partager l’écran").await;
    // The agent's browser reaches the server by the line alone.
    let detour = format!(
        "const direct = RTCPeerConnection.prototype.setRemoteDescription;
         RTCPeerConnection.prototype.setRemoteDescription = function ({{ type, sdp }}) {{
             return direct.call(this, {{ type, sdp: sdp.replaceAll(' {port} typ', ' {} typ') }});
         }};",
        line.near.port()
    );
    let agent = enter_with(&url, &meeting.agents[0], &room, DEVICES, &detour).await;
    let comes = async || {
        let now = counts(&agent).await;
        now["frames"].as_f64() > Some(0.0) && now["samples"].as_f64() > Some(0.0)
    };
    agent.until("picture and sound", comes).await;

    tokio::time::sleep(FOUND_OUT).await;
    let (before, sent_before) = (counts(&agent).await, counts(&trainer).await);
    tokio::time::sleep(WATCHED).await;
    let (after, sent_after) = (counts(&agent).await, counts(&trainer).await);
    let grown = |before: &Value, after: &Value, name: &str| {
        after[name].as_f64().expect("counted") - before[name].as_f64().expect("counted")
    };
    let of = |name| grown(&before, &after, name);
    let raw = of("lost") / (of("lost") + of("came"));
    let unheard = of("concealed") / of("samples");
    let frozen = of("frozen") / WATCHED.as_secs_f64();
    let shown = grown(&sent_before, &sent_after, "shown");
    println!(
        "{} datagrams lost; sound: {:.2} % lost, {:.2} % made up; pictures: {} of {shown} seen, {} repairs, {:.1} % frozen",
        line.lost(),
        raw * 100.0,
        unheard * 100.0,
        of("frames"),
        of("repaired"),
        frozen * 100.0
    );
    assert!(line.lost() > 50 && raw > 0.02, "{raw} of the sound was lost on the line");
    assert!(unheard < 0.03, "{unheard} of the sound was made up");
    assert!(of("repaired") > 5.0, "repairs come");
    // How many are seen, and how long one stands still, depend on what else the machine does: they are said, not asserted.
    assert!(of("frames") > 50.0, "{} pictures of {shown} were seen", of("frames"));
}

/// A port on which nothing listens.
fn free_port() -> u16 {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a port");
    socket.local_addr().expect("bound").port()
}
