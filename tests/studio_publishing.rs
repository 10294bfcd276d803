//! From a draft to what agents follow: the gate, what changes for whom, publishing now, later and back again.

mod consequences;
mod exchanges;
mod results;

use domain::ids::PersonId;
use jiff::SignedDuration;
use reqwest::StatusCode;
use server::studio::publishing::{planned, settle};
use support::studio::{draft_by, edit, publish, small_course, text_of, write};
use support::{Client, Page, Product, on_both};

const COURSE: &str = "essai";
const GATE: &str = "/studio/essai/publier";
const VERSIONS: &str = "/studio/essai/versions";

/// The small course, published, with its draft; and its trainer.
async fn begun(product: &Product) -> (PersonId, Client) {
    publish(product, COURSE, small_course()).await;
    let marie = product.trainer_of("Marie", COURSE).await;
    draft_by(product, COURSE, marie).await;
    (marie, product.signed_in(marie).await)
}

/// Sends the form of the page as it stands, with these fields too.
async fn order(trainer: &Client, page: &Page, fields: &[(&str, &str)]) -> Page {
    let (request, draft) = (page.field("request"), page.field("draft"));
    let mut sent = vec![("request", request.as_str()), ("draft", draft.as_str())];
    sent.extend(fields);
    trainer.post(GATE, &sent).await
}

async fn published(product: &Product) -> u32 {
    product.app.library.refresh(&product.app.db).await.unwrap();
    product.app.library.course(&COURSE.parse().unwrap()).unwrap().number
}

on_both!(what_blocks_is_mended_or_waived_with_a_reason_that_the_version_keeps, |product| async {
    let (marie, trainer) = begun(&product).await;
    edit(&product, COURSE, marie, "deux/chapter.md", ("On accueille", "Voyez [ici](chapitre:un). On accueille")).await;
    write(&product, COURSE, marie, "trois/media/perdu.vtt", Some("WEBVTT\n")).await;
    let page = trainer.get(GATE).await;
    let text = page.text();
    assert!(text.contains("2 points bloquent la publication"), "{text}");
    let line =
        text_of(&product, COURSE, "deux/chapter.md").await.lines().position(|it| it.contains("[ici]")).unwrap() + 1;
    assert!(page.body.contains(&format!("/studio/essai/chapitres/deux?ligne={line}")), "{}", page.body);
    assert!(page.body.contains("/studio/essai/medias?fichier=trois/media/perdu.vtt"), "{}", page.body);
    let forged = [("request", "77777777-7777-4777-8777-777777777777"), ("do", "publish")];
    let refused = trainer.post(GATE, &forged).await;
    assert_eq!((refused.status, published(&product).await), (StatusCode::UNPROCESSABLE_ENTITY, 1));

    write(&product, COURSE, marie, "trois/media/perdu.vtt", None).await;
    let key = page.field("key");
    let silent = trainer.post(GATE, &[("do", "waive"), ("key", &key), ("reason", " ")]).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", silent.text());
    trainer.post(GATE, &[("do", "waive"), ("key", &key), ("reason", "La phrase le dit")]).await;
    let page = trainer.get(GATE).await;
    assert!(page.text().contains("Rien ne bloque la publication"), "{}", page.text());
    assert!(page.text().contains("Motif : La phrase le dit. Marie Durand, le 1er décembre 2026."), "{}", page.text());
    let done = order(&trainer, &page, &[("do", "publish"), ("note", "Un renvoi de plus")]).await;
    assert_eq!((done.status, done.location.as_deref()), (StatusCode::SEE_OTHER, Some(VERSIONS)));
    order(&trainer, &page, &[("do", "publish")]).await;
    assert_eq!(published(&product).await, 2, "sent twice, published once");
    let text = trainer.get(VERSIONS).await.text();
    assert!(text.contains("Un renvoi de plus") && text.contains("Marie Durand"), "{text}");
    assert!(text.contains("(La phrase le dit ; Marie Durand, le 1er décembre 2026)"), "{text}");
    // The draft comes from what it made: published again, it is the same.
    let again = order(&trainer, &trainer.get(GATE).await, &[("do", "publish")]).await;
    assert!(
        again.status == StatusCode::CONFLICT && again.text().contains("déjà publié, en version 2"),
        "{}",
        again.text()
    );
    let agent = product.agent("Lea").await;
    assert!(agent.get("/cours/essai/deux").await.text().contains("Voyez ici"));
});

