//! The learning record store through its door: xAPI 1.0.3, section by section of its third part. What a statement may
//! be is tested where it is read (`domain::xapi`).

mod documents;
mod facts;
mod messages;
mod searches;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, WWW_AUTHENTICATE};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use support::machine::Token;
use support::{Client, Page, Product, on_both};

const VERSION: &str = "x-experience-api-version";
const CONSISTENT: &str = "x-experience-api-consistent-through";
const STATEMENTS: &str = "/xapi/statements";

/// Another system, which speaks xAPI.
struct System {
    client: Client,
    token: Token,
}

impl System {
    async fn new(product: &Product) -> Self {
        Self::with(product, &["statements:read", "statements:write"]).await
    }

    async fn with(product: &Product, scopes: &[&str]) -> Self {
        Self { client: product.stranger(), token: product.token(scopes).await }
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = self.client.bare_request(method, path);
        request.header(VERSION, "1.0.3").header(AUTHORIZATION, self.token.basic())
    }

    async fn get(&self, path: &str) -> Page {
        self.client.send(self.request(Method::GET, path)).await
    }

    /// Statements found with these parameters.
    async fn find(&self, parameters: &[(&str, &str)]) -> Page {
        self.get(&asking(STATEMENTS, parameters)).await
    }

    async fn post(&self, sent: &Value) -> Page {
        self.client.send(self.request(Method::POST, STATEMENTS).json(sent)).await
    }

    async fn put(&self, id: &str, sent: &Value) -> Page {
        let path = asking(STATEMENTS, &[("statementId", id)]);
        self.client.send(self.request(Method::PUT, &path).json(sent)).await
    }

    /// Sends that; gives the identifiers that it got.
    async fn keeps(&self, sent: &Value) -> Vec<String> {
        let page = self.post(sent).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        serde_json::from_value(page.json()).expect("identifiers")
    }
}

/// The path, with these parameters.
fn asking(path: &str, parameters: &[(&str, &str)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    format!("{path}?{}", query.extend_pairs(parameters).finish())
}

/// What `actor` (a mailbox) did to an activity.
fn did(actor: &str, verb: &str, activity: &str) -> Value {
    json!({
        "actor": { "mbox": format!("mailto:{actor}@exemple.fr") },
        "verb": { "id": format!("http://adlnet.gov/expapi/verbs/{verb}") },
        "object": { "id": format!("https://exemple.fr/{activity}") },
    })
}

fn id(number: u128) -> String {
    format!("00000000-0000-4000-8000-{number:012x}")
}

/// The identifiers of the statements on a page.
fn ids(page: &Page) -> Vec<String> {
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let statements = page.json()["statements"].as_array().expect("statements").clone();
    statements.iter().map(|statement| statement["id"].as_str().expect("an id").to_owned()).collect()
}

/// A refusal says what is wrong and where.
fn refuses(page: &Page, status: StatusCode, place: &str) {
    assert_eq!(page.status, status, "{}", page.body);
    assert_eq!(page.headers[CONTENT_TYPE], "application/problem+json");
    assert!(page.json()["detail"].as_str().is_some_and(|said| said.contains(place)), "{place}: {}", page.body);
}

fn header<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    headers.get(name).map(|value| value.to_str().expect("text")).unwrap_or_default()
}

on_both!(a_statement_is_kept_and_told, |product| async move {
    let system = System::new(&product).await;
    // Communication 2.1.2: an identifier is given where there is none.
    let kept = system.keeps(&did("lea", "passed", "caf")).await;
    let told = system.find(&[("statementId", &kept[0])]).await;
    assert_eq!(told.status, StatusCode::OK);
    let statement = told.json();
    assert_eq!(statement["actor"]["mbox"], "mailto:lea@exemple.fr");
    // Data 2.4.7 to 2.4.10: completed by the store.
    assert_eq!((&statement["version"], &statement["timestamp"]), (&json!("1.0.0"), &statement["stored"]));
    assert_eq!(statement["authority"]["account"]["homePage"], json!(product.app.config.public_url));
    assert_eq!(statement["authority"]["name"], "Un système");
    // Communication 2.1.1 and 2.1.3.
    let (one, other) = (id(1), id(2));
    assert_eq!(system.put(&one, &did("lea", "failed", "caf")).await.status, StatusCode::NO_CONTENT);
    assert_eq!(system.find(&[("statementId", &one)]).await.json()["id"], json!(one));
    refuses(
        &system.client.send(system.request(Method::PUT, STATEMENTS).json(&json!({}))).await,
        StatusCode::BAD_REQUEST,
        "statementId",
    );
    let mut named = did("lea", "failed", "caf");
    named["id"] = json!(other);
    refuses(&system.put(&one, &named).await, StatusCode::BAD_REQUEST, "$.id");
    refuses(&system.put(&one, &json!([named])).await, StatusCode::BAD_REQUEST, "$");
    assert_eq!(system.find(&[("statementId", &id(9))]).await.status, StatusCode::NOT_FOUND);
    // The newest first.
    assert_eq!(ids(&system.find(&[]).await), [one, kept[0].clone()]);
});

