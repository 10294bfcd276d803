//! The form that plans a webinar: what is typed wrongly, what somebody else saved meanwhile.

use reqwest::StatusCode;
use support::on_both;
use support::webinars::{form, plan};

const ID: &str = "22222222-2222-4222-8222-222222222222";
const PAGE: &str = "/webinaires/22222222-2222-4222-8222-222222222222";

on_both!(a_form_wrongly_filled_keeps_what_was_typed_and_names_every_field, |product| async {
    let trainer = product.trainer().await;
    let page = plan(
        &trainer,
        ID,
        &[("title", "ab"), ("date", "2027-03-28"), ("time", "02:30"), ("minutes", "500"), ("capacity", "0")],
    )
    .await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    for said in
        ["4 points à corriger", "n’existe pas : les horloges passent", "de 15 à 240", "de 1 à 3000", "de 3 à 120"]
    {
        assert!(page.text().contains(said), "{said}: {}", page.text());
    }
    assert!(page.body.contains("role=\"alert\"") && page.body.contains("href=\"#minutes\""));
    assert_eq!(
        (page.field("time"), page.field("minutes"), page.field("title")),
        ("02:30".into(), "500".into(), "ab".into())
    );
    for changes in [
        [("course", "autre")],
        [("audience", "own")],
        [("audience", "departement:20")],
        [("kit", "inconnu")],
        [("trainers", "999999")],
        [("date", "2020-01-01")],
        [("date", "2027-02-30")],
        [("threshold", "NaN")],
    ] {
        let page = plan(&trainer, ID, &changes).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{changes:?}");
    }
    let long = "é".repeat(3000);
    assert_eq!(plan(&trainer, ID, &[("description", &long)]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let huge = "x".repeat(200_000);
    assert_eq!(plan(&trainer, ID, &[("description", &huge)]).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(plan(&trainer, "pas-un-identifiant", &[]).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(product.mails().await, [], "nothing was planned");
    let markup = "</textarea><script>alert(1)</script>";
    let kept = plan(&trainer, ID, &[("description", markup), ("minutes", "500")]).await;
    assert!(!kept.body.contains("<script>alert") && kept.body.contains("&lt;/textarea&gt;&lt;script&gt;"));
    let script = plan(&trainer, ID, &[("title", "<script>alert(1)</script>")]).await;
    let shown = trainer.get(&script.location.unwrap()).await;
    assert!(!shown.body.contains("<script>alert") && shown.body.contains("&lt;script&gt;"));
});

on_both!(who_saves_after_somebody_else_is_told_and_loses_nothing_of_what_they_typed, |product| async {
    let marie = product.trainer().await;
    let rose = product.trainer_of("Rose", "mediation-numerique").await;
    let rose_id = rose.to_string();
    plan(&marie, ID, &[("trainers", &rose_id)]).await;
    let rose = product.signed_in(rose).await;
    let path = format!("{PAGE}/modifier");
    let (seen_by_marie, seen_by_rose) =
        (marie.get(&path).await.field("edition"), rose.get(&path).await.field("edition"));
    assert_eq!(seen_by_marie, seen_by_rose);
    let of_rose = form(&[("capacity", "40"), ("trainers", &rose_id), ("edition", &seen_by_rose)]);
    for _ in 0..2 {
        let saved = rose.post(&path, &of_rose).await;
        assert_eq!(saved.location.as_deref(), Some(PAGE), "sent twice, saved once");
    }
    let late = [("title", "Les outils, le carnet"), ("minutes", "90"), ("trainers", &rose_id)];
    let mut of_marie = form(&late);
    of_marie.push(("edition", &seen_by_marie));
    let told = marie.post(&path, &of_marie).await;
    assert_eq!(told.status, StatusCode::CONFLICT);
    assert!(told.text().contains("Quelqu’un d’autre a modifié ce webinaire"), "{}", told.text());
    assert!(told.body.contains("<a href=\"#capacity\">Nombre de places</a></dt><dd>40</dd>"), "{}", told.body);
    assert!(!told.body.contains("href=\"#date\""), "what is the same is not told");
    assert_eq!((told.field("title"), told.field("minutes")), ("Les outils, le carnet".into(), "90".into()));
    assert!(!rose.get(PAGE).await.text().contains("le carnet"), "nothing was written");
    assert_eq!(product.mails_to("rose@exemple.example", "Changement").await.len(), 0);
    let edition = told.field("edition");
    let mut again = form(&late);
    again.push(("edition", &edition));
    assert_eq!(marie.post(&path, &again).await.location.as_deref(), Some(PAGE));
    assert!(rose.get(PAGE).await.text().contains("Les outils, le carnet"));
    for forged in ["", "0", "<script>"] {
        let mut fields = form(&[("title", "Un autre titre")]);
        fields.push(("edition", forged));
        assert_eq!(marie.post(&path, &fields).await.status, StatusCode::CONFLICT, "{forged}");
    }
});
