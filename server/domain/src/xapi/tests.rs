use super::json::{Problem, read};
use super::*;
use crate::record::support::{LEA, any_facts, entries, start};
use proptest::prelude::*;
use serde_json::json;
use std::collections::BTreeSet;
use uuid::Uuid;

mod rules;

/// A statement that uses every property that it may.
fn whole() -> Value {
    let activity = json!({ "objectType": "Activity", "id": "https://exemple.fr/caf", "definition": {
        "name": { "fr-FR": "La CAF", "en": "CAF" }, "description": { "fr": "Module" }, "moreInfo": "https://exemple.fr/plus",
        "type": "http://adlnet.gov/expapi/activities/cmi.interaction", "interactionType": "choice",
        "correctResponsesPattern": ["a[,]b"],
        "choices": [{ "id": "a", "description": { "fr": "Oui" } }, { "id": "b" }],
        "extensions": { "https://exemple.fr/ext": { "null": null } } } });
    json!({
        "id": "6690e6c9-3ef0-4ed3-8b37-7f3964730bee",
        "actor": { "objectType": "Group", "name": "Équipe", "mbox": "mailto:equipe@Exemple.fr",
            "member": [{ "mbox_sha1sum": "ebd31e95054c018b10727ccffd2ef2ec3a016ee9" }, { "openid": "https://lea.exemple.fr" }] },
        "verb": { "id": "http://adlnet.gov/expapi/verbs/answered", "display": { "en-US": "answered" } },
        "object": activity,
        "result": { "score": { "scaled": 0.5, "raw": 5, "min": 0, "max": 10 }, "success": true, "completion": false,
            "response": "a[,]b", "duration": "PT1H30M", "extensions": {} },
        "context": {
            "registration": "ec531277-b57b-4c15-8d91-d292c5b2b8f7",
            "instructor": { "account": { "homePage": "https://exemple.fr", "name": "7" } },
            "team": { "objectType": "Group", "member": [{ "mbox": "mailto:a@exemple.fr" }] },
            "contextActivities": { "parent": { "id": "https://exemple.fr/cours" }, "category": [{ "id": "https://exemple.fr/profil" }] },
            "revision": "3", "platform": "Socle", "language": "fr-FR",
            "statement": { "objectType": "StatementRef", "id": "16fd2706-8baf-433b-82eb-8c7fada847da" },
            "extensions": { "https://exemple.fr/e": null } },
        "timestamp": "2026-11-24T10:00:00.123+01:00",
        "stored": "2026-11-24T09:00:00Z",
        "authority": { "mbox": "mailto:lrs@exemple.fr" },
        "version": "1.0.0",
        "attachments": [{ "usageType": "https://exemple.fr/photo", "display": { "fr": "Photo" }, "contentType": "image/png",
            "length": 12, "sha2": "495395e777cd98da653df9615d09c0fd6bb2f8d4788394cd53c56a3bfdcd848a", "fileUrl": "https://exemple.fr/p.png" }],
    })
}

/// The same with a value put there; the last step is made where it is not.
fn with(mut statement: Value, place: &str, value: Value) -> Value {
    let (outer, key) = place.rsplit_once('/').unwrap();
    match statement.pointer_mut(outer).unwrap_or_else(|| panic!("no {outer}")) {
        Value::Object(object) => object.insert(key.into(), value),
        Value::Array(list) => Some(std::mem::replace(&mut list[key.parse::<usize>().unwrap()], value)),
        other => panic!("{outer} is {other}"),
    };
    statement
}

fn one(value: Value) -> Result<Statement, Problem> {
    statements(value).map(|mut list| list.remove(0))
}

fn at() -> jiff::Timestamp {
    "2026-11-28T09:30:00.001Z".parse().unwrap()
}

