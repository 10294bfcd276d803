//! What axe-core finds wrong with each page, narrow and wide, light and dark: nothing.

use super::browser::{Browser, Script};
use super::journey::CHAPTER;
use super::pictures;
use domain::identity::{Role, Scope, TotpKey};
use domain::ids::PersonId;
use domain::text::paris;
use jiff::SignedDuration;
use serde_json::json;
use server::jobs;
use sha1::{Digest as _, Sha1};
use std::fmt::Write as _;
use support::answers::{fields, questions, right};
use support::held::seen;
use support::nation::attended;
use support::webinars::{change, plan};
use support::{Client, Database, Product, workspace};
use tempfile::NamedTempFile;

/// Judges the page as it is.
const JUDGE: &str = r#"
    const done = arguments[arguments.length - 1];
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"];
    axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] }).then(
        ({ violations }) => done(violations.map(({ id, help, nodes }) => ({
            id, help, nodes: nodes.map(({ target, failureSummary }) => `${target.join(" ")}: ${failureSummary}`),
        }))),
        (error) => done([{ id: "axe", help: String(error), nodes: [] }]),
    );
"#;

const WIDTH: &str = "return [innerWidth, document.scrollingElement.scrollWidth, [...document.querySelectorAll('body *')]
    .filter((it) => it.getBoundingClientRect().right > innerWidth + 1).slice(0, 5).map((it) => it.outerHTML.slice(0, 120))];";

/// Looks at pages, and notes what is wrong with them.
pub(super) struct Judge<'a> {
    pub(super) browser: &'a Browser,
    seen: Vec<String>,
    pub(super) wrong: String,
}

impl<'a> Judge<'a> {
    pub(super) fn new(browser: &'a Browser) -> Self {
        Self { browser, seen: Vec::new(), wrong: String::new() }
    }

    pub(super) async fn go(&mut self, name: &str, path: &str) {
        self.browser.go(path).await;
        self.look(name).await;
    }

    /// Looks at the page that is open.
    pub(super) async fn look(&mut self, name: &str) {
        let awake =
            "return !document.querySelector('.player-place:not([tabindex]), .attempt [value=save]:not([hidden])');";
        self.browser.until("islands to wake", async || self.browser.look(awake, vec![]).await == true).await;
        for (width, scheme) in [(320, "light"), (320, "dark"), (1280, "light"), (1280, "dark")] {
            self.browser.dress(width, scheme).await;
            let found = self.browser.driver.execute_async(JUDGE, vec![]).await.expect("axe judges").json().clone();
            for violation in found.as_array().expect("violations") {
                writeln!(self.wrong, "{name} ({width} px, {scheme}): {} – {}", violation["id"], violation["help"])
                    .unwrap();
                for node in violation["nodes"].as_array().expect("nodes").iter().take(3) {
                    writeln!(self.wrong, "    {}", node.as_str().unwrap_or_default().replace('\n', " ")).unwrap();
                }
            }
            let widths = self.browser.look(WIDTH, vec![]).await;
            if widths[0] != width || widths[1].as_u64() > Some(width.into()) {
                writeln!(self.wrong, "{name} scrolls sideways at {width} px: {widths}").unwrap();
            }
        }
        self.seen.push(name.to_owned());
    }
}

/// Answers some questions right and hands in.
async fn hand_in(product: &Product, client: &Client, chapter: &str, attempt: &str) -> String {
    let page = client.post(&format!("/cours/mediation-numerique/{chapter}/quiz"), &[("attempt", attempt)]).await;
    let path = page.location.expect("an attempt");
    let questions = questions(product, chapter);
    let mut sent: Vec<_> = questions.iter().take(9).flat_map(|question| fields(question, right(question, 0))).collect();
    sent.push(("action".into(), "finish".into()));
    let sent: Vec<(&str, &str)> = sent.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    client.post(&path, &sent).await;
    path
}

