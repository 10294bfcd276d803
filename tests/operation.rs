//! The state of the service, as its administrators read it: what needs attention is told, through what really happens.

use domain::identity::{Role, Scope};
use domain::ids::PersonId;
use jiff::SignedDuration;
use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use reqwest::StatusCode;
use server::config::Tls;
use server::{certificate, jobs};
use std::path::{Path, PathBuf};
use std::process::Command;
use support::guest::Guest;
use support::receiver::{Mood as Answers, Receiver};
use support::relay::{Mood, SmtpRelay};
use support::webinars::plan;
use support::{Database, Page, Product, on_both};

const PAGE: &str = "/administration/exploitation";

/// Every job, once.
async fn all_jobs(product: &Product) {
    let app = &product.app;
    jobs::take_up(app).await;
    jobs::send_mails(app).await;
    jobs::tell_webhooks(app).await;
    jobs::copy(app).await;
    jobs::certify(app).await;
    jobs::keep_up(app).await;
}

/// An administrator, who opens the page at whatever hour.
struct Keeper<'p> {
    product: &'p Product,
    person: PersonId,
}

impl<'p> Keeper<'p> {
    async fn of(product: &'p Product) -> Self {
        let person = product.person("Odile", Role::Administrator, Scope::Nation).await;
        Self { product, person }
    }

    async fn opens(&self) -> Page {
        self.opens_at(&self.product.url).await
    }

    async fn opens_at(&self, url: &str) -> Page {
        // Sessions end while the clock is moved.
        let page = self.product.signed_in(self.person).await.at(url).get(PAGE).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        page
    }
}

/// What the page says first of each thing that needs attention. The disks of the machine that runs this are its own matter,
/// but those that a scene names.
fn concerns(page: &Page, disk: Option<&Path>) -> Vec<String> {
    let top = page.body.split("<h1>").nth(1).and_then(|rest| rest.split("id=\"sante\"").next()).expect("the top");
    let said = top.split("<strong>").skip(1).map(|rest| rest.split("</strong>").next().expect("its end"));
    let said = said.map(|said| said.replace(['\u{a0}', '\u{202f}'], " "));
    let named = |said: &String| disk.is_some_and(|disk| said.contains(&disk.display().to_string()));
    let said: Vec<String> = said.filter(|said| !said.starts_with("Il reste") || named(said)).collect();
    assert!(said.is_empty() || !top.contains("Tout fonctionne.") || top.contains("À prévoir"), "{top}");
    said
}

fn plain(page: &Page) -> String {
    page.text().replace(['\u{a0}', '\u{202f}'], " ")
}

on_both!(an_administrator_sees_that_everything_works_and_nobody_else_sees_anything, |product| async move {
    all_jobs(&product).await;
    product.app.rooms.media(&product.app).await.expect("ports");
    let keeper = Keeper::of(&product).await;
    let page = keeper.opens().await;
    assert_eq!(concerns(&page, None), [""; 0]);
    let said = plain(&page);
    let engine = if product.app.config.database_url.is_some() { "PostgreSQL " } else { "SQLite 3." };
    for wanted in [
        engine,
        "État du service",
        "Vu le 1er décembre 2026 à 9 h 30",
        "le 1er décembre 2026 à 9 h 30 (moins de 1 ms)",
        "Démonstration",
        "http://127.0.0.1:3000",
        "Ouverts : UDP",
        "Aucune salle ouverte",
        "1 session ouverte, dont 1 utilisée",
        "Envoi des courriels",
        "Aucun ( SOCLE_SMTP_URL )",
        "migrations appliquées",
        "La dernière : m2026",
        "Version 1, le 1er décembre 2026",
        "La médiation numérique",
        "en usage depuis le 1er décembre 2026",
        "Celui du serveur mandataire",
    ] {
        assert!(said.contains(wanted), "{wanted} in {said}");
    }
    assert_eq!(said.matches("À l’heure").count(), 19);
    let accounts = product.signed_in(keeper.person).await.get("/administration/comptes").await;
    assert!(accounts.body.contains(PAGE), "the accounts lead there");

    let stranger = product.stranger().get(PAGE).await;
    assert!(stranger.location.is_some_and(|to| to.starts_with("/connexion")), "{}", stranger.status);
    let pilot = product.person("Paul", Role::NationalPilot, Scope::Nation).await;
    for client in [product.agent("Lea").await, product.trainer().await, product.signed_in(pilot).await] {
        assert_eq!(client.get(PAGE).await.status, StatusCode::NOT_FOUND);
    }
});

