//! The requirements on statements, section by section (Data 2.2 to 4.6): what is taken, what is refused and where.

use super::*;

fn text(value: &str) -> Value {
    Value::from(value)
}

/// Each place with what may be there.
#[test]
fn what_may_be_said_is_taken() {
    assert!(one(whole()).is_ok(), "{:?}", one(whole()).err());
    let reference = json!({ "objectType": "StatementRef", "id": "16fd2706-8baf-433b-82eb-8c7fada847da" });
    let sub = json!({ "objectType": "SubStatement", "actor": { "mbox": "mailto:a@b.fr" }, "verb": { "id": "https://v.fr/v" },
        "object": reference, "timestamp": "2026-11-24T10:00:00Z", "result": { "success": true } });
    let no_platform = with(with(whole(), "/context", json!({})), "/object", reference.clone());
    for (section, statement) in [
        ("Data 2.4.1", with(whole(), "/id", text("6690E6C9-3EF0-4ED3-8B37-7F3964730BEE"))),
        (
            "Data 2.4.2.1",
            with(whole(), "/actor", json!({ "objectType": "Agent", "name": "", "mbox": "mailto:a.b+c@d.fr" })),
        ),
        ("Data 2.4.2.2", with(whole(), "/actor", json!({ "objectType": "Group", "openid": "https://a.fr" }))),
        (
            "Data 2.4.2.2",
            with(whole(), "/actor", json!({ "objectType": "Group", "openid": "https://a.fr", "member": [] })),
        ),
        (
            "Data 2.4.4.2",
            with(
                with(whole(), "/context", json!({})),
                "/object",
                json!({ "objectType": "Agent", "mbox": "mailto:a@b.fr" }),
            ),
        ),
        ("Data 2.4.4.3", no_platform.clone()),
        ("Data 2.4.4.3", with(no_platform.clone(), "/object", sub.clone())),
        ("Data 2.3.2", with(no_platform, "/verb/id", text(VOIDED))),
        ("Data 2.4.5.1", with(whole(), "/result/score", json!({ "scaled": -1.0 }))),
        ("Data 2.4.5.1", with(whole(), "/result/score", json!({ "raw": 1.0, "max": 1 }))),
        (
            "Data 2.4.9",
            with(
                whole(),
                "/authority",
                json!({ "objectType": "Group", "member": [
            { "account": { "homePage": "https://a.fr", "name": "app" } }, { "mbox": "mailto:a@b.fr" }] }),
            ),
        ),
        ("Data 2.4.10", with(whole(), "/version", text("1.0.9"))),
        ("Data 4.1", with(whole(), "/result/extensions", json!({ "https://a.fr/x": { "a": [null, ""] } }))),
        (
            "Data 4.2",
            with(whole(), "/verb/display", json!({ "zh-Hant-TW": "x", "i-klingon": "y", "x-prive": "z", "und": "" })),
        ),
        ("Data 4.3", with(whole(), "/verb/id", text("https://exemple.fr/verbe/réussi"))),
        ("Data 4.3", with(whole(), "/verb/id", text("urn:uuid:6690e6c9-3ef0-4ed3-8b37-7f3964730bee"))),
        ("Data 4.5", with(whole(), "/timestamp", text("2026-11-24T10:00:00.123456Z"))),
        ("Data 4.5", with(whole(), "/timestamp", text("2026-11-24T10:00:00+0130"))),
        ("Data 4.5", with(whole(), "/timestamp", text("2026-11-24T10:00:00"))),
        ("Data 4.6", with(whole(), "/result/duration", text("P3Y1M29DT4H35M59.14S"))),
        ("Data 4.6", with(whole(), "/result/duration", text("PT16559.14S"))),
        ("Data 4.6", with(whole(), "/result/duration", text("P4W"))),
        ("Data 4.6", with(whole(), "/result/duration", text("P3Y"))),
        ("Data 4.6", with(whole(), "/result/duration", text("P1DT0.5H"))),
    ] {
        assert!(one(statement.clone()).is_ok(), "{section}: {:?}", one(statement).err());
    }
}