#[test]
fn a_statement_is_kept_as_it_came_and_completed_by_who_keeps_it() {
    let mut kept = one(whole()).unwrap();
    kept.seal(at(), &account("https://socle.example", "jeton"));
    let body = Value::Object(kept.body().clone());
    assert_eq!(body["stored"], "2026-11-28T09:30:00.001Z", "Data 2.4.8: overwritten");
    assert_eq!(body["authority"]["account"]["name"], "jeton", "Data 2.4.9: who sends it");
    assert_eq!(body["timestamp"], whole()["timestamp"], "Data 2.4.7: as sent");
    assert_eq!(
        body["context"]["contextActivities"]["parent"],
        json!([{ "id": "https://exemple.fr/cours" }]),
        "Data 2.4.6.2"
    );
    assert_eq!((&body["object"], &body["result"]), (&whole()["object"], &whole()["result"]));

    let bare = json!({ "actor": { "mbox": "mailto:a@b.fr" }, "verb": { "id": "https://v.fr/v" }, "object": { "id": "https://a.fr" } });
    let mut kept = one(bare).unwrap();
    kept.identify(Uuid::from_u128(7));
    kept.seal(at(), &platform("https://socle.example"));
    assert_eq!(kept.body()["timestamp"], "2026-11-28T09:30:00.001Z", "Data 2.4.7: when it was stored");
    assert_eq!(
        (&kept.body()["version"], &kept.body()["id"]),
        (&json!("1.0.0"), &json!(Uuid::from_u128(7).to_string()))
    );
}

#[test]
fn a_statement_is_found_by_everything_it_names() {
    let read = one(whole()).unwrap();
    let key = |agent: Value| Key::agent(&actor::agent(&agent).unwrap());
    let traits = &read.traits;
    assert_eq!(traits.verb, Key::verb("http://adlnet.gov/expapi/verbs/answered"));
    assert_eq!(traits.activity, Some(Key::activity("https://exemple.fr/caf")));
    for (agent, broad) in [
        (json!({ "mbox": "mailto:equipe@exemple.fr" }), false),
        (json!({ "openid": "https://lea.exemple.fr" }), false),
        (json!({ "account": { "homePage": "https://exemple.fr", "name": "7" } }), true),
        (json!({ "mbox": "mailto:a@exemple.fr" }), true),
    ] {
        assert_eq!(traits.others.get(&key(agent.clone())), Some(&broad), "{agent}");
    }
    assert_eq!(traits.others.get(&Key::activity("https://exemple.fr/profil")), Some(&true));
    let registration = "ec531277-b57b-4c15-8d91-d292c5b2b8f7".parse().unwrap();
    assert_eq!(traits.others.get(&Key::registration(registration)), Some(&false));
    assert!(traits.definitions.contains_key("https://exemple.fr/caf") && traits.target.is_none() && !traits.voids);
}

#[test]
fn two_statements_say_the_same_whatever_a_store_may_change() {
    let same = [
        ("/stored", json!("2020-01-01T00:00:00Z")),
        ("/authority", json!({ "mbox": "mailto:autre@exemple.fr" })),
        ("/timestamp", json!("2026-11-24T09:00:00.123Z")),
        ("/verb/display", json!({ "fr": "a répondu" })),
        ("/object/definition", json!({ "name": { "fr": "Autre" } })),
        ("/context/contextActivities/parent", json!([{ "id": "https://exemple.fr/cours" }])),
        ("/actor/mbox", json!("mailto:equipe@exemple.fr")),
        (
            "/actor/member",
            json!([{ "openid": "https://lea.exemple.fr" }, { "mbox_sha1sum": "ebd31e95054c018b10727ccffd2ef2ec3a016ee9" }]),
        ),
    ];
    for (place, value) in same {
        assert!(equivalent(&with(whole(), place, value), &whole()), "{place}");
    }
    let others = [
        ("/timestamp", json!("2026-11-24T09:00:00.124Z")),
        ("/result/duration", json!("PT90M")),
        ("/object/id", json!("https://exemple.fr/msa")),
        ("/actor/name", json!("Autre")),
        ("/context/contextActivities/parent", json!({ "id": "https://exemple.fr/autre" })),
        ("/result/success", json!(false)),
        ("/verb/id", json!("https://v.fr/v")),
    ];
    for (place, value) in others {
        assert!(!equivalent(&with(whole(), place, value), &whole()), "{place}");
    }
}

#[test]
fn of_a_statement_only_what_identifies_things_may_be_told() {
    let mut told = Value::Object(one(whole()).unwrap().body().clone());
    to_ids(&mut told);
    assert_eq!(told["verb"], json!({ "id": "http://adlnet.gov/expapi/verbs/answered" }));
    assert_eq!(told["object"], json!({ "id": "https://exemple.fr/caf" }));
    assert_eq!(told["actor"], json!({ "objectType": "Group", "mbox": "mailto:equipe@Exemple.fr" }));
    assert_eq!(
        told["context"]["team"]["member"],
        json!([{ "mbox": "mailto:a@exemple.fr" }]),
        "nothing else identifies it"
    );
    assert_eq!(told["result"], whole()["result"]);
}

