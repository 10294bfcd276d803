//! The questions of a course being written: listed, written by plain forms, tried out as in earnest; the rules of quizzes;
//! two authors at once.

use domain::ids::CourseSlug;
use domain::studio::question::Type;
use reqwest::StatusCode;
use support::studio::{draft_by, read, text_of};
use support::{Client, Page, Product, on_both};

const QUESTIONS: &str = "/studio/mediation-numerique/questions";
const QUIZ: &str = "/studio/mediation-numerique/questions/accueil-et-posture/quiz";

async fn authors(product: &Product) -> (Client, Client) {
    let course: CourseSlug = "mediation-numerique".parse().unwrap();
    let marie = product.trainer_of("Marie", course.as_str()).await;
    let paul = product.trainer_of("Paul", course.as_str()).await;
    draft_by(product, course.as_str(), marie).await;
    (product.signed_in(marie).await, product.signed_in(paul).await)
}

/// What the form of a page would send, with these fields changed.
fn form(page: &Page, more: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut sent: Vec<(String, String)> =
        ["kind", "base", "request"].map(|name| (name.to_owned(), page.field(name))).to_vec();
    sent.retain(|(name, _)| !more.iter().any(|(known, _)| known == name));
    sent.extend(more.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())));
    sent
}

async fn send(client: &Client, path: &str, fields: &[(String, String)]) -> Page {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    client.post(path, &fields).await
}

/// A sound question of each type.
fn sound(kind: Type) -> Vec<(&'static str, &'static str)> {
    let mut fields = match kind {
        Type::Single => vec![
            ("choice-0-text", "Non"),
            ("choice-0-feedback", "Pas encore."),
            ("choice-1-text", "Oui, *tout de suite*"),
            ("choice-1-feedback", "En effet."),
            ("right", "1"),
        ],
        Type::Multiple => vec![
            ("choice-0-text", "Écouter"),
            ("choice-0-right", "true"),
            ("choice-0-feedback", "Oui."),
            ("choice-1-text", "Couper"),
            ("choice-1-feedback", "Non."),
        ],
        Type::TrueFalse => vec![("answer", "true"), ("feedback_true", "Oui."), ("feedback_false", "Si.")],
        Type::Numeric => vec![("answer", "2,5"), ("tolerance", "0,5"), ("unit", "km"), ("feedback", "Deux et demi.")],
        Type::ShortText => vec![("accepted", "impots.gouv.fr\r\nles impôts"), ("feedback", "Le site des impôts.")],
        Type::Matching => vec![
            ("pair-0-left", "Retraite"),
            ("pair-0-right", "CNAV"),
            ("pair-1-left", "Famille"),
            ("pair-1-right", "CAF"),
            ("distractors", "La Poste"),
            ("feedback", "À chacun la sienne."),
        ],
        Type::Ordering => vec![
            ("item-0-text", "Saluer"),
            ("item-1-text", "Écouter"),
            ("item-2-text", "Reformuler"),
            ("feedback", "Dans cet ordre."),
        ],
        Type::Gap => vec![
            ("text", "Je garde mon {secret} pour moi."),
            ("gap-0-key", "secret"),
            ("gap-0-accepted", "mot de passe"),
            ("feedback", "Toujours."),
        ],
    };
    fields.extend([("stem", "Que faire\u{202f}?"), ("section", "deux-premieres-minutes"), ("tags", "essai, posture")]);
    fields
}

/// The answer that earns all of its points, in the fields of the agent's view.
fn right(kind: Type, question: &str) -> Vec<(String, String)> {
    let one = |key: &str, value: &str| {
        let name = if key.is_empty() { format!("q.{question}") } else { format!("q.{question}.{key}") };
        (name, value.to_owned())
    };
    match kind {
        Type::Single => vec![one("", "b")],
        Type::Multiple => vec![one("", "a")],
        Type::TrueFalse => vec![one("", "true")],
        Type::Numeric => vec![one("", "3 km")],
        Type::ShortText => vec![one("", "LES IMPOTS")],
        Type::Matching => vec![one("1", "b"), one("2", "a")],
        Type::Ordering => vec![one("c", "1"), one("a", "2"), one("b", "3")],
        Type::Gap => vec![one("secret", "Mot de passe")],
    }
}

