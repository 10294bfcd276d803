//! Courses being written: begun, opened, ordered, written by several at once, put back as they were.

use domain::ids::PersonId;
use reqwest::StatusCode;
use serde_json::{Value, json};
use support::studio::{draft_of, start_in};
use support::{Client, Product, on_both};

const COURSE: &str = "mediation-numerique";
const CHAPTER: &str = "accueil-et-posture";
const EDITOR: &str = "/studio/mediation-numerique/chapitres/accueil-et-posture";

fn id(n: u32) -> String {
    format!("{n:08}-0000-4000-8000-000000000000")
}

/// Two trainers of the course.
async fn trainers(product: &Product) -> [Client; 2] {
    let marie = product.trainer_of("Marie", COURSE).await;
    let paul = product.trainer_of("Paul", COURSE).await;
    [product.signed_in(marie).await, product.signed_in(paul).await]
}

async fn begin(client: &Client, request: &str, title: &str, slug: &str) -> support::Page {
    let form = [
        ("request", request),
        ("copied", ""),
        ("title", title),
        ("slug", slug),
        ("summary", "Les aides, sans jargon."),
        ("objectives", "Présenter une aide\nVérifier un droit"),
        ("licence", "CC BY 4.0"),
    ];
    client.post("/studio/nouveau", &form).await
}

async fn act(client: &Client, course: &str, n: u32, act: &str, chapter: &str, title: &str) -> support::Page {
    let (request, chapter) = (id(n), ("chapter", chapter));
    let mut form = vec![("request", request.as_str()), ("do", act), ("title", title)];
    form.extend(Some(chapter).filter(|(_, chapter)| !chapter.is_empty()));
    client.post(&format!("/studio/{course}"), &form).await
}