on_both!(what_is_published_is_what_was_seen_and_follows_what_is_published, |product| async {
    let (marie, trainer) = begun(&product).await;
    let page = trainer.get(GATE).await;
    edit(&product, COURSE, marie, "un/chapter.md", ("neuf heures", "dix heures")).await;
    let stale = order(&trainer, &page, &[("do", "publish"), ("note", "Relu")]).await;
    assert!(stale.status == StatusCode::CONFLICT && stale.text().contains("le brouillon a changé"), "{}", stale.text());
    assert!(stale.text().contains("Relu"), "what was typed is there");

    // Somebody publishes otherwise meanwhile.
    let mut files = small_course();
    let other = files.iter_mut().find(|file| file.path == "01-un/chapter.md").unwrap();
    other.bytes =
        String::from_utf8(other.bytes.clone()).unwrap().replacen("neuf heures", "huit heures", 1).into_bytes();
    publish(&product, COURSE, files).await;
    let page = trainer.get(GATE).await;
    assert!(page.text().contains("La version 2 a été publiée depuis"), "{}", page.text());
    assert!(!page.body.contains("value=\"publish\""), "the gate waits for an answer");
    let forged =
        [("request", "77777777-7777-4777-8777-777777777777"), ("do", "publish"), ("draft", &stale.field("draft"))];
    let refused = trainer.post(GATE, &forged).await;
    assert!(refused.status == StatusCode::CONFLICT && refused.text().contains("entre-temps"), "{}", refused.text());
    let diff = trainer.get(&format!("{VERSIONS}?de=2&a=brouillon")).await;
    assert!(diff.body.contains("<ins>") && diff.body.contains("<del>"), "{}", diff.body);
    assert!(diff.text().contains("retiré : huit") && diff.text().contains("ajouté : dix"), "{}", diff.text());
    trainer.post(GATE, &[("do", "rebase"), ("number", "2")]).await;
    let done = order(&trainer, &trainer.get(GATE).await, &[("do", "publish")]).await;
    assert_eq!((done.status, published(&product).await), (StatusCode::SEE_OTHER, 3));
    assert_eq!(trainer.post(GATE, &[("do", "rebase"), ("number", "2")]).await.status, StatusCode::CONFLICT);
});

