//! Files brought into a course being written: piece by piece after a dropped line, judged by what is in them, served
//! without ever running; what was acknowledged is on disk after a kill -9.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use domain::identity::{Role, Scope};
use domain::ids::{CourseSlug, PersonId};
use image::{ImageBuffer, ImageFormat, Rgb};
use jiff::SignedDuration;
use reqwest::{Method, StatusCode};
use sha1::{Digest as _, Sha1};
use std::io::Cursor;
use support::served::House;
use support::studio::{bytes_of, draft_by, text_of};
use support::{Client, Database, Page, Product, on_both, workspace};
use uuid::Uuid;

const COURSE: &str = "mediation-numerique";
const MEDIA: &str = "/studio/mediation-numerique/medias";
const UPLOADS: &str = "/studio/envois";

async fn author(product: &Product) -> Client {
    let marie = product.trainer_of("Marie", COURSE).await;
    draft_by(product, COURSE, marie).await;
    product.signed_in(marie).await
}

fn metadata(name: &str, id: Uuid) -> String {
    let coded = |text: &str| BASE64_STANDARD.encode(text);
    format!("filename {},course {},id {}", coded(name), coded(COURSE), coded(&id.to_string()))
}

async fn announce(client: &Client, name: &str, size: usize) -> Page {
    let request = client.request(Method::POST, UPLOADS).header("accept", "application/json");
    let request = request.header("tus-resumable", "1.0.0").header("upload-length", size);
    client.send(request.header("upload-metadata", metadata(name, Uuid::from_u128(id_of(name, size))))).await
}

/// An identifier for each file of a test, the same when it is announced twice.
fn id_of(name: &str, size: usize) -> u128 {
    let digest = Sha1::digest(format!("{name}{size}"));
    digest.iter().take(16).fold(0, |id, byte| (id << 8) | u128::from(*byte))
}

async fn add(client: &Client, url: &str, offset: usize, bytes: &[u8], more: &[(&str, &str)]) -> Page {
    let request =
        client.request(Method::PATCH, url).header("tus-resumable", "1.0.0").header("accept", "application/json");
    let request = request.header("content-type", "application/offset+octet-stream").header("upload-offset", offset);
    let request = more.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    client.send(request.body(bytes.to_vec())).await
}

async fn stands(client: &Client, url: &str) -> (StatusCode, Option<usize>) {
    let page = client.send(client.request(Method::HEAD, url).header("tus-resumable", "1.0.0")).await;
    let offset = page.headers.get("upload-offset").and_then(|offset| offset.to_str().ok()?.parse().ok());
    (page.status, offset)
}

/// Sends a file whole, and has it taken in.
async fn bring(client: &Client, name: &str, bytes: &[u8]) -> Page {
    let url = announce(client, name, bytes.len()).await.location.expect("an upload");
    assert_eq!(add(client, &url, 0, bytes, &[]).await.status, StatusCode::NO_CONTENT);
    let id = url.rsplit('/').next().unwrap();
    let request = client.request(Method::POST, &format!("{MEDIA}/envois/{id}")).header("accept", "application/json");
    client.send(request.form(&[("chapter", "")])).await
}

fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let image = ImageBuffer::from_fn(width, height, |x, y| {
        let noise = u8::try_from((x * 7919 + y * 104_729) % 64).unwrap();
        Rgb([u8::try_from(x % 192).unwrap() + noise, u8::try_from(y % 192).unwrap() + noise, noise])
    });
    let mut bytes = Vec::new();
    image.write_to(&mut Cursor::new(&mut bytes), format).unwrap();
    bytes
}

fn content(path: &str) -> Vec<u8> {
    std::fs::read(workspace().join("content/mediation-numerique").join(path)).unwrap()
}