/// Each place with what may not be there; the refusal names the place.
#[test]
#[expect(clippy::too_many_lines, reason = "a table: a line a requirement")]
fn what_may_not_be_said_is_refused_where_it_stands() {
    let sub = |inner: Value| {
        let mut sub = json!({ "objectType": "SubStatement", "actor": { "mbox": "mailto:a@b.fr" },
            "verb": { "id": "https://v.fr/v" }, "object": { "id": "https://a.fr" } });
        sub.as_object_mut().unwrap().extend(inner.as_object().unwrap().clone());
        sub
    };
    for (section, place, value) in [
        // Formatting.
        ("Data 2.2", "/result", Value::Null),
        ("Data 2.2", "/context/extensions", Value::Null),
        ("Data 2.2", "/Actor", json!({})),
        ("Data 2.2", "/surprise", json!(1)),
        ("Data 2.2", "/result/success", text("true")),
        ("Data 2.2", "/result/score/raw", text("5")),
        ("Data 2.2", "/verb", text("https://v.fr/v")),
        ("Data 2.2", "/verb/id", text("")),
        // Identifiers.
        ("Data 2.4.1", "/id", json!(12345)),
        ("Data 2.4.1", "/id", text("AA97B177-9383-4934-8543-0F91A7A028368")),
        ("Data 2.4.1", "/id", text("MA97B177-9383-4934-8543-0F91A7A02836")),
        ("Data 2.4.1", "/id", text("{6690e6c9-3ef0-4ed3-8b37-7f3964730bee}")),
        ("Data 2.4.1", "/id", text("6690e6c93ef04ed38b377f3964730bee")),
        // Agents and groups.
        ("Data 2.4.2", "/actor", json!({})),
        ("Data 2.4.2.1", "/actor", json!({ "objectType": "agent", "mbox": "mailto:a@b.fr" })),
        ("Data 2.4.2.1", "/actor", json!({ "name": "Léa" })),
        ("Data 2.4.2.1", "/actor", json!({ "mbox": "mailto:a@b.fr", "openid": "https://a.fr" })),
        ("Data 2.4.2.1", "/actor", json!({ "mbox": "mailto:a@b.fr", "member": [] })),
        ("Data 2.4.2.2", "/actor", json!({ "objectType": "Group" })),
        ("Data 2.4.2.2", "/actor", json!({ "objectType": "Group", "member": [] })),
        ("Data 2.4.2.2", "/actor/member/0", json!({ "objectType": "Group", "mbox": "mailto:a@b.fr" })),
        ("Data 2.4.2.2", "/actor/member", json!({ "mbox": "mailto:a@b.fr" })),
        ("Data 2.4.2.3", "/actor/mbox", text("a@b.fr")),
        ("Data 2.4.2.3", "/actor/mbox", text("mailto:a")),
        ("Data 2.4.2.3", "/actor/mbox", text("mailto:a@b@c")),
        ("Data 2.4.2.3", "/actor/member/0/mbox_sha1sum", text("ebd31e95")),
        ("Data 2.4.2.3", "/actor/member/1/openid", text("lea")),
        ("Data 2.4.2.4", "/context/instructor/account", json!({ "name": "7" })),
        ("Data 2.4.2.4", "/context/instructor/account", json!({ "homePage": "https://a.fr" })),
        ("Data 2.4.2.4", "/context/instructor/account/homePage", text("exemple.fr")),
        ("Data 2.4.2.4", "/context/instructor/account/name", json!(7)),
        // Verbs.
        ("Data 2.4.3", "/verb", json!({ "display": {} })),
        ("Data 2.4.3", "/verb/id", text("réussi")),
        ("Data 2.4.3", "/verb/display", json!({ "fr": 1 })),
        // Objects.
        ("Data 2.4.4", "/object", json!({})),
        ("Data 2.4.4", "/object/objectType", text("activity")),
        ("Data 2.4.4.1", "/object/id", text("caf")),
        ("Data 2.4.4.1", "/object/definition/type", text("module")),
        ("Data 2.4.4.1", "/object/definition/moreInfo", text("plus")),
        ("Data 2.4.4.1", "/object/definition/name", text("La CAF")),
        ("Data 2.4.4.1", "/object/definition/extensions", json!({ "ext": 1 })),
        ("Data 2.4.4.1", "/object/definition/interactionType", text("Choice")),
        ("Data 2.4.4.1", "/object/definition/correctResponsesPattern", text("a")),
        ("Data 2.4.4.1", "/object/definition/correctResponsesPattern", json!([1])),
        ("Data 2.4.4.1", "/object/definition/choices/1/id", text("a")),
        ("Data 2.4.4.1", "/object/definition/choices/1", json!({ "description": {} })),
        ("Data 2.4.4.1", "/object/definition", json!({ "scale": [{ "id": "a" }] })),
        ("Data 2.4.4.1", "/object/definition", json!({ "correctResponsesPattern": [] })),
        ("Data 2.4.4.2", "/object", json!({ "mbox": "mailto:a@b.fr" })),
        ("Data 2.4.4.3", "/object", json!({ "objectType": "StatementRef" })),
        ("Data 2.4.4.3", "/object", json!({ "objectType": "StatementRef", "id": "7" })),
        ("Data 2.4.4.3", "/object", sub(json!({ "id": "6690e6c9-3ef0-4ed3-8b37-7f3964730bee" }))),
        ("Data 2.4.4.3", "/object", sub(json!({ "stored": "2026-11-24T10:00:00Z" }))),
        ("Data 2.4.4.3", "/object", sub(json!({ "version": "1.0.0" }))),
        ("Data 2.4.4.3", "/object", sub(json!({ "authority": { "mbox": "mailto:a@b.fr" } }))),
        ("Data 2.4.4.3", "/object", sub(json!({ "object": sub(json!({})) }))),
        ("Data 2.4.4.3", "/object", sub(json!({ "verb": {} }))),
        // Results.
        ("Data 2.4.5", "/result/completion", json!(1)),
        ("Data 2.4.5", "/result/response", json!(1)),
        ("Data 2.4.5.1", "/result/score", json!(1)),
        ("Data 2.4.5.1", "/result/score/scaled", json!(1.01)),
        ("Data 2.4.5.1", "/result/score/scaled", json!(-1.00001)),
        ("Data 2.4.5.1", "/result/score/raw", json!(10.5)),
        ("Data 2.4.5.1", "/result/score/raw", json!(-1)),
        ("Data 2.4.5.1", "/result/score/min", json!(10)),
        // Contexts.
        ("Data 2.4.6", "/context/registration", text("7")),
        ("Data 2.4.6", "/context/team", json!({ "mbox": "mailto:a@b.fr" })),
        ("Data 2.4.6", "/context/language", text("français")),
        ("Data 2.4.6", "/context/platform", json!(1)),
        ("Data 2.4.6", "/context/statement", json!({ "id": "16fd2706-8baf-433b-82eb-8c7fada847da" })),
        ("Data 2.4.6.2", "/context/contextActivities", json!({ "children": [] })),
        ("Data 2.4.6.2", "/context/contextActivities/parent", text("https://exemple.fr")),
        ("Data 2.4.6.2", "/context/contextActivities/parent", json!([{ "id": "caf" }])),
        // Instants, versions, authorities.
        ("Data 2.4.8", "/stored", text("hier")),
        (
            "Data 2.4.9",
            "/authority",
            json!({ "objectType": "Group", "member": [{ "mbox": "mailto:a@b.fr" }, { "mbox": "mailto:c@d.fr" }] }),
        ),
        ("Data 2.4.10", "/version", text("0.9.9")),
        ("Data 2.4.10", "/version", text("1.1.0")),
        // Attachments.
        ("Data 2.4.11", "/attachments", json!({})),
        ("Data 2.4.11", "/attachments/0/usageType", text("photo")),
        ("Data 2.4.11", "/attachments/0/display", text("Photo")),
        ("Data 2.4.11", "/attachments/0/contentType", text("png")),
        ("Data 2.4.11", "/attachments/0/length", text("12")),
        ("Data 2.4.11", "/attachments/0/length", json!(-1)),
        ("Data 2.4.11", "/attachments/0/length", json!(1.5)),
        ("Data 2.4.11", "/attachments/0/sha2", text("abc")),
        ("Data 2.4.11", "/attachments/0/fileUrl", text("photo.png")),
        // Special types.
        ("Data 4.1", "/context/extensions", json!({ "clé": 1 })),
        ("Data 4.2", "/verb/display", json!({ "a12345678": "x" })),
        ("Data 4.5", "/timestamp", text("01/011/2015")),
        ("Data 4.5", "/timestamp", text("2026-11-24")),
        ("Data 4.5", "/timestamp", text("2026-11-24T10:00:00[Europe/Paris]")),
        ("Data 4.5", "/timestamp", text("2008-09-15T15:53:00.601-00")),
        ("Data 4.5", "/timestamp", text("2008-09-15T15:53:00.601-0000")),
        ("Data 4.5", "/timestamp", text("2008-09-15T15:53:00.601-00:00")),
        ("Data 4.6", "/result/duration", text("PA1H0M0S")),
        ("Data 4.6", "/result/duration", text("P4W1D")),
        ("Data 4.6", "/result/duration", text("P")),
        ("Data 4.6", "/result/duration", text("PT")),
        ("Data 4.6", "/result/duration", text("P1Y2M3DT")),
        ("Data 4.6", "/result/duration", text("PT1.5H1M")),
        ("Data 4.6", "/result/duration", text("PT1M1H")),
        ("Data 4.6", "/result/duration", json!(90)),
    ] {
        let Err(problem) = one(with(whole(), place, value.clone())) else {
            panic!("{section}: {place} = {value} is taken")
        };
        let said = problem.to_string();
        let outer = place.split('/').nth(1).unwrap();
        assert!(
            said.starts_with(&format!("$.{outer}")) && said.contains('\u{a0}'),
            "{section}: {place} = {value}: {said}"
        );
    }
}

