//! Courses and questions brought in by a page, and taken away.

use super::*;
use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use support::importing::FORM;

/// Sends a file as the page's form does.
async fn send(client: &Client, fields: &[(&str, &str)], name: &str, file: &[u8]) -> Page {
    let import = client.get("/studio/importer").await.field("import");
    let mut body = Vec::new();
    for (field, value) in [("import", import.as_str())].iter().chain(fields) {
        body.extend(
            format!("--frontiere\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n").bytes(),
        );
    }
    let head = format!("--frontiere\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
    body.extend(head.bytes());
    body.extend_from_slice(file);
    body.extend(b"\r\n--frontiere--\r\n");
    client.send(client.request(Method::POST, "/studio/importer").header(CONTENT_TYPE, FORM).body(body)).await
}

async fn bytes(client: &Client, path: &str) -> Vec<u8> {
    let answer = client.request(Method::GET, path).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    assert!(answer.headers()["content-disposition"].to_str().unwrap().starts_with("attachment"), "{path}");
    answer.bytes().await.unwrap().to_vec()
}

on_both!(the_projects_own_course_goes_through_the_pages_and_back_byte_for_byte, |product| async {
    let alex = product.administrator().await;
    let marie = product.trainer_of("Marie", "mediation-numerique").await;
    draft_by(&product, "mediation-numerique", marie).await;
    let zip = bytes(&alex, "/studio/mediation-numerique/exporter/zip").await;
    let sent = send(&alex, &[("kind", "course"), ("course", "copie")], "cours.zip", &zip).await;
    let path = sent.location.unwrap_or_else(|| panic!("{}", sent.body));
    let shown = alex.get(&path).await;
    assert!(shown.text().contains("éléments repris, 0 modifié, 0 laissé"), "{}", shown.text());
    assert!(shown.text().contains("Rien n’y empêchera de publier"), "{}", shown.text());
    assert_eq!(
        alex.get("/studio/copie/exporter").await.status,
        StatusCode::NOT_FOUND,
        "nothing is written before it was seen"
    );
    for _ in 0..2 {
        assert_eq!(alex.post(&path, &[]).await.status, StatusCode::SEE_OTHER);
    }
    assert!(alex.get(&path).await.text().contains("Import terminé"));
    assert!(bytes(&alex, "/studio/copie/exporter/zip").await == zip, "a byte differs");
    // In other forms, with what these cannot say.
    let page = alex.get("/studio/copie/exporter").await;
    assert!(page.text().contains("Ce qui n’y est pas tel quel"), "{}", page.text());
    assert!(String::from_utf8(bytes(&alex, "/studio/copie/exporter/gift").await).unwrap().contains("::"));
    let olx = bytes(&alex, "/studio/copie/exporter/olx").await;
    let sent = send(&alex, &[("kind", "course"), ("course", "depuis-olx")], "cours.tar.gz", &olx).await;
    let shown = alex.get(&sent.location.unwrap()).await;
    assert!(shown.status == StatusCode::OK && shown.text().contains("Modifié"), "{}", shown.text());
    assert_eq!(alex.get("/studio/copie/exporter/pdf").await.status, StatusCode::NOT_FOUND);
});

on_both!(questions_are_brought_into_a_quiz_of_a_draft_and_a_second_time_change_nothing, |product| async {
    let (_, trainer) = begun(&product).await;
    let gift = "::Bonjour:: Que dire d’abord ? { =Bonjour ~Au suivant }\n\n::Image:: Une question { }\n";
    let fields = [("kind", "questions"), ("target", "essai/deux/quiz.toml")];
    let path = send(&trainer, &fields, "questions.gift", gift.as_bytes()).await.location.unwrap();
    let shown = trainer.get(&path).await;
    assert!(shown.text().contains("Laissé"), "one bad item never stops the rest: {}", shown.text());
    assert!(!text_of(&product, COURSE, "deux/quiz.toml").await.contains("Au suivant"));
    trainer.post(&path, &[]).await;
    let quiz = text_of(&product, COURSE, "deux/quiz.toml").await;
    assert!(quiz.contains("Au suivant") && quiz.contains("id = \"q1\""), "{quiz}");
    let path = send(&trainer, &fields, "questions.gift", gift.as_bytes()).await.location.unwrap();
    assert!(trainer.get(&path).await.text().contains("elle y est déjà"));
    trainer.post(&path, &[]).await;
    assert_eq!(text_of(&product, COURSE, "deux/quiz.toml").await, quiz);
    assert!(trainer.get(GATE).await.text().contains("Rien ne bloque"));
    // A bank asks for more.
    let bank = [("kind", "questions"), ("target", "essai/deux/bank.toml")];
    let path = send(&trainer, &bank, "questions.gift", gift.as_bytes()).await.location.unwrap();
    let refused = trainer.get(&path).await;
    assert!(
        refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.text().contains("une section à relire"),
        "{}",
        refused.text()
    );
});

on_both!(what_is_no_course_of_ours_is_refused_with_what_to_do, |product| async {
    let (_, trainer) = begun(&product).await;
    let course = |name| [("kind", "course"), ("course", name)];
    for (fields, file, said) in [
        (course("essai"), &b"PK"[..], "existe déjà"),
        (course("Mon cours"), b"PK", "n’est pas un identifiant"),
        ([("kind", "questions"), ("target", "")], b"x", "Choisissez le quiz"),
    ] {
        let page = send(&trainer, &fields, "cours.zip", file).await;
        assert!(page.status == StatusCode::UNPROCESSABLE_ENTITY && page.text().contains(said), "{}", page.text());
    }
    let zip = |path: &str| {
        use std::io::Write as _;
        let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        archive.start_file(path, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(b"x").unwrap();
        archive.finish().unwrap().into_inner()
    };
    let alex = product.administrator().await;
    for (file, said) in [
        (b"rien".to_vec(), "ni un zip ni un .tar.gz"),
        (b"PK\x03\x04".to_vec(), "ne se lit pas"),
        (zip("../course.toml"), "sort d’elle"),
        (zip("lisez-moi.txt"), "course"),
    ] {
        let path = send(&trainer, &course("neuf"), "cours.zip", &file).await.location.unwrap();
        let page = trainer.get(&path).await;
        assert!(
            page.status == StatusCode::UNPROCESSABLE_ENTITY && page.text().contains(said),
            "{said}: {}",
            page.text()
        );
        assert_eq!(trainer.post(&path, &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        // What somebody sent is theirs to see.
        assert_eq!(alex.get(&path).await.status, StatusCode::NOT_FOUND);
    }
    let agent = product.agent("Lea").await;
    assert_eq!(agent.get("/studio/importer").await.status, StatusCode::NOT_FOUND);
    let plain = trainer.post("/studio/importer", &[("kind", "course")]).await;
    assert_eq!(plain.status, StatusCode::BAD_REQUEST);
});
