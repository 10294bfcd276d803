//! What may not be told of few people, nor found by subtraction.

use super::question;
use domain::identity::{Role, Scope};
use support::{Client, on_both};

/// Each line of the file: name and agents, none where it is hidden.
async fn parts(client: &Client, query: &str) -> Vec<(String, Option<u64>)> {
    let file = client.get(&format!("/suivi/territoires/fichier/csv{query}")).await.body;
    file.lines()
        .skip(1)
        .map(|line| {
            let mut cells = line.split(';');
            (cells.next().unwrap().to_owned(), cells.next().unwrap().parse().ok())
        })
        .collect()
}

on_both!(a_small_maison_is_hidden_with_another_so_that_no_subtraction_finds_it, |product| async {
    for (name, agents) in [("Vouziers", 6), ("Rethel", 2), ("Sedan", 9)] {
        let maison = product.maison(name, "08").await;
        let people = product.agents_of(maison, name, agents).await;
        if name == "Rethel" {
            product.earns(people[0], product.mooc()).await;
        }
    }
    let trainer = product.trainer().await;
    let found = parts(&trainer, "?departement=08").await;
    let shown: Vec<_> = found.iter().map(|(name, agents)| (name.as_str(), *agents)).collect();
    assert_eq!(shown, [("Maison de Rethel", None), ("Maison de Sedan", Some(9)), ("Maison de Vouziers", None)]);
    let page = trainer.get("/suivi/departements/08").await;
    assert!(page.text().contains("des 17 agents inscrits") && page.text().contains("est masqué"), "{}", page.text());
    assert_eq!(page.body.matches(">Masqué<").count(), 2, "17 less 9 is the two others together, eight people");
    assert!(!page.text().contains("Chapitres les plus difficiles"), "who tried is few where the agents are not");
    // Their own pages tell no more.
    for (name, masked) in [("Vouziers", true), ("Rethel", true), ("Sedan", false)] {
        let asked = question(&product);
        let maisons =
            server::follow_up::store::maisons_of(product.app.db.reader(), &asked, "08".parse().unwrap()).await.unwrap();
        let id = maisons.iter().find(|maison| maison.commune == name).unwrap().id;
        let text = trainer.get(&format!("/suivi/maisons/{id}")).await.text();
        assert_eq!(text.contains("Chiffres masqués"), masked, "{name}: {text}");
        assert_eq!(text.contains("agents inscrits"), !masked, "{name}: {text}");
    }
    // Whoever sees the people sees every figure.
    let pilot = product.follows(Role::DepartmentPilot, Scope::Departement("08".parse().unwrap())).await;
    assert!(parts(&pilot, "?departement=08").await.iter().all(|(_, agents)| agents.is_some()));
    assert!(!pilot.get("/suivi/departements/08").await.text().contains("asqué"));
});

on_both!(a_small_departement_hides_another_and_what_is_inside_of_both, |product| async {
    for (name, code, agents) in [("Vouziers", "08", 3), ("Bayeux", "14", 6), ("Vannes", "56", 8), ("Rennes", "35", 7)] {
        let maison = product.maison(name, code).await;
        product.agents_of(maison, name, agents).await;
    }
    let trainer = product.trainer().await;
    let hidden = async |client: &Client| -> Vec<String> {
        let found = parts(client, "").await;
        found.into_iter().filter(|(_, agents)| agents.is_none()).map(|(name, _)| name).collect()
    };
    assert_eq!(hidden(&trainer).await, ["08 – Ardennes", "14 – Calvados"]);
    // The Calvados has maisons enough to be told by itself; told, the Ardennes would be the rest.
    for code in ["08", "14"] {
        let page = trainer.get(&format!("/suivi/departements/{code}")).await;
        assert!(page.text().contains("Chiffres masqués") && !page.text().contains("Maison de"), "{}", page.text());
        assert_eq!(parts(&trainer, &format!("?departement={code}")).await, []);
        assert!(!trainer.get("/suivi/france").await.body.contains(&format!("/suivi/departements/{code}")));
    }
    let maison = trainer.get("/suivi/maisons/2").await.text();
    assert!(maison.contains("Chiffres masqués"), "the six of Bayeux are the Calvados: {maison}");
    assert!(trainer.get("/suivi/departements/56").await.text().contains("des 8 agents inscrits"));
    // Who knows the Calvados by name is not helped by its being hidden: another is.
    let pilot = product.follows(Role::DepartmentPilot, Scope::Departement("14".parse().unwrap())).await;
    assert_eq!(hidden(&pilot).await, ["08 – Ardennes", "35 – Ille-et-Vilaine"]);
    assert!(pilot.get("/suivi/france").await.text().contains("des 24 agents inscrits"));
    let national = product.follows(Role::NationalPilot, Scope::Nation).await;
    assert_eq!(hidden(&national).await, Vec::<String>::new());
});

on_both!(a_country_of_few_is_hidden_whole, |product| async {
    let maison = product.maison("Vouziers", "08").await;
    product.agents_of(maison, "Vouziers", 4).await;
    let manager = product.follows(Role::MaisonManager, Scope::Maison(maison)).await;
    let trainer = product.trainer().await;
    assert!(trainer.get("/suivi/france").await.text().contains("Chiffres masqués"));
    // They know all four by name.
    assert!(manager.get("/suivi/france").await.text().contains("des 4 agents inscrits"));
    assert!(manager.get(&format!("/suivi/maisons/{maison}")).await.text().contains("des 4 agents inscrits"));
});
