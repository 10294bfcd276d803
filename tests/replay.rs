//! Recorded webinars watched later: what is played counts, each minute once; captions are mended; quizzes are taken.

mod abuse;
mod beside;
mod kill;

use domain::identity::{Role, Scope};
use domain::ids::{PersonId, WebinarId};
use domain::record::Fact;
use domain::webinar::replay::Position;
use jiff::{SignedDuration, Timestamp};
use reqwest::StatusCode;
use server::record;
use server::webinar::presence::checkpoint;
use support::held::seen;
use support::replays::{Player, told};
use support::{Client, Product, on_both};

const MIN: u64 = 60;

/// Marie led it, for an hour and a half; Léa, Karim and Nadia had a place. It was recorded from its beginning.
struct Scene {
    marie: PersonId,
    lea: PersonId,
    karim: PersonId,
    webinar: WebinarId,
    live_at: Timestamp,
    agent: Client,
}

/// Léa was there for so many minutes, from the beginning on; Karim for the whole.
async fn held(product: &Product, minutes: i64) -> Scene {
    let marie = product.trainer_of("Marie", "mediation-numerique").await;
    let lea = product.person("Lea", Role::Agent, Scope::Own).await;
    let karim = product.person("Karim", Role::Agent, Scope::Own).await;
    let webinar = product.webinar(marie, &[lea, karim]).await;
    let live_at = product.begin(webinar).await;
    let mut there = vec![seen(webinar, karim, 2, live_at, (0, 90))];
    if minutes > 0 {
        there.push(seen(webinar, lea, 1, live_at, (0, minutes)));
    }
    checkpoint(&product.app, there).await.expect("notes");
    product.wait(SignedDuration::from_mins(90));
    product.close(webinar, live_at).await;
    product.recorded(webinar, live_at, SignedDuration::from_mins(90)).await;
    let agent = product.signed_in(lea).await;
    Scene { marie, lea, karim, webinar, live_at, agent }
}

impl Scene {
    fn path(&self, rest: &str) -> String {
        format!("/webinaires/{}{rest}", self.webinar)
    }
}

/// What was written of the replay: minutes, of these those seen live, percent.
async fn followed(product: &Product, agent: PersonId) -> Vec<(u32, u32, u8)> {
    let entries = record::store::facts(product.app.db.reader(), agent, None, 50).await.unwrap();
    let facts = entries.into_iter().filter_map(|entry| match entry.fact {
        Fact::ReplayFollowed { minutes, seen_live, percent, .. } => Some((minutes, seen_live, percent)),
        _ => None,
    });
    facts.collect()
}

async fn holds(product: &Product) {
    let (_, findings) = record::store::check(&product.app.db).await.unwrap();
    assert_eq!(findings.iter().map(ToString::to_string).collect::<Vec<_>>(), Vec::<String>::new());
}