#[test]
fn what_must_be_there_is_missed() {
    for (section, place, key) in [
        ("Data 2.2", "", "actor"),
        ("Data 2.2", "", "verb"),
        ("Data 2.2", "", "object"),
        ("Data 2.4.3", "/verb", "id"),
        ("Data 2.4.4.1", "/object", "id"),
        ("Data 2.4.11", "/attachments/0", "usageType"),
        ("Data 2.4.11", "/attachments/0", "display"),
        ("Data 2.4.11", "/attachments/0", "contentType"),
        ("Data 2.4.11", "/attachments/0", "length"),
        ("Data 2.4.11", "/attachments/0", "sha2"),
    ] {
        let mut statement = whole();
        statement.pointer_mut(place).unwrap().as_object_mut().unwrap().remove(key);
        let problem = one(statement).expect_err(section).to_string();
        assert!(problem.contains(&format!(".{key}\u{a0}: cette propriété est obligatoire")), "{section}: {problem}");
    }
}

#[test]
fn some_things_go_only_with_others() {
    let reference = json!({ "objectType": "StatementRef", "id": "16fd2706-8baf-433b-82eb-8c7fada847da" });
    let problem = |statement: Value| one(statement).expect_err("refused").to_string();
    // Data 2.4.6: a revision and a platform, of activities only.
    assert!(problem(with(whole(), "/object", reference)).starts_with("$.context.revision"));
    // Data 2.3.2: what is voided is a statement.
    assert!(problem(with(whole(), "/verb/id", VOIDED.into())).starts_with("$.object"));
}

