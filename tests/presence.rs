//! Presence at webinars: seen, put on disk, closed into the records, corrected, told.

use domain::identity::{Role, Scope};
use domain::ids::{PersonId, WebinarId};
use domain::record::Fact;
use domain::webinar::kit::Kit;
use domain::webinar::presence::{Reason, Span};
use jiff::{SignedDuration, Timestamp};
use reqwest::StatusCode;
use server::record;
use server::webinar::presence::{self, Interval, checkpoint, finish};
use support::held::seen;
use support::{Client, Product, on_both};

/// Marie leads; Léa, Karim and Nadia have a place; it is live.
struct Scene {
    marie: PersonId,
    lea: PersonId,
    karim: PersonId,
    nadia: PersonId,
    webinar: WebinarId,
    live_at: Timestamp,
}

async fn live_webinar(product: &Product) -> Scene {
    let marie = product.trainer_of("Marie", "mediation-numerique").await;
    let lea = product.person("Lea", Role::Agent, Scope::Own).await;
    let karim = product.person("Karim", Role::Agent, Scope::Own).await;
    let nadia = product.person("Nadia", Role::Agent, Scope::Own).await;
    let webinar = product.webinar(marie, &[lea, karim, nadia]).await;
    let live_at = product.begin(webinar).await;
    Scene { marie, lea, karim, nadia, webinar, live_at }
}

impl Scene {
    fn seen(&self, person: PersonId, tab: u128, minutes: (i64, i64)) -> Interval {
        seen(self.webinar, person, tab, self.live_at, minutes)
    }

    /// An hour and a half later.
    async fn close(&self, product: &Product) {
        product.wait(SignedDuration::from_mins(90));
        product.close(self.webinar, self.live_at).await;
    }

    fn path(&self, rest: &str) -> String {
        format!("/webinaires/{}/presences{rest}", self.webinar)
    }
}

async fn facts(product: &Product, agent: PersonId) -> Vec<Fact> {
    let entries = record::store::facts(product.app.db.reader(), agent, None, 50).await.unwrap();
    entries.into_iter().rev().map(|entry| entry.fact).collect()
}

/// Minutes, percent, whether the threshold is met, and why, as the fact of the closing says.
async fn measured(product: &Product, agent: PersonId) -> Option<(u32, u8, bool, Reason)> {
    facts(product, agent).await.into_iter().find_map(|fact| match fact {
        Fact::WebinarAttended { minutes, percent, met, reason, .. } => Some((minutes, percent, met, reason)),
        _ => None,
    })
}

async fn holds(product: &Product) {
    let (_, findings) = record::store::check(&product.app.db).await.unwrap();
    assert_eq!(findings.iter().map(ToString::to_string).collect::<Vec<_>>(), Vec::<String>::new());
}

on_both!(tabs_and_reconnections_are_a_union_cut_to_the_live_time, |product| async {
    let it = live_webinar(&product).await;
    let early = it.seen(it.lea, 1, (-10, 30));
    let second_tab = it.seen(it.lea, 2, (20, 50));
    let again = it.seen(it.lea, 1, (50, 75));
    let late = it.seen(it.lea, 1, (88, 120));
    checkpoint(&product.app, vec![early, second_tab, again, late]).await.unwrap();
    checkpoint(&product.app, vec![it.seen(it.karim, 3, (0, 54))]).await.unwrap();
    it.close(&product).await;
    assert_eq!(measured(&product, it.lea).await, Some((77, 85, true, Reason::Present)));
    assert_eq!(measured(&product, it.karim).await, Some((54, 60, false, Reason::BelowThreshold)));
    assert_eq!(measured(&product, it.nadia).await, Some((0, 0, false, Reason::Absent)), "absentees have a fact too");
    assert_eq!(measured(&product, it.marie).await, None, "who leads is not counted");
    holds(&product).await;
});

