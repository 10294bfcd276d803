//! What a forger gains: nothing, or the time that they spent.

use super::*;
use domain::webinar::replay::{Claim, MOST_PIECES};
use serde_json::{Value, json};
use uuid::Uuid;

fn report(player: &Player<'_>, pieces: Value) -> Value {
    json!({ "watch": player.watch, "now": player.now(), "pieces": pieces })
}

on_both!(a_forged_hour_a_minute_after_the_player_was_opened_is_worth_that_minute_at_its_speed, |product| async {
    let it = held(&product, 0).await;
    let player = Player::open(&product, &it.agent, it.webinar).await;
    product.wait(SignedDuration::from_mins(1));
    let forged = |speed, at: i64, took: u64| Claim {
        id: product.app.dice.uuid(),
        from: 0,
        to: 90 * MIN * 1000,
        at,
        took,
        speed,
        hidden: false,
        silent: false,
    };
    let hour: i64 = 3_600_000;
    let now = player.now();
    for claim in [
        forged(100, now - hour, 3_600_000),
        forged(200, now - hour, 3_600_000),
        forged(u32::MAX, i64::MIN, u64::MAX),
        forged(200, now, 3_600_000),
        forged(200, i64::MAX, 1),
    ] {
        let page = player.report(vec![claim], None).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    }
    // A hundred tabs, each with another part of the hour in that same minute.
    for tab in 0..90 {
        let player = Player::open(&product, &it.agent, it.webinar).await;
        let part = Claim { from: tab * MIN * 1000, to: (tab + 1) * MIN * 1000, ..forged(200, now - 60_000, 60_000) };
        player.report(vec![part], None).await;
    }
    let page = player.report(Vec::new(), None).await;
    assert_eq!(told(&page), "2 min sur 90 min comptées, soit 2 % ; il en faut 80 %.", "a minute, twice as fast");
    assert_eq!(followed(&product, it.lea).await, []);
});

on_both!(a_player_that_was_never_opened_begins_with_its_first_report, |product| async {
    let it = held(&product, 0).await;
    let opened = Player::open(&product, &it.agent, it.webinar).await;
    product.wait(SignedDuration::from_hours(2));
    let piece = opened.claim(0, 80 * MIN, 100);
    let unknown = json!({ "watch": Uuid::from_u128(77), "now": opened.now(), "pieces": [piece] });
    assert_eq!(told(&opened.send(&unknown).await), "0 min sur 90 min comptées, soit 0 % ; il en faut 80 %.");
});

on_both!(the_player_and_the_pieces_of_somebody_else_stay_theirs, |product| async {
    let it = held(&product, 0).await;
    let nadia = product.person("Nadia", Role::Agent, Scope::Own).await;
    product.register(it.webinar, nadia, "registered").await;
    let other = product.signed_in(nadia).await;
    let own = Player::open(&product, &it.agent, it.webinar).await;
    own.spend(0, 30 * MIN, 100);
    let piece = own.claim(0, 30 * MIN, 100);
    own.report(vec![piece.clone()], None).await;
    // Under the other's player: there is none of that name.
    let theirs = Player::open(&product, &other, it.webinar).await;
    let stolen = json!({ "watch": own.watch, "now": own.now(), "pieces": [piece.clone()] });
    assert_eq!(theirs.send(&stolen).await.status, StatusCode::NOT_FOUND);
    // Under one's own, with the name of the other's piece: it stays as it is.
    product.wait(SignedDuration::from_mins(90));
    let renamed = Claim { id: piece.id, ..theirs.claim(0, 90 * MIN, 100) };
    theirs.report(vec![renamed], None).await;
    assert_eq!(followed(&product, nadia).await, []);
    assert_eq!(told(&own.report(Vec::new(), None).await), "30 min sur 90 min comptées, soit 33 % ; il en faut 80 %.");
    // On another webinar: the player is not of it.
    let elsewhere = product.webinar(it.marie, &[it.lea]).await;
    product.begin(elsewhere).await;
    product.end(elsewhere).await;
    product.recorded(elsewhere, it.live_at, SignedDuration::from_mins(90)).await;
    let path = format!("/webinaires/{elsewhere}/revoir/lecture");
    let moved = json!({ "watch": own.watch, "now": own.now(), "pieces": [] });
    assert_eq!(it.agent.post_json(&path, &moved).await.status, StatusCode::NOT_FOUND);
});

