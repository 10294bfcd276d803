//! Running it for real: health, metrics, refusals of production, a stop that loses nothing, the command line.

use domain::identity::{Role, Scope};
use reqwest::StatusCode;
use server::config::Config;
use std::process::{Command, Output};
use support::served::{House, program};
use support::{Client, Database, Product, on_both, workspace};

on_both!(the_product_says_that_it_is_alive_and_ready, |product| async {
    let machine = product.stranger();
    assert_eq!(machine.get("/health/live").await.status, StatusCode::OK);
    assert_eq!(machine.get("/health/ready").await.status, StatusCode::OK);
});

#[tokio::test(flavor = "multi_thread")]
async fn production_refuses_demonstration_accounts_until_they_are_suspended() {
    let product = Product::start(Database::Sqlite).await;
    server::demonstration::prepare(&product.app).await.expect("a demonstration");
    let production = || async {
        let data = product.app.config.data.display().to_string();
        let settings =
            [("SOCLE_MODE", "production"), ("SOCLE_PUBLIC_URL", "https://socle.example"), ("SOCLE_DATA", &data)];
        let find = |name: &str| settings.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        let mut config = Config::read(find, "").expect("settings");
        config.site.clone_from(&product.app.config.site);
        let (clock, dice) = (product.app.clock.clone(), product.app.dice.clone());
        let app = server::app::App::open(config, clock, dice, None).await.expect("opens");
        server::serve::check_mode(&app).await
    };
    let refusal = production().await.expect_err("refused").to_string();
    assert!(refusal.contains("demonstration account") && refusal.contains("socle account suspend"), "{refusal}");
    for character in server::demonstration::CHARACTERS {
        let email = character.email.parse().expect("an address");
        let person = server::identity::store::find(&product.app, &email).await.expect("reads").expect("an account");
        server::identity::store::suspend(&product.app, person, true).await.expect("suspends");
    }
    production().await.expect("accepted");
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_run_from_the_start_and_are_timed() {
    let served = House::new(Database::Sqlite, "demonstration").expect("a house").serve().await.expect("serves");
    let machine = Client::new(&format!("http://{}", served.address));
    until_counted(&machine, "socle_job_seconds_count{job=\"retention\"}").await;
    let told = machine.get("/metrics").await.body;
    for job in domain::operation::Job::ALL {
        assert!(told.contains(&format!("socle_job_failures_total{{job=\"{}\"}} 0", job.key())), "{job:?} in {told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_answers_what_was_asked_before_it() {
    let house = House::new(Database::Sqlite, "demonstration").expect("a house");
    let served = house.serve().await.expect("serves");
    let url = format!("http://{}", served.address);
    let asked: Vec<_> = (0..10)
        .map(|_| {
            let client = Client::new(&url);
            // Checking a password takes a while: the stop comes in the middle.
            let form = [("email", "lea@socle.example"), ("password", "ce n’est pas le bon")];
            tokio::spawn(async move { client.post("/connexion", &form).await.status })
        })
        .collect();
    until_counted(&Client::new(&url), "socle_sign_ins_total").await;
    served.terminate().expect("told");
    for answer in asked {
        assert_eq!(answer.await.expect("an answer"), StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert!(served.stopped().await.expect("stops").success());
}

/// Until the first is answered: the others wait for their turn, two at a time.
async fn until_counted(client: &Client, metric: &str) {
    while !client.get("/metrics").await.body.contains(metric) {
        tokio::task::yield_now().await;
    }
}

fn socle(arguments: &[&str], data: &std::path::Path) -> Output {
    Command::new(program().expect("built"))
        .args(arguments)
        .current_dir(workspace())
        .env("SOCLE_DATA", data)
        .output()
        .expect("runs")
}

#[test]
fn a_list_of_leaked_passwords_that_is_none_is_said_at_the_start() {
    let house = House::new(Database::Sqlite, "demonstration").expect("a house");
    let list = house.folder().join("leaked.txt");
    let house = house.with("SOCLE_LEAKED_PASSWORDS", list.display().to_string());
    let sha1 = |digit: &str| format!("{}\n", digit.repeat(40));
    for (text, said) in [
        (None, "No such file"),
        (Some(String::new()), "no list of SHA-1 in hexadecimal"),
        (Some("motdepasse2026\n".to_owned()), "no list of SHA-1 in hexadecimal"),
        (Some(sha1("F") + sha1("0").as_str()), "sort it (LC_ALL=C sort)"),
    ] {
        if let Some(text) = text {
            std::fs::write(&list, text).expect("written");
        }
        let output = house.command(&["serve"]).expect("runs");
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && told.contains("SOCLE_LEAKED_PASSWORDS") && told.contains(said), "{told}");
    }
}

#[test]
fn every_command_has_its_help() {
    let folder = tempfile::tempdir().expect("a folder");
    for command in [
        "serve",
        "content check",
        "content publish",
        "account invite",
        "account suspend",
        "token create",
        "token list",
        "token revoke",
        "record verify",
        "audit verify",
        "certificate rotate-key",
        "backup",
        "config",
    ] {
        let mut arguments: Vec<&str> = command.split(' ').collect();
        arguments.push("--help");
        let help = socle(&arguments, folder.path());
        assert!(help.status.success() && String::from_utf8_lossy(&help.stdout).contains("Usage: socle"), "{command}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_invites_publishes_verifies_and_backs_up() {
    let folder = tempfile::tempdir().expect("a folder");
    let said = |arguments: &[&str]| {
        let output = socle(arguments, folder.path());
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    };
    assert!(said(&["content", "check", "content/mediation-numerique"]).contains("no problem"));
    assert!(said(&["content", "publish", "content/mediation-numerique"]).contains("published as version 1"));
    assert!(said(&["content", "publish", "content/mediation-numerique"]).contains("already published"));
    let kit = "content/webinaire-outils-numeriques";
    assert!(said(&["content", "check", kit]).contains("a webinar of 90 minutes, 15 steps, 6 polls, 10 questions"));
    assert!(said(&["content", "publish", kit]).contains("published as version 1"));
    assert!(said(&["content", "publish", kit]).contains("already published"));
    let pathway = "content/parcours-france-services";
    assert!(said(&["content", "check", pathway]).contains("a pathway of 2376 minutes, 9 components, 2 certificates"));
    assert!(said(&["content", "publish", pathway]).contains("published as version 1"));
    assert!(said(&["content", "publish", pathway]).contains("already published"));
    assert!(said(&["certificate", "rotate-key"]).contains("signs from now on"));
    let create = ["token", "create", "--name", "SIRH", "--scope", "people:read", "--scope", "maisons:read"];
    assert!(said(&create).starts_with("socle_"));
    let listed = said(&["token", "list"]);
    assert!(listed.contains("SIRH [people:read maisons:read] until") && listed.contains("never used"), "{listed}");
    let id = listed.split(' ').next().expect("an id");
    assert_eq!(said(&["token", "revoke", id]), "revoked\n");
    assert!(said(&["token", "list"]).contains("revoked 2"));
    assert!(!socle(&["token", "create", "--name", "SIRH", "--scope", "tout"], folder.path()).status.success());
    assert!(!socle(&["token", "revoke", "11111111-1111-4111-8111-111111111111"], folder.path()).status.success());
    let invite = ["account", "invite", "--email", "zoe@exemple.example", "--first-name", "Zoé", "--last-name", "Petit"];
    assert!(said(&invite).starts_with("http://127.0.0.1:3000/invitation/"));
    assert!(!socle(&invite, folder.path()).status.success(), "the address is taken");
    assert!(said(&["audit", "verify"]).contains("1 lines: the chain holds"), "the invitation was noted");
    assert!(said(&["record", "verify"]).contains("every chain holds"));
    let copy = folder.path().join("copy.sqlite").display().to_string();
    assert!(said(&["backup", &copy]).contains("SHA-256"));
    assert!(!socle(&["account", "suspend", "nobody@exemple.example"], folder.path()).status.success());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_course_is_not_published_and_every_problem_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let course = folder.path().join("cours-casse");
    std::fs::create_dir_all(course.join("01-un")).expect("folders");
    std::fs::write(course.join("course.toml"), "titel = 'x'\n").expect("writes");
    std::fs::write(course.join("01-un/chapter.md"), "+++\ntitle = 'Un'\n+++\n\n# Trop haut\n").expect("writes");
    let output = socle(&["content", "check", &course.display().to_string()], folder.path());
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(!output.status.success());
    assert!(said.contains("course.toml:1:") && said.contains("chapter.md:"), "{said}");
    let product = Product::start(Database::Sqlite).await;
    let checked = server::course::publish::check(&course).expect("reads");
    server::course::publish::publish(&product.app, checked).await.expect_err("refused");
    let person = product.person("Lea", Role::Agent, Scope::Own).await;
    let agent = product.signed_in(person).await;
    assert_eq!(agent.get("/cours/cours-casse").await.status, StatusCode::NOT_FOUND);
}