on_both!(a_checkpoint_extends_and_never_shortens, |product| async {
    let it = live_webinar(&product).await;
    for to in [10, 20, 15] {
        checkpoint(&product.app, vec![it.seen(it.lea, 1, (0, to)), it.seen(it.karim, 2, (0, 5))]).await.unwrap();
    }
    let intervals = presence::intervals_of(product.app.db.reader(), it.webinar, it.lea).await.unwrap();
    assert_eq!(intervals.len(), 1);
    assert_eq!(intervals[0], it.seen(it.lea, 1, (0, 20)));
});

on_both!(a_second_agent_before_the_same_screen_is_present_too, |product| async {
    let it = live_webinar(&product).await;
    let beside = Interval { beside: Some(it.lea), ..it.seen(it.karim, 1, (5, 90)) };
    checkpoint(&product.app, vec![it.seen(it.lea, 1, (0, 90)), beside]).await.unwrap();
    it.close(&product).await;
    assert_eq!(measured(&product, it.lea).await, Some((90, 100, true, Reason::Present)));
    assert_eq!(measured(&product, it.karim).await, Some((85, 94, true, Reason::PresentBeside)));
    let marie = product.signed_in(it.marie).await;
    assert!(marie.get(&it.path(&format!("/{}", it.karim))).await.text().contains("à côté de Lea Durand"));
});

on_both!(closing_twice_changes_nothing, |product| async {
    let it = live_webinar(&product).await;
    checkpoint(&product.app, vec![it.seen(it.lea, 1, (0, 80))]).await.unwrap();
    it.close(&product).await;
    let first = facts(&product, it.lea).await;
    checkpoint(&product.app, vec![it.seen(it.lea, 2, (0, 90)), it.seen(it.nadia, 2, (0, 90))]).await.unwrap();
    let other = vec![Span { from: it.live_at, to: it.live_at }];
    presence::close(&product.app, it.webinar, other, product.app.clock.now()).await.unwrap();
    finish(&product.app).await.unwrap();
    assert_eq!(facts(&product, it.lea).await, first);
    assert_eq!((first.len(), measured(&product, it.nadia).await.unwrap().0), (1, 0));
    holds(&product).await;
});

on_both!(a_crash_between_the_checkpoint_and_the_closing_loses_no_one, |product| async {
    let it = live_webinar(&product).await;
    checkpoint(&product.app, vec![it.seen(it.lea, 1, (0, 80))]).await.unwrap();
    product.wait(SignedDuration::from_mins(90));
    // The webinar is closed, and the server dies before presence is.
    product.end(it.webinar).await;
    assert_eq!(measured(&product, it.lea).await, None);
    finish(&product.app).await.unwrap();
    assert_eq!(measured(&product, it.lea).await, Some((80, 88, true, Reason::Present)));
    assert_eq!(measured(&product, it.nadia).await, Some((0, 0, false, Reason::Absent)));
});

on_both!(a_closing_cut_short_in_the_middle_is_completed_and_repeats_nobody, |product| async {
    let it = live_webinar(&product).await;
    let zoe = product.person("Zoe", Role::Agent, Scope::Own).await;
    checkpoint(&product.app, vec![it.seen(it.lea, 1, (0, 80)), it.seen(zoe, 4, (0, 90))]).await.unwrap();
    it.close(&product).await;
    // As if it had died before it came to Zoé.
    product.sql("UPDATE presence_closing SET done_at = NULL".to_owned()).await;
    product.register(it.webinar, zoe, "registered").await;
    finish(&product.app).await.unwrap();
    assert_eq!(measured(&product, zoe).await, Some((90, 100, true, Reason::Present)));
    assert_eq!((facts(&product, it.lea).await.len(), facts(&product, it.nadia).await.len()), (1, 1));
    holds(&product).await;
});

