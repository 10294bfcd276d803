//! How questions did, from attempts that agents handed in at their browsers.

use super::*;
use domain::identity::{Role, Scope};

/// So many agents who answer the first question of a chapter's quiz right or not, and the second like it.
async fn answer(product: &Product, from: usize, count: usize, right: impl Fn(usize) -> bool) {
    for number in from..from + count {
        let person = product.person(&format!("Agent{number}"), Role::Agent, Scope::Own).await;
        let client = product.signed_in(person).await;
        let attempt = client.get("/cours/essai/un/quiz").await.field("attempt");
        client.post("/cours/essai/un/quiz", &[("attempt", &attempt)]).await;
        let key = if right(number) { "a" } else { "b" };
        for question in ["q.q1", "q.q2"] {
            product.wait(SignedDuration::from_secs(20));
            let kept = client.post(&format!("/essais/{attempt}"), &[(question, key), ("action", "save")]).await;
            assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text());
        }
        client.post(&format!("/essais/{attempt}"), &[("action", "finish")]).await;
    }
}

on_both!(questions_are_judged_by_the_first_attempts_that_were_handed_in, |product| async {
    let (marie, trainer) = begun(&product).await;
    answer(&product, 0, 4, |_| true).await;
    let page = trainer.get("/studio/essai/resultats").await;
    assert!(page.text().contains("moins de 5 agents") && !page.text().contains("100 %"), "{}", page.text());
    answer(&product, 4, 36, |number| number % 4 == 0).await;
    // Another attempt counts for nothing.
    let again =
        product.signed_in(PersonId(product.number("SELECT id FROM person WHERE email LIKE 'agent5@%'").await)).await;
    let attempt = again.get("/cours/essai/un/quiz").await.field("attempt");
    again.post("/cours/essai/un/quiz", &[("attempt", &attempt)]).await;
    again.post(&format!("/essais/{attempt}"), &[("q.q1", "a"), ("action", "finish")]).await;
    let text = trainer.get("/studio/essai/resultats?quiz=un").await.text();
    assert!(text.contains("40 premiers essais rendus"), "{text}");
    assert!(text.contains("Posée à 40 agents · réussite 33 % · discrimination 1,00 · temps 20 s"), "{text}");
    assert!(text.contains("Écouter (juste) 13") && text.contains("Partir 27"), "{text}");
    assert!(text.contains("Une mauvaise réponse attire plus que la bonne"), "{text}");
    assert!(text.contains("1 mauvaise réponse n’attire personne"), "{text}");
    let file = trainer.get("/studio/essai/resultats.csv?quiz=un").await;
    assert!(file.body.starts_with("\u{feff}Question;"), "{}", file.body);
    assert!(file.body.contains("q1;Que faire pour q1 ?;40;\"0,33\";\"1,00\";20;"), "{}", file.body);
    assert_eq!(trainer.get("/studio/essai/resultats?quiz=sept").await.status, StatusCode::NOT_FOUND);

    // A question that changes starts from nothing; the other goes on.
    edit(&product, COURSE, marie, "un/quiz.toml", ("Que faire pour q1 ?", "Que faire d’abord ?")).await;
    order(&trainer, &trainer.get(GATE).await, &[("do", "publish")]).await;
    let text = trainer.get("/studio/essai/resultats?quiz=un").await.text();
    assert!(text.contains("Que faire d’abord ? Posée à personne encore"), "{text}");
    assert!(text.contains("Que faire pour q2 ? Posée à 40 agents"), "{text}");
});
