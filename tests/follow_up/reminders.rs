//! Those who are late are reminded at once, and not twice in a week.

use domain::identity::{Role, Scope};
use domain::ids::PersonId;
use jiff::SignedDuration;
use reqwest::StatusCode;
use support::{Client, Product, on_both};

const SUBJECT: &str = "Votre formation à distance vous attend";

/// Agents enrolled for a hundred days: two who never opened their account, one who is done, and so many others.
async fn late(product: &Product, others: usize) -> Vec<PersonId> {
    let maison = product.maison("Vouziers", "08").await;
    let agents = product.agents_of(maison, "Vouziers", others + 3).await;
    for agent in &agents[2..] {
        product.give_password(*agent).await;
    }
    product.earns(agents[2], product.mooc()).await;
    product.earns(agents[2], [support::nation::attended(1, product.app.clock.now(), 80)]).await;
    product.wait(SignedDuration::from_hours(24 * 100));
    agents
}

async fn pilot(product: &Product, name: &str, code: &str) -> Client {
    let scope = Scope::Departement(code.parse().unwrap());
    let person = product.works((name, "Pilote"), None, Role::DepartmentPilot, scope).await;
    product.signed_in(person).await
}

async fn written(product: &Product) -> usize {
    product.mails().await.iter().filter(|mail| mail.subject == SUBJECT).count()
}

on_both!(the_late_are_shown_first_then_written_to_once_a_week, |product| async {
    late(&product, 3).await;
    let ardennes = pilot(&product, "Paul", "08").await;
    let page = ardennes.get("/suivi/relances?departement=08").await.text();
    assert!(page.contains("3 agents en retard à relancer") && page.contains("Agent4 Vouziers"), "{page}");
    assert!(page.contains("2 agents n’ont pas encore ouvert leur compte"), "{page}");
    assert!(!page.contains("Agent3 Vouziers"), "who is done is not late");
    assert!(page.contains("Bonjour Agent4,") && page.contains("date du 1er décembre 2026"), "{page}");
    assert_eq!(written(&product).await, 0, "nothing leaves before it was seen");
    for _ in 0..2 {
        let sent = ardennes.post("/suivi/relances", &[("departement", "08")]).await;
        assert_eq!(sent.location.as_deref(), Some("/suivi/relances?departement=08"));
        assert_eq!(written(&product).await, 3, "sent again, it writes nobody again");
    }
    let page = ardennes.get("/suivi/relances").await.text();
    assert!(page.contains("Personne n’est à relancer") && page.contains("3 agents ont déjà été relancés"), "{page}");
    product.wait(SignedDuration::from_hours(24 * 7 - 1));
    let ardennes = pilot(&product, "Rose", "08").await;
    ardennes.post("/suivi/relances", &[]).await;
    assert_eq!(written(&product).await, 3, "another pilot does not write to them either");
    product.wait(SignedDuration::from_hours(1));
    ardennes.post("/suivi/relances", &[]).await;
    assert_eq!(written(&product).await, 6, "a week has gone");
});

on_both!(nobody_reminds_the_agents_of_others, |product| async {
    let agents = late(&product, 2).await;
    let calvados = pilot(&product, "Nour", "14").await;
    assert!(calvados.get("/suivi/relances?departement=08").await.text().contains("Personne n’est à relancer"));
    for fields in [&[][..], &[("departement", "08")], &[("q", "vouziers")], &[("maison", "1")]] {
        assert_eq!(calvados.post("/suivi/relances", fields).await.status, StatusCode::SEE_OTHER);
    }
    let agent = product.signed_in(agents[3]).await;
    assert_eq!(agent.post("/suivi/relances", &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(agent.get("/suivi/relances").await.status, StatusCode::NOT_FOUND);
    assert_eq!(written(&product).await, 0);
});

on_both!(two_who_ask_at_once_write_once, |product| async {
    late(&product, 4).await;
    let (one, other) = (pilot(&product, "Paul", "08").await, pilot(&product, "Rose", "08").await);
    futures_util::future::join(one.post("/suivi/relances", &[]), other.post("/suivi/relances", &[])).await;
    assert_eq!(written(&product).await, 4);
});