on_both!(an_author_writes_a_question_of_each_type_by_plain_forms_and_tries_it, |product| async {
    let (marie, _) = authors(&product).await;
    for kind in Type::ALL {
        let new = format!("{QUIZ}/nouvelle:{}", kind.key());
        let page = marie.get(&new).await;
        assert_eq!(page.status, StatusCode::OK, "{kind:?}: {}", page.text());
        assert!(!page.text().contains("corriger"), "nothing is wrong with what nobody wrote yet");

        // Nothing typed: each problem is beside its field, and nothing is saved.
        let wrong = send(&marie, &new, &form(&page, &[("do", "save"), ("stem", "")])).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{kind:?}");
        assert!(wrong.body.contains("id=\"erreur-stem\"") && wrong.body.contains("href=\"#stem\""), "{}", wrong.body);

        let mut fields = sound(kind);
        fields.push(("do", "save"));
        let saved = send(&marie, &new, &form(&page, &fields)).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{kind:?}: {}", saved.text());
        let there = saved.location.expect("the question");
        let twice = send(&marie, &new, &form(&page, &fields)).await;
        assert_eq!(twice.location.as_deref(), Some(&*there), "sent twice, there once");
        let page = marie.get(&there).await;
        assert!(page.text().contains("Question enregistrée"), "{}", page.text());
        let path = there.split('?').next().unwrap();
        let id = path.rsplit('/').next().unwrap();

        // The answer is graded as for an agent, with the feedback that an agent reads.
        let mut tried = form(&page, &[("do", "try"), ("typed", &page.field("typed").replace("&amp;", "&"))]);
        tried.extend(right(kind, id));
        let page = send(&marie, path, &tried).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.text().contains("Juste, 1 sur 1"), "{kind:?}: {}", page.text());
    }
    let list = marie.get(QUESTIONS).await.text();
    for kind in Type::ALL {
        assert!(list.contains(kind.name()), "{kind:?}");
    }
    let tagged = marie.get(&format!("{QUESTIONS}?etiquette=essai")).await;
    assert!(tagged.text().contains("8 questions."), "{}", tagged.text());
    let filtered = marie.get(&format!("{QUESTIONS}?etiquette=essai&type=gap&chapitre=accueil-et-posture")).await;
    assert!(filtered.text().contains("1 question."), "{}", filtered.text());

    // The course is sound, and its agents' questions are those: tags stay with the authors.
    let (course, problems) = read(&product, "mediation-numerique").await;
    assert_eq!(problems, []);
    let course = serde_json::to_string(&course.expect("a course")).unwrap();
    assert!(course.contains("tout de suite") && !course.contains("essai, posture") && !course.contains("\"tags\""));
});

on_both!(rows_come_and_go_without_a_word_lost, |product| async {
    let (marie, _) = authors(&product).await;
    let new = format!("{QUIZ}/nouvelle:single");
    let page = marie.get(&new).await;
    let typed = [
        ("stem", "Un\u{a0}énoncé <b>&amp;</b> \"guillemets\""),
        ("choice-0-text", "Un"),
        ("choice-1-text", "Deux </textarea>"),
        ("choice-1-feedback", "Parce que."),
        ("right", "1"),
    ];
    let with = |act: &'static str| [&typed[..], &[("do", act)]].concat();
    let added = send(&marie, &new, &form(&page, &with("add"))).await;
    assert_eq!(added.status, StatusCode::OK);
    assert!(
        added.body.contains("name=\"choice-2-text\"") && added.body.contains("Deux &lt;/textarea&gt;"),
        "{}",
        added.body
    );
    assert!(
        added.body.contains("Un\u{a0}énoncé &lt;b&gt;&amp;amp;&lt;/b&gt; &quot;guillemets&quot;"),
        "{}",
        added.body
    );
    let moved = send(&marie, &new, &form(&page, &with("up-1"))).await;
    let (deux, un) = (
        moved.body.find("Deux &lt;").unwrap(),
        moved.body.find(">Un</textarea").or_else(|| moved.body.find("Un\n")).unwrap_or(usize::MAX),
    );
    assert!(deux < un, "{}", moved.body);
    let gone = send(&marie, &new, &form(&page, &with("drop-0"))).await;
    assert!(!gone.body.contains("name=\"choice-1-text\""), "{}", gone.body);
    assert_eq!(send(&marie, &new, &form(&page, &with("dance"))).await.status, StatusCode::BAD_REQUEST);
});