/// Puts axe-core into every page that the browser opens.
pub(super) async fn bring_axe(browser: &Browser) {
    let axe = std::fs::read_to_string(workspace().join("target/axe/node_modules/axe-core/axe.min.js"));
    let axe = axe.expect("axe-core; `make setup-tests` fetches it");
    browser.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": axe })).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_passes_axe_at_320_px_and_wide_in_light_and_dark() {
    let (list, stolen) = (NamedTempFile::new().expect("a file"), "le chat dort sur la chaise");
    std::fs::write(&list, hex::encode_upper(Sha1::digest(stolen))).expect("written");
    let leaked = ("SOCLE_LEAKED_PASSWORDS", list.path().display().to_string());
    let product = Product::start_with(Database::Sqlite, &[leaked]).await;
    let agent = product.agent("Lea").await;
    let trainer = product.trainer().await;
    let administrator = product.administrator().await;
    let invited = product.person("Nadia", Role::Agent, Scope::Own).await;
    let secret = server::identity::store::invite(&product.app, invited).await.expect("an invitation");
    let invitation = format!("/invitation/{secret}");
    let browser = Browser::open(&product, Script::On).await;
    bring_axe(&browser).await;
    let mut judge = Judge::new(&browser);

    for (name, path) in [
        ("welcome", "/"),
        ("sign-in", "/connexion"),
        ("password forgotten", "/mot-de-passe-oublie"),
        ("invitation", &invitation),
        ("invitation that is dead", "/invitation/0000"),
        ("accessibility", "/accessibilite"),
        ("legal", "/mentions-legales"),
        ("privacy", "/donnees-personnelles"),
        ("register", "/registre-des-traitements"),
    ] {
        judge.go(name, path).await;
    }
    browser.go("/connexion").await;
    browser.type_in("[name=email]", "lea@exemple.example").await;
    browser.type_in("[name=password]", "pas le bon mot de passe").await;
    browser.click("main form button").await;
    browser.until_text("main", "incorrect").await;
    judge.look("sign-in with an error").await;
    browser.go(&invitation).await;
    browser.type_in("[name=password]", stolen).await;
    browser.type_in("[name=password_again]", stolen).await;
    browser.click("main form button").await;
    browser.until_text("main", "volés sur d’autres sites").await;
    judge.look("invitation with a password that leaked").await;
    pictures::take(judge.browser, "password-leaked").await;

    browser.become_client(&agent).await;
    judge.go("home, fresh", "/").await;
    judge.go("record, empty", "/dossier").await;
    let chapter = format!("/cours/mediation-numerique/{CHAPTER}");
    agent.post(&format!("{chapter}/lu"), &[("section", "deux-premieres-minutes")]).await;
    let result = hand_in(&product, &agent, CHAPTER, "11111111-1111-4111-8111-111111111111").await;
    let page = agent.post(&format!("{chapter}/quiz"), &[("attempt", "22222222-2222-4222-8222-222222222222")]).await;
    let attempt = page.location.expect("an attempt");
    let positioning = hand_in(&product, &agent, "positionnement", "33333333-3333-4333-8333-333333333333").await;
    let assessment = hand_in(&product, &agent, "evaluation", "44444444-4444-4444-8444-444444444444").await;
    for (name, path) in [
        ("home, ongoing", "/"),
        ("course", "/cours/mediation-numerique"),
        ("chapter", &*chapter),
        ("sheet", &format!("{chapter}/fiche")),
        ("quiz", &format!("{chapter}/quiz")),
        ("quiz with a time limit", "/cours/mediation-numerique/identite-et-acces/quiz"),
        ("positioning", "/cours/mediation-numerique/positionnement/quiz"),
        ("positioning, result", &positioning),
        ("assessment", "/cours/mediation-numerique/evaluation/quiz"),
        ("assessment, result", &assessment),
        ("attempt", &attempt),
        ("result", &result),
        ("search", "/recherche"),
        ("search, hits", "/recherche?q=accueil"),
        ("search, none", "/recherche?q=zzyzx"),
        ("record", "/dossier"),
        ("nowhere", "/nulle-part"),
    ] {
        judge.go(name, path).await;
    }
    let course = product.app.library.course(&"mediation-numerique".parse().expect("a slug")).expect("the course");
    for other in course.course.chapters.iter().filter(|other| other.slug.as_str() != CHAPTER) {
        judge.go(other.slug.as_str(), &format!("/cours/mediation-numerique/{}", other.slug)).await;
    }
    browser.become_client(&trainer).await;
    follow_up(&product, &mut judge, &trainer).await;
    judge.go("follow-up of an agent", "/suivi/1").await;
    attendance(&product, &mut judge).await;
    in_a_room(&product, &mut judge, &trainer, &agent).await;
    browser.become_client(&trainer).await;
    in_a_cohort(&product, &mut judge, &trainer, &agent).await;
    browser.become_client(&administrator).await;
    judge.go("accounts", "/administration/comptes").await;
    judge.go("account", "/administration/comptes/1").await;
    let other = product.person("Lea-Bis", Role::Agent, Scope::Own).await;
    let merge = "/administration/comptes/1/reunion?compte=lea-bis@exemple.example";
    judge.go("accounts to merge", merge).await;
    pictures::take(judge.browser, "accounts-to-merge").await;
    judge.go("an address that is nobody's", "/administration/comptes/1/reunion?compte=personne@exemple.example").await;
    let confirmed = [("compte", &*other.to_string()), ("cle", "77777777-7777-4777-8777-777777777777")];
    administrator.post("/administration/comptes/1/reunion", &confirmed).await;
    judge.go("account with another folded in", "/administration/comptes/1").await;
    judge.go("file to import", "/administration/importations").await;
    for (name, kind, file) in [
        ("import with errors", "maisons", "Nom;Commune;Département\nMaison A;Rethel;08\nMaison B;;99\n"),
        ("import without its columns", "agents", "a;b\n1;2\n"),
    ] {
        let id = product.app.dice.uuid().to_string();
        let page = support::importing::send(&administrator, &id, kind, file.as_bytes()).await;
        judge.go(name, &page.location.expect("kept")).await;
        pictures::take(judge.browser, &name.replace(' ', "-")).await;
    }
    judge.go("invitations", "/administration/invitations").await;
    second_factor(&product, &mut judge).await;
    other_systems(&product, &mut judge).await;
    personal_data(&product, &mut judge, &agent, &administrator).await;

    assert_eq!(judge.wrong, "", "of {} pages", judge.seen.len());
}