on_both!(a_job_that_fails_is_told_in_plain_words_until_it_succeeds, |product| async move {
    let keeper = Keeper::of(&product).await;
    all_jobs(&product).await;
    product.sql("ALTER TABLE upload RENAME TO upload_away".to_owned()).await;
    jobs::keep_up(&product.app).await;
    let page = keeper.opens().await;
    let wanted = "La tâche « Envois de fichiers » échoue : la base de données n’a pas répondu comme il faut.";
    assert_eq!(concerns(&page, None), [wanted]);
    let said = plain(&page);
    assert!(said.contains("Échoue : la base de données") && said.contains("journalctl -u socle"), "{said}");
    assert!(!said.contains("upload"), "what the error says stays in the log");

    product.sql("ALTER TABLE upload_away RENAME TO upload".to_owned()).await;
    product.wait(SignedDuration::from_secs(30));
    all_jobs(&product).await;
    let page = keeper.opens().await;
    assert_eq!(concerns(&page, None), [""; 0]);
    assert!(plain(&page).contains("Dernier échec il y a 30 s : la base de données"), "{}", plain(&page));
});

on_both!(jobs_that_do_not_run_any_more_are_told_together, |product| async move {
    let keeper = Keeper::of(&product).await;
    all_jobs(&product).await;
    product.wait(SignedDuration::from_secs(61));
    // Those of every few seconds are late, those of every minute have two more.
    let told = concerns(&keeper.opens().await, None);
    let wanted = "8 tâches ne se font plus : Envoi des courriels, Envoi aux webhooks, Certificats, Publications prévues, Cours \
                  publiés, Parcours publiés, Clés de signature, Certificat HTTPS.";
    assert_eq!(told, [wanted]);
    product.wait(SignedDuration::from_mins(3));
    let page = keeper.opens().await;
    assert!(concerns(&page, None)[0].starts_with("19 tâches ne se font plus"), "{:?}", concerns(&page, None));
    assert!(plain(&page).contains("En retard : pas faite depuis 4 min"));
    all_jobs(&product).await;
    assert_eq!(concerns(&keeper.opens().await, None), [""; 0]);
});