on_both!(questions_are_ordered_copied_moved_and_taken_away, |product| async {
    let (marie, _) = authors(&product).await;
    let ids = async |file: &str| {
        let text = text_of(&product, "mediation-numerique", file).await;
        let ids = text.lines().filter_map(|line| line.strip_prefix("id = \"")?.strip_suffix('"')).map(str::to_owned);
        ids.collect::<Vec<_>>()
    };
    let file = "accueil-et-posture/quiz.toml";
    let before = ids(file).await;
    let act = async |what: String| {
        let request = product.app.dice.uuid().to_string();
        let fields = [("request", &*request), ("chapter", "accueil-et-posture"), ("quiz", "quiz"), ("do", &*what)];
        // Sent twice, done once.
        for _ in 0..2 {
            let page = marie.post(QUESTIONS, &fields).await;
            assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text());
        }
    };
    act(format!("down:{}", before[0])).await;
    assert_eq!(ids(file).await[..2], [before[1].clone(), before[0].clone()]);
    act(format!("up:{}", before[0])).await;
    assert_eq!(ids(file).await, before);
    act(format!("copy:{}", before[0])).await;
    let copied = ids(file).await;
    assert_eq!(copied.len(), before.len() + 1);
    let copy = copied.last().unwrap().clone();

    // To another chapter, whose quiz it then belongs to.
    let there = format!("{QUIZ}/{copy}");
    let page = marie.get(&there).await;
    let moved = send(&marie, &there, &form(&page, &[("do", "move"), ("to", "donnees-et-droit/quiz")])).await;
    assert_eq!(moved.status, StatusCode::SEE_OTHER, "{}", moved.text());
    assert!(moved.location.unwrap().contains("/donnees-et-droit/quiz/"));
    assert_eq!((ids(file).await, ids("donnees-et-droit/quiz.toml").await.contains(&copy)), (before.clone(), true));
    // It is no section of that chapter: the list says so, with the way there.
    let list = marie.get(QUESTIONS).await.text();
    assert!(list.contains("n’existe pas dans ce chapitre"), "{list}");

    act(format!("remove:{}", before[0])).await;
    assert_eq!(ids(file).await, before[1..]);
    let unknown = marie.get(&format!("{QUIZ}/{}", before[0])).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
});

on_both!(two_authors_of_one_question_are_both_shown_and_nothing_is_lost, |product| async {
    let (marie, paul) = authors(&product).await;
    let new = format!("{QUIZ}/nouvelle:true-false");
    let page = marie.get(&new).await;
    let mut fields = sound(Type::TrueFalse);
    fields.push(("do", "save"));
    let there = send(&marie, &new, &form(&page, &fields)).await.location.unwrap().split('?').next().unwrap().to_owned();
    let (hers, his) = (marie.get(&there).await, paul.get(&there).await);

    // Paul changes another question of the same quiz meanwhile: that is nobody's conflict.
    let another = format!("{QUIZ}/nouvelle:numeric");
    let mut fields = sound(Type::Numeric);
    fields.push(("do", "save"));
    let page = paul.get(&another).await;
    assert_eq!(send(&paul, &another, &form(&page, &fields)).await.status, StatusCode::SEE_OTHER);
    let change = |stem: &'static str| {
        let mut fields = sound(Type::TrueFalse);
        fields.retain(|(name, _)| *name != "stem");
        fields.extend([("stem", stem), ("do", "save")]);
        fields
    };
    let saved = send(&marie, &there, &form(&hers, &change("La version de Marie"))).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text());

    // The same one: both are shown, and it is asked.
    let both = send(&paul, &there, &form(&his, &change("La version de Paul"))).await;
    assert_eq!(both.status, StatusCode::CONFLICT);
    let text = both.text();
    assert!(
        text.contains("La version de Marie") && text.contains("La version de Paul") && text.contains("Marie Durand"),
        "{text}"
    );
    assert!(marie.get(&there).await.text().contains("La version de Marie"), "nothing is written meanwhile");
    let kept = send(&paul, &there, &form(&both, &change("La version de Paul"))).await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text());
    assert!(marie.get(&there).await.text().contains("La version de Paul"));
});