on_both!(whoever_missed_the_hour_and_watches_it_is_in_the_record_at_a_distance, |product| async {
    let it = held(&product, 0).await;
    assert!(it.agent.get("/").await.text().contains("Webinaires à revoir"));
    assert!(it.agent.get(&it.path("")).await.text().contains("Revoir le webinaire"));
    let player = Player::open(&product, &it.agent, it.webinar).await;
    let page = it.agent.get(&it.path("/revoir")).await;
    assert!(page.text().contains("0 min sur 90 min comptées, soit 0 % ; il en faut 80 %."), "{}", page.text());
    assert!(page.text().contains("1:30:00, 182 Mo. Gardé jusqu’au 1er décembre 2027 inclus."), "{}", page.text());
    let nearly = player.play(0, 71 * MIN, 100).await;
    assert_eq!(told(&nearly), "71 min sur 90 min comptées, soit 78 % ; il en faut 80 %.");
    assert_eq!(followed(&product, it.lea).await, []);
    let met = player.play(71 * MIN, 72 * MIN, 100).await;
    assert!(told(&met).starts_with("Seuil atteint : 72 min à distance, asynchrone"), "{}", met.body);
    assert_eq!(followed(&product, it.lea).await, [(72, 0, 80)]);
    // More changes nothing.
    player.play(72 * MIN, 90 * MIN, 100).await;
    assert_eq!(followed(&product, it.lea).await, [(72, 0, 80)]);
    holds(&product).await;

    let dossier = it.agent.get("/dossier").await.text();
    assert!(dossier.contains("suivi en rediffusion, à distance, asynchrone : 72 min sur 90 min, 80 %"), "{dossier}");
    assert!(dossier.contains("72 min sur 90 min, 80 %, seuil de 80 % atteint à distance, asynchrone"), "{dossier}");
    let proof = it.agent.get("/dossier/faits/2").await.text();
    assert!(proof.contains("Enregistrement lu, relevé toutes les dix secondes : de 0:00 à 1:30:00"), "{proof}");
    assert!(!it.agent.get("/").await.text().contains("Webinaires à revoir"), "nothing is left to watch");
    let marie = product.signed_in(it.marie).await;
    let sheet = marie.get(&it.path("/presences")).await.text();
    assert!(sheet.contains("Seuil atteint en rediffusion") && sheet.contains("2 au seuil"), "{sheet}");
    assert!(marie.get(&it.path("/presences.csv")).await.body.contains("Seuil atteint en rediffusion"));
    let folded = record::store::load(product.app.db.reader(), it.lea).await.unwrap().record;
    assert_eq!((folded.minutes_at_distance(), folded.minutes_live()), (72, 0));
});

on_both!(skips_double_speed_and_two_tabs_give_their_union, |product| async {
    let it = held(&product, 0).await;
    let first = Player::open(&product, &it.agent, it.webinar).await;
    let second = Player::open(&product, &it.agent, it.webinar).await;
    first.play(0, 10 * MIN, 100).await;
    // A skip, then twice as fast, partly again.
    first.play(20 * MIN, 40 * MIN, 200).await;
    first.play(5 * MIN, 15 * MIN, 150).await;
    // Two tabs at once on the same part.
    first.spend(40 * MIN, 50 * MIN, 100);
    first.report(vec![first.claim(40 * MIN, 50 * MIN, 100)], None).await;
    let both = second.report(vec![second.claim(42 * MIN, 52 * MIN, 100)], None).await;
    // [0, 15[ and [20, 52[: 47 minutes.
    assert_eq!(told(&both), "47 min sur 90 min comptées, soit 52 % ; il en faut 80 %.");
    // Hidden, without sound: nothing.
    first.spend(60 * MIN, 80 * MIN, 100);
    let mut away = first.claim(60 * MIN, 80 * MIN, 100);
    (away.hidden, away.silent) = (true, true);
    assert_eq!(told(&first.report(vec![away], None).await), told(&both));
    assert_eq!(followed(&product, it.lea).await, []);
    let met = first.play(52 * MIN, 77 * MIN, 100).await;
    assert!(met.json()["is_met"].as_bool().unwrap(), "{}", met.body);
    assert_eq!(followed(&product, it.lea).await, [(72, 0, 80)]);
});

on_both!(what_was_seen_live_and_what_is_watched_add_up_each_minute_once, |product| async {
    let it = held(&product, 50).await;
    let player = Player::open(&product, &it.agent, it.webinar).await;
    let again = player.play(0, 50 * MIN, 200).await;
    assert_eq!(told(&again), "50 min sur 90 min comptées (dont 50 min en direct), soit 55 % ; il en faut 80 %.");
    player.play(50 * MIN, 72 * MIN, 100).await;
    assert_eq!(followed(&product, it.lea).await, [(72, 50, 80)]);
    let dossier = it.agent.get("/dossier").await.text();
    assert!(dossier.contains("72 min sur 90 min, dont 50 min en direct, 80 %"), "{dossier}");
    assert!(dossier.contains("50 min sur 90 min, 55 %, sous le seuil de 80 %"), "what was measured stays");
    holds(&product).await;
});