/// Set up, kept, and asked for.
async fn second_factor(product: &Product, judge: &mut Judge<'_>) {
    judge.go("own account", "/compte").await;
    judge.go("second factor, to set up", "/second-facteur").await;
    pictures::take(judge.browser, "second-factor").await;
    let shown = judge.browser.look("return document.querySelector('main code.secret').textContent", vec![]).await;
    let shown: String = shown.as_str().expect("a key").chars().filter(char::is_ascii_alphanumeric).collect();
    let code = TotpKey::read(&shown).expect("a key").code(product.app.clock.now().as_second() / 30);
    judge.browser.type_in("[name=code]", &code).await;
    judge.browser.press("Vérifier le code").await;
    judge.browser.until_text("main h1", "Vos codes de secours").await;
    judge.look("recovery codes").await;
    pictures::take(judge.browser, "recovery-codes").await;
    judge.go("second factor", "/second-facteur").await;
    judge.browser.type_in("[name=code]", &code).await;
    judge.browser.press("Obtenir dix nouveaux codes de secours").await;
    judge.browser.until_text("main", "Ce code n’est pas le bon").await;
    judge.look("second factor, with an error").await;
    judge.go("own account, and what was refused", "/compte").await;
    pictures::take(judge.browser, "own-account").await;
    judge.go("code to sign in with", "/connexion/code").await;
    let person = product.number("SELECT person_id FROM second_factor WHERE confirmed_at IS NOT NULL").await;
    judge.go("account with a second factor", &format!("/administration/comptes/{person}")).await;
}

/// Tokens, with the secret of one and a form with errors, and the page about the API.
async fn other_systems(product: &Product, judge: &mut Judge<'_>) {
    judge.go("API", "/api/v1").await;
    pictures::take(judge.browser, "api").await;
    judge.go("tokens, none", "/administration/jetons").await;
    judge.browser.click("main form.form button").await;
    judge.browser.until_text("main", "points à corriger").await;
    judge.look("token to make, with errors").await;
    judge.browser.type_in("[name=name]", "SIRH").await;
    judge.browser.click("#scope-people\\:read").await;
    judge.browser.click("main form.form button").await;
    judge.browser.until_text("main", "il ne sera plus affiché").await;
    judge.look("token, made").await;
    pictures::take(judge.browser, "tokens").await;
    judge.go("webhooks, none", "/administration/webhooks").await;
    judge.browser.click("main form.form button").await;
    judge.browser.until_text("main", "points à corriger").await;
    judge.look("webhook to make, with errors").await;
    judge.browser.type_in("[name=url]", "https://sirh.exemple.example/socle").await;
    judge.browser.click("#kind-fact\\.recorded").await;
    judge.browser.click("main form.form button").await;
    judge.browser.until_text("main", "il ne sera plus affiché").await;
    judge.look("webhook, made").await;
    judge.browser.click("main table a").await;
    judge.browser.until_text("main", "Aucun message n’a encore été écrit").await;
    judge.browser.press("Envoyer un essai").await;
    judge.browser.until_text("main", "À envoyer à partir du").await;
    judge.look("webhook, with a message").await;
    pictures::take(judge.browser, "webhook").await;
    product.token(&["maisons:read"]).await;
    judge.go("tokens", "/administration/jetons").await;
}