on_both!(a_clock_that_went_back_is_told, |product| async move {
    let keeper = Keeper::of(&product).await;
    product.agent("Lea").await.get("/").await;
    product.wait(SignedDuration::from_mins(-20));
    let page = keeper.opens().await;
    let told = concerns(&page, None);
    assert!(told.contains(&"L’horloge de la machine est fausse de 20 min environ.".to_owned()), "{told:?}");
    assert!(page.body.contains("<code>timedatectl</code>"));
});

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_is_missing_for_twenty_six_hours_is_told_and_so_is_where_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let copies = folder.path().join("copies");
    let product = Product::start_with(Database::Sqlite, &[("SOCLE_BACKUPS", copies.display().to_string())]).await;
    let keeper = Keeper::of(&product).await;
    all_jobs(&product).await;
    let page = keeper.opens().await;
    let said = plain(&page);
    let path = copies.join("2026-12-01T083000Z").display().to_string();
    assert!(said.contains("Le 1er décembre 2026 à 9 h 30 (à l’instant), ") && said.contains(&path), "{said}");

    // The other jobs run, this one does not.
    product.wait(SignedDuration::from_hours(26));
    jobs::take_up(&product.app).await;
    jobs::send_mails(&product.app).await;
    jobs::tell_webhooks(&product.app).await;
    jobs::keep_up(&product.app).await;
    jobs::certify(&product.app).await;
    assert_eq!(concerns(&keeper.opens().await, None), ["La tâche « Copie de la nuit » ne se fait plus."]);
    product.wait(SignedDuration::from_secs(61));
    let told = concerns(&keeper.opens().await, None);
    assert!(told.contains(&"La dernière copie date du 1er décembre 2026 à 9 h 30.".to_owned()), "{told:?}");

    // It runs, and cannot.
    std::fs::remove_dir_all(&copies).unwrap();
    std::fs::write(&copies, "no folder").unwrap();
    product.wait(SignedDuration::from_secs(61));
    all_jobs(&product).await;
    let page = keeper.opens().await;
    let missing = "le fichier ou le dossier est introuvable.";
    assert_eq!(
        concerns(&page, None),
        [
            format!("La dernière copie : lecture impossible, {missing}"),
            format!("La taille des copies : lecture impossible, {missing}"),
            format!("La tâche « Copie de la nuit » échoue : {missing}"),
        ]
    );
    assert!(plain(&page).contains("migrations appliquées"), "the rest is shown");

    std::fs::remove_file(&copies).unwrap();
    product.wait(SignedDuration::from_secs(61));
    all_jobs(&product).await;
    assert_eq!(concerns(&keeper.opens().await, None), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_is_gone_is_told_and_a_measure_is_good_for_a_minute() {
    let folder = tempfile::tempdir().unwrap();
    let films = folder.path().join("films");
    let product = Product::start_with(Database::Sqlite, &[("SOCLE_RECORDINGS", films.display().to_string())]).await;
    let keeper = Keeper::of(&product).await;
    keeper.opens().await;
    std::fs::remove_dir_all(&films).unwrap();
    std::fs::write(product.app.config.data.join("envois"), "no folder").unwrap();
    assert_eq!(concerns(&keeper.opens().await, None), [""; 0], "what was measured a moment ago");
    product.wait(SignedDuration::from_secs(60));
    let page = keeper.opens().await;
    let missing = "lecture impossible, le fichier ou le dossier est introuvable.";
    assert_eq!(
        concerns(&page, None),
        [
            format!("La place du disque de {} : {missing}", films.display()),
            format!("La taille des envois en cours : {missing}"),
        ]
    );
    assert!(plain(&page).contains("Tâches") && plain(&page).contains("Données"), "the rest is shown");
}

/// A disk of 8 MB; none where this machine lets nobody mount any, which is said.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount(at: PathBuf) -> Option<Self> {
        std::fs::create_dir_all(&at).unwrap();
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=8m", "socle"]).arg(&at).output();
        if mounted.is_ok_and(|mounted| mounted.status.success()) {
            return Some(Self(at));
        }
        println!("NOT TRIED: only root mounts disks");
        None
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_with_too_little_room_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = SmallDisk::mount(folder.path().join("films")) else { return };
    let product = Product::start_with(Database::Sqlite, &[("SOCLE_RECORDINGS", disk.0.display().to_string())]).await;
    let keeper = Keeper::of(&product).await;
    let page = keeper.opens().await;
    let told = concerns(&page, Some(&disk.0));
    assert!(told[0].starts_with("Il reste 8,4 Mo") || told[0].starts_with("Il reste 8"), "{told:?}");
    assert!(told[0].ends_with(&format!("sur le disque de {}.", disk.0.display())), "{told:?}");
    assert!(plain(&page).contains("Trop peu") && page.body.contains("href=\"/webinaires\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn mails_that_wait_and_mails_given_up_are_told() {
    for database in [Database::Sqlite, Database::Postgres] {
        let relay = SmtpRelay::start().await;
        let settings = [("SOCLE_SMTP_URL", relay.url()), ("SOCLE_MAIL_FROM", "Socle <envoi@socle.example>".to_owned())];
        let product = Product::start_with(database, &settings).await;
        let keeper = Keeper::of(&product).await;
        relay.becomes(Mood::Busy);
        let trainer = product.trainer().await;
        plan(&trainer, "22222222-2222-4222-8222-222222222222", &[]).await;
        let turn = async |minutes| {
            product.wait(SignedDuration::from_mins(minutes));
            all_jobs(&product).await;
        };
        for minutes in [0, 1, 5, 15] {
            turn(minutes).await;
        }
        let page = keeper.opens().await;
        assert_eq!(concerns(&page, None), [""; 0], "21 minutes are no delay yet");
        assert!(plain(&page).contains("En attente 1, depuis 21 min"), "{}", plain(&page));
        turn(10).await;
        let page = keeper.opens().await;
        assert_eq!(concerns(&page, None), ["1 courriel attend depuis plus d’une demi-heure."]);
        assert!(page.body.contains("href=\"/administration/courriels\""));

        relay.becomes(Mood::Refuses);
        turn(60).await;
        assert_eq!(concerns(&keeper.opens().await, None), ["1 courriel abandonné depuis sept jours."]);
        relay.becomes(Mood::Takes);
        turn(7 * 24 * 60).await;
        let page = keeper.opens().await;
        assert_eq!(concerns(&page, None), [""; 0], "a week later it is no news");
        let said = plain(&page);
        assert!(said.contains("Relais Réglé") && said.contains("Dernier envoi Aucun"), "{said}");
        turn(24 * 60).await;
        assert!(plain(&keeper.opens().await).contains("Dernier envoi à l’instant"), "the reminder of the day before");
    }
}

on_both!(a_webhook_that_was_disabled_is_told, |product| async move {
    let keeper = Keeper::of(&product).await;
    let receiver = Receiver::start().await;
    receiver.becomes(Answers::Answers(410));
    let administrator = product.signed_in(keeper.person).await;
    let webhook = "/administration/webhooks/11111111-1111-4111-8111-111111111111";
    let form =
        [("webhook", "11111111-1111-4111-8111-111111111111"), ("url", &*receiver.url), ("kinds", "fact.recorded")];
    administrator.post("/administration/webhooks", &form).await;
    for _ in 0..2 {
        administrator.post(&format!("{webhook}/essai"), &[]).await;
    }
    assert!(plain(&keeper.opens().await).contains("1 webhook, dont 0 désactivé ; 2 messages en attente"));
    jobs::tell_webhooks(&product.app).await;
    let page = keeper.opens().await;
    assert_eq!(concerns(&page, None), ["1 webhook désactivé."]);
    assert!(page.body.contains("href=\"/administration/webhooks\""));
});

/// Writes a certificate for these names that is good until that day, and its key.
fn certificate_until(folder: &Path, (year, month, day): (i32, u8, u8)) -> Tls {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec!["socle.example".to_owned(), "192.0.2.1".to_owned()]).unwrap();
    params.not_after = date_time_ymd(year, month, day);
    let tls = Tls { certificate: folder.join("cert.pem"), key: folder.join("key.pem") };
    std::fs::write(&tls.certificate, params.self_signed(&key).unwrap().pem()).unwrap();
    std::fs::write(&tls.key, key.serialize_pem()).unwrap();
    tls
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_ends_or_cannot_be_used_is_told() {
    let product = Product::start(Database::Sqlite).await;
    let keeper = Keeper::of(&product).await;
    let folder = tempfile::tempdir().unwrap();
    let mut config = product.app.config.clone();
    config.tls = Some(certificate_until(folder.path(), (2027, 2, 1)));
    let (_app, url) = product.served_from(config).await;
    let opens = async || keeper.opens_at(&url).await;
    let page = opens().await;
    assert_eq!(concerns(&page, None), [""; 0]);
    let said = plain(&page);
    assert!(said.contains("socle.example, 192.0.2.1") && said.contains("(encore 61 jours)"), "{said}");

    certificate_until(folder.path(), (2026, 12, 13));
    assert_eq!(concerns(&opens().await, None), ["Le certificat HTTPS expire dans 11 jours."]);
    certificate_until(folder.path(), (2026, 11, 20));
    assert_eq!(concerns(&opens().await, None), ["Le certificat HTTPS a expiré le 20 novembre 2026."]);
    certificate_until(folder.path(), (2027, 2, 1));
    std::fs::write(folder.path().join("key.pem"), KeyPair::generate().unwrap().serialize_pem()).unwrap();
    assert_eq!(concerns(&opens().await, None), ["Les fichiers du certificat HTTPS ne sont pas utilisables."]);
    std::fs::write(folder.path().join("cert.pem"), "half").unwrap();
    let unread = "Le certificat HTTPS : lecture impossible, le fichier n’est pas celui qui est attendu.";
    assert_eq!(concerns(&opens().await, None), [unread]);
    std::fs::remove_file(folder.path().join("cert.pem")).unwrap();
    let gone = "Le certificat HTTPS : lecture impossible, le fichier ou le dossier est introuvable.";
    assert_eq!(concerns(&opens().await, None), [gone]);
}

on_both!(keys_tokens_and_second_factors_are_counted, |product| async move {
    let keeper = Keeper::of(&product).await;
    product.trainer().await;
    let suspended = product.person("Rose", Role::NationalPilot, Scope::Nation).await;
    server::identity::store::suspend(&product.app, suspended, true).await.unwrap();
    product.agent("Lea").await;
    let mut config = product.app.config.clone();
    config.second_factor_required = true;
    let (_app, url) = product.served_from(config).await;
    let client = product.signed_in(keeper.person).await;
    let opens = async || client.at(&url).get(PAGE).await;
    assert!(plain(&opens().await).contains("2 comptes doivent en avoir un et ne l’ont pas encore"));

    product.token(&["people:read"]).await;
    let page = opens().await;
    assert!(page.body.contains("Tout fonctionne.") || page.body.contains("Il reste"), "to be planned, and no more");
    assert_eq!(concerns(&page, None), ["1 jeton d’autres systèmes expire d’ici trente jours."]);
    assert!(plain(&page).contains("1 valable, dont 1 expire d’ici trente jours"));
    product.wait(SignedDuration::from_hours(1));
    certificate::keys::rotate(&product.app).await.unwrap();
    let keys = product.app.keys.published().unwrap();
    let said = plain(&keeper.opens().await);
    assert!(said.contains(&format!("{} , en usage depuis", keys[1].name)), "{said}");
    assert!(said.contains(&format!("{} , ancienne, du", keys[0].name)), "{said}");
});

on_both!(ten_thousand_recordings_are_summed_where_they_are_listed, |product| async move {
    let keeper = Keeper::of(&product).await;
    let trainer = product.trainer_of("Rose", "mediation-numerique").await;
    let model = product.webinar(trainer, &[]).await;
    let numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)";
    product
        .sql(format!(
            "INSERT INTO webinar (id, course, title, description, starts_at, minutes, capacity, threshold, audience, \
             created_by, created_at) {numbers} SELECT 'film-' || i, course, title, description, starts_at, minutes, capacity, \
             threshold, audience, created_by, created_at FROM webinar, n WHERE id = '{model}'"
        ))
        .await;
    product
        .sql(format!(
            "INSERT INTO recording (webinar, state, started_at, length, bytes, has_camera, kept_until) {numbers} \
             SELECT 'film-' || i, 'whole', 0, 1, 250000000, (1 = 1), '2027-12-01' FROM n"
        ))
        .await;
    assert!(plain(&keeper.opens().await).contains("10 000 enregistrements, 2 500 Go"));
});

on_both!(people_in_a_room_are_counted, |product| async move {
    let meeting = product.meeting(2).await;
    let keeper = Keeper::of(&product).await;
    assert!(plain(&keeper.opens().await).contains("Aucune salle ouverte"));
    let _one = Guest::enter(&meeting.agents[0], meeting.webinar).await.expect("comes in");
    let _other = Guest::enter(&meeting.agents[1], meeting.webinar).await.expect("comes in");
    let said = plain(&keeper.opens().await);
    assert!(said.contains("1 salle ouverte, 2 personnes dedans"), "{said}");
});

#[tokio::test(flavor = "multi_thread")]
async fn no_name_of_anybody_is_on_the_page() {
    let product = Product::start(Database::Sqlite).await;
    product.everything_held().await;
    let keeper = Keeper::of(&product).await;
    jobs::keep_up(&product.app).await;
    let client = product.signed_in(keeper.person).await;
    let page = client.get(PAGE).await.text();
    let main = page.split("État du service").last().expect("the page");
    for name in ["Zebulon", "zebulon", "Durand", "@exemple.example"] {
        assert!(!main.contains(name), "{name} in {main}");
    }
}
