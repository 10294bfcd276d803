//! States and profiles (Communication 2.2, 2.3, 2.6, 2.7), and who may overwrite whom (3.1).

use super::*;
use jiff::SignedDuration;
use reqwest::header::{ETAG, IF_MATCH, IF_NONE_MATCH, LAST_MODIFIED};

const LEA: &str = r#"{"mbox":"mailto:lea@exemple.fr"}"#;
const CAF: &str = "https://exemple.fr/caf";
const STATE: &str = "/xapi/activities/state";
/// Where documents of a kind are kept, what they are about, and the parameter that names them.
type Kind = (&'static str, &'static [(&'static str, &'static str)], &'static str);
const KINDS: [Kind; 3] = [
    (STATE, &[("activityId", CAF), ("agent", LEA)], "stateId"),
    ("/xapi/activities/profile", &[("activityId", CAF)], "profileId"),
    ("/xapi/agents/profile", &[("agent", LEA)], "profileId"),
];

/// A request about a document.
fn about(system: &System, method: Method, path: &str, parameters: &[(&str, &str)]) -> reqwest::RequestBuilder {
    system.request(method, &asking(path, parameters))
}

fn named<'p>(place: &[(&'p str, &'p str)], key: &'p str, name: &'p str) -> Vec<(&'p str, &'p str)> {
    place.iter().copied().chain([(key, name)]).collect()
}