on_both!(a_webinar_that_is_not_for_somebody_and_an_account_that_is_closed_report_nothing, |product| async {
    let it = held(&product, 0).await;
    product.sql(format!("UPDATE webinar SET audience = 'departement:08' WHERE id = '{}'", it.webinar)).await;
    let stranger = product.agent("Paul").await;
    let said = json!({ "watch": Uuid::from_u128(5), "now": 0, "pieces": [] });
    assert_eq!(stranger.post_json(&it.path("/revoir/lecture"), &said).await.status, StatusCode::NOT_FOUND);
    for page in ["/revoir", "/revoir/sous-titres.vtt"] {
        assert_eq!(stranger.get(&it.path(page)).await.status, StatusCode::NOT_FOUND, "{page}");
    }
    assert_eq!(product.stranger().post_json(&it.path("/revoir/lecture"), &said).await.status, StatusCode::UNAUTHORIZED);
    let player = Player::open(&product, &it.agent, it.webinar).await;
    player.play(0, 60 * MIN, 100).await;
    let administrator = product.administrator().await;
    administrator.post(&format!("/administration/comptes/{}/suspendre", it.lea), &[]).await;
    assert_eq!(player.play(60 * MIN, 80 * MIN, 100).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(followed(&product, it.lea).await, []);
});

on_both!(what_is_malformed_or_too_much_is_refused_and_earns_nothing, |product| async {
    let it = held(&product, 0).await;
    let player = Player::open(&product, &it.agent, it.webinar).await;
    product.wait(SignedDuration::from_hours(2));
    let good = serde_json::to_value(player.claim(0, 80 * MIN, 100)).unwrap();
    let with = |name: &str, value: Value| {
        let mut piece = good.clone();
        piece[name] = value;
        report(&player, json!([piece]))
    };
    for odd in [
        with("from", json!(-1)),
        with("to", json!(-60_000)),
        with("to", json!(1.5)),
        with("took", json!("90")),
        with("took", json!(1e300)),
        with("speed", json!(-100)),
        with("speed", json!(null)),
        with("id", json!("1; DROP TABLE replay_piece")),
        with("person", json!(1)),
        with("hidden", json!("no")),
        json!({ "watch": player.watch, "now": player.now(), "pieces": [], "person": 1 }),
        json!({ "watch": "nothing", "now": 0, "pieces": [] }),
        json!({ "watch": player.watch, "now": 0, "pieces": {} }),
        json!([]),
    ] {
        let page = player.send(&odd).await;
        assert!(page.status.is_client_error(), "{odd}: {}", page.status);
    }
    let many = vec![player.claim(0, 1, 100); MOST_PIECES + 1];
    assert_eq!(player.report(many, None).await.status, StatusCode::BAD_REQUEST);
    let huge = json!({ "watch": player.watch, "now": 0, "pieces": [], "x": "x".repeat(200_000) });
    assert_eq!(player.send(&huge).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    // Backwards, empty, past the end: taken, and worth nothing.
    let odd = [(90_000, 30_000), (5, 5), (90 * MIN * 1000, u64::MAX)];
    let odd = odd.map(|(from, to)| Claim { id: product.app.dice.uuid(), from, to, ..player.claim(0, 60, 100) });
    let page = player.report(odd.to_vec(), None).await;
    assert_eq!(told(&page), "0 min sur 90 min comptées, soit 0 % ; il en faut 80 %.");
    assert_eq!(product.number("SELECT COUNT(*) FROM replay_piece").await, 0);
});

on_both!(nobody_fills_the_disk_with_pieces, |product| async {
    let it = held(&product, 0).await;
    let player = Player::open(&product, &it.agent, it.webinar).await;
    product.wait(SignedDuration::from_hours(2));
    let mut last = StatusCode::OK;
    for _ in 0..27 {
        let many: Vec<Claim> = (0..200).map(|second| player.claim(second, second + 1, 100)).collect();
        last = player.report(many, None).await.status;
    }
    assert_eq!(last, StatusCode::BAD_REQUEST);
    assert!(product.number("SELECT COUNT(*) FROM replay_piece").await <= 5_200);
});