on_both!(only_who_had_a_place_is_told_absent_and_nobody_where_it_was_never_live, |product| async {
    let it = live_webinar(&product).await;
    let waiting = product.person("Paul", Role::Agent, Scope::Own).await;
    product.register(it.webinar, waiting, "waiting").await;
    it.close(&product).await;
    assert_eq!(measured(&product, waiting).await, None);
    let other = product.webinar(it.marie, &[it.lea]).await;
    presence::close(&product.app, other, Vec::new(), product.app.clock.now()).await.unwrap();
    assert_eq!(facts(&product, it.lea).await.len(), 1);
});

/// Opens the page of somebody's presence and sends a correction from it, as a trainer does: check, then confirm.
async fn correct(trainer: &Client, path: &str, minutes: &str, why: &str) -> String {
    let id = trainer.get(path).await.field("correction");
    let sent = [("correction", &*id), ("minutes", minutes), ("why", why)];
    let checked = trainer.post(path, &sent).await;
    assert_eq!(checked.status, StatusCode::OK, "{}", checked.text());
    assert!(checked.text().contains("À confirmer") && checked.text().contains(why), "{}", checked.text());
    let done = trainer.post(path, &[&sent[..], &[("sure", "yes")]].concat()).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    id
}

on_both!(a_correction_is_a_new_fact_and_both_are_visible, |product| async {
    let it = live_webinar(&product).await;
    checkpoint(&product.app, vec![it.seen(it.lea, 1, (0, 40))]).await.unwrap();
    it.close(&product).await;
    let (marie, lea) = (product.signed_in(it.marie).await, product.signed_in(it.lea).await);
    let path = it.path(&format!("/{}", it.lea));
    let id = correct(&marie, &path, "85", "Ligne coupée, j’étais au téléphone avec elle").await;
    let known = facts(&product, it.lea).await;
    assert!(matches!(known[0], Fact::WebinarAttended { minutes: 40, met: false, .. }));
    assert!(matches!(known[1], Fact::PresenceCorrected { minutes: 85, percent: 94, met: true, .. }));
    // Sent twice, it is one.
    let again = [("correction", &*id), ("minutes", "85"), ("why", "Ligne coupée"), ("sure", "yes")];
    assert_eq!(marie.post(&path, &again).await.status, StatusCode::SEE_OTHER);
    assert_eq!(facts(&product, it.lea).await.len(), 2);
    holds(&product).await;

    let told = lea.get("/dossier").await.text();
    assert!(told.contains("1 h 25 min de formation à distance en direct"), "{told}");
    assert!(told.contains("85 min sur 90 min, 94 %, seuil de 80 % atteint"), "{told}");
    assert!(told.contains("40 min → 85 min") && told.contains("Corrigé par Marie Durand"), "{told}");
    assert!(told.contains("40 min sur 90 min, 44 %, sous le seuil de 80 %"), "what was measured stays");
    assert!(told.contains("Inscrit par Marie Durand"), "{told}");
    assert!(marie.get(&format!("/suivi/{}", it.lea)).await.text().contains("j’étais au téléphone"));
    let sheet = marie.get(&it.path("")).await.text();
    assert!(sheet.contains("Corrigée par Marie Durand") && sheet.contains("1 au seuil"), "{sheet}");
    assert!(marie.get(&path).await.text().contains("40 min → 85 min, par Marie Durand"));
});

on_both!(somebody_who_came_without_a_place_can_be_added, |product| async {
    let it = live_webinar(&product).await;
    let zoe = product.person("Zoe", Role::Agent, Scope::Own).await;
    checkpoint(&product.app, vec![it.seen(zoe, 1, (0, 88))]).await.unwrap();
    it.close(&product).await;
    assert_eq!(facts(&product, zoe).await, []);
    let marie = product.signed_in(it.marie).await;
    let sheet = marie.get(&it.path("")).await.text();
    let (_, others) = sheet.split_once("Sans inscription").expect("listed apart");
    assert!(others.contains("Zoe Durand") && !others.contains("Lea Durand"));
    correct(&marie, &it.path(&format!("/{zoe}")), "88", "Venue avec sa collègue").await;
    assert!(matches!(facts(&product, zoe).await[..], [Fact::PresenceCorrected { minutes: 88, met: true, .. }]));
    holds(&product).await;
});

