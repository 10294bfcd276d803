//! Cohorts: agents who follow a course together until a day, who may see them, and what becomes of their members.

use domain::identity::{Role, Scope};
use domain::ids::{MaisonId, PersonId};
use jiff::SignedDuration;
use reqwest::StatusCode;
use support::classroom::{self, ROOM};
use support::cohorts::{COHORT, add, fields, plan, send};
use support::nation::{attended, read};
use support::{Client, Page, Product, on_both, webinars};

const OTHER: &str = "88888888-8888-4888-8888-88888888888b";
const WEBINAR: &str = "22222222-2222-4222-8222-222222222222";
const FILE: &str = "77777777-7777-4777-8777-777777777777";
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// A maison of the Ardennes and one of the Calvados, three agents of each, and the trainer of their course.
struct Country {
    ardennes: MaisonId,
    agents: Vec<PersonId>,
    others: Vec<PersonId>,
    trainer: Client,
}

async fn country(product: &Product) -> Country {
    let (ardennes, calvados) = (product.maison("Vouziers", "08").await, product.maison("Bayeux", "14").await);
    Country {
        ardennes,
        agents: product.agents_of(ardennes, "Vouziers", 3).await,
        others: product.agents_of(calvados, "Bayeux", 3).await,
        trainer: product.trainer().await,
    }
}

fn address(n: usize, name: &str) -> String {
    format!("agent{n}.{name}@exemple.example")
}

async fn cohort(client: &Client, cohort: &str) -> Page {
    client.get(&format!("/cohortes/{cohort}")).await
}

async fn post(client: &Client, act: &str, sent: &[(&str, &str)]) -> Page {
    client.post(&format!("/cohortes/{COHORT}/{act}"), sent).await
}

async fn subjects(product: &Product, start: &str) -> usize {
    product.mails().await.iter().filter(|mail| mail.subject.starts_with(start)).count()
}

/// Sessions end before a cohort does.
async fn later(product: &Product, days: i32, name: &str) -> Client {
    product.wait(DAY * days);
    product.signed_in(product.trainer_of(name, "mediation-numerique").await).await
}

on_both!(members_are_late_from_the_end_of_their_cohort_whenever_they_were_enrolled, |product| async {
    let it = country(&product).await;
    // Enrolled for a hundred days, and late by the rule of those who are in none.
    let trainer = later(&product, 100, "Rose").await;
    let pilot = product.follows(Role::NationalPilot, Scope::Nation).await;
    let late =
        async |client: &Client| client.get("/suivi/agents/fichier/csv?etat=en-retard").await.body.lines().count() - 1;
    assert_eq!(late(&pilot).await, 6);
    let days = [("from", "2027-03-12"), ("to", "2027-03-20")];
    plan(&trainer, COHORT, &days).await;
    plan(&trainer, COHORT, &days).await;
    add(&trainer, COHORT, &[address(1, "vouziers"), address(2, "vouziers")].join("\n")).await;
    assert_eq!(late(&pilot).await, 4, "their cohort gives them until its end");
    let page = cohort(&trainer, COHORT).await.text();
    assert!(page.contains("0 a terminé, 0 en retard. 2 membres sur 3 places"), "{page}");
    assert!(page.contains("Agent1 Vouziers") && page.contains("Maison de Vouziers Pas commencé 0 sur 10"), "{page}");
    assert!(page.contains("du 12 au 20 mars 2027. À venir."), "{page}");

    // One of them is done on the last day; the other is late once it is over.
    product.earns(it.agents[0], product.mooc()).await;
    product.earns(it.agents[0], [attended(1, product.app.clock.now(), 80)]).await;
    let trainer = later(&product, 9, "Zoe").await;
    let page = cohort(&trainer, COHORT).await.text();
    assert!(page.contains("1 a terminé, 0 en retard") && page.contains("En cours."), "the last day is theirs: {page}");
    let trainer = later(&product, 1, "Anna").await;
    let pilot =
        product.signed_in(product.works(("Samira", "Haddad"), None, Role::NationalPilot, Scope::Nation).await).await;
    let page = cohort(&trainer, COHORT).await.text();
    assert!(page.contains("1 a terminé, 1 en retard") && page.contains("Terminée."), "{page}");
    assert_eq!(late(&pilot).await, 5);
    let list = trainer.get("/cohortes?etat=terminee&tri=retard&q=ardennes").await.text();
    assert!(list.contains("Ardennes, hiver") && list.contains("Terminée 2 1 1"), "{list}");
    assert!(trainer.get("/cohortes?etat=a-venir").await.text().contains("Aucune cohorte ne répond"));
    let file = pilot.get(&format!("/suivi/agents/fichier/csv?cohorte={COHORT}")).await.body;
    assert!(file.lines().count() == 3 && file.contains(";\"Ardennes, hiver\";2027-03-21\r\n"), "{file}");

    // Putting the end off takes the lateness away, and tells both.
    let change = fields(COHORT, &[("from", "2027-03-12"), ("to", "2027-04-20")]);
    for _ in 0..2 {
        assert_eq!(post(&trainer, "modifier", &change).await.status, StatusCode::SEE_OTHER);
        assert_eq!(subjects(&product, "Votre cohorte change de dates").await, 2);
    }
    assert_eq!(late(&pilot).await, 4);
    // Who goes on leave is neither counted nor late, and stays a member.
    let leave = [("affectation", OTHER), ("depuis", "2027-03-01"), ("situation", "conge")];
    let administrator = product.administrator().await;
    let left = administrator.post(&format!("/administration/comptes/{}/affectation", it.agents[1]), &leave).await;
    assert_eq!(left.status, StatusCode::SEE_OTHER, "{}", left.text());
    let page = cohort(&trainer, COHORT).await.text();
    assert!(page.contains("Ne sont pas comptés") && page.contains("Agent2 Vouziers, en congé"), "{page}");
});

