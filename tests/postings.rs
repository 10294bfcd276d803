//! Moves, leaves and returns: the record follows the person, the follow-up counts them where they are and while they are
//! at work, and nothing is taken out of the history.

use domain::identity::{Role, Scope};
use domain::ids::PersonId;
use jiff::SignedDuration;
use reqwest::StatusCode;
use server::posting::store::settle_due;
use support::{Client, Page, Product, on_both};

const LATE: SignedDuration = SignedDuration::from_hours(24 * 400);

fn id(number: u8) -> String {
    format!("11111111-1111-4111-8111-1111111111{number:02}")
}

/// Enters a posting as the account's page does.
async fn enter(client: &Client, person: PersonId, number: u8, fields: [&str; 4]) -> Page {
    let names = ["depuis", "situation", "maison", "motif"];
    let id = id(number);
    let fields: Vec<_> = names.into_iter().zip(fields).chain([("affectation", id.as_str())]).collect();
    client.post(&format!("/administration/comptes/{person}/affectation"), &fields).await
}

async fn history(client: &Client, person: PersonId) -> String {
    client.get(&format!("/administration/comptes/{person}")).await.text()
}

async fn national(product: &Product) -> Client {
    product.follows(Role::NationalPilot, Scope::Nation).await
}

async fn pilot_of(product: &Product, code: &str) -> Client {
    product.follows(Role::DepartmentPilot, Scope::Departement(code.parse().unwrap())).await
}

on_both!(an_agent_who_moves_is_counted_where_they_are_from_that_day_on, |product| async {
    let alex = product.person("Alex", Role::Administrator, Scope::Nation).await;
    let administrator = product.signed_in(alex).await;
    let (vouziers, bayeux) = (product.maison("Vouziers", "08").await, product.maison("Bayeux", "14").await);
    let agent = product.agents_of(vouziers, "Perrin", 1).await[0];
    product.earns(agent, product.mooc()).await;
    let counts = async |pilot: &Client| pilot.get("/suivi/agents").await.text().contains("Agent1 Perrin");
    // In three days: nothing changes yet.
    let moved = enter(&administrator, agent, 1, ["2026-12-04", "present", &bayeux.to_string(), "Mutation"]).await;
    assert_eq!(moved.status, StatusCode::SEE_OTHER, "{}", moved.text());
    assert!(counts(&pilot_of(&product, "08").await).await);
    product.wait(SignedDuration::from_hours(24 * 3));
    for _ in 0..2 {
        settle_due(&product.app).await.unwrap();
    }
    // Sessions have ended meanwhile.
    let (administrator, after) = (product.signed_in(alex).await, pilot_of(&product, "14").await);
    let before = product.follows(Role::MaisonManager, Scope::Maison(vouziers)).await;
    assert_eq!((counts(&before).await, counts(&after).await), (false, true));
    assert!(after.get("/suivi/agents").await.text().contains("En cours 10 sur 10"), "the record came along");
    let text = history(&administrator, agent).await;
    assert!(text.contains("en poste, Maison de Bayeux – Bayeux (14), depuis le 4 décembre 2026. Mutation"), "{text}");
    assert!(text.contains("Maison de Vouziers – Vouziers (08), du 1er décembre 2026 au 3 décembre 2026"), "{text}");
    // Sent again, it is entered once.
    enter(&administrator, agent, 1, ["2026-12-05", "present", "", ""]).await;
    assert!(!history(&administrator, agent).await.contains("aucune maison"));
});