on_both!(a_forged_correction_is_not_found_and_a_wrong_one_is_explained, |product| async {
    let it = live_webinar(&product).await;
    checkpoint(&product.app, vec![it.seen(it.lea, 1, (0, 40))]).await.unwrap();
    let path = it.path(&format!("/{}", it.lea));
    let id = product.app.dice.uuid().to_string();
    let good = [("correction", &*id), ("minutes", "90"), ("why", "Parce que"), ("sure", "yes")];
    let marie = product.signed_in(it.marie).await;
    assert_eq!(marie.post(&path, &good).await.status, StatusCode::CONFLICT, "it is still live");
    it.close(&product).await;
    let stranger = product.signed_in(product.trainer_of("Paul", "autre-cours").await).await;
    for forger in [&product.signed_in(it.lea).await, &product.signed_in(it.karim).await, &stranger] {
        assert_eq!(forger.post(&path, &good).await.status, StatusCode::NOT_FOUND);
        for page in [path.clone(), it.path(""), it.path(".csv")] {
            assert_eq!(forger.get(&page).await.status, StatusCode::NOT_FOUND, "{page}");
        }
    }
    let nobody = product.person("Personne", Role::Agent, Scope::Own).await;
    for wrong in [
        it.path(&format!("/{nobody}")),
        it.path("/999"),
        it.path(&format!("/{}", it.marie)),
        format!("/webinaires/{id}/presences/1"),
    ] {
        assert_eq!(marie.post(&wrong, &good).await.status, StatusCode::NOT_FOUND, "{wrong}");
    }
    let long = "x".repeat(501);
    for (minutes, why, said) in [
        ("91", "Une raison", "de 0 à 90"),
        ("-1", "Une raison", "de 0 à 90"),
        ("1e9", "Une raison", "de 0 à 90"),
        ("", "Une raison", "de 0 à 90"),
        ("40", "Une raison", "Le dossier dit déjà"),
        ("50", "", "en une phrase pourquoi"),
        ("50", " \n\t ", "en une phrase pourquoi"),
        ("50", &long, "en une phrase pourquoi"),
    ] {
        let sent = [("correction", &*id), ("minutes", minutes), ("why", why), ("sure", "yes")];
        let page = marie.post(&path, &sent).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{minutes} {why}");
        assert!(page.text().contains(said), "{minutes} {why}: {}", page.text());
    }
    let odd = [("correction", "../1"), ("minutes", "50"), ("why", "Une raison"), ("sure", "yes")];
    assert_eq!(marie.post(&path, &odd).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let more = [&good[..], &[("author", "1")]].concat();
    assert!(marie.post(&path, &more).await.status.is_client_error());
    assert_eq!(facts(&product, it.lea).await.len(), 1, "nothing of all that was written");
});

on_both!(nobody_corrects_their_own_presence, |product| async {
    let it = live_webinar(&product).await;
    // A trainer of the course who does not lead this one follows it as an agent does.
    let paul = product.trainer_of("Paul", "mediation-numerique").await;
    product.register(it.webinar, paul, "registered").await;
    it.close(&product).await;
    let id = product.app.dice.uuid().to_string();
    let sent = [("correction", &*id), ("minutes", "90"), ("why", "J’y étais"), ("sure", "yes")];
    let path = it.path(&format!("/{paul}"));
    assert_eq!(product.signed_in(paul).await.post(&path, &sent).await.status, StatusCode::CONFLICT);
    assert_eq!(product.signed_in(it.marie).await.post(&path, &sent).await.status, StatusCode::SEE_OTHER);
});

on_both!(live_the_sheet_tells_who_is_there_now_and_for_how_long, |product| async {
    let it = live_webinar(&product).await;
    let marie = product.signed_in(it.marie).await;
    product.wait(SignedDuration::from_mins(30));
    checkpoint(&product.app, vec![it.seen(it.lea, 1, (0, 30)), it.seen(it.karim, 2, (0, 20))]).await.unwrap();
    let sheet = marie.get(&it.path("")).await.text();
    assert!(sheet.contains("En direct depuis") && sheet.contains("soit 30 min"), "{sheet}");
    assert!(sheet.contains("1 dans la salle, 1 au seuil, 1 sous le seuil, 1 pas encore venue"), "{sheet}");
    assert!(sheet.contains("Actualiser") && !sheet.contains("Absence"));
    product.wait(SignedDuration::from_secs(23));
    assert!(marie.get(&it.path("")).await.text().contains("0 dans la salle"), "no checkpoint came since");
    assert_eq!(facts(&product, it.lea).await, [], "nothing is in the records before the closing");
});

on_both!(no_cell_of_the_file_is_a_formula, |product| async {
    let it = live_webinar(&product).await;
    product
        .sql(format!("UPDATE person SET first_name = '=HYPERLINK(\"x\");', last_name = '+1' WHERE id = {}", it.lea))
        .await;
    product.sql(format!("UPDATE person SET first_name = '@SUM(A1)' WHERE id = {}", it.karim)).await;
    product.sql(format!("UPDATE webinar SET title = '-2+3' WHERE id = '{}'", it.webinar)).await;
    it.close(&product).await;
    let marie = product.signed_in(it.marie).await;
    correct(&marie, &it.path(&format!("/{}", it.nadia)), "90", "=cmd|'/C calc'!A0").await;
    let file = marie.get(&it.path(".csv")).await;
    let header = |name: &str| file.headers[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(header("content-disposition"), "attachment; filename=\"presences-2026-12-01.csv\"");
    let body = file.body.trim_start_matches('\u{feff}');
    assert!(body.starts_with("Webinaire;Date;Nom;"), "{body}");
    assert_eq!(body.matches("\r\n").count(), 4, "{body}");
    assert!(body.contains(";\"'=HYPERLINK(\"\"x\"\"); +1\";") && body.contains("'@SUM(A1) Durand"), "{body}");
    assert!(body.contains("'-2+3;2026-12-01;") && body.contains(";'=cmd|'/C calc'!A0"), "{body}");
});

on_both!(a_kit_is_published_once_a_content_and_never_changes, |product| async {
    use server::course::publish::Publication;
    use server::document;
    let folder = support::workspace().join("content/webinaire-outils-numeriques");
    let check = || document::check::<Kit>(&folder).unwrap();
    let publish = async || document::publish(&product.app, check()).await.unwrap();
    assert_eq!(publish().await, Publication::New { number: 1 });
    assert_eq!(publish().await, Publication::Unchanged { number: 1 });
    let mut changed = check();
    changed.document.as_mut().unwrap().title = "Autre titre".into();
    assert_eq!(document::publish(&product.app, changed).await.unwrap(), Publication::New { number: 2 });
    let (slug, db) = ("webinaire-outils-numeriques", product.app.db.reader());
    let newest = document::newest::<Kit>(db, slug).await.unwrap().unwrap();
    assert_eq!((newest.number, newest.document.title.as_str()), (2, "Autre titre"));
    let first = document::version::<Kit>(db, slug, 1).await.unwrap().unwrap();
    assert_eq!(first.document.title, "Les outils numériques de la maison, en direct");
    let all = document::all::<Kit>(db).await.unwrap();
    assert_eq!(
        all.into_iter().map(|kit| (kit.slug, kit.number, kit.document)).collect::<Vec<_>>(),
        [(slug.to_owned(), 2, newest.document)]
    );
});
