//! The quizzes of the whole course: what the positioning spares, what the assessment sums up.

use domain::identity::{Role, Scope};
use domain::quiz::Question;
use jiff::SignedDuration;
use reqwest::StatusCode;
use std::collections::BTreeMap;
use support::answers::{fields, questions, right};
use support::{Client, Page, Product, on_both};
use uuid::Uuid;

const COURSE: &str = "/cours/mediation-numerique";

/// Starts an attempt; returns its path, or the page that refuses.
async fn start(agent: &Client, exercise: &str, number: u128) -> Result<String, Page> {
    let id = Uuid::from_u128(number + agent.cookies().bytes().map(u128::from).sum::<u128>() * 1_000).to_string();
    let page = agent.post(&format!("{COURSE}/{exercise}/quiz"), &[("attempt", &id)]).await;
    page.location.clone().ok_or(page)
}

/// Answers these questions right where the attempt asks them, hands in, and returns the result.
async fn hand_in(agent: &Client, attempt: &str, known: &[Question]) -> Page {
    let asked = agent.get(attempt).await.body;
    let known = known.iter().filter(|question| asked.contains(&format!("\"q.{}", question.slug)));
    let mut sent: Vec<_> = known.flat_map(|question| fields(question, right(question, 0))).collect();
    sent.push(("action".into(), "finish".into()));
    let sent: Vec<(&str, &str)> = sent.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let page = agent.post(attempt, &sent).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
    agent.get(attempt).await
}

/// The chapters that the positioning exempts from, in order.
fn sparing(product: &Product) -> Vec<String> {
    let published = product.app.library.course(&"mediation-numerique".parse().unwrap()).unwrap();
    let positioning = published.course.positioning.as_ref().expect("a positioning");
    positioning.exemptions.iter().map(|exemption| exemption.chapter.to_string()).collect()
}

on_both!(the_positioning_exempts_from_what_is_known_and_leaves_a_trace, |product| async {
    let lea = product.person("Lea", Role::Agent, Scope::Own).await;
    let agent = product.signed_in(lea).await;
    assert!(agent.get("/").await.text().contains("Faites le point"), "the first thing offered");
    let sparing = sparing(&product);
    let (spared, kept) = (&sparing[0], &sparing[1]);
    // Everything about the first sparing chapter, nothing about the second.
    let all = questions(&product, "positionnement");
    assert_eq!(all.len(), 24);
    let of = |question: &Question| question.chapter.as_ref().unwrap().to_string();
    let known: Vec<_> = all.into_iter().filter(|question| of(question) != *kept).collect();
    let attempt = start(&agent, "positionnement", 1).await.expect("an attempt");
    let result = hand_in(&agent, &attempt, &known).await.text();
    assert!(result.contains("Ce que nous vous conseillons") && result.contains("Dispense"), "{result}");

    let record = server::record::store::load(product.app.db.reader(), lea).await.unwrap().record;
    let course = record.courses.values().next().expect("the course");
    assert!(course.chapters[&spared.parse().unwrap()].exempted.is_some());
    assert!(!course.chapters.contains_key(&kept.parse().unwrap()));
    assert_eq!((course.chapters_done(), course.minutes()), (sparing.len() - 1, 0), "nothing was followed");

    let dossier = agent.get("/dossier").await.text();
    assert!(dossier.contains("Dispense depuis le") && dossier.contains("Quiz de positionnement :"), "{dossier}");
    let (_, findings) = server::record::store::check(&product.app.db).await.unwrap();
    assert!(findings.is_empty(), "{findings:?}");

    let again = start(&agent, "positionnement", 2).await.expect_err("one attempt");
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert_eq!(agent.get(&format!("{COURSE}/{spared}")).await.status, StatusCode::OK, "it stays open to read");
});

on_both!(the_assessment_draws_from_every_chapter_and_counts_once_passed, |product| async {
    let lea = product.person("Lea", Role::Agent, Scope::Own).await;
    let agent = product.signed_in(lea).await;
    let bank = questions(&product, "evaluation");
    let attempt = start(&agent, "evaluation", 1).await.expect("an attempt");
    let asked = agent.get(&attempt).await.body;
    let drawn: Vec<_> = bank.iter().filter(|question| asked.contains(&format!("\"q.{}", question.slug))).collect();
    assert_eq!(drawn.len(), 30);
    let mut by_chapter = BTreeMap::new();
    for question in &drawn {
        *by_chapter.entry(question.chapter.clone()).or_insert(0) += 1;
    }
    assert!(by_chapter.len() == 10 && by_chapter.values().all(|count| *count == 3), "{by_chapter:?}");
    assert!(!asked.contains("is-right") && !asked.contains("feedback"), "nothing of the answers before they are given");

    let failed = hand_in(&agent, &attempt, &[]).await.text();
    assert!(
        failed.contains("Pas encore réussi") && failed.contains("À relire") && failed.contains("Par compétence"),
        "{failed}"
    );
    let attempt = start(&agent, "evaluation", 2).await.expect("a second attempt");
    let passed = hand_in(&agent, &attempt, &bank).await.text();
    assert!(passed.contains("Soit 100 % des points") && !passed.contains("À relire"), "{passed}");
    let dossier = agent.get("/dossier").await.text();
    assert!(dossier.contains("Évaluation finale, essai 2 :") && dossier.contains("Réussie le"), "{dossier}");
    assert!(dossier.contains("40 min de formation à distance"), "{dossier}");

    let third = start(&agent, "evaluation", 3).await.expect_err("two attempts a day");
    assert!(third.status == StatusCode::CONFLICT && third.text().contains("revenez demain"), "{}", third.text());
    product.wait(SignedDuration::from_hours(24));
    let agent = product.signed_in(lea).await;
    assert!(start(&agent, "evaluation", 4).await.is_ok(), "another day");
});

on_both!(a_sheet_is_a_page_to_print, |product| async {
    let agent = product.agent("Lea").await;
    let sheet = agent.get(&format!("{COURSE}/accueil-et-posture/fiche")).await;
    assert!(sheet.status == StatusCode::OK && sheet.text().contains("Ctrl + P"), "{}", sheet.text());
    assert!(!sheet.body.contains("<script"), "a sheet needs no script");
    for nowhere in ["positionnement", "nulle-part"] {
        assert_eq!(agent.get(&format!("{COURSE}/{nowhere}/fiche")).await.status, StatusCode::NOT_FOUND);
        assert_eq!(agent.get(&format!("{COURSE}/{nowhere}")).await.status, StatusCode::NOT_FOUND);
    }
});