/// The chapters of an outline, in their order.
async fn order(client: &Client, course: &str) -> Vec<String> {
    let page = client.get(&format!("/studio/{course}")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    page.body.split("data-chapter=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

/// The chapter as the editor is handed it.
async fn start(client: &Client, path: &str) -> Value {
    let page = client.get(path).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    start_in(&page.body)
}

/// What the editor says to the server every few seconds.
async fn say(client: &Client, tab: u32, (request, base): (u32, i64), written: Option<&Value>) -> Value {
    let said = json!({ "tab": id(tab), "base": base, "request": id(request), "written": written });
    let page = client.post_json(&format!("{EDITOR}/enregistrement"), &said).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    page.json()
}

fn with_text(written: &Value, change: impl Fn(&str) -> String) -> Value {
    let mut written = written.clone();
    written["text"] = change(written["text"].as_str().unwrap()).into();
    written
}

on_both!(who_begins_a_course_is_its_trainer_and_nobody_else_sees_it, |product| async {
    let [marie, paul] = trainers(&product).await;
    let page = begin(&marie, &id(1), "", "").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text().contains("Donnez un titre au cours"), "{}", page.text());
    assert!(begin(&marie, &id(1), "Un autre", COURSE).await.text().contains("Un cours s’appelle déjà"));
    assert!(begin(&marie, &id(1), "Un autre", "nouveau").await.text().contains("page du studio"));
    for _ in 0..2 {
        let page = begin(&marie, &id(2), "Les aides sociales", "").await;
        assert_eq!(page.location.as_deref(), Some("/studio/les-aides-sociales"), "{}", page.text());
    }
    let outline = marie.get("/studio/les-aides-sociales").await.text();
    assert!(outline.contains("Jamais publié") && outline.contains("n’a pas encore de chapitre"), "{outline}");
    assert!(outline.contains("1 point à régler pour le cours"), "{outline}");
    let empty = act(&marie, "les-aides-sociales", 3, "add", "", " ").await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    for n in [4, 4, 5] {
        assert_eq!(act(&marie, "les-aides-sociales", n, "add", "", "La prime d’activité").await.status, 303);
    }
    let chapters = order(&marie, "les-aides-sociales").await;
    assert_eq!(chapters, ["la-prime-d-activite", "la-prime-d-activite-2"]);
    for (client, expected) in [(&paul, 404), (&product.agent("Lea").await, 404), (&product.administrator().await, 200)]
    {
        assert_eq!(client.get("/studio/les-aides-sociales").await.status, expected);
        let path = "/studio/les-aides-sociales/chapitres/la-prime-d-activite";
        assert_eq!(client.get(path).await.status, expected);
    }
    assert!(product.app.library.course(&"les-aides-sociales".parse().unwrap()).is_none());
    let list = marie.get("/studio").await.text();
    assert!(list.contains("Les aides sociales Brouillon, jamais publié"), "{list}");
    assert!(list.contains("pas encore ouverte dans le studio"), "{list}");
    let copy = marie.get("/studio/nouveau?copie=les-aides-sociales").await;
    assert_eq!(copy.field("title"), "Les aides sociales (copie)");
    let form = [
        ("request", &*id(6)),
        ("copied", "les-aides-sociales"),
        ("title", "Les aides, en Corse"),
        ("slug", ""),
        ("summary", "Là-bas."),
        ("objectives", "Une chose"),
        ("licence", "CC BY 4.0"),
    ];
    assert_eq!(marie.post("/studio/nouveau", &form).await.location.as_deref(), Some("/studio/les-aides-en-corse"));
    assert_eq!(order(&marie, "les-aides-en-corse").await, chapters);
    assert_eq!(paul.get("/studio/nouveau?copie=les-aides-sociales").await.status, 404);
});

on_both!(an_outline_is_ordered_by_several_hands_and_nothing_is_lost, |product| async {
    let [marie, paul] = trainers(&product).await;
    let closed = marie.get("/studio/mediation-numerique").await.text();
    assert!(closed.contains("La version 1 est publiée. Ouvrez le cours"), "{closed}");
    draft_of(&product, COURSE).await;
    let published = product.app.library.course(&COURSE.parse().unwrap()).unwrap();
    let slugs: Vec<String> = published.course.chapters.iter().map(|chapter| chapter.slug.to_string()).collect();
    assert_eq!(order(&marie, COURSE).await, slugs);
    let outline = marie.get("/studio/mediation-numerique").await.text();
    assert!(outline.contains("Tel que la version 1, que lisent les agents"), "{outline}");
    assert!(!outline.contains("point à régler") && !outline.contains("points à régler"), "{outline}");
    let told = published.course.chapters.iter().map(domain::studio::completion::told).next().unwrap();
    assert!(outline.contains(&told.split_whitespace().collect::<Vec<_>>().join(" ")), "{told} in {outline}");
    // Two authors, each from the page as it was: both moves stand.
    let mut expected = slugs.clone();
    expected.swap(0, 1);
    let last = expected.len() - 1;
    expected.swap(last, last - 1);
    for _ in 0..2 {
        let page = act(&marie, COURSE, 1, "down", &slugs[0], "").await;
        assert_eq!(page.location, Some(format!("/studio/mediation-numerique#chapitre-{}", slugs[0])));
    }
    act(&paul, COURSE, 2, "up", &slugs[last], "").await;
    assert_eq!(order(&paul, COURSE).await, expected);
    assert_eq!(act(&marie, COURSE, 3, "remove", CHAPTER, "").await.status, 303);
    assert!(!order(&marie, COURSE).await.contains(&CHAPTER.to_owned()));
    assert_eq!(marie.get(EDITOR).await.status, 404);
    let sorted = [("request", &*id(4)), ("do", "sort"), ("order", &expected.join(" "))];
    let stale = paul.post("/studio/mediation-numerique", &sorted).await;
    assert_eq!(stale.status, StatusCode::CONFLICT, "a chapter went meanwhile");
    assert_eq!(act(&paul, COURSE, 5, "put-back", CHAPTER, "").await.status, 303);
    let sorted = [("request", &*id(6)), ("do", "sort"), ("order", &slugs.join(" "))];
    assert_eq!(paul.post("/studio/mediation-numerique", &sorted).await.status, 303);
    assert_eq!(order(&marie, COURSE).await, slugs);
    assert!(marie.get("/studio/mediation-numerique").await.text().contains("Tel que la version 1"));
    act(&marie, COURSE, 7, "rename", CHAPTER, "Accueillir").await;
    let outline = marie.get("/studio/mediation-numerique").await.text();
    assert!(outline.contains("Accueillir") && outline.contains("Changé depuis la version 1"), "{outline}");
    assert_eq!(order(&marie, COURSE).await, slugs, "its slug stays");
});

on_both!(two_authors_write_one_chapter_at_once_and_no_word_is_lost, |product| async {
    let [marie, paul] = trainers(&product).await;
    draft_of(&product, COURSE).await;
    let begun = start(&marie, EDITOR).await;
    let (base, written) = (begun["revision"].as_i64().unwrap(), begun["written"].clone());
    assert_eq!(say(&marie, 1, (1, base), None).await["written"], Value::Null, "no news");
    let told = say(&paul, 2, (2, base), None).await;
    assert_eq!(told["here"], json!(["Marie Durand"]));
    // In different paragraphs.
    let of_marie = with_text(&written, |text| format!("{text}\nMarie ajoute ceci.\n"));
    let first = say(&marie, 1, (3, base), Some(&of_marie)).await;
    assert_eq!((&first["written"], &first["at"]), (&Value::Null, &json!("9\u{a0}h\u{a0}30")));
    assert_eq!(say(&marie, 1, (3, base), Some(&of_marie)).await["revision"], first["revision"], "said twice");
    let of_paul = with_text(&written, |text| text.replacen("\n\n", "\n\nPaul commence ainsi.\n\n", 1));
    let merged = say(&paul, 2, (4, base), Some(&of_paul)).await;
    let text = merged["written"]["text"].as_str().expect("both");
    assert!(text.contains("Marie ajoute ceci.") && text.contains("Paul commence ainsi."), "{text}");
    assert_eq!(merged["conflicts"], 0);
    let news = say(&marie, 1, (5, first["revision"].as_i64().unwrap()), None).await;
    assert_eq!(news["written"], merged["written"]);
    assert_eq!(say(&paul, 2, (4, base), Some(&of_paul)).await["written"], merged["written"], "said twice");
    // In the same one.
    let (base, both) = (news["revision"].as_i64().unwrap(), merged["written"].clone());
    let of_marie = with_text(&both, |text| text.replace("Marie ajoute ceci.", "Marie préfère cela."));
    let of_paul = with_text(&both, |text| text.replace("Marie ajoute ceci.", "Paul dirait autre chose."));
    say(&marie, 1, (6, base), Some(&of_marie)).await;
    let told = say(&paul, 2, (7, base), Some(&of_paul)).await;
    let text = told["written"]["text"].as_str().unwrap();
    assert_eq!(told["conflicts"], 1);
    assert!(text.contains("Marie préfère cela.") && text.contains("Paul dirait autre chose."), "{text}");
    let seen = paul.post_json(&format!("{EDITOR}/apercu"), &told["written"]).await.json();
    let lines: Vec<&str> = text.lines().collect();
    let problems = seen["problems"].as_array().unwrap();
    assert_eq!(problems.len(), 3, "{problems:?}");
    for problem in problems {
        let line = usize::try_from(problem["line"].as_u64().unwrap()).unwrap();
        assert!(domain::studio::merge::is_mark(lines[line - 1]), "{problem} is of {}", lines[line - 1]);
    }
    assert!(paul.get("/studio/mediation-numerique").await.text().contains("3 points à régler"));
    product.wait(jiff::SignedDuration::from_mins(1));
    assert_eq!(say(&marie, 1, (8, base), None).await["here"], json!([]), "Paul has left");
});

on_both!(a_form_sent_after_somebody_saved_comes_back_with_both_texts, |product| async {
    let [marie, paul] = trainers(&product).await;
    draft_of(&product, COURSE).await;
    let page = marie.get(EDITOR).await;
    let (base, written) = (page.field("base"), start(&marie, EDITOR).await["written"].clone());
    let text = |added: &str| format!("{}\r\n{added}\r\n", written["text"].as_str().unwrap());
    let send = async |client: &Client, n: u32, base: &str, minutes: &str, added: &str| {
        let (request, text) = (id(n), text(added));
        let form = [
            ("request", &*request),
            ("base", base),
            ("title", "Accueillir"),
            ("summary", "Bref."),
            ("minutes", minutes),
            ("objectives", "Un\nDeux"),
            ("text", &text),
        ];
        client.post(EDITOR, &form).await
    };
    let page = send(&marie, 1, &base, "beaucoup", "De Marie.").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text().contains("nombre de minutes") && page.body.contains("De Marie."), "{}", page.text());
    for _ in 0..2 {
        assert_eq!(send(&marie, 2, &base, "20", "De Marie.").await.status, StatusCode::SEE_OTHER);
    }
    let page = send(&paul, 3, &base, "20", "De Paul.").await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    let told = page.text();
    assert!(told.contains("Celui qui est enregistré") && told.contains("Celui que vous venez d’envoyer"), "{told}");
    assert_eq!((page.body.matches("De Paul.").count() >= 2, page.body.matches("De Marie.").count() >= 2), (true, true));
    let now = start(&marie, EDITOR).await;
    assert_eq!(now["written"]["title"], "Accueillir");
    assert!(!now["written"]["text"].as_str().unwrap().contains("De Paul."), "nothing is half-written");
});

on_both!(every_save_is_kept_and_can_be_put_back, |product| async {
    let [marie, paul] = trainers(&product).await;
    draft_of(&product, COURSE).await;
    let begun = start(&marie, EDITOR).await;
    let (mut base, written) = (begun["revision"].as_i64().unwrap(), begun["written"].clone());
    let first = base;
    for (n, words) in [(1, "Un deux."), (2, "Un deux trois.")] {
        let now = with_text(&written, |text| format!("{text}\n{words}\n"));
        base = say(&marie, 1, (n, base), Some(&now)).await["revision"].as_i64().unwrap();
    }
    product.wait(jiff::SignedDuration::from_mins(20));
    say(&paul, 2, (3, base), Some(&with_text(&written, |text| text.to_owned()))).await;
    let history = "/studio/mediation-numerique/historique";
    let file = format!("{history}?fichier={CHAPTER}/chapter.md");
    let page = marie.get(&file).await;
    let told = page.text();
    assert!(told.contains("par Marie Durand : 3 mots ajoutés, 0 mot retiré, 2 enregistrements"), "{told}");
    assert!(told.contains("par Paul Durand : 0 mot ajouté, 3 mots retirés"), "{told}");
    assert!(marie.get(history).await.text().contains("course.toml"));
    let opened = marie.get(&format!("{file}&version={base}")).await;
    assert!(opened.text().contains("Ajouté : Un deux trois."), "{}", opened.text());
    let (now, version) = (opened.field("base"), base.to_string());
    let path = format!("{CHAPTER}/chapter.md");
    let restore = async |n: u32, base: &str| {
        let form = [("request", &*id(n)), ("fichier", &*path), ("version", &*version), ("base", base)];
        marie.post(history, &form).await.status
    };
    assert_eq!(restore(4, "1").await, StatusCode::CONFLICT);
    assert_eq!(restore(5, &now).await, StatusCode::SEE_OTHER);
    let text = start(&marie, EDITOR).await["written"]["text"].as_str().unwrap().to_owned();
    assert!(text.ends_with("Un deux trois.\n"), "{text}");
    let elsewhere = format!("{history}?fichier=course.toml&version={first}");
    assert_eq!(marie.get(&elsewhere).await.status, StatusCode::NOT_FOUND, "a revision of another file");
});

on_both!(a_co_author_writes_and_does_not_say_who_does, |product| async {
    let [marie, _] = trainers(&product).await;
    draft_of(&product, COURSE).await;
    let lea = product.agent("Lea").await;
    assert!(!lea.get("/").await.body.contains("href=\"/studio\""));
    let authors = "/studio/mediation-numerique/auteurs";
    let unknown = marie.post(authors, &[("address", "personne@exemple.example")]).await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unknown.text().contains("Aucun compte ouvert n’a l’adresse"), "{}", unknown.text());
    for _ in 0..2 {
        assert_eq!(marie.post(authors, &[("address", "lea@exemple.example")]).await.status, 303);
    }
    assert!(lea.get("/").await.body.contains("href=\"/studio\""));
    assert_eq!((lea.get("/studio").await.status, lea.get(EDITOR).await.status), (StatusCode::OK, StatusCode::OK));
    assert_eq!(lea.get("/studio/nouveau").await.status, 404);
    assert_eq!(lea.post(authors, &[("address", "marie@exemple.example")]).await.status, 404);
    assert!(marie.get("/studio/mediation-numerique").await.text().contains("Avec Lea Durand."));
    let outbox = product.administrator().await.get("/administration/courriels").await.text();
    assert_eq!(outbox.matches("Vous écrivez le cours").count(), 1, "{outbox}");
    let person = server::identity::store::find(&product.app, &"lea@exemple.example".parse().unwrap()).await.unwrap();
    let PersonId(person) = person.unwrap();
    assert_eq!(marie.post(authors, &[("remove", &person.to_string())]).await.status, 303);
    assert_eq!(
        (lea.get("/studio").await.status, lea.get(EDITOR).await.status),
        (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND)
    );
});

