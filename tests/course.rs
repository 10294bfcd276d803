//! Publishing, reading, resuming, searching.

use domain::course::parse::SourceFile;
use image::codecs::jpeg::JpegEncoder;
use image::{ImageBuffer, Rgb};
use jiff::SignedDuration;
use reqwest::header::{ACCEPT, RANGE};
use reqwest::{Method, StatusCode};
use serde_json::json;
use support::studio::{publish, small_course};
use support::{Product, on_both};

const COURSE: &str = "/cours/mediation-numerique";
const CHAPTER: &str = "/cours/mediation-numerique/accueil-et-posture";

fn sections(product: &Product) -> Vec<String> {
    let published = product.app.library.course(&"mediation-numerique".parse().unwrap()).unwrap();
    let chapter = published.chapter(&"accueil-et-posture".parse().unwrap()).unwrap();
    chapter.sections.iter().map(|section| section.slug.to_string()).collect()
}

on_both!(reading_every_section_is_a_fact_of_the_record, |product| async {
    let agent = product.agent("Lea").await;
    let sections = sections(&product);
    for (place, section) in sections.iter().enumerate() {
        let page = agent.post(&format!("{CHAPTER}/lu"), &[("section", section)]).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER);
        let following = sections.get(place + 1).map_or("suite", String::as_str);
        assert_eq!(page.location, Some(format!("{CHAPTER}#{following}")), "on to what follows");
        let told = agent.get("/dossier").await.text().contains("» lu en entier");
        assert_eq!(told, place + 1 == sections.len());
    }
    agent.post(&format!("{CHAPTER}/lu"), &[("section", &sections[0])]).await;
    assert_eq!(
        agent.get("/dossier").await.text().matches("» lu en entier").count(),
        1,
        "said again, it changes nothing"
    );
});

on_both!(the_home_page_goes_on_where_the_agent_stopped, |product| async {
    let agent = product.agent("Lea").await;
    assert!(agent.get("/").await.body.contains(&format!("href=\"{CHAPTER}\"")), "first, the first chapter");
    let chapter = agent.get(CHAPTER).await.body;
    let anchor = chapter.split("id=\"p-").nth(7).unwrap().split('"').next().unwrap();
    let anchor = format!("p-{anchor}");
    let place = json!({ "course": "mediation-numerique", "chapter": "accueil-et-posture", "anchor": anchor });
    assert_eq!(agent.post_json("/position", &place).await.status, StatusCode::NO_CONTENT);
    assert!(agent.get("/").await.body.contains(&format!("href=\"{CHAPTER}#{anchor}\"")), "then the very paragraph");
    let nowhere =
        json!({ "course": "mediation-numerique", "chapter": "accueil-et-posture", "anchor": "p-nulle-part-1" });
    assert_eq!(agent.post_json("/position", &nowhere).await.status, StatusCode::BAD_REQUEST);
});

on_both!(search_forgives_accents_and_plurals_and_lands_on_the_paragraph, |product| async {
    let agent = product.agent("Lea").await;
    for query in ["telephone", "téléphones", "TÉLÉPHONE"] {
        let page = agent.get(&format!("/recherche?q={query}")).await;
        let href =
            page.body.split("href=\"/cours/mediation-numerique/").nth(1).unwrap_or_else(|| panic!("no hit: {query}"));
        let (chapter, rest) = href.split_once('#').expect("an anchor");
        let anchor = rest.split('"').next().unwrap();
        assert!(agent.get(&format!("{COURSE}/{chapter}")).await.body.contains(&format!("id=\"{anchor}\"")));
    }
    assert!(agent.get("/recherche?q=hippopotame").await.text().contains("Aucun"));
    for hostile in ["%22%20OR%201", "a%27%3BDROP%20TABLE", "NEAR(", "*", "%25"] {
        assert_eq!(agent.get(&format!("/recherche?q={hostile}")).await.status, StatusCode::OK, "{hostile}");
    }
});

on_both!(publishing_the_same_folder_changes_nothing_and_a_new_one_keeps_what_is_earned, |product| async {
    let agent = product.agent("Lea").await;
    for section in sections(&product) {
        agent.post(&format!("{CHAPTER}/lu"), &[("section", &section)]).await;
    }
    let started = agent.post(&format!("{CHAPTER}/quiz"), &[("attempt", "11111111-1111-4111-8111-111111111111")]).await;
    let attempt = started.location.unwrap();
    product.publish("mediation-numerique").await;
    let version = || product.app.library.course(&"mediation-numerique".parse().unwrap()).unwrap().number;
    assert_eq!(version(), 1);
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("mediation-numerique");
    copy_folder(&support::workspace().join("content/mediation-numerique"), &copy);
    let quiz = copy.join("02-accueil-et-posture/quiz.toml");
    let text = std::fs::read_to_string(&quiz).unwrap().replace("pass = 70", "pass = 80");
    std::fs::write(&quiz, text).unwrap();
    let checked = server::course::publish::check(&copy).unwrap();
    assert_eq!(checked.problems, []);
    server::course::publish::publish(&product.app, checked).await.unwrap();
    assert_eq!(version(), 2);
    product.wait(SignedDuration::from_mins(1));
    let result = {
        agent.post(&attempt, &[("action", "finish")]).await;
        agent.get(&attempt).await.text()
    };
    assert!(result.contains("70"), "the attempt ends on the rules that it began with: {result}");
    let dossier = agent.get("/dossier").await.text();
    assert!(dossier.contains("» lu en entier"), "what was read stays read");
});