on_both!(the_late_members_of_a_cohort_are_reminded_once_a_week_of_its_end, |product| async {
    let it = country(&product).await;
    for agent in &it.agents {
        product.give_password(*agent).await;
    }
    plan(&it.trainer, COHORT, &[("to", "2026-12-10")]).await;
    add(&it.trainer, COHORT, &[address(1, "vouziers"), address(2, "vouziers")].join(",")).await;
    let trainer = later(&product, 10, "Rose").await;
    let page = cohort(&trainer, COHORT).await;
    assert!(page.text().contains("Relancer les membres en retard"), "{}", page.text());
    let reminders = format!("/suivi/relances?cours=mediation-numerique&cohorte={COHORT}");
    let shown = trainer.get(&reminders).await.text();
    assert!(shown.contains("2 agents en retard à relancer"), "{shown}");
    assert!(
        shown.contains("« Ardennes, hiver », avec laquelle vous suivez")
            && shown.contains("s’est terminée le 10 décembre 2026"),
        "{shown}"
    );
    for _ in 0..2 {
        trainer.post("/suivi/relances", &[("cohorte", COHORT)]).await;
        assert_eq!(subjects(&product, "Votre formation à distance vous attend").await, 2);
    }
});

on_both!(who_joins_is_shown_first_is_in_one_cohort_at_a_time_and_is_told, |product| async {
    let it = country(&product).await;
    let trainer = &it.trainer;
    plan(trainer, COHORT, &[]).await;
    plan(trainer, OTHER, &[("name", "Calvados, hiver")]).await;
    add(trainer, OTHER, &address(1, "bayeux")).await;
    let four = [address(1, "vouziers"), address(2, "vouziers"), address(1, "bayeux"), "nobody@exemple.example".into()]
        .join(" ");
    let shown = post(trainer, "membres", &[("addresses", &four), ("do", "look")]).await;
    let text = shown.text();
    assert!(
        text.contains("2 agents à ajouter, 3 places libres") && text.contains("1 adresse n’est celle d’aucun agent"),
        "{text}"
    );
    assert!(text.contains("Agent1 Bayeux (Calvados, hiver)") && text.contains("Le déplacer dans celle-ci"), "{text}");
    assert!(
        cohort(trainer, COHORT).await.text().contains("0 membre sur 3 places"),
        "nothing is written before it was seen"
    );

    // Without a word on it, who is elsewhere stays there; with one, they move.
    add(trainer, COHORT, &four).await;
    assert!(cohort(trainer, OTHER).await.text().contains("1 membre sur 3 places"));
    let moved = [("addresses", &*four), ("moves", "yes"), ("do", "add")];
    for _ in 0..2 {
        assert_eq!(post(trainer, "membres", &moved).await.status, StatusCode::SEE_OTHER);
    }
    assert!(cohort(trainer, COHORT).await.text().contains("3 membres sur 3 places"));
    assert!(cohort(trainer, OTHER).await.text().contains("0 membre sur 3 places"));
    assert_eq!(product.mails_to(&address(1, "bayeux"), "Votre cohorte\u{a0}: ").await.len(), 2, "of each cohort, once");

    // One too many, and nobody is added.
    let refused = post(trainer, "membres", &[("addresses", &*address(3, "vouziers")), ("do", "add")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("1 agent de trop : la cohorte a 3 places"), "{}", refused.text());

    // Who is taken out keeps their record, and may come back.
    product.earns(it.agents[0], [read(&product.chapters()[0], true)]).await;
    let out = it.agents[0].to_string();
    for _ in 0..2 {
        assert_eq!(post(trainer, "retirer", &[("person", &out)]).await.status, StatusCode::SEE_OTHER);
    }
    assert!(cohort(trainer, COHORT).await.text().contains("2 membres sur 3 places"));
    assert_eq!(server::record::store::facts(product.app.db.reader(), it.agents[0], None, 9).await.unwrap().len(), 1);
    add(trainer, COHORT, &address(1, "vouziers")).await;
    assert!(cohort(trainer, COHORT).await.text().contains("3 membres sur 3 places"));
    let lists = trainer.get("/suivi/agents?cohorte=aucune").await.text();
    assert!(!lists.contains("Agent1 Vouziers"), "a trainer lists who is in a cohort, and who has begun: {lists}");
    assert!(trainer.get(&format!("/suivi/agents?cohorte={COHORT}")).await.text().contains(" 3 agents "));
    assert_eq!(trainer.get(&format!("/suivi/{}", it.agents[1])).await.status, StatusCode::OK, "and opens their record");
    assert_eq!(trainer.get(&format!("/suivi/{}", it.agents[2])).await.status, StatusCode::NOT_FOUND);
});

on_both!(all_agents_of_a_place_join_at_once_but_those_who_are_done, |product| async {
    let it = country(&product).await;
    let trainer = &it.trainer;
    let second = product.maison("Rethel", "08").await;
    product.agents_of(second, "Rethel", 2).await;
    product.earns(it.agents[2], product.mooc()).await;
    product.earns(it.agents[2], [attended(1, product.app.clock.now(), 80)]).await;
    plan(trainer, COHORT, &[]).await;
    let all = post(trainer, "membres", &[("departement", "08"), ("do", "look")]).await;
    assert_eq!(all.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = all.text();
    assert!(text.contains("4 agents à ajouter, 3 places libres") && text.contains("1 agent de trop"), "{text}");
    assert!(text.contains("1 agent a déjà terminé, et n’est pas ajouté"), "{text}");
    let refused = post(trainer, "membres", &[("departement", "08"), ("do", "add")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let one = it.ardennes.to_string();
    let maison = [("departement", "08"), ("maison", one.as_str()), ("do", "add")];
    assert_eq!(post(trainer, "membres", &maison).await.status, StatusCode::SEE_OTHER);
    let page = cohort(trainer, COHORT).await.text();
    assert!(page.contains("2 membres sur 3 places") && !page.contains("Rethel"), "{page}");
    for wrong in [[("departement", "99")], [("addresses", "")]] {
        let page = post(trainer, "membres", &wrong).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", page.text());
    }
});

on_both!(members_come_from_a_file_line_by_line_and_twice_changes_nothing, |product| async {
    let it = country(&product).await;
    let trainer = &it.trainer;
    plan(trainer, COHORT, &[]).await;
    plan(trainer, OTHER, &[("name", "Calvados, hiver")]).await;
    add(trainer, OTHER, &[address(1, "bayeux"), address(2, "bayeux")].join("\n")).await;
    let file = "E-mail;Déplacer\nagent1.vouziers@exemple.example;\nagent1.bayeux@exemple.example;oui\n\
                agent2.bayeux@exemple.example;\nnobody@exemple.example;\nagent1.vouziers@exemple.example;\n";
    let kept = send(trainer, FILE, file.as_bytes()).await;
    let path = kept.location.expect("kept");
    assert_eq!(path, format!("/cohortes/{COHORT}/importations/{FILE}"));
    let text = trainer.get(&path).await.text();
    assert!(
        text.contains("1 agent à ajouter")
            && text.contains("1 ligne qui change")
            && text.contains("3 lignes en erreur"),
        "{text}"
    );
    assert!(text.contains("4 Adresse électronique Cet agent est dans la cohorte « Calvados, hiver »."), "{text}");
    let refused = trainer.post(&path, &[("choix", "tout")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for _ in 0..2 {
        assert_eq!(trainer.post(&path, &[("choix", "valides")]).await.location.as_deref(), Some(&*path));
    }
    assert!(cohort(trainer, COHORT).await.text().contains("2 membres sur 3 places"));
    let again = "77777777-7777-4777-8777-777777777779";
    send(trainer, again, file.as_bytes()).await;
    let text = trainer.get(&format!("/cohortes/{COHORT}/importations/{again}")).await.text();
    assert!(text.contains("2 lignes déjà connues") && text.contains("Rien n’est à écrire"), "{text}");
    // A file is of the desk where it came.
    let administrator = product.administrator().await;
    for nowhere in [format!("/administration/importations/{FILE}"), format!("/cohortes/{OTHER}/importations/{FILE}")] {
        assert_eq!(administrator.get(&nowhere).await.status, StatusCode::NOT_FOUND, "{nowhere}");
    }
});

on_both!(members_are_registered_in_one_step_by_the_rules_of_the_webinar_and_of_the_room, |product| async {
    let it = country(&product).await;
    let trainer = &it.trainer;
    plan(trainer, COHORT, &[("capacity", "4")]).await;
    add(trainer, COHORT, &[address(1, "vouziers"), address(2, "vouziers"), address(3, "vouziers")].join("\n")).await;
    webinars::plan(trainer, WEBINAR, &[]).await;
    classroom::plan(trainer, jiff::civil::date(2026, 12, 1), "").await;
    let offered = cohort(trainer, COHORT).await.text();
    assert!(
        offered.contains("Les outils de la maison, 10 décembre 2026 à 10 h 00")
            && offered.contains("Préparer sa retraite"),
        "{offered}"
    );
    // Two places: the third waits. Who gave their place up is not registered again.
    let attach = [("webinar", WEBINAR), ("do", "attach")];
    for _ in 0..2 {
        assert_eq!(post(trainer, "webinaires", &attach).await.status, StatusCode::SEE_OTHER);
    }
    let page = cohort(trainer, COHORT).await.text();
    assert!(page.contains("2 membres inscrits sur 3, 1 en attente"), "{page}");
    let first = product.signed_in(it.agents[0]).await;
    first.post(&format!("/webinaires/{WEBINAR}/desistement"), &[]).await;
    post(trainer, "webinaires", &attach).await;
    let page = cohort(trainer, COHORT).await.text();
    assert!(page.contains("2 membres inscrits sur 3.") && !page.contains("en attente"), "{page}");
    let room = [("classroom", ROOM), ("do", "attach")];
    assert_eq!(post(trainer, "presentiel", &room).await.status, StatusCode::SEE_OTHER);
    assert!(trainer.get(&format!("/presentiel/{ROOM}")).await.text().contains("3 personnes inscrites"));
    add(trainer, COHORT, &address(1, "bayeux")).await;
    assert!(cohort(trainer, COHORT).await.text().contains("3 membres inscrits sur 4"));
    post(trainer, "presentiel", &room).await;
    assert!(trainer.get(&format!("/presentiel/{ROOM}")).await.text().contains("4 personnes inscrites"));

    // A member reads at home what is theirs.
    let home = product.signed_in(it.agents[1]).await.get("/").await.text();
    assert!(
        home.contains("Votre cohorte : Ardennes, hiver") && home.contains("du 1er décembre 2026 au 31 janvier 2027"),
        "{home}"
    );
    assert!(home.contains("Webinaire « Les outils de la maison », 10 décembre 2026 à 10 h 00"), "{home}");
    assert!(home.contains("Session en présentiel « Préparer sa retraite », du 1er au 2 décembre 2026"), "{home}");
    assert!(!product.signed_in(it.others[1]).await.get("/").await.text().contains("cohorte"));
    // Detached, its members keep their places.
    post(trainer, "webinaires", &[("webinar", WEBINAR), ("do", "detach")]).await;
    assert!(cohort(trainer, COHORT).await.text().contains("Aucun rattachement encore"));
    assert!(trainer.get(&format!("/webinaires/{WEBINAR}")).await.text().contains("Agent2 Vouziers"));
    let nowhere = post(trainer, "webinaires", &[("webinar", OTHER), ("do", "attach")]).await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
});

on_both!(each_role_sees_the_members_that_are_its_own, |product| async {
    let it = country(&product).await;
    let trainer = &it.trainer;
    plan(trainer, COHORT, &[]).await;
    add(trainer, COHORT, &[address(1, "vouziers"), address(1, "bayeux")].join("\n")).await;
    let pilot = product.follows(Role::DepartmentPilot, Scope::Departement("08".parse().unwrap())).await;
    let manager = product.follows(Role::MaisonManager, Scope::Maison(it.ardennes)).await;
    let elsewhere = product.follows(Role::DepartmentPilot, Scope::Departement("75".parse().unwrap())).await;
    let stranger = product.signed_in(product.trainer_of("Rose", "autre-cours").await).await;
    for reader in [&pilot, &manager] {
        let page = cohort(reader, COHORT).await.text();
        assert!(
            page.contains("Agent1 Vouziers") && !page.contains("Bayeux") && !page.contains("sur 3 places"),
            "{page}"
        );
        assert!(!page.contains("Ajouter des membres") && !page.contains("Annuler la cohorte"), "{page}");
        let list = reader.get("/cohortes").await.text();
        assert!(list.contains("Ardennes, hiver") && list.contains("En cours 1 0 0"), "{list}");
        assert_eq!(post(reader, "membres", &[("addresses", "x")]).await.status, StatusCode::NOT_FOUND);
    }
    assert!(elsewhere.get("/cohortes").await.text().contains("Aucun de vos agents n’est dans une cohorte"));
    assert_eq!(stranger.get("/cohortes").await.status, StatusCode::NOT_FOUND);
    let member = product.signed_in(it.agents[0]).await;
    for other in [&elsewhere, &stranger, &member] {
        assert_eq!(cohort(other, COHORT).await.status, StatusCode::NOT_FOUND);
        for (act, sent) in
            [("membres", [("addresses", "x")]), ("retirer", [("person", "1")]), ("annuler", [("reason", "Non merci")])]
        {
            assert_eq!(post(other, act, &sent).await.status, StatusCode::NOT_FOUND, "{act}");
        }
    }
    let token = product.token(&["people:read"]).await;
    let told = product.read_by(&token, &format!("/api/v1/people?cohort={COHORT}")).await;
    let told: serde_json::Value = serde_json::from_str(&told.body).unwrap();
    assert_eq!(told["items"].as_array().map(Vec::len), Some(2), "{told}");
    assert_eq!(told["items"][0]["enrolments"][0]["cohort"], COHORT);
});

on_both!(a_cohort_that_is_called_off_lets_its_members_go_and_tells_them_why, |product| async {
    let it = country(&product).await;
    let trainer = &it.trainer;
    plan(trainer, COHORT, &[]).await;
    add(trainer, COHORT, &address(1, "vouziers")).await;
    let unsaid = post(trainer, "annuler", &[("reason", " ")]).await;
    assert_eq!(unsaid.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unsaid.text().contains("Dites aux membres pourquoi"));
    for _ in 0..2 {
        let why = [("reason", "Trop peu d’inscrits cet hiver.")];
        assert_eq!(post(trainer, "annuler", &why).await.status, StatusCode::SEE_OTHER);
        assert_eq!(subjects(&product, "Votre cohorte est annulée").await, 1);
    }
    let page = cohort(trainer, COHORT).await.text();
    assert!(
        page.contains("Annulée : Trop peu d’inscrits cet hiver.") && !page.contains("Ajouter des membres"),
        "{page}"
    );
    assert!(!product.signed_in(it.agents[0]).await.get("/").await.text().contains("Votre cohorte"));
    let late = post(trainer, "membres", &[("addresses", &*address(2, "vouziers")), ("do", "add")]).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(late.text().contains("Cette cohorte est annulée"), "{}", late.text());
    plan(trainer, OTHER, &[]).await;
    add(trainer, OTHER, &address(1, "vouziers")).await;
});

on_both!(what_cannot_be_planned_is_told_with_what_was_typed, |product| async {
    let it = country(&product).await;
    let trainer = &it.trainer;
    for (changes, said) in [
        ([("course", "autre")], "Choisissez le cours"),
        ([("name", "ab")], "un nom de 3 à 80 caractères"),
        ([("from", "2026-02-30")], "Indiquez un jour qui existe"),
        ([("to", "2026-11-01")], "se termine avant de commencer"),
        ([("capacity", "0")], "de 1 à 300 places"),
        ([("trainers", "1")], "parmi les formateurs"),
    ] {
        let page = trainer.post("/cohortes/nouvelle", &fields(COHORT, &changes)).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{said}");
        assert!(page.text().contains(said) && page.body.contains("field-problem"), "{said}: {}", page.text());
        assert!(page.body.contains(&format!("value=\"{COHORT}\"")));
    }
    let hostile = trainer.post("/cohortes/nouvelle", &fields(COHORT, &[("name", "<script>alert(1)</script>")])).await;
    assert_eq!(hostile.status, StatusCode::SEE_OTHER);
    assert!(!cohort(trainer, COHORT).await.body.contains("<script>alert"));
    add(trainer, COHORT, &[address(1, "vouziers"), address(2, "vouziers")].join("\n")).await;
    let small = post(trainer, "modifier", &fields(COHORT, &[("capacity", "1")])).await;
    assert!(
        small.status == StatusCode::UNPROCESSABLE_ENTITY && small.text().contains("déjà 2 membres"),
        "{}",
        small.text()
    );
    // Another trainer's form cannot take its identifier.
    let other = product.signed_in(product.trainer_of("Rose", "mediation-numerique").await).await;
    let taken = other.post("/cohortes/nouvelle", &fields(COHORT, &[])).await;
    assert_eq!(taken.status, StatusCode::NOT_FOUND);
});

on_both!(two_accounts_made_one_are_in_the_cohort_once_and_an_erased_one_in_none, |product| async {
    let it = country(&product).await;
    let trainer = &it.trainer;
    plan(trainer, COHORT, &[]).await;
    plan(trainer, OTHER, &[("name", "Calvados, hiver")]).await;
    add(trainer, COHORT, &address(1, "vouziers")).await;
    add(trainer, OTHER, &address(2, "vouziers")).await;
    let administrator = product.administrator().await;
    let merge = async |kept: PersonId, folded: PersonId, key: &str| {
        let sent = [("compte", &*folded.to_string()), ("cle", key)];
        let page = administrator.post(&format!("/administration/comptes/{kept}/reunion"), &sent).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text());
    };
    // The third is in none: the first brings its own. Then both are in one: that of the account that is kept stands.
    merge(it.agents[2], it.agents[0], "11111111-1111-4111-8111-111111111111").await;
    let page = cohort(trainer, COHORT).await.text();
    assert!(page.contains("Agent3 Vouziers") && page.contains("1 membre sur 3 places"), "{page}");
    merge(it.agents[2], it.agents[1], "11111111-1111-4111-8111-111111111112").await;
    assert!(cohort(trainer, COHORT).await.text().contains("1 membre sur 3 places"));
    assert!(cohort(trainer, OTHER).await.text().contains("0 membre sur 3 places"));
    server::protection::erase(&product.app, it.agents[2]).await.unwrap();
    let page = cohort(trainer, COHORT).await.text();
    assert!(page.contains("0 membre sur 3 places") && !page.contains("Agent effacé"), "{page}");
});