on_both!(an_upload_goes_on_where_the_line_dropped_and_ends_in_the_course, |product| async {
    let marie = author(&product).await;
    let told = marie.send(marie.request(Method::OPTIONS, UPLOADS)).await;
    assert_eq!((told.status, &told.headers["tus-version"]), (StatusCode::NO_CONTENT, &"1.0.0".parse().unwrap()));
    assert!(told.headers["tus-extension"].to_str().unwrap().contains("creation"));

    let photo = picture(2000, 500, ImageFormat::Jpeg);
    let created = announce(&marie, "Guichet d’accueil.jpg", photo.len()).await;
    assert_eq!((created.status, &created.headers["tus-resumable"]), (StatusCode::CREATED, &"1.0.0".parse().unwrap()));
    let url = created.location.unwrap();
    let again = announce(&marie, "Guichet d’accueil.jpg", photo.len()).await;
    assert_eq!(again.location.as_deref(), Some(&*url), "announced twice, there once");

    let (first, rest) = photo.split_at(photo.len() / 3);
    let page = add(&marie, &url, 0, first, &[]).await;
    assert_eq!(
        (page.status, page.headers["upload-offset"].to_str().unwrap().parse()),
        (StatusCode::NO_CONTENT, Ok(first.len()))
    );
    assert!(page.headers["upload-expires"].to_str().unwrap().ends_with(" GMT"));
    // A piece from elsewhere, a piece that was damaged, a piece too long: what is there stays as it is.
    assert_eq!(add(&marie, &url, 7, rest, &[]).await.status, StatusCode::CONFLICT);
    let wrong = format!("sha1 {}", BASE64_STANDARD.encode(Sha1::digest(b"autre chose")));
    assert_eq!(add(&marie, &url, first.len(), rest, &[("upload-checksum", &wrong)]).await.status.as_u16(), 460);
    let long = [rest, b"trop"].concat();
    assert_eq!(add(&marie, &url, first.len(), &long, &[]).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let (status, there) = stands(&marie, &url).await;
    assert_eq!(status, StatusCode::OK);
    let there = there.unwrap();
    assert!(there >= first.len() && there <= photo.len());
    let id = url.rsplit('/').next().unwrap().to_owned();
    let take = format!("{MEDIA}/envois/{id}");
    if there < photo.len() {
        assert_eq!(marie.post(&take, &[("chapter", "")]).await.status, StatusCode::CONFLICT, "not whole yet");
    }
    let sum = format!("sha1 {}", BASE64_STANDARD.encode(Sha1::digest(&photo[there..])));
    let last = add(&marie, &url, there, &photo[there..], &[("upload-checksum", &sum)]).await;
    assert_eq!(last.status, StatusCode::NO_CONTENT, "{}", last.body);

    // Nobody else knows of it.
    let other = product.signed_in(product.trainer_of("Paul", COURSE).await).await;
    assert_eq!(stands(&other, &url).await.0, StatusCode::NOT_FOUND);
    let taken = marie.post(&take, &[("chapter", "")]).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.text());
    let page = marie.get(&taken.location.unwrap()).await.text();
    assert!(page.contains("Fichier rangé : media/guichet-d-accueil.jpg (Image · 1440 × 360 points"), "{page}");
    assert_eq!(stands(&marie, &url).await.0, StatusCode::NOT_FOUND, "the upload has ended");

    // Served with its type, and never run.
    let served = marie.get("/studio/mediation-numerique/fichiers/media/guichet-d-accueil.jpg").await;
    let header = |name: &str| served.headers[name].to_str().unwrap().to_owned();
    assert_eq!((header("content-type"), header("x-content-type-options")), ("image/jpeg".into(), "nosniff".into()));
    assert!(header("content-security-policy").contains("sandbox"));
    let kept = bytes_of(&product, COURSE, "media/guichet-d-accueil.jpg").await.unwrap();
    assert!(kept.len() <= photo.len());

    // It serves nowhere: it can be taken away. What a chapter names cannot.
    let (path, sound) = ("media/guichet-d-accueil.jpg", "accueil-et-posture/media/appel.ogg");
    let list = marie.get(MEDIA).await;
    assert!(list.text().contains("Son · "), "{}", list.text());
    for (path, status) in [(path, StatusCode::SEE_OTHER), (sound, StatusCode::CONFLICT)] {
        let form = list.body.split("<form").find(|form| form.contains(&format!("value=\"{path}\"")));
        let base = form.and_then(|form| form.split("name=\"base\" value=\"").nth(1)?.split('"').next()).unwrap_or("1");
        let request = product.app.dice.uuid().to_string();
        let removed =
            marie.post(&format!("{MEDIA}/retirer"), &[("request", &request), ("path", path), ("base", base)]).await;
        assert_eq!(removed.status, status, "{path}: {}", removed.text());
    }
    assert_eq!(bytes_of(&product, COURSE, path).await, None);
});