on_both!(a_presence_that_is_met_live_is_left_as_it_is, |product| async {
    let it = held(&product, 0).await;
    let karim = product.signed_in(it.karim).await;
    let player = Player::open(&product, &karim, it.webinar).await;
    let page = player.play(0, 90 * MIN, 200).await;
    assert_eq!(told(&page), "Votre présence est déjà à votre dossier : 90 min.");
    assert_eq!(followed(&product, it.karim).await, []);
    assert!(!karim.get("/").await.text().contains("Webinaires à revoir"));
    // Nor does whoever led it earn anything.
    let marie = product.signed_in(it.marie).await;
    let player = Player::open(&product, &marie, it.webinar).await;
    assert!(told(&player.play(0, 90 * MIN, 200).await).starts_with("Vous animez ce webinaire"));
    assert_eq!(followed(&product, it.marie).await, []);
});

on_both!(after_a_correction_the_recording_counts_by_itself, |product| async {
    let it = held(&product, 60).await;
    let marie = product.signed_in(it.marie).await;
    let path = it.path(&format!("/presences/{}", it.lea));
    let id = marie.get(&path).await.field("correction");
    let sent = [("correction", &*id), ("minutes", "20"), ("why", "Ce n’était pas elle"), ("sure", "yes")];
    assert_eq!(marie.post(&path, &sent).await.status, StatusCode::SEE_OTHER);
    let player = Player::open(&product, &it.agent, it.webinar).await;
    let page = player.play(60 * MIN, 90 * MIN, 100).await;
    assert_eq!(told(&page), "30 min sur 90 min comptées, soit 33 % ; il en faut 80 %.");
    player.play(0, 42 * MIN, 100).await;
    assert_eq!(followed(&product, it.lea).await, [(72, 0, 80)]);
});

on_both!(whoever_had_no_place_earns_by_the_recording_alone, |product| async {
    let it = held(&product, 0).await;
    let zoe = product.person("Zoe", Role::Agent, Scope::Own).await;
    checkpoint(&product.app, vec![seen(it.webinar, zoe, 4, it.live_at, (0, 90))]).await.unwrap();
    let client = product.signed_in(zoe).await;
    let player = Player::open(&product, &client, it.webinar).await;
    let page = player.play(0, 30 * MIN, 100).await;
    assert_eq!(told(&page), "30 min sur 90 min comptées, soit 33 % ; il en faut 80 %.");
    player.play(30 * MIN, 72 * MIN, 100).await;
    assert_eq!(followed(&product, zoe).await, [(72, 0, 80)]);
});

on_both!(where_the_trainer_chose_so_nothing_is_counted_nor_kept_but_where_one_stopped, |product| async {
    let it = held(&product, 0).await;
    product.sql(format!("UPDATE webinar SET replay_counts = FALSE WHERE id = '{}'", it.webinar)).await;
    let player = Player::open(&product, &it.agent, it.webinar).await;
    player.spend(0, 80 * MIN, 100);
    let position = Some(Position { at: 80 * MIN * 1000, said: player.now() });
    let page = player.report(vec![player.claim(0, 80 * MIN, 100)], position).await;
    assert!(told(&page).starts_with("Cette rediffusion ne compte pas"), "{}", page.body);
    assert_eq!(followed(&product, it.lea).await, []);
    assert_eq!(product.number("SELECT COUNT(*) FROM replay_piece").await, 0);
    assert!(it.agent.get(&it.path("/revoir")).await.text().contains("Vous vous étiez arrêté à 1:20:00"));
    assert!(!it.agent.get("/").await.text().contains("Webinaires à revoir"));
});

on_both!(a_report_is_kept_once_in_any_order_and_outlives_the_server, |product| async {
    let it = held(&product, 0).await;
    let player = Player::open(&product, &it.agent, it.webinar).await;
    player.spend(0, 30 * MIN, 100);
    let whole = player.claim(0, 30 * MIN, 100);
    // As it was ten minutes before its end: told later, twice, and once with the whole in one report.
    let shorter = domain::webinar::replay::Claim { to: 20 * MIN * 1000, took: 20 * MIN * 1000, ..whole.clone() };
    for pieces in [vec![whole.clone()], vec![shorter.clone()], vec![whole.clone(), shorter], vec![whole.clone()]] {
        let page = player.report(pieces, None).await;
        assert_eq!(told(&page), "30 min sur 90 min comptées, soit 33 % ; il en faut 80 %.");
        assert_eq!(page.json()["kept"][0], whole.id.to_string());
    }
    assert_eq!(product.number("SELECT COUNT(*) FROM replay_piece").await, 1);
    let again = it.agent.at(&product.restarted().await);
    assert!(again.get(&it.path("/revoir")).await.text().contains("30 min sur 90 min comptées"));
    // A report that waited in the browser while the line was down, sent by the next visit under its own name.
    player.spend(30 * MIN, 50 * MIN, 100);
    let waited = player.claim(30 * MIN, 50 * MIN, 100);
    product.wait(SignedDuration::from_hours(2));
    let page = player.report(vec![waited], None).await;
    assert_eq!(told(&page), "50 min sur 90 min comptées, soit 55 % ; il en faut 80 %.");
});