on_both!(who_is_on_leave_is_neither_late_nor_reminded_until_they_return, |product| async {
    let alex = product.person("Alex", Role::Administrator, Scope::Nation).await;
    let administrator = product.signed_in(alex).await;
    let maison = product.maison("Vouziers", "08").await;
    let agents = product.agents_of(maison, "Perrin", 2).await;
    for agent in &agents {
        product.give_password(*agent).await;
    }
    let maison = maison.to_string();
    assert_eq!(
        enter(&administrator, agents[0], 1, ["2026-12-01", "conge", &maison, "Congé parental"]).await.status,
        StatusCode::SEE_OTHER
    );
    product.wait(LATE);
    let (administrator, pilot) = (product.signed_in(alex).await, national(&product).await);
    let late = async || pilot.get("/suivi/agents?etat=en-retard").await.text();
    let text = late().await;
    assert!(text.contains("Agent2 Perrin") && !text.contains("Agent1 Perrin"), "{text}");
    assert!(pilot.get("/suivi/relances").await.text().contains("1 agent en retard à relancer"));
    let own = product.signed_in(agents[0]).await;
    assert_eq!(own.get("/dossier").await.status, StatusCode::OK, "their record stays open to them");
    let back = domain::text::paris(product.app.clock.now()).date().to_string();
    enter(&administrator, agents[0], 2, [&back, "present", &maison, "Retour"]).await;
    assert!(late().await.contains("Agent1 Perrin"), "what was begun goes on");
    enter(&administrator, agents[0], 3, [&back, "depart", &maison, ""]).await;
    assert!(!late().await.contains("Agent1 Perrin"));
});

on_both!(a_file_brings_leaves_and_returns_once, |product| async {
    let administrator = product.administrator().await;
    let maison = product.maison("Vouziers", "08").await;
    let agent = product.agents_of(maison, "Perrin", 1).await[0];
    let bring = async |situation: &str, day: &str| {
        product.wait(SignedDuration::from_mins(1));
        let file = format!(
            "Nom;Prénom;E-mail;Situation;Depuis le\nPerrin;Agent1;agent1.perrin@exemple.example;{situation};{day}\n"
        );
        let id = product.app.dice.uuid().to_string();
        let path = support::importing::send(&administrator, &id, "agents", file.as_bytes()).await.location.unwrap();
        administrator.post(&path, &[("choix", "tout")]).await;
        administrator.get(&path).await.text()
    };
    assert!(bring("En congé", "20/11/2026").await.contains("1 modification"));
    assert!(bring("En congé", "20/11/2026").await.contains("1 ligne déjà connue"), "a second run changes nothing");
    let text = history(&administrator, agent).await;
    assert!(text.contains("en congé, Maison de Vouziers – Vouziers (08), depuis le 20 novembre 2026"), "{text}");
    assert!(text.contains("Fichier « agents.csv » (inscrit par Alex Durand)"), "{text}");
    // A return that the file dates before the leave counts from the leave on.
    assert!(bring("Retour", "01/11/2026").await.contains("1 modification"));
    assert!(bring("Retour", "01/11/2026").await.contains("1 ligne déjà connue"));
    assert!(national(&product).await.get("/suivi/agents").await.text().contains("Agent1 Perrin"));
});

on_both!(a_posting_that_cannot_be_is_refused_with_what_to_do, |product| async {
    let administrator = product.administrator().await;
    let (agent, other) =
        (product.person("Lea", Role::Agent, Scope::Own).await, product.person("Bis", Role::Agent, Scope::Own).await);
    let long = "x".repeat(201);
    for (fields, said) in [
        (["2026-02-31", "present", "", ""], "un jour qui existe"),
        (["2018-01-01", "present", "", ""], "Indiquez un jour du 1er juillet 2019"),
        (["2031-01-01", "present", "", ""], "Indiquez un jour du"),
        (["2026-12-01", "vacances", "", ""], "Choisissez la situation"),
        (["2026-12-01", "present", "999", ""], "Choisissez la maison"),
        (["2026-12-01", "present", "", &long], "Raccourcissez le motif"),
    ] {
        let refused = enter(&administrator, agent, 1, fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{said}");
        assert!(refused.text().contains(said), "{}", refused.text());
    }
    let path = format!("/administration/comptes/{agent}/affectation");
    let odd = [("affectation", "x"), ("depuis", "2026-12-01"), ("situation", "present")];
    assert_eq!(administrator.post(&path, &odd).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let valid = ["2026-12-01", "conge", "", ""];
    for stranger in [national(&product).await, product.signed_in(agent).await] {
        assert_eq!(enter(&stranger, other, 2, valid).await.status, StatusCode::NOT_FOUND);
    }
    assert_eq!(enter(&administrator, PersonId(9_999), 3, valid).await.status, StatusCode::NOT_FOUND);
    assert_eq!(enter(&administrator, agent, 4, valid).await.status, StatusCode::SEE_OTHER);
    assert_eq!(enter(&administrator, other, 4, valid).await.status, StatusCode::NOT_FOUND, "the form was another's");
});