on_both!(what_is_given_up_expires_and_nobody_fills_the_disk, |product| async {
    let marie = author(&product).await;
    for number in 0..10 {
        assert_eq!(announce(&marie, &format!("plan-{number}.png"), 100 + number).await.status, StatusCode::CREATED);
    }
    let refused = announce(&marie, "plan-10.png", 200).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.body.contains("10 fichiers"), "{}", refused.body);
    let folder = product.app.config.data.join("envois");
    let files = || std::fs::read_dir(&folder).map(Iterator::count).unwrap_or(0);
    assert_eq!(files(), 10);
    let url = announce(&marie, "plan-0.png", 100).await.location.unwrap();
    let ended = marie.send(marie.request(Method::DELETE, &url).header("tus-resumable", "1.0.0")).await;
    assert_eq!((ended.status, files()), (StatusCode::NO_CONTENT, 9));
    product.wait(SignedDuration::from_hours(25));
    server::studio::media::sweep(&product.app).await.unwrap();
    assert_eq!(files(), 0);
    let marie = product.signed_in(PersonId(1)).await; // her session has ended meanwhile
    assert_eq!(announce(&marie, "plan-1.png", 101).await.status, StatusCode::CREATED);
    let huge = announce(&marie, "film.mp4", 600_000_000).await;
    assert_eq!(huge.status, StatusCode::PAYLOAD_TOO_LARGE);
    let old = marie.send(marie.request(Method::POST, UPLOADS).header("tus-resumable", "0.2.2")).await;
    assert_eq!((old.status, &old.headers["tus-version"]), (StatusCode::PRECONDITION_FAILED, &"1.0.0".parse().unwrap()));
});

