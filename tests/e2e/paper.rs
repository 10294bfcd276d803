//! What is printed: the attendance sheet of a webinar, for the file that an inspection opens.

use super::browser::{Browser, Script};
use domain::identity::{Grant, Role, Scope};
use domain::ids::PersonId;
use jiff::SignedDuration;
use serde_json::json;
use server::identity::store::{self, NewPerson};
use server::place::{self, NewMaison};
use std::path::PathBuf;
use support::held::seen;
use support::{Database, Product};

/// Pages that the browser prints, at most `limit`.
async fn pages(browser: &Browser, limit: u32) -> u32 {
    let printed = async |page: u32| {
        let options = json!({ "preferCSSPageSize": true, "pageRanges": page.to_string() });
        browser.driver.cdp().send_raw("Page.printToPDF", options).await.is_ok()
    };
    for page in 1..=limit + 1 {
        if !printed(page).await {
            return page - 1;
        }
    }
    limit + 1
}

/// Leaves the paper where pictures are asked for.
async fn keep(browser: &Browser, name: &str) {
    let Some(folder) = std::env::var_os("SOCLE_SCREENSHOTS").map(PathBuf::from) else { return };
    let paper = browser.cdp("Page.printToPDF", json!({ "preferCSSPageSize": true })).await;
    let script = "return Uint8Array.from(atob(arguments[0]), (sign) => sign.charCodeAt(0)).join()";
    let bytes = browser.look(script, vec![paper["data"].clone()]).await;
    let bytes = bytes.as_str().expect("bytes").split(',').map(|byte| byte.parse().expect("a byte"));
    std::fs::create_dir_all(&folder).expect("the folder of pictures");
    std::fs::write(folder.join(format!("{name}.pdf")), bytes.collect::<Vec<u8>>()).expect("writes");
}

/// Agents of one maison, as long names as there are.
async fn agents(product: &Product, count: u32) -> Vec<PersonId> {
    let maison = NewMaison {
        name: "Maison France Services du Pays de Vouziers".into(),
        commune: "Vouziers".into(),
        departement: "08".parse().expect("a code"),
        siret: None,
        labelled_on: None,
    };
    let maison = place::create(&product.app, maison).await.expect("a maison");
    let mut agents = Vec::new();
    for number in 0..count {
        let new = NewPerson {
            email: format!("agent{number}@exemple.example").parse().expect("an address"),
            first_name: ["Anne-Charlotte", "Léa", "Jean-Baptiste", "Noé"][number as usize % 4].into(),
            last_name: format!("de la Fontaine-Durand {number}"),
            maison: Some(maison),
            grants: vec![Grant::new(Role::Agent, Scope::Own).expect("fits")],
            demonstration: false,
        };
        agents.push(store::create(&product.app, new).await.expect("an account"));
    }
    agents
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_attendance_sheet_of_sixty_takes_three_pages_and_that_of_three_one() {
    for (count, most) in [(3, 1), (60, 3)] {
        let product = Product::start(Database::Sqlite).await;
        let trainer = product.trainer().await;
        let leader = product.trainer_of("Rose", "mediation-numerique").await;
        let agents = agents(&product, count).await;
        let webinar = product.webinar(leader, &agents).await;
        let from = product.begin(webinar).await;
        product.wait(SignedDuration::from_mins(90));
        let stays = [90, 0, 30, 80];
        let came = agents.iter().zip(stays.into_iter().cycle()).filter(|(_, minutes)| *minutes > 0);
        let came = came.map(|(agent, minutes)| seen(webinar, *agent, 1, from, (0, minutes))).collect();
        server::webinar::presence::checkpoint(&product.app, came).await.expect("a checkpoint");
        product.close(webinar, from).await;
        let browser = Browser::open(&product, Script::On).await;
        browser.become_client(&trainer).await;
        browser.go(&format!("/webinaires/{webinar}/presences")).await;
        browser.until_text("main", "Feuille de présence").await;
        keep(&browser, &format!("attendance-{count}")).await;
        assert!(pages(&browser, most).await <= most, "{count} agents");
    }
}