/// The state of the service, where everything works and where it does not.
async fn how_it_runs(product: &Product, judge: &mut Judge<'_>) {
    let app = &product.app;
    jobs::take_up(app).await;
    jobs::send_mails(app).await;
    jobs::tell_webhooks(app).await;
    jobs::copy(app).await;
    jobs::certify(app).await;
    jobs::keep_up(app).await;
    judge.go("service", "/administration/exploitation").await;
    pictures::take(judge.browser, "service").await;
    product.sql("ALTER TABLE upload RENAME TO upload_away".to_owned()).await;
    jobs::keep_up(app).await;
    product.wait(SignedDuration::from_secs(90));
    judge.go("service in need", "/administration/exploitation").await;
    pictures::take(judge.browser, "service-in-need").await;
    product.sql("ALTER TABLE upload_away RENAME TO upload".to_owned()).await;
}

/// What is held of people, to them and to administrators.
async fn personal_data(product: &Product, judge: &mut Judge<'_>, agent: &Client, administrator: &Client) {
    judge.go("erasure, what it does", "/administration/comptes/1/effacer").await;
    pictures::take(judge.browser, "erasure").await;
    server::protection::nights::tick(&product.app).await.expect("a night");
    judge.go("retention", "/administration/conservation").await;
    how_it_runs(product, judge).await;
    pictures::take(judge.browser, "retention").await;
    product.app.audit.settle().await;
    judge.go("log", "/administration/journal").await;
    pictures::take(judge.browser, "log").await;
    judge.go("log, nothing found", "/administration/journal?dossier=zzyzx").await;
    judge.go("log with an error", "/administration/journal?du=hier").await;
    judge.browser.become_client(agent).await;
    judge.go("own data", "/mes-donnees").await;
    pictures::take(judge.browser, "own-data").await;
    judge.browser.become_client(administrator).await;
}

/// The country, a département and a maison, in figures and by name, to those who see the people and those who do not.
async fn follow_up(product: &Product, judge: &mut Judge<'_>, trainer: &Client) {
    judge.go("follow-up, nobody", "/suivi").await;
    for (name, agents) in [("Vouziers", 3), ("Rethel", 8), ("Sedan", 9)] {
        let maison = product.maison(name, "08").await;
        for agent in product.agents_of(maison, name, agents).await.into_iter().take(2) {
            product.earns(agent, product.mooc()).await;
            product.earns(agent, [attended(1, product.app.clock.now(), 80)]).await;
        }
    }
    judge.go("follow-up, masked", "/suivi/departements/08").await;
    judge.go("follow-up, hidden", "/suivi/maisons/1").await;
    let pilot = product.follows(Role::NationalPilot, Scope::Nation).await;
    judge.browser.become_client(&pilot).await;
    for (name, path) in [
        ("follow-up of the country", "/suivi/france"),
        ("follow-up of a département", "/suivi/departements/08"),
        ("follow-up of a maison", "/suivi/maisons/2"),
        ("agents", "/suivi/agents"),
        ("agents, none", "/suivi/agents?q=zzyzx"),
        ("reminders, none", "/suivi/relances"),
    ] {
        judge.go(name, path).await;
    }
    pictures::take(judge.browser, "follow-up").await;
    judge.browser.become_client(trainer).await;
}

/// The sheet of a webinar before, while and after it is live; the presence of one agent, and their record.
async fn attendance(product: &Product, judge: &mut Judge<'_>) {
    let leader = product.trainer_of("Rose", "mediation-numerique").await;
    let late = product.person("Zoe", Role::Agent, Scope::Own).await;
    let webinar = product.webinar(leader, &[PersonId(1), late]).await;
    let sheet = format!("/webinaires/{webinar}/presences");
    judge.go("attendance, before", &sheet).await;
    let live_at = product.begin(webinar).await;
    product.wait(SignedDuration::from_mins(60));
    let unknown = product.person("Nour", Role::Agent, Scope::Own).await;
    let seen = vec![seen(webinar, PersonId(1), 1, live_at, (0, 60)), seen(webinar, unknown, 2, live_at, (5, 60))];
    server::webinar::presence::checkpoint(&product.app, seen).await.expect("a checkpoint");
    judge.go("attendance, live", &sheet).await;
    product.wait(SignedDuration::from_mins(10));
    product.close(webinar, live_at).await;
    judge.go("attendance, over", &sheet).await;
    pictures::take(judge.browser, "attendance").await;
    judge.go("presence of an agent", &format!("{sheet}/1")).await;
    let (browser, trainer) = (judge.browser, "main form [type=submit]");
    browser.type_in("[name=why]", "Ligne coupée pendant dix minutes").await;
    browser.driver.execute("document.querySelector('[name=minutes]').value = '70'", vec![]).await.expect("types");
    browser.click(trainer).await;
    browser.until_text("main", "À confirmer").await;
    judge.look("correction to confirm").await;
    pictures::take(judge.browser, "correction").await;
    browser.click(trainer).await;
    browser.until_text("main", "Corrections").await;
    judge.look("presence corrected").await;
    pictures::take(judge.browser, "corrected").await;
    judge.go("attendance, corrected", &sheet).await;
    pictures::take(judge.browser, "attendance-corrected").await;
    judge.go("record with a webinar", "/suivi/1").await;
    pictures::take(judge.browser, "record-webinar").await;
    certified(product, judge).await;
}

