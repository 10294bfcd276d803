//! What is told beside the player: captions and who mends them, the discussion, polls and quizzes.

use super::*;
use domain::ids::QuestionSlug;
use domain::quiz::{Choice, Kind, Question, prompt};
use domain::webinar::{Ballot, Change};
use serde_json::json;

const CORRECTION: &str = "55555555-5555-4555-8555-555555555555";

impl Scene {
    /// Puts an entry into the room's log, that many seconds after the beginning.
    async fn log(&self, product: &Product, seq: u64, after: i64, by: (PersonId, &str, bool), change: Change) {
        let (person, name, trainer) = by;
        let body = json!({ "by": { "person": person, "name": name, "trainer": trainer }, "change": change });
        let body = body.to_string().replace('\'', "''");
        let at = self.live_at.as_millisecond() + after * 1000;
        product
            .sql(format!(
                "INSERT INTO webinar_change (webinar_id, seq, at, body) VALUES ('{}', {seq}, {at}, '{body}')",
                self.webinar
            ))
            .await;
    }

    async fn log_as_trainer(&self, product: &Product, seq: u64, after: i64, change: Change) {
        self.log(product, seq, after, (self.marie, "Marie Durand", true), change).await;
    }
}

fn captioned(text: &str) -> Change {
    Change::Captioned { text: text.to_owned() }
}