on_both!(settings_and_glossary_are_forms_that_lose_nothing, |product| async {
    let [marie, _] = trainers(&product).await;
    draft_of(&product, COURSE).await;
    let settings = "/studio/mediation-numerique/reglages";
    let page = marie.get(settings).await;
    let base = page.field("base");
    let send = async |n: u32, base: &str, title: &str| {
        let form = [
            ("request", &*id(n)),
            ("base", base),
            ("title", title),
            ("summary", "Tout autre chose."),
            ("objectives", "Un\n\n Deux "),
            ("licence", "CC BY 4.0"),
        ];
        marie.post(settings, &form).await
    };
    assert_eq!(send(1, &base, "").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(send(2, &base, "Médiation").await.status, StatusCode::SEE_OTHER);
    let behind = send(3, &base, "Autre titre").await;
    assert_eq!((behind.status, behind.field("title")), (StatusCode::CONFLICT, "Autre titre".to_owned()));
    let outline = marie.get("/studio/mediation-numerique").await.text();
    assert!(
        outline.contains("Médiation") && !outline.contains("points à régler"),
        "skills and quizzes stay: {outline}"
    );
    let glossary = "/studio/mediation-numerique/glossaire";
    let page = marie.get(glossary).await;
    let (base, lines) = (page.field("base"), page.body.matches("<legend>").count());
    let first = page.field("term-1");
    let form = [("request", &*id(4)), ("base", &*base), ("term-1", "Mot"), ("definition-1", ""), ("key-1", "")];
    let wrong = marie.post(glossary, &form).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().contains("Écrivez la définition"), "{}", wrong.text());
    let mut fields = vec![("request".to_owned(), id(5)), ("base".to_owned(), base)];
    for number in 1..=lines - 3 {
        let key = page.field(&format!("key-{number}"));
        fields.push((format!("key-{number}"), key));
        fields.push((format!("term-{number}"), page.field(&format!("term-{number}"))));
        fields.push((format!("definition-{number}"), "Autre définition.".to_owned()));
    }
    fields.push(("term-99".to_owned(), "Guichet d’en face".to_owned()));
    fields.push(("definition-99".to_owned(), "Là-bas.".to_owned()));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(marie.post(glossary, &fields).await.status, StatusCode::SEE_OTHER);
    let page = marie.get(glossary).await;
    assert_eq!(page.body.matches("<legend>").count(), lines + 1);
    assert!(page.body.contains("value=\"guichet-d-en-face\"") && page.body.contains(&first), "{}", page.text());
});