on_both!(files_that_lie_bombs_and_names_that_climb_are_refused_with_the_remedy, |product| async {
    let marie = author(&product).await;
    for name in ["../course.toml", "..\\x.png", "a/b.png", ".htaccess", "con.png"] {
        assert_eq!(announce(&marie, name, 10).await.status, StatusCode::BAD_REQUEST, "{name}");
    }
    let mut bomb = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\xea\x60\0\0\xea\x60\x08\x02\0\0\0".to_vec();
    let mut sum = flate2::Crc::new();
    sum.update(&bomb[12..]);
    bomb.extend_from_slice(&sum.sum().to_be_bytes());
    bomb.extend_from_slice(b"\0\0\0\x02IDAT\0\0\0\0\0\0");
    let film = content("03-mediation-numerique/media/faire-avec.webm");
    let polyglot = [&film[..], b"<script>alert(1)</script>"].concat();
    let sound = content("02-accueil-et-posture/media/appel.ogg");
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"><script>1</script></svg>".to_vec();
    let page = b"<!DOCTYPE html><script>alert(1)</script>".to_vec();
    let captions = b"WEBVTT\n\n00:05.000 --> 00:02.000\nTrop tard.\n".to_vec();
    let mut heavy = film.clone();
    heavy.resize(22_000_000, 0);
    let hevc = {
        let leaf = |name: &[u8], inside: &[u8]| {
            let size = u32::try_from(inside.len() + 8).unwrap().to_be_bytes();
            [&size, name, inside].concat()
        };
        let handler = leaf(b"hdlr", b"\0\0\0\0\0\0\0\0vide\0\0\0\0\0\0\0\0\0\0\0\0\0");
        let sample = leaf(b"stsd", b"\0\0\0\0\0\0\0\x01\0\0\0\x10hvc1\0\0\0\0\0\0\0\0");
        let media = leaf(b"mdia", &[handler, leaf(b"minf", &leaf(b"stbl", &sample))].concat());
        [leaf(b"ftyp", b"isom\0\0\0\0"), leaf(b"moov", &leaf(b"trak", &media)), leaf(b"mdat", b"x")].concat()
    };
    for (name, bytes, why) in [
        ("bombe.png", bomb, "démesuré"),
        ("film.webm", polyglot, "autre chose à sa fin"),
        ("film.mp4", sound, "s’annonce comme"),
        ("dessin.svg", svg, "lance du code"),
        ("image.svg", page, "à corriger"),
        ("paroles.vtt", captions, "ligne 3"),
        ("lourd.webm", heavy, "pèse 22 Mo, au plus"),
        ("telephone.mp4", hevc, "HEVC"),
        ("photo.heic", b"\0\0\0\x18ftypheic\0\0\0\0".to_vec(), "HEIC"),
        ("programme.exe", b"MZ\x90\0\x03".to_vec(), "d’aucun type accepté"),
    ] {
        let refused = bring(&marie, name, &bytes).await;
        let said = refused.body.replace('\u{a0}', " ");
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}: {said}");
        assert!(said.contains(why), "{name}: {said}");
    }
    let folder = product.app.config.data.join("envois");
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), 0, "nothing refused stays");

    // What is sound comes in, whatever its name says of its kind of image; what hides behind an image does not.
    let png = [picture(300, 200, ImageFormat::Png), b"<script>alert(1)</script>".to_vec()].concat();
    let kept = bring(&marie, "plan.jpg", &png).await;
    assert_eq!(kept.status, StatusCode::OK, "{}", kept.body);
    let path = kept.json()["path"].as_str().unwrap().to_owned();
    let bytes = bytes_of(&product, COURSE, &path).await.unwrap();
    assert!(!bytes.windows(6).any(|part| part == b"script") && bytes.len() <= png.len());
    let film = bring(&marie, "Faire avec.webm", &film).await;
    assert_eq!(film.status, StatusCode::OK, "{}", film.body);
    assert!(film.json()["said"].as_str().unwrap().starts_with("Vidéo de "), "{}", film.body);
});

on_both!(without_script_a_file_comes_in_by_a_plain_form_and_what_is_wrong_comes_back_with_the_page, |product| async {
    let marie = author(&product).await;
    let send = async |name: &str, bytes: &[u8], chapter: &str| {
        let mut body = Vec::new();
        let request = product.app.dice.uuid();
        for (field, value) in [("request", request.to_string()), ("chapter", chapter.to_owned())] {
            body.extend(format!("--b\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n").bytes());
        }
        body.extend(
            format!("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n").bytes(),
        );
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n--b--\r\n");
        let request = marie.request(Method::POST, MEDIA).header("content-type", "multipart/form-data; boundary=b");
        marie.send(request.body(body)).await
    };
    let picture = picture(200, 100, ImageFormat::Png);
    let kept = send("plan.png", &picture, "accueil-et-posture").await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text());
    assert!(marie.get(MEDIA).await.text().contains("accueil-et-posture/media/plan."));
    let wrong = send("plan.png", b"pas une image", "").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        wrong.text().contains("d’aucun type accepté") && wrong.text().contains("Ajouter un fichier"),
        "{}",
        wrong.text()
    );
    assert_eq!(send("plan.png", &picture, "nulle-part").await.status, StatusCode::NOT_FOUND);
});

