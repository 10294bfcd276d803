//! Maisons and agents brought in from a file: shown before, whole or not at all, twice without harm; then invited.

use domain::identity::{Role, Scope};
use jiff::SignedDuration;
use reqwest::StatusCode;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use sea_orm::{ConnectionTrait as _, Statement};
use support::importing::{agents, maisons, send, send_sheet};
use support::{Client, Page, Product, on_both};

const FIRST: &str = "11111111-1111-4111-8111-111111111111";

async fn count(product: &Product, table: &str) -> i64 {
    let statement = Statement::from_string(product.app.db.backend(), format!("SELECT COUNT(*) AS n FROM {table}"));
    let row = product.app.db.reader().query_one_raw(statement).await.unwrap().unwrap();
    row.try_get("", "n").unwrap()
}

/// Sends a file under a new name, and returns where it is checked.
async fn sent(product: &Product, client: &Client, kind: &str, file: &str) -> String {
    let page = send(client, &product.app.dice.uuid().to_string(), kind, file.as_bytes()).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text());
    page.location.unwrap()
}

/// Carries it out as its page proposes.
async fn carry_out(client: &Client, path: &str, choice: &str) -> Page {
    let page = client.post(path, &[("choix", choice)]).await;
    if page.status == StatusCode::SEE_OTHER { client.get(path).await } else { page }
}

on_both!(a_whole_country_is_brought_in_with_sixty_broken_lines_told_one_by_one, |product| async {
    let administrator = product.administrator().await;
    let path = sent(&product, &administrator, "maisons", &maisons(2_000)).await;
    let page = carry_out(&administrator, &path, "tout").await.text();
    assert!(page.contains("Import terminé") && page.contains("2 000 créations"), "{page}");

    let file = agents(6_800, 2_000, 60);
    let path = sent(&product, &administrator, "agents", &file).await;
    let page = administrator.get(&path).await;
    let text = page.text();
    assert!(text.contains("6 740 agents à créer") && text.contains("60 lignes en erreur"), "{text}");
    assert_eq!(page.body.matches("Écrivez-la comme prenom.nom@exemple.fr.").count(), 30);
    assert_eq!(page.body.matches("Aucune maison ne porte ce nom à cet endroit.").count(), 30);
    assert!(
        text.contains("2 Adresse électronique « agent0chezexemple.example » n’est pas une adresse électronique."),
        "{text}"
    );
    assert!(text.contains("61 Nom de la maison"), "the last broken line has its number");
    assert_eq!(count(&product, "person").await, 1, "nothing is written before it was seen");

    let refused = carry_out(&administrator, &path, "tout").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("Rien n’a été importé"));
    assert_eq!(count(&product, "person").await, 1, "all or nothing");
    let done = carry_out(&administrator, &path, "valides").await.text();
    assert!(done.contains("6 740 créations") && done.contains("60 lignes laissées de côté"), "{done}");
    assert_eq!((count(&product, "person").await, count(&product, "enrolment").await), (6_741, 6_740));
    assert!(
        carry_out(&administrator, &path, "valides").await.text().contains("6 740 créations"),
        "sent twice, done once"
    );

    // The same file again.
    let path = sent(&product, &administrator, "agents", &file).await;
    let text = administrator.get(&path).await.text();
    assert!(text.contains("6 740 lignes déjà connues") && text.contains("0 agent à créer"), "{text}");
    assert!(text.contains("Rien n’est à écrire"));
    assert!(
        carry_out(&administrator, &path, "valides")
            .await
            .text()
            .contains("0 création, 0 modification, 6 740 lignes déjà connues")
    );
    assert_eq!(count(&product, "person").await, 6_741);
    let pilot = product.follows(Role::NationalPilot, Scope::Nation).await;
    assert!(pilot.get("/suivi/france").await.text().contains("des 6 740 agents inscrits"));
});