on_both!(captions_are_read_and_mended_by_those_who_lead_and_what_was_typed_stays, |product| async {
    let it = held(&product, 0).await;
    it.log_as_trainer(&product, 1, 10, captioned("Bonjour à tousse")).await;
    it.log_as_trainer(&product, 2, 14, captioned("On commence <ici>")).await;
    let file = it.agent.get(&it.path("/revoir/sous-titres.vtt")).await;
    assert_eq!(file.headers["content-type"], "text/vtt; charset=utf-8");
    assert!(file.body.contains("00:00:10.000 --> 00:00:14.000\nBonjour à tousse"), "{}", file.body);
    assert!(file.body.contains("On commence &lt;ici&gt;"), "{}", file.body);
    let page = it.agent.get(&it.path("/revoir")).await;
    assert!(page.text().contains("0:10 Bonjour à tousse") && !page.text().contains("Corriger"), "{}", page.text());

    let marie = product.signed_in(it.marie).await;
    assert!(marie.get(&it.path("/revoir")).await.text().contains("Corriger la ligne de 0:10"));
    let form = marie.get(&it.path("/revoir?corriger=1")).await;
    assert_eq!((form.field("text"), form.field("line")), ("Bonjour à tousse".to_owned(), "1".to_owned()));
    let id = form.field("correction");
    let sent = [("correction", &*id), ("line", "1"), ("text", "  Bonjour à\ttous ")];
    let post = it.path("/revoir/sous-titres");
    for _ in 0..2 {
        let done = marie.post(&post, &sent).await;
        assert_eq!(done.location, Some(it.path("/revoir#ligne-1")), "{}", done.text());
    }
    assert_eq!(product.number("SELECT COUNT(*) FROM caption_correction").await, 1, "sent twice it is one");
    assert!(it.agent.get(&it.path("/revoir/sous-titres.vtt")).await.body.contains("\nBonjour à tous\n"));
    let page = it.agent.get(&it.path("/revoir")).await.text();
    assert!(page.contains("Corrigé par Marie Durand, le 1er décembre 2026"), "{page}");
    assert!(page.contains("Saisi en direct : « Bonjour à tousse »"), "{page}");
    // The last of two corrections is read.
    let other = product.app.dice.uuid().to_string();
    product.wait(SignedDuration::from_secs(1));
    marie.post(&post, &[("correction", &*other), ("line", "1"), ("text", "Bonjour à toutes et à tous")]).await;
    assert!(it.agent.get(&it.path("/revoir")).await.text().contains("0:10 Bonjour à toutes et à tous"));

    let long = "x".repeat(301);
    for text in ["", " \n ", &long] {
        let page = marie.post(&post, &[("correction", CORRECTION), ("line", "2"), ("text", text)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.text().contains("en 300 caractères au plus"), "{}", page.text());
    }
    for client in [&it.agent, &product.signed_in(product.trainer_of("Paul", "autre-cours").await).await] {
        let page = client.post(&post, &[("correction", CORRECTION), ("line", "2"), ("text", "Faux")]).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
    }
    for line in ["3", "0"] {
        let page = marie.post(&post, &[("correction", CORRECTION), ("line", line), ("text", "Rien")]).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
    }
    let odd = [("correction", CORRECTION), ("line", "-1"), ("text", "Rien")];
    assert!(marie.post(&post, &odd).await.status.is_client_error());
    assert_eq!(product.number("SELECT COUNT(*) FROM caption_correction").await, 2);
});

on_both!(the_discussion_and_the_polls_are_told_in_time_and_what_was_hidden_is_not, |product| async {
    let it = held(&product, 0).await;
    let karim = (it.karim, "Karim Durand", false);
    it.log(&product, 1, 61, karim, Change::Said { text: "Bonjour <b>".into() }).await;
    it.log(&product, 2, 62, karim, Change::Said { text: "mon mot de passe".into() }).await;
    it.log_as_trainer(&product, 3, 63, Change::Hidden { message: 2 }).await;
    let ballot = Ballot { stem: "Combien ?".into(), choices: vec!["Un".into(), "Deux".into()], many: false };
    it.log_as_trainer(&product, 4, 3_725, Change::PollLaunched { ballot }).await;
    it.log(&product, 5, 3_726, karim, Change::Voted { poll: 4, choices: vec![1] }).await;
    let page = it.agent.get(&it.path("/revoir")).await;
    assert!(page.text().contains("1:01 Karim Durand : Bonjour &lt;b&gt;"), "{}", page.text());
    assert!(!page.body.contains("mot de passe") && page.body.contains("data-start=\"61.000\""), "{}", page.body);
    assert!(page.text().contains("1:02:05 Combien ?") && page.text().contains("1 vote"), "{}", page.text());
});

/// Two questions, of which the first choice is right.
fn questions() -> Vec<Question> {
    let choice = |text: &str, right| Choice { text: text.to_owned(), right, feedback: format!("Parce que {text}") };
    ["un", "deux"]
        .map(|slug| Question {
            slug: slug.parse::<QuestionSlug>().unwrap(),
            stem: format!("<p>Question {slug}</p>"),
            kind: Kind::Single { choices: vec![choice("juste", true), choice("faux", false)] },
            points: 1,
            feedback: "Voilà pourquoi".to_owned(),
            section: None,
            chapter: None,
            skill: None,
        })
        .to_vec()
}

on_both!(the_live_quiz_is_taken_once_for_the_record_where_the_trainer_allows_it, |product| async {
    let it = held(&product, 0).await;
    let questions = questions();
    let prompts = questions.iter().map(|question| prompt(question, 1)).collect();
    let launched = Change::QuizLaunched { title: "Le quiz".into(), prompts, questions: questions.clone() };
    it.log_as_trainer(&product, 7, 600, launched).await;
    let (page, post) = (it.path("/revoir"), it.path("/revoir/quiz"));
    let score = async || {
        let record = record::store::load(product.app.db.reader(), it.lea).await.unwrap().record;
        record.live_quiz(&"mediation-numerique".parse().unwrap(), it.webinar, 7).map(|score| (score.earned, score.max))
    };
    // Where it is not allowed.
    assert!(it.agent.get(&page).await.text().contains("il n’est pas ouvert en rediffusion"));
    let field = |question: &Question| domain::quiz::field_name(&question.slug);
    let (first, second) = (field(&questions[0]), field(&questions[1]));
    let right = domain::quiz::prompt(&questions[0], 1);
    let domain::quiz::Field::Single { choices } = right.field else { panic!("one of several") };
    let key = |label: &str| choices.iter().find(|choice| choice.label.contains(label)).unwrap().key.clone();
    let (good, bad) = (key("juste"), key("faux"));
    let sent = [("quiz", "7"), (&*first, &*good), (&*second, &*bad)];
    assert_eq!(it.agent.post(&post, &sent).await.status, StatusCode::NOT_FOUND);

    product.sql(format!("UPDATE webinar SET replay_quiz = TRUE WHERE id = '{}'", it.webinar)).await;
    let open = it.agent.get(&page).await;
    assert!(open.text().contains("Rendre mes réponses") && !open.body.contains("Parce que"), "{}", open.text());
    assert!(!open.body.contains("Voilà pourquoi"), "what is right comes after the answer only");
    let done = it.agent.post(&post, &sent).await;
    assert_eq!(done.location, Some(it.path("/revoir#quiz-7")), "{}", done.text());
    assert_eq!(score().await, Some((100, 200)));
    let reviewed = it.agent.get(&page).await.text();
    assert!(reviewed.contains("en rediffusion : 1 sur 2") && reviewed.contains("Voilà pourquoi"), "{reviewed}");
    // Once: better answers come too late.
    it.agent.post(&post, &[("quiz", "7"), (&*first, &*good), (&*second, &*good)]).await;
    assert_eq!(score().await, Some((100, 200)));
    assert!(it.agent.get("/dossier").await.text().contains("Quiz en direct « Le quiz »"));
    holds(&product).await;

    // Not by those who lead, nor of another number, nor of what is no quiz.
    let marie = product.signed_in(it.marie).await;
    assert_eq!(marie.post(&post, &sent).await.status, StatusCode::NOT_FOUND);
    for number in ["8", "0"] {
        assert_eq!(it.agent.post(&post, &[("quiz", number)]).await.status, StatusCode::NOT_FOUND);
    }
    for odd in [&[("quiz", "x")][..], &[]] {
        assert_eq!(it.agent.post(&post, odd).await.status, StatusCode::BAD_REQUEST);
    }
});