#[test]
fn one_language_is_left_the_best_for_who_asks() {
    for (asked, name) in
        [("en-GB, en;q=0.8", "CAF"), ("fr", "La CAF"), ("de, *;q=0.1", "La CAF"), ("de", "La CAF"), ("", "La CAF")]
    {
        let mut told = Value::Object(one(whole()).unwrap().body().clone());
        to_canonical(&mut told, &Languages::read(asked), &|_| None);
        let names: Vec<_> = told["object"]["definition"]["name"].as_object().unwrap().values().collect();
        assert_eq!(names, [name], "{asked}");
    }
    let mut told = whole();
    let known = json!({ "name": { "fr": "La caisse", "en": "The fund" }, "choices": [{ "id": "a", "description": { "fr": "Oui", "en": "Yes" } }] });
    to_canonical(&mut told, &Languages::read("en"), &|iri| (iri == "https://exemple.fr/caf").then(|| known.clone()));
    assert_eq!(told["object"]["definition"]["name"], json!({ "en": "The fund" }));
    assert_eq!(told["object"]["definition"]["choices"][0]["description"], json!({ "en": "Yes" }));
}

#[test]
fn a_definition_adds_to_the_one_before() {
    let before = json!({ "name": { "fr": "La caisse", "en": "The fund" }, "type": "https://exemple.fr/module" });
    let brought = json!({ "name": { "fr": "La CAF" }, "moreInfo": "https://exemple.fr/plus" });
    let whole = json!({ "name": { "fr": "La CAF", "en": "The fund" }, "type": "https://exemple.fr/module", "moreInfo": "https://exemple.fr/plus" });
    assert_eq!(redefined(before, &brought), whole);
}

#[test]
fn what_is_attached_comes_along_or_has_an_address() {
    let statement = |attachment: Value| vec![one(with(whole(), "/attachments/0", attachment)).unwrap()];
    let said = |file: bool| {
        let mut said = json!({ "usageType": "https://exemple.fr/texte", "display": {}, "contentType": "text/plain", "length": 27,
            "sha2": "495395e777cd98da653df9615d09c0fd6bb2f8d4788394cd53c56a3bfdcd848a" });
        if file {
            said["fileUrl"] = "https://exemple.fr/t".into();
        }
        said
    };
    let part = |content: &[u8], kind: Option<&str>| Part {
        hash: "495395e777cd98da653df9615d09c0fd6bb2f8d4788394cd53c56a3bfdcd848a".into(),
        content_type: kind.map(str::to_owned),
        content: content.to_vec(),
    };
    let good = part(b"here is a simple attachment", Some("text/plain"));
    assert!(match_parts(&statement(said(true)), &[]).is_ok());
    assert!(match_parts(&statement(said(false)), std::slice::from_ref(&good)).is_ok());
    for (why, parts) in [
        ("missing", vec![]),
        ("another content", vec![part(b"there is a simple attachment", None)]),
        ("another type", vec![part(b"here is a simple attachment", Some("image/png"))]),
        ("one too many", vec![good.clone(), Part { hash: "0".repeat(64), ..good.clone() }]),
    ] {
        assert!(match_parts(&statement(said(false)), &parts).is_err(), "{why}");
    }
}

#[test]
fn documents_are_overwritten_by_who_has_seen_them() {
    use {Change::*, Kind::*};
    let tag = |if_match| Supposed { if_match, if_none_match: None };
    let none = |if_none_match| Supposed { if_match: None, if_none_match };
    let silent = Supposed::default();
    for (kind, change, known, supposed, expected) in [
        (ActivityProfile, Put, Some("a1"), tag(Some("\"a1\"")), Ok(())),
        (ActivityProfile, Put, Some("a1"), tag(Some("\"b2\"")), Err(Refused::Otherwise)),
        (AgentProfile, Put, None, none(Some("*")), Ok(())),
        (AgentProfile, Put, Some("a1"), none(Some("*")), Err(Refused::Otherwise)),
        (AgentProfile, Put, Some("a1"), silent, Err(Refused::Unseen)),
        (AgentProfile, Put, None, silent, Err(Refused::Unsaid)),
        (AgentProfile, Put, None, tag(Some("*")), Err(Refused::Otherwise)),
        (AgentProfile, Post, Some("a1"), silent, Ok(())),
        (AgentProfile, Delete, Some("a1"), tag(Some("W/\"a1\", \"z\"")), Ok(())),
        (State, Put, Some("a1"), silent, Ok(())),
        (State, Post, Some("a1"), tag(Some("\"b2\"")), Err(Refused::Otherwise)),
    ] {
        assert_eq!(may_change(kind, change, known, supposed), expected, "{kind:?} {change:?} {known:?} {supposed:?}");
    }
}

