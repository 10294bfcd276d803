//! Finding statements (Communication 2.1.3, 2.1.4; Data 2.5).

use super::*;
use jiff::SignedDuration;

const CAF: &str = "https://exemple.fr/caf";
const COURSE: &str = "https://exemple.fr/cours";

/// Statements 1 to 6, a second apart.
async fn seeded(product: &Product, system: &System) {
    let in_course = json!({ "contextActivities": { "grouping": { "id": COURSE } },
        "registration": "ec531277-b57b-4c15-8d91-d292c5b2b8f7",
        "instructor": { "mbox": "mailto:rose@exemple.fr" } });
    let mut second = did("lea", "failed", "caf");
    second["context"] = in_course;
    let mut third = did("karim", "passed", "msa");
    third["actor"] = json!({ "objectType": "Group", "member": [{ "mbox": "mailto:karim@exemple.fr" }, { "mbox": "mailto:lea@exemple.fr" }] });
    let mut fourth = did("rose", "asked", "");
    fourth["object"] = json!({ "objectType": "Agent", "mbox": "mailto:lea@exemple.fr" });
    let mut fifth = did("rose", "planned", "");
    let mut inner = did("karim", "attended", "caf");
    inner["objectType"] = json!("SubStatement");
    fifth["object"] = inner;
    let mut sixth = did("rose", "confirmed", "");
    sixth["object"] = json!({ "objectType": "StatementRef", "id": id(2) });
    for (number, statement) in (1..).zip([did("lea", "passed", "caf"), second, third, fourth, fifth, sixth]) {
        assert_eq!(system.put(&id(number), &statement).await.status, StatusCode::NO_CONTENT);
        product.wait(SignedDuration::from_secs(1));
    }
}

on_both!(each_filter_lets_through_what_it_names, |product| async move {
    let system = System::new(&product).await;
    seeded(&product, &system).await;
    let lea = r#"{"mbox":"mailto:lea@exemple.fr"}"#;
    let karim = r#"{"objectType":"Agent","name":"Autrement","mbox":"mailto:karim@exemple.fr"}"#;
    let rose = r#"{"mbox":"mailto:rose@exemple.fr"}"#;
    let nobody = r#"{"mbox":"mailto:personne@exemple.fr"}"#;
    let passed = "http://adlnet.gov/expapi/verbs/passed";
    let registration = "ec531277-b57b-4c15-8d91-d292c5b2b8f7";
    for (parameters, expected) in [
        (vec![], vec![6, 5, 4, 3, 2, 1]),
        (vec![("ascending", "true")], vec![1, 2, 3, 4, 5, 6]),
        // Actor, object or member; and who points at these.
        (vec![("agent", lea)], vec![6, 4, 3, 2, 1]),
        (vec![("agent", karim)], vec![3]),
        (vec![("agent", karim), ("related_agents", "true")], vec![5, 3]),
        (vec![("agent", rose)], vec![6, 5, 4]),
        (vec![("agent", rose), ("related_agents", "true")], vec![6, 5, 4, 2]),
        (vec![("agent", nobody)], vec![]),
        (vec![("verb", passed)], vec![3, 1]),
        (vec![("activity", CAF)], vec![6, 2, 1]),
        (vec![("activity", CAF), ("related_activities", "true")], vec![6, 5, 2, 1]),
        (vec![("activity", COURSE)], vec![]),
        (vec![("activity", COURSE), ("related_activities", "true")], vec![6, 2]),
        (vec![("registration", registration)], vec![6, 2]),
        (vec![("registration", registration), ("verb", passed)], vec![]),
        (vec![("agent", lea), ("activity", CAF)], vec![6, 2, 1]),
        (vec![("agent", lea), ("activity", COURSE), ("related_activities", "true")], vec![6, 2]),
        (vec![("agent", lea), ("verb", passed), ("ascending", "true")], vec![1, 3]),
    ] {
        let expected: Vec<String> = expected.into_iter().map(id).collect();
        assert_eq!(ids(&system.find(&parameters).await), expected, "{parameters:?}");
        // Page by page, it is the same.
        let mut pages = parameters.clone();
        pages.push(("limit", "1"));
        let mut page = system.find(&pages).await;
        let mut found = ids(&page);
        while let Some(more) = page.json()["more"].as_str().filter(|more| !more.is_empty()) {
            page = system.get(more).await;
            assert_eq!(ids(&page).len(), 1, "a page that says more has more");
            found.extend(ids(&page));
        }
        assert_eq!(found, expected, "{parameters:?}, one by one");
    }
});

