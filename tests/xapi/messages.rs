//! Messages in parts, what is attached, signatures (Communication 1.5; Data 2.4.11, 2.6), and the syntax of those who
//! can only send forms (Communication 1.3).

use super::*;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

const MIXED: &str = "multipart/mixed; boundary=\"abc 'x'\"";
const BOUNDARY: &str = "abc 'x'";

fn sha2(content: &str) -> String {
    Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A statement to which that is attached.
fn announcing(content: &str, usage: &str, kind: &str) -> Value {
    let mut statement = did("lea", "attached", "caf");
    statement["attachments"] = json!([{ "usageType": usage, "display": { "fr": "Pièce" }, "contentType": kind,
        "length": content.len(), "sha2": sha2(content) }]);
    statement
}

fn part(headers: &[&str], content: &str) -> String {
    format!("--{BOUNDARY}\r\n{}\r\n\r\n{content}\r\n", headers.join("\r\n"))
}

fn json_part(statement: &Value) -> String {
    part(&["Content-Type: application/json"], &statement.to_string())
}

fn attached(content: &str, kind: &str) -> String {
    let hash = format!("X-Experience-API-Hash: {}", sha2(content));
    part(&[&format!("Content-Type: {kind}"), "Content-Transfer-Encoding: binary", &hash], content)
}

async fn send(system: &System, kind: &str, parts: &[String]) -> Page {
    let body = format!("{}--{BOUNDARY}--\r\n", parts.concat());
    system.client.send(system.request(Method::POST, STATEMENTS).header(CONTENT_TYPE, kind).body(body)).await
}

on_both!(what_is_attached_comes_along_and_is_given_back, |product| async move {
    let system = System::new(&product).await;
    let content = "ligne 1\r\n--ligne 2\u{0}";
    let announced = announcing(content, "https://exemple.fr/piece", "text/plain");
    let page = send(&system, MIXED, &[json_part(&announced), attached(content, "text/plain")]).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let kept = page.json()[0].as_str().expect("an id").to_owned();
    let told = system.find(&[("attachments", "true"), ("statementId", &kept)]).await;
    let kind = header(&told.headers, "content-type");
    let boundary = kind.strip_prefix("multipart/mixed; boundary=").expect(kind);
    let parts: Vec<&str> = told.body.split(&format!("--{boundary}")).collect();
    assert!(parts[1].contains("Content-Type: application/json") && parts[1].contains(&kept), "{}", told.body);
    assert!(
        parts[2].ends_with(&format!("X-Experience-API-Hash: {}\r\n\r\n{content}\r\n", sha2(content))),
        "{}",
        told.body
    );
    assert_eq!((parts.len(), parts[3]), (4, "--\r\n"));
    for parameters in [vec![("attachments", "false")], vec![]] {
        let told = system.find(&parameters).await;
        assert_eq!(header(&told.headers, "content-type"), "application/json", "Communication 2.1.3");
    }
    let many = system.find(&[("attachments", "true")]).await;
    assert!(many.body.contains(content) && many.body.contains("\"more\""));
    // Communication 1.5.1: an address is enough.
    let mut elsewhere = announced.clone();
    elsewhere["attachments"][0]["fileUrl"] = json!("https://exemple.fr/piece.txt");
    system.keeps(&elsewhere).await;
    assert_eq!(send(&system, MIXED, &[json_part(&elsewhere)]).await.status, StatusCode::OK);
    assert_eq!(send(&system, MIXED, &[json_part(&did("lea", "passed", "caf"))]).await.status, StatusCode::OK);
    refuses(&system.post(&announced).await, StatusCode::BAD_REQUEST, "fileUrl");
});

on_both!(a_message_that_is_not_one_is_refused, |product| async move {
    let system = System::new(&product).await;
    let content = "une pièce";
    let announced = announcing(content, "https://exemple.fr/piece", "text/plain");
    let (first, second) = (json_part(&announced), attached(content, "text/plain"));
    let hash = format!("X-Experience-API-Hash: {}", sha2(content));
    let binary = "Content-Transfer-Encoding: binary";
    for (why, kind, parts) in [
        ("no boundary", "multipart/mixed", vec![first.clone(), second.clone()]),
        ("another boundary", "multipart/mixed; boundary=zzz", vec![first.clone(), second.clone()]),
        ("another type", "multipart/form-data; boundary=abc", vec![first.clone(), second.clone()]),
        ("nothing", MIXED, vec![]),
        ("no statement first", MIXED, vec![second.clone(), first.clone()]),
        ("statements in two parts", MIXED, vec![first.clone(), first.clone(), second.clone()]),
        ("nothing attached", MIXED, vec![first.clone()]),
        ("one too many", MIXED, vec![first.clone(), second.clone(), attached("autre", "text/plain")]),
        ("no hash", MIXED, vec![first.clone(), part(&["Content-Type: text/plain", binary], content)]),
        ("another hash", MIXED, vec![first.clone(), part(&[&hash, binary], "autre")]),
        ("no encoding", MIXED, vec![first.clone(), part(&[&hash], content)]),
        ("another encoding", MIXED, vec![first.clone(), part(&[&hash, "Content-Transfer-Encoding: base64"], content)]),
        ("another type of part", MIXED, vec![first.clone(), attached(content, "image/png")]),
        ("no JSON", MIXED, vec![part(&["Content-Type: application/json"], "{"), second.clone()]),
        ("a head without an end", MIXED, vec![format!("--{BOUNDARY}\r\nContent-Type: application/json")]),
    ] {
        let page = send(&system, kind, &parts).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{why}: {}", page.body);
    }
    assert_eq!(ids(&system.find(&[]).await), [""; 0]);
});

on_both!(a_signature_signs_the_statement_it_comes_with, |product| async move {
    let system = System::new(&product).await;
    let usage = "http://adlnet.gov/expapi/attachments/signature";
    let jws = |header: Value, payload: &str| {
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        format!("{}.{}.{}", part(&header.to_string()), part(payload), part("signature"))
    };
    let bare = did("lea", "attached", "caf");
    let good = jws(json!({ "alg": "RS256" }), &bare.to_string());
    let octets = "application/octet-stream";
    let signed = |jws: &str, kind: &str| [json_part(&announcing(jws, usage, kind)), attached(jws, kind)];
    assert_eq!(send(&system, MIXED, &signed(&good, octets)).await.status, StatusCode::OK);
    for (why, parts) in [
        ("another type", signed(&good, "text/plain")),
        ("another algorithm", signed(&jws(json!({ "alg": "HS256" }), &bare.to_string()), octets)),
        ("no algorithm", signed(&jws(json!({ "alg": "none" }), &bare.to_string()), octets)),
        ("no JSON", signed(&jws(json!({ "alg": "RS256" }), "{'actor'"), octets)),
        (
            "another statement",
            signed(&jws(json!({ "alg": "RS256" }), &did("karim", "attached", "caf").to_string()), octets),
        ),
        ("no JWS", signed("une signature", octets)),
        ("no certificate", signed(&jws(json!({ "alg": "RS256", "x5c": ["AAAA"] }), &bare.to_string()), octets)),
    ] {
        let page = send(&system, MIXED, &parts).await;
        refuses(&page, StatusCode::BAD_REQUEST, "signature");
        assert!(!page.body.contains("déclaration existe"), "{why}");
    }
});

on_both!(a_form_says_all_that_a_request_says, |product| async move {
    let system = System::new(&product).await;
    let stranger = product.stranger();
    let basic = system.token.basic();
    let send = |method: &str, fields: Vec<(&'static str, String)>| {
        let path = format!("{STATEMENTS}?method={method}");
        let common = [("Authorization", basic.clone()), ("X-Experience-API-Version", "1.0.3".to_owned())];
        let fields: Vec<_> = common.into_iter().chain(fields).collect();
        stranger.send(stranger.bare_request(Method::POST, &path).form(&fields))
    };
    let content = did("lea", "passed", "caf").to_string();
    let put = send(
        "PUT",
        vec![("statementId", id(1)), ("content", content.clone()), ("Content-Type", "application/json".into())],
    );
    assert_eq!(put.await.status, StatusCode::NO_CONTENT);
    assert_eq!(ids(&send("GET", vec![("activity", "https://exemple.fr/caf".into())]).await), [id(1)]);
    assert_eq!(send("POST", vec![("content", content)]).await.status, StatusCode::OK);
    for (why, page) in [
        ("no content", send("PUT", vec![("statementId", id(2))]).await),
        ("no method", send("PATCH", vec![]).await),
        ("an unknown field", send("GET", vec![("unknown", "1".into())]).await),
        ("others in the address", send("GET&limit=1", vec![]).await),
        ("not a POST", system.get(&format!("{STATEMENTS}?method=GET")).await),
    ] {
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{why}: {}", page.body);
    }
    let form = [("statementId", id(1))];
    let nobody =
        stranger.send(stranger.bare_request(Method::POST, &format!("{STATEMENTS}?method=GET")).form(&form)).await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED, "no token in the form either");
});