on_both!(captions_are_written_beside_the_player_and_become_a_transcript, |product| async {
    let marie = author(&product).await;
    let path = format!("{MEDIA}/sous-titres/accueil-et-posture/media/appel.ogg");
    let page = marie.get(&path).await;
    assert!(page.body.contains("WEBVTT") && page.body.contains("<audio"), "{}", page.body);
    let send = async |page: &Page, text: &str, what: &str| {
        let (request, base) = (page.field("request"), page.field("base"));
        marie.post(&path, &[("request", &request), ("base", &base), ("text", text), ("do", what)]).await
    };
    let wrong =
        send(&page, "WEBVTT\r\n\r\n00:01 --> 00:02\r\nBonjour\r\n\r\n00:03.000 --> 00:02.000\r\n", "save").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = wrong.text();
    assert!(
        text.contains("Ligne 3 : temps mal écrits") && text.contains("Ligne 6 : ce sous-titre finit avant"),
        "{text}"
    );
    assert!(wrong.body.contains("00:01 --&gt; 00:02"), "what was typed comes back");
    let good = "WEBVTT\r\n\r\n00:01.000 --> 00:02.000\r\nBonjour.\r\n\r\n00:02.000 --> 00:04.000\r\nEntrez *donc*.\r\n";
    let saved = send(&page, good, "transcript").await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text());
    let written = text_of(&product, COURSE, "accueil-et-posture/media/appel.md").await;
    assert_eq!(written, "Bonjour. Entrez \\*donc\\*.\n");
    // From the page as it was before: both are shown.
    let behind = send(&page, "WEBVTT\n\n00:01.000 --> 00:02.000\nAutre.\n", "save").await;
    assert_eq!(behind.status, StatusCode::CONFLICT);
    assert!(behind.body.contains("Entrez *donc*") && behind.body.contains("Autre."), "{}", behind.body);
    let kept = send(&behind, "WEBVTT\n\n00:01.000 --> 00:02.000\nAutre.\n", "save").await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text());
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_of_an_upload_is_on_disk_after_a_kill() {
    let house = House::new(Database::Sqlite, "production").unwrap();
    let session = {
        let app = house.open().await.unwrap();
        let checked = server::course::publish::check(&workspace().join("content").join(COURSE)).unwrap();
        server::course::publish::publish(&app, checked).await.unwrap();
        let course: CourseSlug = COURSE.parse().unwrap();
        let marie: PersonId =
            support::accounts::person(&app, "Marie", Role::Trainer, Scope::Course(course.clone())).await;
        server::studio::begin(&app, &course, marie, app.dice.uuid()).await.unwrap();
        server::identity::session::open(&app, marie).await.unwrap().secret
    };
    let client = |address: std::net::SocketAddr| {
        let client = Client::new(&format!("http://{address}"));
        client.take_cookie("__Host-socle", &session);
        client
    };
    let photo = picture(1500, 700, ImageFormat::Png);
    let served = house.serve().await.unwrap();
    let marie = client(served.address);
    let url = announce(&marie, "photo.png", photo.len()).await.location.unwrap();
    let mut sent = 0;
    for piece in photo.chunks(photo.len() / 5).take(3) {
        assert_eq!(add(&marie, &url, sent, piece, &[]).await.status, StatusCode::NO_CONTENT);
        sent += piece.len();
    }
    served.kill().await.unwrap();
    // As after a power cut in the middle of a piece: bytes that nobody acknowledged.
    let file = house.folder().join("envois").join(url.rsplit('/').next().unwrap());
    let mut bytes = std::fs::read(&file).unwrap();
    assert_eq!(bytes, photo[..sent]);
    bytes.extend_from_slice(b"jamais acquitt\xe9");
    std::fs::write(&file, &bytes).unwrap();
    let served = house.serve().await.unwrap();
    let marie = client(served.address);
    assert_eq!(stands(&marie, &url).await, (StatusCode::OK, Some(sent)));
    assert_eq!(add(&marie, &url, sent, &photo[sent..], &[]).await.status, StatusCode::NO_CONTENT);
    assert_eq!(std::fs::read(&file).unwrap(), photo);
    let id = url.rsplit('/').next().unwrap();
    let taken = marie.post(&format!("{MEDIA}/envois/{id}"), &[("chapter", "")]).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.text());
    served.kill().await.unwrap();
}