fn copy_folder(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

on_both!(media_are_served_by_range_to_those_signed_in, |product| async {
    let agent = product.agent("Lea").await;
    let chapter = agent.get(CHAPTER).await.body;
    let path = chapter
        .split('"')
        .find(|value| value.starts_with("/media/") && value.ends_with(".ogg"))
        .expect("a sound")
        .to_owned();
    let whole = agent.get(&path).await;
    assert_eq!(whole.status, StatusCode::OK);
    assert_eq!(whole.headers["content-type"], "audio/ogg");
    let part = agent.send(agent.request(Method::GET, &path).header(RANGE, "bytes=0-99")).await;
    assert_eq!((part.status, &part.headers["content-length"]), (StatusCode::PARTIAL_CONTENT, &"100".parse().unwrap()));
    let outside = agent.send(agent.request(Method::GET, &path).header(RANGE, "bytes=99999999-")).await;
    assert_eq!(outside.status, StatusCode::RANGE_NOT_SATISFIABLE);
    assert_eq!(product.stranger().get(&path).await.status, StatusCode::SEE_OTHER);
    assert_eq!(agent.get("/media/mediation-numerique/1/../../course.toml").await.status, StatusCode::NOT_FOUND);
});

on_both!(a_photograph_comes_as_wide_as_the_screen_and_in_what_the_browser_reads, |product| async {
    let mut files = small_course();
    let image = ImageBuffer::from_fn(1440, 720, |x, y| {
        let noise = ((x * 7919 + y * 104_729) % 32) as u8;
        Rgb([(x % 192) as u8 + noise, (y % 192) as u8 + noise, noise])
    });
    let mut photograph = Vec::new();
    JpegEncoder::new_with_quality(&mut photograph, 85).encode_image(&image).unwrap();
    let chapter = files.iter_mut().find(|file| file.path == "01-un/chapter.md").unwrap();
    let shown = "## Section a {#a}\n\n![Un guichet](media/guichet.jpg)\n";
    chapter.bytes = String::from_utf8_lossy(&chapter.bytes).replacen("## Section a {#a}\n", shown, 1).into_bytes();
    files.push(SourceFile { path: "01-un/media/guichet.jpg".to_owned(), bytes: photograph.clone() });
    publish(&product, "essai", files).await;

    let agent = product.agent("Lea").await;
    let page = agent.get("/cours/essai/un").await;
    assert!(page.body.contains("width=\"1440\" height=\"720\""), "{}", page.body);
    let set = page.body.split_once("srcset=\"").unwrap().1.split_once('"').unwrap().0.to_owned();
    let offered: Vec<(&str, &str)> = set.split(", ").map(|one| one.split_once(' ').unwrap()).collect();
    assert_eq!(offered.iter().map(|(_, width)| *width).collect::<Vec<_>>(), ["480w", "960w", "1440w"]);
    let get = async |path: &str, accept: &str| {
        let asked = agent.request(Method::GET, path).header(ACCEPT, accept);
        let answer = asked.send().await.unwrap();
        assert_eq!((answer.status(), &answer.headers()["vary"]), (StatusCode::OK, &"accept".parse().unwrap()));
        let kind = answer.headers()["content-type"].to_str().unwrap().to_owned();
        (kind, answer.bytes().await.unwrap())
    };
    let reads = "image/avif,image/webp,*/*;q=0.8";
    let mut before = 0;
    for (path, width) in &offered {
        let (kind, bytes) = get(path, reads).await;
        let seen = image::load_from_memory(&bytes).unwrap();
        assert_eq!((kind.as_str(), format!("{}w", seen.width())), ("image/webp", (*width).to_owned()));
        assert!(bytes.len() > before && bytes.len() < photograph.len(), "{width}: {} bytes", bytes.len());
        before = bytes.len();
        assert_eq!(get(path, reads).await.1, bytes, "made once");
    }
    let (kind, narrow) = get(offered[0].0, "*/*").await;
    assert_eq!((kind.as_str(), image::load_from_memory(&narrow).unwrap().width()), ("image/jpeg", 480));
    let whole = offered[2].0;
    for odd in ["", "?largeur=100000", "?largeur=-1", "?largeur=481", "?largeur=%00%ff", "?largeur="] {
        let answer = agent.request(Method::GET, &format!("{whole}{odd}")).send().await.unwrap();
        assert!(
            answer.status() == StatusCode::BAD_REQUEST || answer.bytes().await.unwrap() == photograph,
            "{odd}: the file itself, or nothing"
        );
    }
});

on_both!(the_light_mode_is_remembered_and_shows_no_image, |product| async {
    let agent = product.agent("Lea").await;
    assert!(agent.get(CHAPTER).await.body.contains("<img"));
    let back = agent.post("/preferences/allege", &[("light", "on"), ("back", CHAPTER)]).await;
    assert_eq!(back.location.as_deref(), Some(CHAPTER));
    let light = agent.get(CHAPTER).await.body;
    assert!(!light.contains("<img") && !light.contains("<audio"), "no image, no media");
    let elsewhere = agent.post("/preferences/allege", &[("light", "off"), ("back", "https://autre.example")]).await;
    assert_eq!(elsewhere.location.as_deref(), Some("/"));
});