#[test]
fn a_property_given_twice_is_refused() {
    for text in [r#"{"a":1,"a":1}"#, r#"[{"b":{"c":1,"c":2}}]"#, "{", "", "nul", "{\"a\":1e999}"] {
        let problem = read(text.as_bytes()).expect_err(text).to_string();
        assert!(problem.starts_with("$\u{a0}: ce n’est pas du JSON"), "{problem}");
    }
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(read(deep.as_bytes()).is_err(), "nor is what is nested without end");
    assert_eq!(read(br#"{"a":[1,1.5,-2,true,null,"x"]}"#).unwrap(), json!({ "a": [1, 1.5, -2, true, null, "x"] }));
}

#[test]
fn in_a_list_the_refused_one_is_named() {
    let list = json!([whole(), whole(), with(whole(), "/actor/mbox", "x".into())]);
    assert!(statements(list).unwrap_err().to_string().starts_with("$[2].actor.mbox\u{a0}: "));
}

#[test]
fn parameters_follow_the_rules_of_what_they_stand_for() {
    let ask = |given: &[(&str, &str)]| {
        query(&given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<Vec<_>>())
    };
    let id = "6690e6c9-3ef0-4ed3-8b37-7f3964730bee";
    let Wanted::Many(filter) = ask(&[
        ("agent", r#"{"mbox":"mailto:a@b.fr"}"#),
        ("related_agents", "true"),
        ("activity", "https://a.fr"),
        ("since", "2026-11-24T10:00:00Z"),
        ("limit", "0"),
        ("ascending", "true"),
    ])
    .unwrap()
    .wanted
    else {
        panic!("many")
    };
    assert_eq!((filter.limit, filter.ascending, filter.chooses()), (PAGE, true, true));
    assert!(filter.agent.unwrap().1 && !filter.activity.unwrap().1);
    assert_eq!(
        ask(&[("voidedStatementId", id)]).unwrap().wanted,
        Wanted::One { id: id.parse().unwrap(), voided: true }
    );
    for (section, given) in [
        ("Communication 3.2", vec![("unknown", "1")]),
        ("Communication 3.2", vec![("StatementId", id)]),
        ("Communication 3.2", vec![("verb", "https://v.fr"), ("verb", "https://v.fr")]),
        ("Communication 2.1.3", vec![("statementId", id), ("voidedStatementId", id)]),
        ("Communication 2.1.3", vec![("statementId", id), ("limit", "1")]),
        ("Communication 2.1.3", vec![("voidedStatementId", id), ("related_agents", "false")]),
        ("Data 2.2", vec![("statementId", "7")]),
        ("Data 2.2", vec![("agent", "lea")]),
        ("Data 2.2", vec![("agent", r#"{"mbox":"mailto:a@b.fr","name":null}"#)]),
        ("Data 2.2", vec![("agent", r#"{"objectType":"Group","member":[{"mbox":"mailto:a@b.fr"}]}"#)]),
        ("Data 2.2", vec![("verb", "lu")]),
        ("Data 2.2", vec![("activity", "caf")]),
        ("Data 2.2", vec![("registration", "7")]),
        ("Data 2.2", vec![("since", "hier")]),
        ("Data 2.2", vec![("until", "2026-11-24")]),
        ("Data 2.2", vec![("limit", "-1")]),
        ("Data 2.2", vec![("ascending", "True")]),
        ("Data 2.2", vec![("format", "Exact")]),
        ("Data 2.2", vec![("attachments", "1")]),
    ] {
        let problem = ask(&given).expect_err(section).to_string();
        assert!(given.iter().any(|(name, _)| problem.starts_with(name)), "{section}: {problem}");
    }
}