#[test]
fn what_is_posted_is_added_to_what_is_there() {
    let json = |text: &'static str| ("application/json; charset=utf-8", text.as_bytes());
    let text = |kind: &'static str, text: &'static str| (kind, text.as_bytes());
    let whole = merged(Some(json(r#"{"x":"foo","y":"bar"}"#)), json(r#"{"x":"bash","z":"faz"}"#)).unwrap();
    assert_eq!(read(&whole).unwrap(), json!({ "x": "bash", "y": "bar", "z": "faz" }));
    assert_eq!(merged(None, json(r#"{ "x": 1 }"#)).unwrap(), br#"{ "x": 1 }"#, "the first, to the letter");
    assert!(merged(Some(json("[1]")), json("{}")).is_err());
    assert!(merged(Some(json("{}")), json("[1]")).is_err());
    assert!(merged(Some(text("text/plain", "{}")), json("{}")).is_err());
    assert!(merged(None, text("text/plain", "{}")).is_err());
}

proptest! {
    /// Each fact makes a statement that this very store would take from another, and names nobody.
    #[test]
    fn every_fact_makes_a_good_statement(facts in any_facts()) {
        let mut ids = BTreeSet::new();
        for entry in entries(facts) {
            let titles = Titles { course: Some("La médiation"), chapter: Some("Accueil") };
            let told = of_fact("https://socle.example", LEA, &entry, titles, at()).expect("a statement");
            let body = Value::Object(told.body().clone());
            let again = one(body.clone()).expect("a good one");
            prop_assert!(equivalent(&body, &Value::Object(again.body().clone())));
            prop_assert_eq!(&body["actor"], &account("https://socle.example", "12"));
            prop_assert_eq!(&body["timestamp"], &json!(super::told(entry.at)));
            prop_assert_eq!(body["stored"].as_str(), Some("2026-11-28T09:30:00.001Z"));
            prop_assert!(ids.insert(told.id), "one identifier each");
            prop_assert!(!body.to_string().contains("Ligne coupée"), "a trainer's words stay in the record");
            // Titles change with what is known of them; what it is found by does not.
            let bare = of_fact("https://socle.example", LEA, &entry, Titles::default(), start()).expect("a statement");
            prop_assert_eq!(bare.id, told.id);
            prop_assert_eq!((bare.traits.verb, bare.traits.activity, bare.traits.others), (told.traits.verb, told.traits.activity, told.traits.others));
        }
    }

    /// Whatever is sent is read, or refused with its place: nothing panics.
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,200}", place in 0..6usize, junk in any_json()) {
        let _ = read(text.as_bytes());
        let _ = query(&[("agent".into(), text.clone()), ("since".into(), text)]);
        let place = ["/actor", "/verb", "/object", "/result", "/context", "/attachments"][place];
        if let Err(problem) = one(with(whole(), place, junk)) {
            let place = format!("$.{}", &place[1..]);
            prop_assert!(problem.to_string().starts_with(&place), "{problem}");
        }
    }

    /// Saying the same is seen from both sides.
    #[test]
    fn saying_the_same_goes_both_ways(left in any_json(), right in any_json()) {
        let (left, right) = (with(whole(), "/result", left), with(whole(), "/result", right));
        prop_assert_eq!(equivalent(&left, &right), equivalent(&right, &left));
        prop_assert!(equivalent(&left, &left));
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "[a-z:/]{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        let key =
            prop_oneof![Just("id".to_owned()), Just("objectType".to_owned()), Just("mbox".to_owned()), "[a-z]{1,4}"];
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map(key, inner, 0..4).prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}