on_both!(the_rules_of_quizzes_are_written_and_what_is_wrong_is_beside_its_field, |product| async {
    let (marie, paul) = authors(&product).await;
    let page = marie.get(QUIZ).await;
    let hidden = |page: &Page| [("base", page.field("base")), ("request", page.field("request"))];
    let send = async |who: &Client, path: &str, page: &Page, more: &[(&str, &str)]| {
        let hidden = hidden(page);
        let mut fields: Vec<(&str, &str)> = hidden.iter().map(|(name, text)| (*name, text.as_str())).collect();
        fields.extend_from_slice(more);
        who.post(path, &fields).await
    };
    let wrong =
        send(&marie, QUIZ, &page, &[("pass", "120"), ("draw", "999"), ("counts", "best"), ("shuffle", "true")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    for field in ["pass", "draw"] {
        assert!(wrong.body.contains(&format!("id=\"erreur-{field}\"")), "{field}: {}", wrong.text());
    }
    let rules = [
        ("pass", "80"),
        ("attempts", "3"),
        ("draw", "2"),
        ("counts", "last"),
        ("shuffle", "false"),
        ("opens", "2026-12-01T09:00"),
    ];
    let theirs = paul.get(QUIZ).await;
    assert_eq!(send(&marie, QUIZ, &page, &rules).await.status, StatusCode::SEE_OTHER);
    let behind = send(&paul, QUIZ, &theirs, &[("pass", "60"), ("counts", "best"), ("shuffle", "true")]).await;
    assert_eq!(behind.status, StatusCode::CONFLICT, "{}", behind.text());
    let list = marie.get(QUESTIONS).await.text();
    assert!(list.contains("réussi à 80 %, 3 essais au plus, 2 questions tirées au sort"), "{list}");

    // The final assessment of the whole course, in course.toml.
    let whole = "/studio/mediation-numerique/questions/evaluation/banque";
    let page = marie.get(whole).await;
    let fields: Vec<(String, String)> =
        ["title", "minutes", "pass"].map(|name| (name.to_owned(), page.field(name))).to_vec();
    let mut fields: Vec<(&str, &str)> = fields.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    fields.extend([("summary", "Trente questions."), ("draw", "20"), ("counts", "best"), ("shuffle", "true")]);
    assert_eq!(send(&marie, whole, &page, &fields).await.status, StatusCode::SEE_OTHER);
    let text = text_of(&product, "mediation-numerique", "course.toml").await;
    assert!(
        text.contains("draw = 20") && text.contains("Trente questions.") && !text.contains("attempts_per_day"),
        "{text}"
    );
    assert_eq!(
        marie.get("/studio/mediation-numerique/questions/accueil-et-posture/banque").await.status,
        StatusCode::NOT_FOUND
    );
});

on_both!(questions_are_their_authors_alone, |product| async {
    let (marie, _) = authors(&product).await;
    assert_eq!(marie.get(QUESTIONS).await.status, StatusCode::OK);
    let other = product.trainer_of("Odile", "un-autre-cours").await;
    let (other, agent) = (product.signed_in(other).await, product.agent("Lea").await);
    for stranger in [&other, &agent] {
        for path in [QUESTIONS, QUIZ, &format!("{QUIZ}/nouvelle:single"), "/studio/mediation-numerique/medias"] {
            assert_eq!(stranger.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
    }
});