on_both!(a_statement_never_changes, |product| async move {
    let system = System::new(&product).await;
    let mut first = did("lea", "passed", "caf");
    first["id"] = json!(id(1));
    first["timestamp"] = json!("2026-11-24T10:00:00+01:00");
    system.keeps(&first).await;
    let before = system.find(&[("statementId", &id(1))]).await.body;
    // Data 2.3.1: the same, told otherwise, is the same.
    let mut same = first.clone();
    same["timestamp"] = json!("2026-11-24T09:00:00Z");
    same["verb"]["display"] = json!({ "fr": "a réussi" });
    same["object"]["definition"] = json!({ "name": { "fr": "La CAF" } });
    assert_eq!(system.keeps(&same).await, [id(1)]);
    assert_eq!(system.put(&id(1), &same).await.status, StatusCode::NO_CONTENT);
    // Communication 2.1.2: another is a conflict, and nothing of the batch is kept.
    let mut other = first.clone();
    other["verb"]["id"] = json!("http://adlnet.gov/expapi/verbs/failed");
    let page = system.post(&json!([did("karim", "passed", "caf"), other])).await;
    refuses(&page, StatusCode::CONFLICT, &id(1));
    refuses(&system.put(&id(1), &other).await, StatusCode::CONFLICT, &id(1));
    assert_eq!(system.find(&[("statementId", &id(1))]).await.body, before);
    assert_eq!(ids(&system.find(&[]).await), [id(1)]);
});

on_both!(a_batch_is_kept_whole_or_not_at_all, |product| async move {
    let system = System::new(&product).await;
    let batch: Vec<Value> = (0..300).map(|rank| did("lea", "answered", &format!("question-{rank}"))).collect();
    let kept = system.keeps(&json!(batch)).await;
    assert_eq!(kept.len(), 300);
    let told = system.find(&[("statementId", &kept[299])]).await.json();
    assert_eq!(told["object"]["id"], "https://exemple.fr/question-299", "identifiers come in the order of statements");
    // Communication 3.2: one refused, all refused.
    let mut wrong = did("lea", "answered", "x");
    wrong["actor"] = json!({ "name": "Léa" });
    refuses(&system.post(&json!([did("lea", "answered", "y"), wrong])).await, StatusCode::BAD_REQUEST, "$[1].actor");
    // Communication 2.1.2: no two of the same identifier.
    let mut twice = did("lea", "answered", "z");
    twice["id"] = json!(id(1));
    refuses(&system.post(&json!([twice, twice])).await, StatusCode::BAD_REQUEST, "$[1].id");
    assert_eq!(ids(&system.find(&[("activity", "https://exemple.fr/y")]).await), [""; 0]);
    assert_eq!(system.keeps(&json!([])).await, [""; 0]);
});