/// A session face to face: planned, its roster, its sheet, the code, the paper, and the agent who signs.
async fn in_a_room(product: &Product, judge: &mut Judge<'_>, trainer: &Client, agent: &Client) {
    let room = support::classroom::ROOM;
    judge.go("sessions, none", "/presentiel").await;
    judge.go("session to plan", "/presentiel/nouvelle").await;
    judge.browser.type_in("[name=place]", "Préfecture").await;
    judge.browser.click("main form button").await;
    judge.browser.until_text("main", "au moins une demi-journée").await;
    judge.look("session to plan, with an error").await;
    let today = paris(product.app.clock.now()).date();
    support::classroom::plan(trainer, today, "lea@exemple.example").await;
    judge.go("sessions", "/presentiel").await;
    judge.go("session", &format!("/presentiel/{room}")).await;
    judge.browser.type_in("[name=addresses]", "nobody@exemple.example").await;
    judge.browser.click("main form.form button").await;
    judge.browser.until_text("main", "aucun compte").await;
    judge.look("session, with an unknown address").await;
    let sheet = format!("/presentiel/{room}/{today}-matin");
    judge.go("sheet to close", &sheet).await;
    judge.go("code to sign", &format!("{sheet}/code")).await;
    judge.go("sheet to print", &format!("/presentiel/{room}/feuille")).await;
    trainer.post(&sheet, &[("present", "1"), ("do", "close")]).await;
    judge.go("sheet, closed", &sheet).await;
    judge.browser.become_client(agent).await;
    judge.go("code that is spent", &format!("/emargement/{room}/{today}-matin/0123456789")).await;
    judge.go("sheet to sign, closed", &format!("/emargement/{room}/{today}-matin")).await;
}