on_both!(what_the_editor_previews_is_what_agents_read, |product| async {
    let [marie, _] = trainers(&product).await;
    draft_of(&product, COURSE).await;
    let written = start(&marie, EDITOR).await["written"].clone();
    let seen = marie.post_json(&format!("{EDITOR}/apercu"), &written).await.json();
    assert_eq!(seen["problems"], json!([]));
    let html = seen["html"].as_str().unwrap();
    let page = product.agent("Lea").await.get(&format!("/cours/{COURSE}/{CHAPTER}")).await.body;
    // What follows in a section is a player, which wakes in the browser, or the form that says that it is read.
    let ends = ["</section>", "<form", "<figure class=\"player\"", "<audio", "<video", "<leptos-island"];
    let prose = |html: &str, base: &str| -> Vec<String> {
        let pieces = html.split("<div class=\"prose\">").skip(1).map(|piece| piece.replace(base, ""));
        let cut = |piece: String| ends.iter().fold(piece, |piece, end| piece.split(end).next().unwrap().to_owned());
        pieces.map(cut).collect()
    };
    let (mine, theirs) =
        (prose(html, "/studio/mediation-numerique/fichiers/"), prose(&page, "/media/mediation-numerique/1/"));
    assert!(mine.len() > 3, "{html}");
    for (mine, theirs) in mine.iter().zip(&theirs) {
        let alike = mine.chars().zip(theirs.chars()).take_while(|(mine, theirs)| mine == theirs).count();
        let rest = |html: &str| html.chars().skip(alike).take(200).collect::<String>();
        assert_eq!(rest(mine), rest(theirs));
    }
    assert_eq!(mine.len(), theirs.len());
    let medium = html.split("/fichiers/").nth(1).expect("a medium").split('"').next().unwrap();
    let medium = marie.get(&format!("/studio/{COURSE}/fichiers/{medium}")).await;
    assert_eq!(medium.status, StatusCode::OK);
    assert_eq!(medium.headers["x-content-type-options"], "nosniff");
    assert_eq!(marie.get(&format!("/studio/{COURSE}/fichiers/course.toml")).await.status, StatusCode::NOT_FOUND);
    let wrong = with_text(&written, |text| text.replacen("{#", "{#É", 1));
    let seen = marie.post_json(&format!("{EDITOR}/apercu"), &wrong).await.json();
    assert_eq!(seen["problems"][0]["line"], 1, "{}", seen["problems"]);
});