on_both!(a_statement_is_taken_back_and_hidden, |product| async move {
    let system = System::new(&product).await;
    let voiding = |target: &str, id: &str| {
        let mut voiding = did("trainer", "voided", "");
        voiding["object"] = json!({ "objectType": "StatementRef", "id": target });
        voiding["id"] = json!(id);
        voiding
    };
    system.put(&id(1), &did("lea", "passed", "caf")).await;
    system.keeps(&voiding(&id(1), &id(2))).await;
    // Communication 2.1.4.
    assert_eq!(system.find(&[("statementId", &id(1))]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(system.find(&[("voidedStatementId", &id(1))]).await.json()["id"], json!(id(1)));
    assert_eq!(system.find(&[("voidedStatementId", &id(2))]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(ids(&system.find(&[]).await), [id(2)]);
    assert_eq!(
        ids(&system.find(&[("activity", "https://exemple.fr/caf")]).await),
        [id(2)],
        "who points at it is still told"
    );
    // Data 2.3.2: what takes back is not taken back.
    system.keeps(&voiding(&id(2), &id(3))).await;
    assert_eq!(system.find(&[("statementId", &id(2))]).await.status, StatusCode::OK);
    // Taken back before it came, or in the same batch.
    system.keeps(&voiding(&id(5), &id(4))).await;
    system.put(&id(5), &did("lea", "passed", "msa")).await;
    let mut sixth = did("lea", "passed", "cnav");
    sixth["id"] = json!(id(6));
    system.keeps(&json!([voiding(&id(6), &id(7)), sixth])).await;
    for taken in [id(5), id(6)] {
        assert_eq!(system.find(&[("voidedStatementId", &taken)]).await.status, StatusCode::OK, "{taken}");
    }
});

on_both!(every_answer_says_its_version, |product| async move {
    let system = System::new(&product).await;
    let ask = |version: Option<&'static str>| {
        let request = system.client.bare_request(Method::GET, STATEMENTS).header(AUTHORIZATION, system.token.bearer());
        system.client.send(match version {
            Some(version) => request.header(VERSION, version),
            None => request,
        })
    };
    // Communication 3.3.
    for (version, status) in [
        (Some("1.0"), StatusCode::OK),
        (Some("1.0.0"), StatusCode::OK),
        (Some("1.0.3"), StatusCode::OK),
        (Some("1.0.32"), StatusCode::OK),
        (Some("0.9"), StatusCode::BAD_REQUEST),
        (Some("0.95"), StatusCode::BAD_REQUEST),
        (Some("1.1.0"), StatusCode::BAD_REQUEST),
        (Some("2.0.0"), StatusCode::BAD_REQUEST),
        (Some("1.0."), StatusCode::BAD_REQUEST),
        (None, StatusCode::BAD_REQUEST),
    ] {
        let page = ask(version).await;
        assert_eq!(page.status, status, "{version:?}");
        assert_eq!(header(&page.headers, VERSION), "1.0.3");
        // Communication 2.1.3, whatever the answer.
        let through: jiff::Timestamp = header(&page.headers, CONSISTENT).parse().expect("an instant");
        assert!(through <= product.app.clock.now());
    }
    // Communication 2.8: for everybody, in any version.
    let stranger = product.stranger();
    let about = stranger.send(stranger.bare_request(Method::GET, "/xapi/about")).await;
    assert_eq!((about.status, &about.json()["version"][0]), (StatusCode::OK, &json!("1.0.3")));
    refuses(&stranger.send(stranger.bare_request(Method::GET, "/xapi/about?x=1")).await, StatusCode::BAD_REQUEST, "x");
    let nowhere = system.get("/xapi/nowhere").await;
    assert_eq!((nowhere.status, header(&nowhere.headers, VERSION)), (StatusCode::NOT_FOUND, "1.0.3"));
});

on_both!(a_token_opens_what_it_says_and_no_more, |product| async move {
    let (reader, writer) =
        (System::with(&product, &["statements:read"]).await, System::with(&product, &["statements:write"]).await);
    let (person, other) = (product.administrator().await, System::with(&product, &["records:read"]).await);
    // Communication 4.0.
    assert_eq!(writer.post(&did("lea", "passed", "caf")).await.status, StatusCode::OK);
    assert_eq!(ids(&reader.find(&[]).await).len(), 1);
    for page in [writer.find(&[]).await, reader.post(&did("lea", "passed", "caf")).await, other.find(&[]).await] {
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{}", page.body);
        assert_eq!(header(&page.headers, VERSION), "1.0.3");
    }
    // The session of a person opens nothing here.
    let page = person.send(person.request(Method::GET, STATEMENTS).header(VERSION, "1.0.3")).await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    assert!(page.headers.contains_key(WWW_AUTHENTICATE) && page.location.is_none());
});

on_both!(head_says_what_get_says_without_its_body, |product| async move {
    let system = System::new(&product).await;
    system.put(&id(1), &did("lea", "passed", "caf")).await;
    let one = format!("{STATEMENTS}?statementId={}", id(1));
    for path in
        ["/xapi/about", STATEMENTS, one.as_str(), "/xapi/agents?agent=%7B%22mbox%22%3A%22mailto%3Aa%40b.fr%22%7D"]
    {
        let (get, head) = (system.get(path).await, system.client.send(system.request(Method::HEAD, path)).await);
        assert_eq!((get.status, head.status, head.body.len()), (StatusCode::OK, StatusCode::OK, 0), "{path}");
        for name in ["content-type", VERSION, "etag", "last-modified"] {
            assert_eq!(get.headers.get(name), head.headers.get(name), "{path} {name}");
        }
    }
});

on_both!(what_is_malformed_or_too_large_is_refused_and_breaks_nothing, |product| async move {
    let system = System::new(&product).await;
    let post = |kind: &'static str, body: Vec<u8>| {
        system.client.send(system.request(Method::POST, STATEMENTS).header(CONTENT_TYPE, kind).body(body))
    };
    let good = did("lea", "passed", "caf").to_string();
    for (kind, body) in [
        ("application/json", b"{".to_vec()),
        ("application/json", b"\xff\xfe{}".to_vec()),
        ("application/json", b"null".to_vec()),
        ("application/json", b"\"x\"".to_vec()),
        ("application/json", [b"[".repeat(50_000), b"]".repeat(50_000)].concat()),
        ("application/json", format!("{{\"actor\":1,{}", &good[1..]).into_bytes()),
        ("application/json", good.replace("passed", "pass\\u0000ed").into_bytes()),
        ("text/plain", good.clone().into_bytes()),
        ("", good.clone().into_bytes()),
    ] {
        let page = post(kind, body).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{kind}: {}", page.body);
    }
    let page = post("application/json", vec![b' '; 8 * 1024 * 1024 + 1]).await;
    assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE, "Communication 3.2");
    // A string that PostgreSQL would not hold as it is.
    let mut zero = did("lea", "passed", "caf");
    zero["result"] = json!({ "response": "a\u{0}b" });
    let kept = system.keeps(&zero).await;
    assert_eq!(system.find(&[("statementId", &kept[0])]).await.json()["result"]["response"], "a\u{0}b");
    assert_eq!(ids(&system.find(&[]).await).len(), 1, "nothing else was kept");
});