/// A cohort: planned, filled by addresses, by territory and by a file, seen by its trainer and at home.
async fn in_a_cohort(product: &Product, judge: &mut Judge<'_>, trainer: &Client, agent: &Client) {
    use support::cohorts::{self, COHORT};
    judge.go("cohorts, none", "/cohortes").await;
    judge.go("cohort to make", "/cohortes/nouvelle").await;
    judge.browser.type_in("[name=name]", "Ardennes, hiver").await;
    judge.browser.click("main form.form button").await;
    judge.browser.until_text("main", "points à corriger").await;
    judge.look("cohort to make, with errors").await;
    pictures::take(judge.browser, "cohort-to-make").await;
    let address = format!("/cohortes/{COHORT}");
    let trained = [("trainers", "2"), ("capacity", "30")];
    cohorts::plan(trainer, COHORT, &trained).await;
    judge.go("cohort, empty", &address).await;
    let other = "88888888-8888-4888-8888-88888888888b";
    cohorts::plan(trainer, other, &[("name", "Sedan, hiver")]).await;
    cohorts::add(trainer, other, "agent3.sedan@exemple.example").await;
    judge
        .browser
        .type_in("[name=addresses]", "lea@exemple.example, agent3.sedan@exemple.example, x@exemple.example")
        .await;
    judge.browser.press("Voir qui serait ajouté").await;
    judge.browser.until_text("main", "autre cohorte").await;
    judge.look("members to add, by address").await;
    pictures::take(judge.browser, "members-to-add").await;
    cohorts::add(trainer, COHORT, "lea@exemple.example").await;
    judge.go("cohort", &address).await;
    judge
        .browser
        .driver
        .execute("document.querySelector('[name=departement]').value = '08'", vec![])
        .await
        .expect("types");
    judge.browser.press("Voir ces agents").await;
    judge.browser.until_text("main", "Ne garder qu’une maison").await;
    judge.look("members to add, of a département").await;
    judge.browser.click("main form.form button[value=add]").await;
    judge.browser.until_text("main", "Membres").await;
    support::webinars::plan(trainer, "22222222-2222-4222-8222-22222222222c", &[("capacity", "300")]).await;
    for (act, sent) in [
        ("webinaires", [("webinar", "22222222-2222-4222-8222-22222222222c"), ("do", "attach")]),
        ("presentiel", [("classroom", support::classroom::ROOM), ("do", "attach")]),
    ] {
        trainer.post(&format!("{address}/{act}"), &sent).await;
    }
    judge.go("cohort, with its members", &address).await;
    judge.browser.click("details.cancel summary").await;
    judge.look("cohort to call off").await;
    pictures::take(judge.browser, "cohort").await;
    judge.go("cohort to change", &format!("{address}/modifier")).await;
    judge.go("file of members", &format!("{address}/importations")).await;
    let file = b"E-mail\nlea@exemple.example\nnobody@exemple.example\n";
    let kept = cohorts::send(trainer, "77777777-7777-4777-8777-77777777777a", file).await;
    judge.go("file of members, checked", &kept.location.expect("kept")).await;
    judge.go("cohorts", "/cohortes").await;
    pictures::take(judge.browser, "cohorts").await;
    judge.go("agents of a cohort", &format!("/suivi/agents?cohorte={COHORT}")).await;
    judge.browser.become_client(agent).await;
    judge.go("home with a cohort", "/").await;
    pictures::take(judge.browser, "home-cohort").await;
    let pilot = product.follows(Role::DepartmentPilot, Scope::Departement("08".parse().expect("a code"))).await;
    judge.browser.become_client(&pilot).await;
    judge.go("cohort, of whose members some are theirs", &address).await;
    trainer.post(&format!("{address}/annuler"), &[("reason", "Trop peu d’inscrits.")]).await;
    judge.browser.become_client(trainer).await;
    judge.go("cohort, called off", &address).await;
}

/// What a trainer enters of the path, and the certificates that come of it.
async fn certified(product: &Product, judge: &mut Judge<'_>) {
    let entry = "/suivi/1/parcours/parcours-france-services/accompagner-l-usager";
    judge.go("attendance to enter", entry).await;
    judge.browser.type_in("[name=why]", "?").await;
    judge.browser.click("main form [type=submit]").await;
    // What is too short is sent all the same.
    judge.browser.until_text("main", "À corriger").await;
    judge.look("attendance to enter, with an error").await;
    pictures::take(judge.browser, "attendance-to-enter").await;
    product.complete_course(PersonId(1)).await;
    judge.go("record with a certificate", "/suivi/1").await;
    pictures::take(judge.browser, "record-certificate").await;
    let number = product.certificate_of(PersonId(1)).await;
    let agent = product.signed_in(PersonId(1)).await;
    agent.post("/dossier/faits/1", &[("words", "J’avais lu ce chapitre la veille.")]).await;
    judge.go("line disputed, to answer", "/suivi/1/faits/1").await;
    judge.go("disputes", "/suivi/contestations").await;
    pictures::take(judge.browser, "disputes").await;
    judge.go("certificate", &format!("/dossier/certificats/{number}")).await;
    judge.go("certificate, verified", &format!("/certificats/{number}")).await;
    product.sql("UPDATE certificate SET withdrawn_at = issued_at".to_owned()).await;
    judge.go("certificate, withdrawn", &format!("/dossier/certificats/{number}")).await;
    judge.go("certificate, verified and withdrawn", &format!("/certificats/{number}")).await;
}