on_both!(a_publication_at_a_date_waits_for_it_and_tells_the_authors_where_it_cannot_be, |product| async {
    let (marie, trainer) = begun(&product).await;
    edit(&product, COURSE, marie, "un/chapter.md", ("neuf heures", "dix heures")).await;
    let page = trainer.get(GATE).await;
    for (date, time, said) in [
        ("2026-12-01", "09:00", "déjà passé"),
        ("2026-12-32", "09:00", "n’existe pas"),
        ("", "", "Indiquez la date"),
        ("2036-12-01", "09:00", "l’année qui vient"),
    ] {
        let refused = order(&trainer, &page, &[("do", "plan"), ("date", date), ("time", time)]).await;
        assert!(
            refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.text().contains(said),
            "{}",
            refused.text()
        );
    }
    order(&trainer, &page, &[("do", "plan"), ("date", "2026-12-01"), ("time", "11:00")]).await;
    assert!(trainer.get(GATE).await.text().contains("Publication prévue le 1er décembre 2026 à 11 h 00"));
    order(&trainer, &page, &[("do", "plan"), ("date", "2026-12-01"), ("time", "12:00"), ("note", "À midi")]).await;
    product.wait(SignedDuration::from_mins(95));
    planned::tick(&product.app).await.unwrap();
    assert_eq!(published(&product).await, 1, "another time was chosen");
    product.wait(SignedDuration::from_hours(1));
    planned::tick(&product.app).await.unwrap();
    planned::tick(&product.app).await.unwrap();
    assert_eq!(published(&product).await, 2);
    let text = trainer.get(GATE).await.text();
    assert!(!text.contains("Publication prévue"), "{text}");
    assert!(trainer.get(VERSIONS).await.text().contains("À midi"));

    // In time for the next, something blocks.
    let page = trainer.get(GATE).await;
    order(&trainer, &page, &[("do", "plan"), ("date", "2026-12-01"), ("time", "13:00")]).await;
    edit(&product, COURSE, marie, "un/chapter.md", ("dix heures", "[ici](chapitre:deux)")).await;
    product.wait(SignedDuration::from_hours(1));
    planned::tick(&product.app).await.unwrap();
    planned::tick(&product.app).await.unwrap();
    assert_eq!(published(&product).await, 2);
    let told = "SELECT COUNT(*) FROM mail WHERE subject LIKE '%eu lieu%' AND to_address = 'marie@exemple.example' \
                AND body LIKE '%point bloque%un/chapter.md%'";
    assert_eq!((product.number(told).await, product.mails().await.len()), (1, 1), "one author, once");
    assert!(trainer.get(GATE).await.text().contains("La publication prévue n’a pas eu lieu"));
    trainer.post(GATE, &[("do", "cancel")]).await;
    assert!(!trainer.get(GATE).await.text().contains("n’a pas eu lieu"));
});