on_both!(a_document_is_kept_told_added_to_and_removed, |product| async move {
    let system = System::new(&product).await;
    for (path, place, key) in KINDS {
        let one = named(place, key, "avancement");
        let send = |method: Method, kind: &'static str, body: &'static str| {
            let request = about(&system, method, path, &one).header(CONTENT_TYPE, kind).body(body);
            system.client.send(request)
        };
        let tell = || system.client.send(about(&system, Method::GET, path, &one));
        assert_eq!(tell().await.status, StatusCode::NOT_FOUND, "{path}");
        // Communication 2.2: an activity and an agent that nobody has heard of.
        assert_eq!(
            send(Method::POST, "application/json", r#"{"x":"foo","y":"bar"}"#).await.status,
            StatusCode::NO_CONTENT,
            "{path}"
        );
        assert_eq!(
            send(Method::POST, "application/json", r#"{"x":"bash","z":"faz"}"#).await.status,
            StatusCode::NO_CONTENT
        );
        let page = tell().await;
        assert_eq!(
            (page.json(), header(&page.headers, "content-type")),
            (json!({ "x": "bash", "y": "bar", "z": "faz" }), "application/json")
        );
        // Communication 3.1: the digest of the very bytes, quoted.
        let tag = header(&page.headers, "etag").to_owned();
        assert!(tag.len() == 42 && tag.starts_with('"') && page.headers.contains_key(LAST_MODIFIED), "{tag}");
        for (kind, body) in [("application/json", "[1]"), ("application/json", "{"), ("text/plain", "{}")] {
            assert_eq!(send(Method::POST, kind, body).await.status, StatusCode::BAD_REQUEST, "{path} {body}");
        }
        assert_eq!(header(&tell().await.headers, "etag"), tag, "nothing changed");
        // Any content, whole.
        let replaced =
            about(&system, Method::PUT, path, &one).header(IF_MATCH, &tag).header(CONTENT_TYPE, "text/plain");
        assert_eq!(system.client.send(replaced.body("Autre chose")).await.status, StatusCode::NO_CONTENT);
        let page = tell().await;
        assert_eq!((page.body.as_str(), header(&page.headers, "content-type")), ("Autre chose", "text/plain"));
        // The list of them, and since when.
        product.wait(SignedDuration::from_secs(1));
        let since = product.app.clock.now().to_string();
        product.wait(SignedDuration::from_secs(1));
        let other = about(&system, Method::POST, path, &named(place, key, "notes"));
        assert_eq!(system.client.send(other.json(&json!({}))).await.status, StatusCode::NO_CONTENT);
        let list = system.client.send(about(&system, Method::GET, path, place)).await;
        assert_eq!(list.json(), json!(["avancement", "notes"]), "{path}");
        let list = system.client.send(about(&system, Method::GET, path, &named(place, "since", &since))).await;
        assert_eq!(list.json(), json!(["notes"]), "{path}");
        assert_eq!(send(Method::DELETE, "", "").await.status, StatusCode::NO_CONTENT);
        assert_eq!(tell().await.status, StatusCode::NOT_FOUND);
        let list = system.client.send(about(&system, Method::GET, path, place)).await;
        assert_eq!(list.json(), json!(["notes"]));
    }
});

on_both!(a_profile_is_overwritten_by_who_has_seen_it, |product| async move {
    let system = System::new(&product).await;
    for (path, place, key) in &KINDS[1..] {
        let one = named(place, key, "profil");
        let put = |name: Option<(reqwest::header::HeaderName, String)>| {
            let request = about(&system, Method::PUT, path, &one).json(&json!({ "n": 1 }));
            system.client.send(match name {
                Some((name, value)) => request.header(name, value),
                None => request,
            })
        };
        assert_eq!(put(None).await.status, StatusCode::BAD_REQUEST, "{path}: nothing is said");
        assert_eq!(put(Some((IF_MATCH, "\"00\"".into()))).await.status, StatusCode::PRECONDITION_FAILED);
        assert_eq!(put(Some((IF_NONE_MATCH, "*".into()))).await.status, StatusCode::NO_CONTENT);
        assert_eq!(put(Some((IF_NONE_MATCH, "*".into()))).await.status, StatusCode::PRECONDITION_FAILED);
        let conflict = put(None).await;
        refuses(&conflict, StatusCode::CONFLICT, "If-Match");
        let tag = system.client.send(about(&system, Method::GET, path, &one)).await.headers[ETAG].clone();
        assert_eq!(put(Some((IF_MATCH, tag.to_str().expect("text").into()))).await.status, StatusCode::NO_CONTENT);
        let wrong = about(&system, Method::DELETE, path, &one).header(IF_MATCH, "\"00\"");
        assert_eq!(system.client.send(wrong).await.status, StatusCode::PRECONDITION_FAILED);
    }
});

on_both!(states_belong_to_a_registration_where_one_is_said, |product| async move {
    let system = System::new(&product).await;
    let registration = "ec531277-b57b-4c15-8d91-d292c5b2b8f7";
    let (_, place, _) = KINDS[0];
    let within = named(place, "registration", registration);
    for (place, name) in [(place.to_vec(), "a"), (within.clone(), "a"), (within.clone(), "b")] {
        let put =
            about(&system, Method::PUT, STATE, &named(&place, "stateId", name)).json(&json!({ "in": place.len() }));
        assert_eq!(system.client.send(put).await.status, StatusCode::NO_CONTENT);
    }
    let list = |parameters: Vec<(&'static str, &'static str)>| {
        let request = about(&system, Method::GET, STATE, &parameters);
        async { system.client.send(request).await.json() }
    };
    assert_eq!(list(place.to_vec()).await, json!(["a", "b"]));
    let told = system.client.send(about(&system, Method::GET, STATE, &named(place, "stateId", "a"))).await.json();
    assert_eq!(told, json!({ "in": 2 }), "that of no registration");
    assert_eq!(system.client.send(about(&system, Method::DELETE, STATE, &within)).await.status, StatusCode::NO_CONTENT);
    assert_eq!(list(place.to_vec()).await, json!(["a"]));
    assert_eq!(list(within).await, json!([]));
    assert_eq!(system.client.send(about(&system, Method::DELETE, STATE, place)).await.status, StatusCode::NO_CONTENT);
    assert_eq!(list(place.to_vec()).await, json!([]));
});

on_both!(parameters_of_documents_are_required_known_and_well_formed, |product| async move {
    let system = System::new(&product).await;
    for (path, parameters, wrong) in [
        (STATE, vec![("agent", LEA), ("stateId", "a")], "activityId"),
        (STATE, vec![("activityId", "caf"), ("agent", LEA), ("stateId", "a")], "activityId"),
        (STATE, vec![("activityId", CAF), ("stateId", "a")], "agent"),
        (STATE, vec![("activityId", CAF), ("agent", "lea"), ("stateId", "a")], "agent"),
        (
            STATE,
            vec![("activityId", CAF), ("agent", r#"{"objectType":"Group","mbox":"mailto:a@b.fr"}"#), ("stateId", "a")],
            "agent",
        ),
        (STATE, vec![("activityId", CAF), ("agent", LEA), ("stateId", "a"), ("registration", "7")], "registration"),
        (STATE, vec![("activityId", CAF), ("agent", LEA), ("stateId", "a"), ("profileId", "b")], "profileId"),
        (STATE, vec![("activityId", CAF), ("agent", LEA), ("stateId", "a"), ("since", "hier")], "since"),
        (STATE, vec![("activityId", CAF), ("agent", LEA), ("stateId", "a\u{0}b")], "stateId"),
        ("/xapi/activities/profile", vec![("profileId", "a")], "activityId"),
        ("/xapi/agents/profile", vec![("agent", LEA), ("activityId", CAF)], "activityId"),
        (
            "/xapi/agents/profile",
            vec![("agent", r#"{"account":{"homePage":"https://a.fr","name":"a\u0000"}}"#), ("profileId", "a")],
            "agent",
        ),
    ] {
        for method in [Method::GET, Method::PUT, Method::POST, Method::DELETE] {
            let request = about(&system, method.clone(), path, &parameters).header(IF_NONE_MATCH, "*").json(&json!({}));
            refuses(&system.client.send(request).await, StatusCode::BAD_REQUEST, wrong);
        }
    }
    for (path, place, key) in KINDS {
        for method in [Method::PUT, Method::POST, Method::DELETE] {
            if (path, &method) != (STATE, &Method::DELETE) {
                let request = about(&system, method, path, place).json(&json!({}));
                refuses(&system.client.send(request).await, StatusCode::BAD_REQUEST, key);
            }
        }
    }
});