/// The live room as that person sees it, with some of its panels.
async fn room(judge: &mut Judge<'_>, who: &str, webinar: &str, panels: &[&str]) {
    let browser = judge.browser;
    browser.go(&format!("{webinar}/salle")).await;
    browser.until_text("main", "Aucun message").await;
    judge.look(&format!("room, {who}")).await;
    for panel in panels {
        super::webinar::tab(browser, panel).await;
        judge.look(&format!("room, {who}, {panel}")).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_about_webinars_passes_axe_at_320_px_and_wide_in_light_and_dark() {
    let product = Product::start(Database::Sqlite).await;
    let (agent, other) = (product.agent("Lea").await, product.agent("Karim").await);
    let trainer = product.trainer().await;
    let administrator = product.administrator().await;
    let browser = Browser::open(&product, Script::On).await;
    bring_axe(&browser).await;
    let mut judge = Judge::new(&browser);
    browser.become_client(&agent).await;
    judge.go("webinars, none", "/webinaires").await;
    let (full, open) = ("22222222-2222-4222-8222-222222222222", "22222222-2222-4222-8222-222222222223");
    plan(&trainer, full, &[("capacity", "1")]).await;
    plan(&trainer, open, &[("date", "2026-12-01"), ("time", "9:40")]).await;
    let (full, open) = (format!("/webinaires/{full}"), format!("/webinaires/{open}"));
    judge.go("webinar to register for", &full).await;
    for path in [&full, &open] {
        other.post(&format!("{path}/inscription"), &[]).await;
        agent.post(&format!("{path}/inscription"), &[]).await;
    }
    judge.go("home with a webinar", "/").await;
    judge.go("webinars", "/webinaires").await;
    judge.go("webinar, waiting", &full).await;
    judge.go("webinar, open", &open).await;
    judge.go("devices to check", &format!("{open}/essai")).await;
    judge.go("connection to diagnose", &format!("{open}/diagnostic")).await;
    browser.press("Lancer le diagnostic").await;
    browser.until_text(".diagnosis-text", "Il n’y a rien à ouvrir").await;
    judge.look("connection diagnosed").await;
    room(&mut judge, "agent", &open, &["Questions"]).await;
    browser.click(".beside summary").await;
    browser.type_in("#a-deux-adresse", "karim@exemple.example").await;
    browser.type_in("#a-deux-secret", "pas le bon mot de passe").await;
    browser.press("Compter sa présence").await;
    browser.until_text(".beside [role=alert]", "incorrect").await;
    judge.look("room, agent, two before one screen").await;
    let (kept, focused) =
        ("#a-deux-secret", "return [document.querySelector(arguments[0]).value, document.activeElement.id];");
    assert_eq!(
        browser.look(focused, vec![json!(kept)]).await,
        json!(["", "a-deux-secret"]),
        "the password is not kept"
    );
    browser.become_client(&trainer).await;
    room(&mut judge, "trainer", &open, &["Participants", "Sondages", "Documents"]).await;
    judge.go("webinar to plan", "/webinaires/nouveau").await;
    judge.go("webinar, led", &full).await;
    browser.click("details.cancel summary").await;
    judge.look("webinar to cancel").await;
    judge.go("webinar to change", &format!("{full}/modifier")).await;
    browser.type_in("[name=minutes]", "999").await;
    browser.click("main form button").await;
    browser.until_text("main", "point à corriger").await;
    judge.look("webinar to change, with an error").await;
    browser.go(&format!("{full}/modifier")).await;
    change(&trainer, &full, &[("capacity", "1"), ("minutes", "75")]).await;
    browser.type_in("[name=title]", "Les outils, le carnet").await;
    browser.click("main form button").await;
    browser.until_text("main", "Quelqu’un d’autre a modifié").await;
    judge.look("webinar to change, changed meanwhile").await;
    pictures::take(judge.browser, "webinar-changed-meanwhile").await;
    trainer.post(&format!("{full}/annuler"), &[("reason", "Marie est malade.")]).await;
    judge.go("webinar, cancelled", &full).await;
    browser.become_client(&administrator).await;
    judge.go("outbox", "/administration/courriels").await;

    assert_eq!(judge.wrong, "", "of {} pages", judge.seen.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_of_questions_and_media_passes_axe_at_320_px_and_wide_in_light_and_dark() {
    use domain::studio::question::Type;
    let product = Product::start(Database::Sqlite).await;
    let marie = super::studio_bench::author(&product).await;
    let browser = Browser::open(&product, Script::On).await;
    bring_axe(&browser).await;
    let mut judge = Judge { browser: &browser, seen: Vec::new(), wrong: String::new() };
    browser.become_client(&marie).await;
    let base = "/studio/mediation-numerique";
    let quiz = format!("{base}/questions/accueil-et-posture/quiz");
    judge.go("questions", &format!("{base}/questions?chapitre=accueil-et-posture")).await;
    pictures::take(judge.browser, "studio-questions").await;
    judge.go("rules of a quiz", &quiz).await;
    judge.go("rules of the assessment", &format!("{base}/questions/evaluation/banque")).await;
    for kind in Type::ALL {
        judge.go(kind.key(), &format!("{quiz}/nouvelle:{}", kind.key())).await;
    }
    browser.go(&format!("{quiz}/nouvelle:multiple")).await;
    browser.click("[value=save]").await;
    browser.until_text("main", "points à corriger").await;
    judge.look("question with errors").await;
    pictures::take(judge.browser, "studio-question-errors").await;
    let page = marie.get(&format!("{base}/questions?chapitre=accueil-et-posture")).await;
    let first =
        page.body.split("question-list\"><li").nth(1).and_then(|list| list.split("href=\"").nth(1)?.split('"').next());
    let first = first.expect("a question").to_owned();
    judge.go("question", &first).await;
    browser.click(".question-preview .choices input").await;
    browser.press("Essayer cette réponse").await;
    browser.until_text(".tried", "sur 1").await;
    judge.look("question, tried").await;
    pictures::take(judge.browser, "studio-question-tried").await;
    judge.go("media", &format!("{base}/medias")).await;
    let captions = format!("{base}/medias/sous-titres/mediation-numerique/media/faire-avec.webm");
    judge.go("captions", &captions).await;
    pictures::take(judge.browser, "studio-captions").await;
    browser.type_in("#text", "WEBVTT\n\nsans temps\n").await;
    browser.press("Enregistrer les sous-titres").await;
    browser.until_text("main", "Ligne 3").await;
    judge.look("captions with errors").await;

    assert_eq!(judge.wrong, "", "of {} pages", judge.seen.len());
}

/// From the gate to the results of questions, with what blocks, what is planned and what is withdrawn.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_pages_that_publish_pass_axe() {
    use support::studio::{draft_by, edit, publish, small_course, write};
    let product = Product::start(Database::Sqlite).await;
    publish(&product, "essai", small_course()).await;
    let marie = product.trainer_of("Marie", "essai").await;
    draft_by(&product, "essai", marie).await;
    let (trainer, agent) = (product.signed_in(marie).await, product.agent("Lea").await);
    agent.post("/cours/essai/deux/lu", &[("section", "a")]).await;
    let browser = Browser::open(&product, Script::On).await;
    bring_axe(&browser).await;
    let mut judge = Judge { browser: &browser, seen: Vec::new(), wrong: String::new() };
    browser.become_client(&trainer).await;
    let gate = "/studio/essai/publier";

    edit(
        &product,
        "essai",
        marie,
        "deux/chapter.md",
        ("## Section c", "## Section d {#d}\n\nDe plus.\n\n## Section c"),
    )
    .await;
    edit(&product, "essai", marie, "un/chapter.md", ("neuf heures", "[ici](chapitre:deux)")).await;
    write(&product, "essai", marie, "trois/media/perdu.vtt", Some("WEBVTT\n")).await;
    judge.go("gate, shut", gate).await;
    pictures::take(&browser, "gate-shut").await;
    write(&product, "essai", marie, "trois/media/perdu.vtt", None).await;
    let page = trainer.get(gate).await;
    trainer.post(gate, &[("do", "waive"), ("key", &page.field("key")), ("reason", "La phrase le dit")]).await;
    judge.go("gate, open", gate).await;
    pictures::take(&browser, "gate-open").await;
    judge.go("versions, with what differs", "/studio/essai/versions").await;
    pictures::take(&browser, "versions").await;
    let page = trainer.get(gate).await;
    let (request, draft) = (page.field("request"), page.field("draft"));
    let sent = [("request", request.as_str()), ("draft", &draft)];
    trainer.post(gate, &[&sent[..], &[("do", "plan"), ("date", "2026-12-02"), ("time", "9:00")]].concat()).await;
    judge.go("gate, with a publication planned", gate).await;
    let publish = [("do", "publish"), ("notice", "Le chapitre deux a une section de plus.")];
    trainer.post(gate, &[&sent[..], &publish].concat()).await;
    trainer.post(gate, &[("do", "withdraw"), ("reason", "Remplacé en janvier")]).await;
    judge.go("gate, of a course withdrawn", gate).await;
    judge.go("version to go back to", "/studio/essai/versions?retour=1").await;
    judge.go("results of questions", "/studio/essai/resultats").await;
    pictures::take(&browser, "results").await;
    judge.go("course to take away", "/studio/essai/exporter").await;
    judge.go("course to bring in", "/studio/importer").await;
    pictures::take(&browser, "bring-in").await;
    browser.become_client(&agent).await;
    judge.go("home with a notice", "/").await;
    pictures::take(&browser, "notice").await;
    judge.go("chapter with a notice", "/cours/essai/deux").await;
    assert_eq!(judge.wrong, "", "of {} pages", judge.seen.len());
}