on_both!(an_agent_who_moves_keeps_their_record_and_is_counted_where_they_are, |product| async {
    let administrator = product.administrator().await;
    let (vouziers, rethel) = (product.maison("Vouziers", "08").await, product.maison("Bayeux", "14").await);
    let agent = product.agents_of(vouziers, "Perrin", 1).await[0];
    product.earns(agent, product.mooc()).await;
    let file = "Nom;Prénom;E-mail;Maison\nPerrin;Agent1;agent1.perrin@exemple.example;Maison de Bayeux\n";
    let path = sent(&product, &administrator, "agents", file).await;
    assert!(carry_out(&administrator, &path, "tout").await.text().contains("1 modification"));
    let manager = product.follows(Role::MaisonManager, Scope::Maison(rethel)).await;
    let text = manager.get("/suivi/agents").await.text();
    assert!(text.contains("Agent1 Perrin Maison de Bayeux (14) En cours 10 sur 10"), "{text}");
    assert!(manager.get("/suivi/agents?q=bayeux").await.text().contains("Agent1 Perrin"));
    let left = product.follows(Role::MaisonManager, Scope::Maison(vouziers)).await;
    assert!(left.get("/suivi/agents").await.text().contains("Aucun agent n’est encore inscrit"));
    // A maison that gets another name is found under it.
    let file = "Nom;Commune;Département;SIRET\nMaison de Bayeux;Bayeux;14;35600000000048\n";
    let path = sent(&product, &administrator, "maisons", file).await;
    carry_out(&administrator, &path, "tout").await;
    let path = sent(&product, &administrator, "maisons", &file.replace("Maison de Bayeux", "Espace du Bessin")).await;
    assert!(carry_out(&administrator, &path, "tout").await.text().contains("1 modification"));
    assert!(manager.get("/suivi/agents?q=bessin").await.text().contains("Agent1 Perrin"));
});