on_both!(instants_are_bounds_and_what_comes_later_moves_no_page, |product| async move {
    let system = System::new(&product).await;
    seeded(&product, &system).await;
    let told = system.find(&[("statementId", &id(3))]).await;
    let third = told.json()["stored"].as_str().expect("an instant").to_owned();
    assert!(header(&told.headers, "last-modified").ends_with("GMT"), "Communication 2.1.3");
    // Later than since, not later than until.
    assert_eq!(ids(&system.find(&[("since", &third)]).await), [6, 5, 4].map(id));
    assert_eq!(ids(&system.find(&[("until", &third)]).await), [3, 2, 1].map(id));
    assert_eq!(ids(&system.find(&[("since", &third), ("until", &third)]).await), [""; 0]);
    let page = system.find(&[("limit", "2"), ("until", &third)]).await;
    assert_eq!(ids(&page), [3, 2].map(id));
    // Data 2.5: the rest stays where it is, a day later too.
    system.put(&id(7), &did("lea", "passed", "late")).await;
    product.wait(SignedDuration::from_hours(25));
    let more = page.json()["more"].as_str().expect("more").to_owned();
    let rest = system.get(&more).await;
    assert_eq!((ids(&rest), &rest.json()["more"]), (vec![id(1)], &json!("")));
    refuses(&system.get(&more.replace("after=", "after=x")).await, StatusCode::BAD_REQUEST, "after");
});

on_both!(references_are_followed_both_ways_and_as_far_as_they_go, |product| async move {
    let system = System::new(&product).await;
    let referring = |target: u128| {
        let mut referring = did("rose", "confirmed", "");
        referring["object"] = json!({ "objectType": "StatementRef", "id": id(target) });
        referring
    };
    // The chain comes backwards: 3 points at 2, which points at 1, which comes last; 4 and 5 point at each other.
    for (number, target) in [(3, 2), (2, 1), (4, 5), (5, 4)] {
        assert_eq!(system.put(&id(number), &referring(target)).await.status, StatusCode::NO_CONTENT);
    }
    system.put(&id(1), &did("lea", "passed", "caf")).await;
    assert_eq!(ids(&system.find(&[("activity", CAF)]).await), [1, 2, 3].map(id));
    let rose = r#"{"mbox":"mailto:rose@exemple.fr"}"#;
    assert_eq!(ids(&system.find(&[("agent", rose)]).await).len(), 4, "once each");
});

on_both!(a_statement_is_told_in_three_ways, |product| async move {
    let system = System::new(&product).await;
    let mut statement = did("lea", "passed", "caf");
    statement["actor"]["name"] = json!("Léa");
    statement["verb"]["display"] = json!({ "en-US": "passed", "fr-FR": "a réussi" });
    statement["object"]["definition"] = json!({ "name": { "en": "The fund", "fr": "La caisse" } });
    system.put(&id(1), &statement).await;
    // A later definition is the store's.
    let mut later = did("karim", "passed", "caf");
    later["object"]["definition"] =
        json!({ "name": { "en": "The CAF", "fr": "La CAF" }, "type": "https://exemple.fr/module" });
    system.put(&id(2), &later).await;
    let told = |format: &'static str, language: &'static str| {
        let path = asking(STATEMENTS, &[("statementId", id(1).as_str()), ("format", format)]);
        system.client.send(system.request(Method::GET, &path).header("accept-language", language))
    };
    let exact = told("exact", "en").await.json();
    assert_eq!(
        (&exact["object"], &exact["verb"], &exact["actor"]),
        (&statement["object"], &statement["verb"], &statement["actor"])
    );
    let minimal = told("ids", "en").await.json();
    assert_eq!(
        (&minimal["object"], &minimal["actor"]),
        (&json!({ "id": CAF }), &json!({ "mbox": "mailto:lea@exemple.fr" }))
    );
    assert_eq!(minimal["verb"].as_object().map(serde_json::Map::len), Some(1));
    let canonical = told("canonical", "fr, en;q=0.5").await.json();
    assert_eq!(
        canonical["object"]["definition"],
        json!({ "name": { "fr": "La CAF" }, "type": "https://exemple.fr/module" })
    );
    assert_eq!(canonical["verb"]["display"], json!({ "fr-FR": "a réussi" }));
    assert_eq!(canonical["actor"]["name"], "Léa");
    // Communication 2.5 and 2.4.
    let activity = system.get(&format!("/xapi/activities?activityId={CAF}")).await;
    assert_eq!(activity.json()["definition"], later["object"]["definition"]);
    assert_eq!(
        system.get("/xapi/activities?activityId=urn:inconnue").await.json(),
        json!({ "objectType": "Activity", "id": "urn:inconnue" })
    );
    refuses(&system.get("/xapi/activities?activityId=caf").await, StatusCode::BAD_REQUEST, "activityId");
    refuses(&system.get("/xapi/activities").await, StatusCode::BAD_REQUEST, "activityId");
    let agent = r#"{"objectType":"Agent","name":"Léa","account":{"homePage":"https://exemple.fr","name":"7"}}"#;
    let person = system.get(&asking("/xapi/agents", &[("agent", agent)])).await.json();
    assert_eq!(
        person,
        json!({ "objectType": "Person", "name": ["Léa"], "account": [{ "homePage": "https://exemple.fr", "name": "7" }] })
    );
    refuses(&system.get("/xapi/agents?agent=%7B%7D").await, StatusCode::BAD_REQUEST, "agent$");
});
