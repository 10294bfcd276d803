//! The list of agents: filtered, sorted, a page at a time, taken away.

use domain::identity::{Role, Scope};
use jiff::SignedDuration;
use reqwest::StatusCode;
use std::collections::BTreeSet;
use support::nation::{graded, read};
use support::{Client, Page, Product, on_both};

/// The names on a page, in order.
fn names(page: &Page) -> Vec<String> {
    let rows = page.body.split("<th scope=\"row\">").skip(1);
    rows.map(|row| row.split("</a>").next().unwrap().rsplit('>').next().unwrap().to_owned()).collect()
}

/// Where a link of the page leads.
fn link(page: &Page, rel: &str) -> Option<String> {
    let before = page.body.split(&format!("rel=\"{rel}\"")).next().filter(|before| before.len() < page.body.len())?;
    let href = before.rsplit("href=\"").next()?.split('"').next()?;
    Some(href.replace("&amp;", "&"))
}

/// Sixty agents, some of whom have the same name, chapters and dates.
async fn many(product: &Product) -> Client {
    let chapters = product.chapters();
    for (name, code) in [("Vouziers", "08"), ("L’Île-d’Yeu", "85")] {
        let maison = product.maison(name, code).await;
        for number in 0..30 {
            let names = (&*format!("Agent{number}{code}"), ["Étienne", "Durand", "de la Cour"][number % 3]);
            let agent = product.works(names, Some(maison), Role::Agent, Scope::Own).await;
            let facts = chapters.iter().take(number % 4).map(|chapter| read(chapter, true));
            product.earns(agent, facts.collect::<Vec<_>>()).await;
            if number % 10 == 0 {
                product.wait(SignedDuration::from_mins(1));
            }
        }
    }
    product.follows(Role::NationalPilot, Scope::Nation).await
}

on_both!(pages_hold_everybody_once_there_and_back_in_every_order, |product| async {
    let pilot = many(&product).await;
    for order in ["nom", "avancement", "recent", "ancien"] {
        let first = pilot.get(&format!("/suivi/agents?tri={order}")).await;
        assert!(first.text().contains("60 agents") && link(&first, "prev").is_none());
        let next = link(&first, "next").expect("a second page");
        let second = pilot.get(&next).await;
        assert!(link(&second, "next").is_none());
        let (there, rest) = (names(&first), names(&second));
        assert_eq!((there.len(), rest.len()), (50, 10), "{order}");
        let all: BTreeSet<_> = there.iter().chain(&rest).collect();
        assert_eq!(all.len(), 60, "{order}: nobody is missing, nobody comes twice");
        let back = pilot.get(&link(&second, "prev").expect("the way back")).await;
        assert_eq!(names(&back), there, "{order}");
    }
    let sorted = names(&pilot.get("/suivi/agents").await);
    assert!(
        sorted[0].ends_with("de la Cour") && sorted[20].ends_with("Durand") && sorted[40].ends_with("Étienne"),
        "{sorted:?}"
    );
});

on_both!(a_search_finds_names_and_maisons_whatever_their_accents, |product| async {
    let pilot = many(&product).await;
    for (query, count) in [
        ("q=etienne", 20),
        ("q=%C3%89TIENNE+vouziers", 10),
        ("q=ile+d+yeu", 30),
        ("q=l%27%C3%AEle", 30),
        ("departement=08", 30),
        ("departement=08&etat=pas-commence", 8),
        ("etat=en-cours&q=durand", 14),
        ("etat=termine", 0),
        ("q=%25", 0),
        ("q=_", 60),
        ("q=%27%3B--", 60),
        ("q=agent007", 0),
    ] {
        let page = pilot.get(&format!("/suivi/agents?{query}")).await;
        assert_eq!(page.status, StatusCode::OK, "{query}");
        let said = if count == 0 { "Aucun agent ne répond".to_owned() } else { format!(" {count} agents ") };
        assert!(page.text().contains(&said), "{query}: {}", page.text());
    }
});

on_both!(a_place_that_the_list_does_not_have_is_refused, |product| async {
    let pilot = many(&product).await;
    for (query, status) in [
        ("apres=x", StatusCode::BAD_REQUEST),
        ("apres=x~y", StatusCode::BAD_REQUEST),
        ("tri=recent&apres=x~1", StatusCode::BAD_REQUEST),
        ("apres=~1", StatusCode::OK),
        ("avant=durand~-9", StatusCode::OK),
        ("apres=zzz~99999999999", StatusCode::OK),
        ("tri=nimporte&etat=nimporte", StatusCode::OK),
        ("departement=99", StatusCode::NOT_FOUND),
        ("maison=x", StatusCode::NOT_FOUND),
        ("maison=999", StatusCode::OK),
        ("cours=autre", StatusCode::NOT_FOUND),
    ] {
        assert_eq!(pilot.get(&format!("/suivi/agents?{query}")).await.status, status, "{query}");
    }
    let long = "x".repeat(5000);
    assert_eq!(pilot.get(&format!("/suivi/agents?q={long}")).await.status, StatusCode::OK);
});

on_both!(the_list_is_taken_away_whole_and_no_cell_is_a_formula, |product| async {
    let maison = product.maison("Vouziers", "08").await;
    let agents = product.agents_of(maison, "Vouziers", 3).await;
    let chapter = product.chapters()[0].clone();
    product.earns(agents[0], [read(&chapter, true), graded(&chapter, 2, 50)]).await;
    product
        .sql(format!("UPDATE person SET first_name = '=1+1', last_name = '@SUM(A1)' WHERE id = {}", agents[1]))
        .await;
    let pilot = product.follows(Role::NationalPilot, Scope::Nation).await;
    let file = pilot.get("/suivi/agents/fichier/csv").await;
    assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8");
    assert_eq!(file.headers["content-disposition"], "attachment; filename=\"agents-2026-12-01.csv\"");
    assert!(file.body.starts_with("\u{feff}Nom;Prénom;"), "{}", file.body);
    assert_eq!(file.body.matches("\r\n").count(), 4);
    assert!(file.body.contains("Vouziers;Agent1;agent1.vouziers@exemple.example;Maison de Vouziers;Vouziers;08;2026-12-01;En cours;non;1;10;45;0;0;;;2026-12-01;;\r\n"), "{}", file.body);
    assert!(file.body.contains("'@SUM(A1);'=1+1;"), "{}", file.body);
    let late = pilot.get("/suivi/agents/fichier/csv?etat=en-cours").await.body;
    assert_eq!(late.matches("\r\n").count(), 2, "the file holds what the list holds");
    for path in ["/suivi/agents/fichier/xlsx", "/suivi/territoires/fichier/xlsx"] {
        let sheet = pilot.send(pilot.request(reqwest::Method::GET, path)).await;
        assert_eq!(sheet.status, StatusCode::OK);
        assert!(sheet.body.starts_with("PK") && sheet.body.contains("xl/worksheets/sheet1.xml"), "{path}");
    }
});