on_both!(columns_are_matched_by_hand_where_their_headings_say_nothing, |product| async {
    let administrator = product.administrator().await;
    let path = sent(&product, &administrator, "maisons", "a;b;c\nMaison de Rethel;Rethel;08\n").await;
    let text = administrator.get(&path).await.text();
    assert!(
        text.contains("Des colonnes manquent") && text.contains("Nom de la maison, Commune, Département."),
        "{text}"
    );
    assert_eq!(administrator.post(&path, &[("choix", "tout")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let chosen = [("c-maison", "0"), ("c-commune", "1"), ("c-departement", "2"), ("c-siret", "99")];
    let query = chosen.map(|(name, at)| format!("{name}={at}")).join("&");
    assert!(administrator.get(&format!("{path}?{query}")).await.text().contains("1 maison à créer"));
    let carried = administrator.post(&path, &[&chosen[..], &[("choix", "tout")]].concat()).await;
    assert_eq!((carried.status, count(&product, "maison").await), (StatusCode::SEE_OTHER, 1));
});

on_both!(a_workbook_is_read_as_people_see_it_from_the_sheet_they_name, |product| async {
    let administrator = product.administrator().await;
    let mut book = Workbook::new();
    book.add_worksheet().set_name("Lisez-moi").unwrap().write_string(0, 0, "Rien ici").unwrap();
    let sheet = book.add_worksheet().set_name("Maisons").unwrap();
    for (column, heading) in ["Nom", "Commune", "Département", "SIRET", "Labellisée le"].iter().enumerate() {
        sheet.write_string(0, u16::try_from(column).unwrap(), *heading).unwrap();
    }
    let day = ExcelDateTime::from_ymd(2020, 1, 31).unwrap();
    sheet.write_string(1, 0, "Maison de Rethel").unwrap().write_string(1, 1, "Rethel").unwrap();
    sheet.write_number_with_format(1, 2, 8, &Format::new().set_num_format("00")).unwrap();
    sheet.write_number(1, 3, 35_600_000_000_048_f64).unwrap();
    sheet.write_datetime_with_format(1, 4, &day, &Format::new().set_num_format("dd/mm/yyyy")).unwrap();
    sheet.write_string(3, 0, "Maison de Sedan").unwrap().write_string(3, 1, "Sedan").unwrap();
    let book = book.save_to_buffer().unwrap();

    let lost = send_sheet(&administrator, FIRST, ("maisons", "Feuille 3"), &book).await;
    assert_eq!(lost.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(lost.text().contains("« Lisez-moi », « Maisons »"), "{}", lost.text());
    assert!(lost.body.contains("value=\"Feuille 3\""), "what was typed is there to be mended");
    let empty = send(&administrator, FIRST, "maisons", &book).await;
    assert!(empty.text().contains("pas de ligne à importer"), "the first sheet, where none is named");
    for (id, said) in [(FIRST, "1 maison à créer"), ("11111111-1111-4111-8111-111111111112", "1 ligne déjà connue")]
    {
        let kept = send_sheet(&administrator, id, ("maisons", "Maisons"), &book).await;
        let path = kept.location.unwrap();
        let page = administrator.get(&path).await.text();
        assert!(page.contains(said) && page.contains("4 Département La case est vide."), "{page}");
        carry_out(&administrator, &path, "valides").await;
    }
    let row = Statement::from_string(product.app.db.backend(), "SELECT siret, labelled_on FROM maison");
    let row = product.app.db.reader().query_one_raw(row).await.unwrap().unwrap();
    assert_eq!(row.try_get::<String>("", "siret").unwrap(), "35600000000048");
    assert_eq!(row.try_get::<String>("", "labelled_on").unwrap(), "2020-01-31");
});

on_both!(presence_is_brought_in_with_its_source_and_nobody_is_made_absent, |product| async {
    const HEAD: &str = "E-mail;Composante;Date;Demi-journée;Source\n";
    let administrator = product.administrator().await;
    let maison = product.maison("Vouziers", "08").await;
    let agents = product.agents_of(maison, "Perrin", 3).await;
    let file = HEAD.to_owned()
        + "agent1.perrin@exemple.example;Préparer sa retraite;30/11/2026;matin;Feuille de Sedan\n\
           agent1.perrin@exemple.example;accompagner-l-usager;26/11/2026, 27/11/2026;journée;Feuille de Rethel\n\
           agent2.perrin@exemple.example;Préparer sa retraite;30/11/2026;matin;Feuille de Sedan\n\
           agent3.perrin@exemple.example;Préparer sa retraite;30/11/2026;absent;Feuille de Sedan\n\
           alex@exemple.example;Préparer sa retraite;30/11/2026;matin;Feuille de Sedan\n";
    let path = sent(&product, &administrator, "presences", &file).await;
    let page = administrator.get(&path).await.text();
    assert!(page.contains("3 présences à inscrire") && page.contains("2 lignes en erreur"), "{page}");
    assert!(page.contains("5 Demi-journée Une absence ne s’inscrit pas."), "{page}");
    assert_eq!(count(&product, "fact").await, 0, "nothing is written before it was seen");
    let done = carry_out(&administrator, &path, "valides").await.text();
    assert!(done.contains("3 créations"), "{done}");
    assert_eq!(count(&product, "fact").await, 3, "a fact a line, and none for who was away");
    let record = administrator.get(&format!("/suivi/{}", agents[0])).await.text();
    assert!(record.contains("Feuille de Rethel") && record.contains("Alex Durand"), "{record}");
    let silent = administrator.get(&format!("/suivi/{}", agents[2])).await.text();
    assert!(!silent.contains("Feuille de Sedan"), "{silent}");

    // Sent again, and the same file as another.
    carry_out(&administrator, &path, "valides").await;
    let path = sent(&product, &administrator, "presences", &file).await;
    let text = administrator.get(&path).await.text();
    assert!(text.contains("3 lignes déjà connues") && text.contains("Rien n’est à écrire"), "{text}");
    carry_out(&administrator, &path, "valides").await;
    assert_eq!(count(&product, "fact").await, 3);
    // One half day more is added to those that are there.
    let more =
        HEAD.to_owned() + "agent1.perrin@exemple.example;accompagner-l-usager;28/11/2026;matin;Feuille de Rethel\n";
    let path = sent(&product, &administrator, "presences", &more).await;
    carry_out(&administrator, &path, "tout").await;
    let record = administrator.get(&format!("/suivi/{}", agents[0])).await.text();
    assert!(record.contains("28 novembre 2026, matin. Source") && record.contains("15 h sur 15 h"), "{record}");
    let (_, findings) = server::record::store::check(&product.app.db).await.unwrap();
    assert!(findings.is_empty(), "{findings:?}");
});

on_both!(what_is_no_file_of_ours_is_refused_with_what_to_do, |product| async {
    let administrator = product.administrator().await;
    for (kind, file, said) in [
        ("agents", &b"PK\x03\x04"[..], "CSV UTF-8"),
        ("agents", b"", "pas de ligne"),
        ("autres", b"a;b\n1;2\n", "des maisons, des agents ou leur présence"),
        ("maisons", &b"x;".repeat(100), "colonnes"),
    ] {
        let page = send(&administrator, FIRST, kind, file).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.text().contains(said), "{}", page.text());
    }
    let large = send(&administrator, FIRST, "agents", &vec![b'x'; 5 * 1024 * 1024]).await;
    assert_eq!(large.status, StatusCode::BAD_REQUEST);
    assert!(large.text().contains("4 Mo"), "{}", large.text());
    let plain = administrator.post("/administration/importations", &[("kind", "agents")]).await;
    assert_eq!(plain.status, StatusCode::BAD_REQUEST);
    for nowhere in [format!("/administration/importations/{FIRST}"), "/administration/importations/x".to_owned()] {
        assert!(administrator.get(&nowhere).await.status.is_client_error(), "{nowhere}");
        assert!(administrator.post(&nowhere, &[]).await.status.is_client_error(), "{nowhere}");
    }
    // What a cell says is shown as text.
    let path = sent(&product, &administrator, "maisons", "Nom;Commune;Département\n<script>x</script>;y;<b>\n").await;
    let page = administrator.get(&path).await;
    assert!(page.body.contains("&lt;b&gt;") && !page.body.contains("<script>x"), "{}", page.body);
    // Neither pilots nor agents bring anything in, or see what was.
    for other in [product.follows(Role::NationalPilot, Scope::Nation).await, product.agent("Lea").await] {
        assert_eq!(send(&other, FIRST, "agents", b"a;b\n1;2\n").await.status, StatusCode::NOT_FOUND);
        for page in [
            other.get(&path).await,
            other.post(&path, &[]).await,
            other.get("/administration/invitations").await,
            other.post("/administration/invitations", &[]).await,
        ] {
            assert_eq!(page.status, StatusCode::NOT_FOUND);
        }
    }
    assert_eq!(count(&product, "maison").await, 0);
});

on_both!(everybody_is_invited_by_mail_once_a_week_until_they_came, |product| async {
    const SUBJECT: &str = "Votre accès à la formation";
    let administrator = product.administrator().await;
    let account = server::identity::store::find(&product.app, &"alex@exemple.example".parse().unwrap()).await.unwrap();
    product.give_password(account.unwrap()).await;
    let path = sent(&product, &administrator, "maisons", &maisons(3)).await;
    carry_out(&administrator, &path, "tout").await;
    let path = sent(&product, &administrator, "agents", &agents(5, 3, 0)).await;
    carry_out(&administrator, &path, "tout").await;
    let written = async || product.mails().await.iter().filter(|mail| mail.subject.starts_with(SUBJECT)).count();
    let page = administrator.get("/administration/invitations").await.text();
    assert!(page.contains("5 comptes à inviter") && page.contains("1 compte déjà ouvert"), "{page}");
    for _ in 0..2 {
        administrator.post("/administration/invitations", &[]).await;
        assert_eq!(written().await, 5, "sent again, nobody is written to again");
    }
    let page = administrator.get("/administration/invitations").await.text();
    assert!(
        page.contains("5 comptes invités depuis moins d’une semaine") && page.contains("0 sur 5 invitations envoyées"),
        "{page}"
    );
    // The link opens the account of whom it was written to.
    let outbox = administrator.get("/administration/courriels").await.body;
    let secret =
        outbox.split("/invitation/").nth(1).unwrap().split(|sign: char| !sign.is_ascii_hexdigit()).next().unwrap();
    let stranger = product.stranger();
    let password = [("password", support::accounts::PASSWORD), ("password_again", support::accounts::PASSWORD)];
    assert_eq!(stranger.post(&format!("/invitation/{secret}"), &password).await.status, StatusCode::SEE_OTHER);
    product.wait(SignedDuration::from_hours(24 * 7));
    let alex = product.signed_in(account.unwrap()).await;
    alex.post("/administration/invitations", &[]).await;
    assert_eq!(written().await, 9, "a week later, the four others");
});