on_both!(one_goes_on_where_one_stopped_to_the_millisecond_on_whichever_device_was_last, |product| async {
    let it = held(&product, 0).await;
    let (office, home) = (product.signed_in(it.lea).await, &it.agent);
    let player = Player::open(&product, &office, it.webinar).await;
    player.spend(0, 20 * MIN, 100);
    player.report(vec![player.claim(0, 20 * MIN, 100)], Some(Position { at: 1_203_456, said: player.now() })).await;
    let page = home.get(&it.path("/revoir")).await;
    assert!(page.body.contains("enregistrement.webm#t=1203.456\""), "{}", page.body);
    assert!(page.text().contains("Vous vous étiez arrêté à 20:03"), "{}", page.text());
    // What the office says late of an earlier moment does not count.
    let other = Player::open(&product, home, it.webinar).await;
    other.spend(0, MIN, 100);
    other.report(Vec::new(), Some(Position { at: 2_000_001, said: other.now() })).await;
    player.report(Vec::new(), Some(Position { at: 5, said: player.now() - 30_000 })).await;
    assert!(office.get(&it.path("/revoir")).await.body.contains("#t=2000.001\""));
    // At the end one begins again; beyond the end there is nothing.
    other.report(Vec::new(), Some(Position { at: u64::MAX, said: other.now() })).await;
    let page = home.get(&it.path("/revoir")).await;
    assert!(!page.text().contains("Vous vous étiez arrêté") && !page.body.contains("#t=5400"), "{}", page.text());
});

on_both!(a_recording_that_is_not_there_says_why_and_what_to_do, |product| async {
    let it = held(&product, 0).await;
    let to_come = product.webinar(it.marie, &[it.lea]).await;
    let page = it.agent.get(&format!("/webinaires/{to_come}/revoir")).await;
    assert!(page.text().contains("Ce webinaire n’est pas terminé"), "{}", page.text());
    let at = product.app.clock.now().as_millisecond();
    for (set, said) in [
        ("state = 'running'", "L’enregistrement est en préparation"),
        ("state = 'failed', why = 'Le disque était plein.'", "L’enregistrement n’a pas abouti. Le disque était plein."),
        (&*format!("state = 'removed', why = NULL, removed_at = {at}"), "Il a été supprimé le 1er décembre 2026."),
    ] {
        product.sql(format!("UPDATE recording SET {set} WHERE webinar = '{}'", it.webinar)).await;
        let page = it.agent.get(&it.path("/revoir")).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.text().contains(said), "{said}: {}", page.text());
        assert!(!page.body.contains("<video"), "{set}");
    }
    product.sql(format!("DELETE FROM recording WHERE webinar = '{}'", it.webinar)).await;
    assert!(it.agent.get(&it.path("/revoir")).await.text().contains("n’a pas été enregistré"));
    assert!(!it.agent.get(&it.path("")).await.text().contains("Revoir le webinaire"));
});

on_both!(a_recording_that_stopped_early_says_that_it_does_not_suffice, |product| async {
    let it = held(&product, 0).await;
    let length = 45 * MIN * 1000;
    product.sql(format!("UPDATE recording SET length = {length} WHERE webinar = '{}'", it.webinar)).await;
    let page = it.agent.get(&it.path("/revoir")).await.text();
    assert!(page.contains("ne contient que 50 % du direct : à lui seul il n’y suffit pas"), "{page}");
});