on_both!(agents_are_told_where_it_concerns_them_until_they_have_read_it, |product| async {
    let (marie, trainer) = begun(&product).await;
    let (lea, noe) = (product.agent("Lea").await, product.agent("Noe").await);
    lea.post("/cours/essai/deux/lu", &[("section", "a")]).await;
    edit(&product, COURSE, marie, "deux/chapter.md", ("## Section c", "## Section d {#d}\n\nDe plus.\n\n## Section c"))
        .await;
    let page = trainer.get(GATE).await;
    assert!(page.text().contains("1 agent relit une partie de ce qui suit : le chapitre 2"), "{}", page.text());
    let fields = [("do", "publish"), ("notice", "Le chapitre deux a une section de plus."), ("by_mail", "yes")];
    order(&trainer, &page, &fields).await;
    let said = "Le chapitre deux a une section de plus.";
    for (path, told) in [("/", true), ("/cours/essai/deux", true), ("/cours/essai/trois", false)] {
        assert_eq!(lea.get(path).await.text().contains(said), told, "{path}");
        assert!(!noe.get(path).await.text().contains(said), "it does not concern who has not begun");
    }
    let mails = product.mails().await;
    assert_eq!(mails.iter().map(|mail| mail.to.as_str()).collect::<Vec<_>>(), ["lea@exemple.example"]);
    assert_eq!(product.number(&format!("SELECT COUNT(*) FROM mail WHERE body LIKE '%{said}%'")).await, 1);
    let home = lea.get("/").await.body;
    let action = home.split("action=\"/avis/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(noe.post(&format!("/avis/{action}"), &[]).await.status, StatusCode::NOT_FOUND);
    for _ in 0..2 {
        assert_eq!(lea.post(&format!("/avis/{action}"), &[]).await.status, StatusCode::SEE_OTHER);
    }
    assert!(!lea.get("/").await.text().contains(said) && !lea.get("/cours/essai/deux").await.text().contains(said));
});

on_both!(one_goes_back_to_a_former_version_as_a_new_one, |product| async {
    let (marie, trainer) = begun(&product).await;
    edit(&product, COURSE, marie, "un/chapter.md", ("neuf heures", "dix heures")).await;
    order(&trainer, &trainer.get(GATE).await, &[("do", "publish")]).await;
    let page = trainer.get(&format!("{VERSIONS}?retour=1")).await;
    assert!(page.text().contains("Publier de nouveau la version 1"), "{}", page.text());
    let request = page.field("request");
    let sent = [("request", request.as_str()), ("number", "1"), ("note", "Trop tôt")];
    for _ in 0..2 {
        assert_eq!(trainer.post(VERSIONS, &sent).await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(published(&product).await, 3);
    let text = trainer.get(VERSIONS).await.text();
    assert!(text.contains("Retour à la version 1. Trop tôt"), "{text}");
    let agent = product.agent("Lea").await;
    assert!(agent.get("/cours/essai/un").await.text().contains("neuf heures"));
    // The draft is as it was, and may be published after all.
    assert!(text_of(&product, COURSE, "un/chapter.md").await.contains("dix heures"));
    let done = order(&trainer, &trainer.get(GATE).await, &[("do", "publish")]).await;
    assert_eq!((done.status, published(&product).await), (StatusCode::SEE_OTHER, 4));
    let nowhere = [("request", "77777777-7777-4777-8777-777777777777"), ("number", "12")];
    assert_eq!(trainer.post(VERSIONS, &nowhere).await.status, StatusCode::NOT_FOUND);
});

on_both!(a_course_that_is_withdrawn_stays_with_those_who_have_begun_it, |product| async {
    let (_, trainer) = begun(&product).await;
    let (lea, noe) = (product.agent("Lea").await, product.agent("Noe").await);
    lea.post("/cours/essai/un/lu", &[("section", "a")]).await;
    trainer.post(GATE, &[("do", "withdraw"), ("reason", "Remplacé en janvier")]).await;
    let text = trainer.get(GATE).await.text();
    assert!(text.contains("Cours retiré") && text.contains("Remplacé en janvier"), "{text}");
    for (client, sees) in [(&lea, true), (&trainer, true), (&noe, false)] {
        let status = if sees { StatusCode::OK } else { StatusCode::NOT_FOUND };
        assert_eq!(client.get("/").await.text().contains("Le cours d’essai"), sees);
        assert_eq!(client.get("/recherche?q=guichet").await.body.contains("/cours/essai/"), sees);
        for path in ["/cours/essai", "/cours/essai/deux", "/cours/essai/deux/quiz"] {
            assert_eq!(client.get(path).await.status, status, "{path}");
        }
    }
    assert_eq!(noe.post("/cours/essai/un/lu", &[("section", "a")]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(lea.post("/cours/essai/un/lu", &[("section", "b")]).await.status, StatusCode::SEE_OTHER);
    trainer.post(GATE, &[("do", "put-back")]).await;
    assert_eq!(noe.get("/cours/essai").await.status, StatusCode::OK);
});

on_both!(who_writes_a_course_checks_it_and_who_publishes_it_publishes, |product| async {
    let (_, trainer) = begun(&product).await;
    let zoe = product.trainer_of("Zoe", "mediation-numerique").await;
    let author = product.signed_in(zoe).await;
    assert_eq!(author.get(GATE).await.status, StatusCode::NOT_FOUND);
    product.sql(format!("INSERT INTO draft_author VALUES ('{COURSE}', {zoe}, 0, {zoe})")).await;
    let page = author.get(GATE).await;
    assert!(page.status == StatusCode::OK && !page.body.contains("value=\"publish\""), "{}", page.body);
    for (path, status) in [
        (VERSIONS, StatusCode::OK),
        ("/studio/essai/exporter", StatusCode::OK),
        ("/studio/essai/resultats", StatusCode::NOT_FOUND),
    ] {
        assert_eq!(author.get(path).await.status, status, "{path}");
    }
    for action in ["publish", "plan", "withdraw", "waive", "rebase"] {
        assert_eq!(author.post(GATE, &[("do", action), ("reason", "x")]).await.status, StatusCode::NOT_FOUND);
    }
    assert_eq!(trainer.post(GATE, &[("do", "burn")]).await.status, StatusCode::BAD_REQUEST);
});
