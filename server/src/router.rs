//! Every route of the product.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::middleware;
use axum::routing::{MethodRouter, get, head, options, post};
use http::header::ETAG;
use http::{Extensions, HeaderMap, StatusCode, Version};
use tower::limit::GlobalConcurrencyLimitLayer;
use tower::util::MapRequestLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};
use tower_http::compression::{CompressionLayer, CompressionLevel};

use crate::app::App;
use crate::around::{Around, around};
use crate::error::Error;
use crate::identity::passkey::routes as passkey;
use crate::webinar::{presence, recording, replay};
use crate::{
    about, administration, api, audit, certificate, classroom, cohort, course, dispute, follow_up, identity, import,
    mail, merging, node, operation, pathway, posting, protection, quiz, record, site, studio, telemetry, token,
    webhook, webinar, xapi,
};

/// The largest body any route takes; forms and answers are far smaller.
const BODY_LIMIT: usize = 128 * 1024;

/// Requests of xAPI served together.
const STATEMENTS_AT_ONCE: usize = 32;

/// The paths of the product, as the access matrix walks them.
pub const ROUTES: &[(&str, &[&str])] = &[
    ("/", &["GET"]),
    ("/connexion", &["GET", "POST"]),
    ("/connexion/proconnect", &["GET"]),
    ("/connexion/proconnect/retour", &["GET"]),
    ("/deconnexion", &["POST"]),
    ("/deconnexion/proconnect/retour", &["GET"]),
    ("/invitation/{secret}", &["GET", "POST"]),
    ("/cours/{course}", &["GET"]),
    ("/cours/{course}/{chapter}", &["GET"]),
    ("/cours/{course}/{chapter}/fiche", &["GET"]),
    ("/cours/{course}/{chapter}/lu", &["POST"]),
    ("/cours/{course}/{chapter}/quiz", &["GET", "POST"]),
    ("/position", &["POST"]),
    ("/essais/{attempt}", &["GET", "POST"]),
    ("/essais/{attempt}/reponses", &["POST"]),
    ("/recherche", &["GET"]),
    ("/dossier", &["GET"]),
    ("/suivi", &["GET"]),
    ("/dossier/certificats/{number}", &["GET"]),
    ("/dossier/certificats/{number}/pdf", &["GET"]),
    ("/dossier/preuve.zip", &["GET"]),
    ("/dossier/faits/{seq}", &["GET", "POST"]),
    ("/suivi/contestations", &["GET"]),
    ("/suivi/{person}/faits/{seq}", &["GET", "POST"]),
    ("/presentiel", &["GET"]),
    ("/presentiel/nouvelle", &["GET", "POST"]),
    ("/presentiel/{classroom}", &["GET"]),
    ("/presentiel/{classroom}/inscrits", &["POST"]),
    ("/presentiel/{classroom}/feuille", &["GET"]),
    ("/presentiel/{classroom}/{half_day}", &["GET", "POST"]),
    ("/presentiel/{classroom}/{half_day}/code", &["GET"]),
    ("/emargement/{classroom}/{half_day}", &["GET", "POST"]),
    ("/emargement/{classroom}/{half_day}/{code}", &["GET"]),
    ("/presentiel/{classroom}/retirer", &["POST"]),
    ("/cohortes", &["GET"]),
    ("/cohortes/nouvelle", &["GET", "POST"]),
    ("/cohortes/{cohort}", &["GET"]),
    ("/cohortes/{cohort}/modifier", &["GET", "POST"]),
    ("/cohortes/{cohort}/annuler", &["POST"]),
    ("/cohortes/{cohort}/membres", &["POST"]),
    ("/cohortes/{cohort}/retirer", &["POST"]),
    ("/cohortes/{cohort}/webinaires", &["POST"]),
    ("/cohortes/{cohort}/presentiel", &["POST"]),
    ("/cohortes/{cohort}/importations", &["GET", "POST"]),
    ("/cohortes/{cohort}/importations/{import}", &["GET", "POST"]),
    ("/suivi/france", &["GET"]),
    ("/suivi/departements/{departement}", &["GET"]),
    ("/suivi/maisons/{maison}", &["GET"]),
    ("/suivi/agents", &["GET"]),
    ("/suivi/agents/fichier/{format}", &["GET"]),
    ("/suivi/territoires/fichier/{format}", &["GET"]),
    ("/suivi/relances", &["GET", "POST"]),
    ("/suivi/{person}", &["GET"]),
    ("/suivi/{person}/preuve.zip", &["GET"]),
    ("/suivi/{person}/parcours/{pathway}/{component}", &["GET", "POST"]),
    ("/certificats/cles.json", &["GET"]),
    ("/certificats/{number}", &["GET"]),
    ("/dossier/certificats/{number}/badge.json", &["GET"]),
    ("/dossier/certificats/{number}/badge.svg", &["GET"]),
    ("/certificats/emetteur.json", &["GET"]),
    ("/certificats/actions/{pathway}/{edition}/{award}", &["GET"]),
    ("/certificats/{number}/statut.json", &["GET"]),
    ("/webinaires", &["GET"]),
    ("/webinaires/nouveau", &["GET", "POST"]),
    ("/webinaires/{webinar}", &["GET"]),
    ("/webinaires/{webinar}/inscription", &["POST"]),
    ("/webinaires/{webinar}/desistement", &["POST"]),
    ("/webinaires/{webinar}/modifier", &["GET", "POST"]),
    ("/webinaires/{webinar}/annuler", &["POST"]),
    ("/webinaires/{webinar}/invitation.ics", &["GET"]),
    ("/webinaires/{webinar}/revoir", &["GET"]),
    ("/webinaires/{webinar}/revoir/lecture", &["POST"]),
    ("/webinaires/{webinar}/revoir/quiz", &["POST"]),
    ("/webinaires/{webinar}/revoir/sous-titres", &["POST"]),
    ("/webinaires/{webinar}/revoir/sous-titres.vtt", &["GET"]),
    ("/webinaires/{webinar}/enregistrement.webm", &["GET"]),
    ("/webinaires/{webinar}/enregistrement-camera.webm", &["GET"]),
    ("/webinaires/{webinar}/enregistrement/image", &["GET"]),
    ("/webinaires/{webinar}/enregistrement/supprimer", &["POST"]),
    ("/webinaires/{webinar}/presences", &["GET"]),
    ("/webinaires/{webinar}/presences/{person}", &["GET", "POST"]),
    ("/webinaires/{webinar}/presences.csv", &["GET"]),
    ("/administration/courriels", &["GET"]),
    ("/administration/exploitation", &["GET"]),
    ("/administration/importations", &["GET", "POST"]),
    ("/administration/importations/{import}", &["GET", "POST"]),
    ("/administration/invitations", &["GET", "POST"]),
    ("/administration/comptes", &["GET", "POST"]),
    ("/administration/comptes/{person}", &["GET"]),
    ("/administration/comptes/{person}/sessions", &["POST"]),
    ("/administration/comptes/{person}/invitation", &["POST"]),
    ("/administration/comptes/{person}/temps", &["POST"]),
    ("/administration/comptes/{person}/affectation", &["POST"]),
    ("/administration/comptes/{person}/reunion", &["GET", "POST"]),
    ("/administration/comptes/{person}/suspendre", &["POST"]),
    ("/administration/comptes/{person}/retablir", &["POST"]),
    ("/administration/jetons", &["GET", "POST"]),
    ("/administration/jetons/{token}/revoquer", &["POST"]),
    ("/administration/webhooks", &["GET", "POST"]),
    ("/administration/webhooks/{webhook}", &["GET"]),
    ("/administration/webhooks/{webhook}/essai", &["POST"]),
    ("/administration/webhooks/{webhook}/reactiver", &["POST"]),
    ("/administration/webhooks/{webhook}/messages/{delivery}", &["POST"]),
    ("/administration/webhooks/{webhook}/retirer", &["POST"]),
    ("/api/v1", &["GET"]),
    ("/api/v1/openapi.json", &["GET"]),
    ("/api/v1/token", &["GET"]),
    ("/api/v1/people", &["GET"]),
    ("/api/v1/people/{person}", &["GET"]),
    ("/api/v1/maisons", &["GET"]),
    ("/api/v1/maisons/{maison}", &["GET"]),
    ("/api/v1/webinars", &["GET"]),
    ("/api/v1/webinars/{webinar}", &["GET"]),
    ("/api/v1/classrooms", &["GET"]),
    ("/api/v1/classrooms/{classroom}", &["GET"]),
    ("/api/v1/records", &["GET"]),
    ("/api/v1/records/{person}", &["GET"]),
    ("/api/v1/records/{person}/facts", &["GET"]),
    ("/api/v1/certificates", &["GET"]),
    ("/api/v1/certificates/{number}", &["GET"]),
    ("/administration/comptes/{person}/effacer", &["GET", "POST"]),
    ("/administration/journal", &["GET"]),
    ("/administration/journal.csv", &["GET"]),
    ("/administration/conservation", &["GET"]),
    ("/mes-donnees", &["GET"]),
    ("/mes-donnees/copie.zip", &["GET"]),
    ("/registre-des-traitements", &["GET"]),
    ("/webinaires/{webinar}/signal", &["GET"]),
    ("/webinaires/{webinar}/direct", &["GET"]),
    ("/webinaires/{webinar}/a-deux", &["POST"]),
    ("/webinaires/{webinar}/salle", &["GET"]),
    ("/webinaires/{webinar}/essai", &["GET", "POST"]),
    ("/webinaires/{webinar}/images", &["POST"]),
    ("/webinaires/{webinar}/images/{still}", &["GET"]),
    ("/webinaires/{webinar}/diagnostic", &["GET"]),
    ("/diagnostic", &["GET", "POST"]),
    ("/diagnostic/debit", &["GET", "POST"]),
    ("/preferences/allege", &["POST"]),
    ("/connexion/code", &["GET", "POST"]),
    ("/connexion/cle", &["POST"]),
    ("/connexion/cle/defi", &["POST"]),
    ("/connexion/code/cle", &["POST"]),
    ("/connexion/code/cle/defi", &["POST"]),
    ("/second-facteur", &["GET", "POST"]),
    ("/second-facteur/application", &["GET"]),
    ("/second-facteur/cles", &["GET", "POST"]),
    ("/second-facteur/cles/defi", &["POST"]),
    ("/second-facteur/cles/{passkey}", &["GET", "POST"]),
    ("/mot-de-passe-oublie", &["GET", "POST"]),
    ("/compte", &["GET", "POST"]),
    ("/administration/comptes/{person}/second-facteur", &["POST"]),
    ("/accessibilite", &["GET"]),
    ("/mentions-legales", &["GET"]),
    ("/donnees-personnelles", &["GET"]),
    ("/xapi/about", &["GET"]),
    ("/xapi/statements", &["GET", "PUT", "POST"]),
    ("/xapi/activities", &["GET", "POST"]),
    ("/xapi/activities/state", &["GET", "PUT", "POST", "DELETE"]),
    ("/xapi/activities/profile", &["GET", "PUT", "POST", "DELETE"]),
    ("/xapi/agents", &["GET", "POST"]),
    ("/xapi/agents/profile", &["GET", "PUT", "POST", "DELETE"]),
    ("/studio", &["GET"]),
    ("/studio/nouveau", &["GET", "POST"]),
    ("/studio/{course}", &["GET", "POST"]),
    ("/studio/{course}/ouvrir", &["POST"]),
    ("/studio/{course}/reglages", &["GET", "POST"]),
    ("/studio/{course}/auteurs", &["POST"]),
    ("/studio/{course}/chapitres/{chapter}", &["GET", "POST"]),
    ("/studio/{course}/chapitres/{chapter}/enregistrement", &["POST"]),
    ("/studio/{course}/chapitres/{chapter}/apercu", &["POST"]),
    ("/studio/{course}/glossaire", &["GET", "POST"]),
    ("/studio/{course}/historique", &["GET", "POST"]),
    ("/studio/{course}/fichiers/{*path}", &["GET"]),
    ("/studio/{course}/publier", &["GET", "POST"]),
    ("/studio/{course}/versions", &["GET", "POST"]),
    ("/studio/{course}/resultats", &["GET"]),
    ("/studio/{course}/resultats.csv", &["GET"]),
    ("/studio/{course}/exporter", &["GET"]),
    ("/studio/{course}/exporter/{format}", &["GET"]),
    ("/studio/importer", &["GET", "POST"]),
    ("/studio/importer/{import}", &["GET", "POST"]),
    ("/avis/{notice}", &["POST"]),
    ("/media/{course}/{version}/{*path}", &["GET"]),
    ("/studio/{course}/questions", &["GET", "POST"]),
    ("/studio/{course}/questions/{chapter}/{quiz}", &["GET", "POST"]),
    ("/studio/{course}/questions/{chapter}/{quiz}/{question}", &["GET", "POST"]),
    ("/studio/{course}/medias", &["GET", "POST"]),
    ("/studio/{course}/medias/retirer", &["POST"]),
    ("/studio/{course}/medias/envois/{upload}", &["POST"]),
    ("/studio/{course}/medias/sous-titres/{*medium}", &["GET", "POST"]),
    ("/studio/envois", &["OPTIONS", "POST"]),
    ("/studio/envois/{upload}", &["HEAD", "PATCH", "DELETE"]),
    ("/assets/{name}", &["GET"]),
    ("/health/live", &["GET"]),
    ("/health/ready", &["GET"]),
    ("/metrics", &["GET"]),
];

/// The whole product. Where several nodes serve it, what was led to this one is as if asked without that.
pub fn router(app: App) -> Router {
    let Some(node) = app.config.node.clone() else { return routes(app) };
    let led = MapRequestLayer::new(move |request| node::led_here(&node, request));
    Router::new().fallback_service(routes(app)).layer(led)
}

fn routes(app: App) -> Router {
    let webinar = |path: &str| format!("/webinaires/{{webinar}}{path}");
    Router::new()
        // Pages of everybody.
        .route("/", get(course::routes::home))
        .route("/accessibilite", get(about::accessibility))
        .route("/mentions-legales", get(about::legal))
        .route("/donnees-personnelles", get(about::privacy))
        .route("/preferences/allege", post(about::set_light))
        .merge(signing_in())
        // Following a course.
        .route("/cours/{course}", get(course::routes::outline))
        .route("/cours/{course}/{chapter}", get(course::routes::chapter))
        .route("/cours/{course}/{chapter}/fiche", get(course::routes::sheet))
        .route("/cours/{course}/{chapter}/lu", post(course::routes::mark_read))
        .route("/position", post(course::routes::stop_at))
        .route("/recherche", get(course::routes::search))
        .route("/media/{course}/{version}/{*path}", get(course::media::file))
        .merge(quizzes())
        .merge(statements())
        // The record.
        .route("/dossier", get(record::routes::own))
        .route(
            "/suivi/{person}/parcours/{pathway}/{component}",
            get(pathway::routes::page).post(pathway::routes::enter),
        )
        .route("/dossier/faits/{seq}", get(dispute::routes::own).post(dispute::routes::raise))
        .route("/suivi/contestations", get(dispute::routes::list))
        .route("/suivi/{person}/faits/{seq}", get(dispute::routes::of_agent).post(dispute::routes::answer))
        // Certificates and proof files.
        .route("/dossier/certificats/{number}", get(certificate::routes::own))
        .route("/dossier/certificats/{number}/pdf", get(certificate::routes::file))
        .route("/certificats/{number}", get(certificate::routes::verify))
        .route("/certificats/cles.json", get(certificate::routes::keys))
        .route("/dossier/certificats/{number}/badge.json", get(certificate::badge::routes::file))
        .route("/dossier/certificats/{number}/badge.svg", get(certificate::badge::routes::picture))
        .route("/certificats/emetteur.json", get(certificate::badge::routes::issuer))
        .route("/certificats/actions/{pathway}/{edition}/{award}", get(certificate::badge::routes::action))
        .route("/certificats/{number}/statut.json", get(certificate::badge::routes::status))
        .route("/dossier/preuve.zip", get(certificate::routes::own_proof))
        .route("/suivi/{person}/preuve.zip", get(certificate::routes::proof_of))
        .merge(classrooms())
        .merge(cohorts())
        // Following up.
        .route("/suivi", get(follow_up::routes::home))
        .route("/suivi/france", get(follow_up::routes::nation))
        .route("/suivi/departements/{departement}", get(follow_up::routes::departement))
        .route("/suivi/maisons/{maison}", get(follow_up::routes::maison))
        .route("/suivi/agents", get(follow_up::list::list))
        .route("/suivi/agents/fichier/{format}", get(follow_up::files::agents))
        .route("/suivi/territoires/fichier/{format}", get(follow_up::files::parts))
        .route("/suivi/relances", get(follow_up::reminders::preview).post(follow_up::reminders::send))
        .route("/suivi/{person}", get(follow_up::routes::agent))
        // Webinars, before and after they take place.
        .route("/webinaires", get(webinar::routes::list))
        .route("/webinaires/nouveau", get(webinar::routes::new_page).post(webinar::routes::plan))
        .route(&webinar(""), get(webinar::routes::details))
        .route(&webinar("/inscription"), post(webinar::routes::register))
        .route(&webinar("/desistement"), post(webinar::routes::withdraw))
        .route(&webinar("/modifier"), get(webinar::routes::edit_page).post(webinar::routes::edit))
        .route(&webinar("/annuler"), post(webinar::routes::cancel))
        .route(&webinar("/invitation.ics"), get(webinar::routes::calendar))
        // Webinars watched later.
        .route(&webinar("/revoir"), get(replay::page::page))
        .route(&webinar("/revoir/lecture"), post(replay::playing::report))
        .route(&webinar("/revoir/quiz"), post(replay::quiz::answer))
        .route(&webinar("/revoir/sous-titres"), post(replay::captions::mend))
        .route(&webinar("/revoir/sous-titres.vtt"), get(replay::captions::file))
        .route(&webinar("/enregistrement.webm"), get(recording::routes::stage))
        .route(&webinar("/enregistrement-camera.webm"), get(recording::routes::camera))
        .route(&webinar("/enregistrement/image"), get(recording::routes::still))
        .route(&webinar("/enregistrement/supprimer"), post(recording::routes::remove))
        // Who was there.
        .route("/webinaires/{webinar}/presences", get(presence::routes::sheet))
        .route(
            "/webinaires/{webinar}/presences/{person}",
            get(presence::routes::person).post(presence::routes::correct),
        )
        .route("/webinaires/{webinar}/presences.csv", get(presence::routes::file))
        // Live webinars.
        .route(&webinar("/signal"), get(webinar::socket::signal))
        .route(&webinar("/direct"), get(webinar::direct::direct))
        .route(&webinar("/a-deux"), post(webinar::room::sit_beside))
        .route(&webinar("/salle"), get(webinar::check::room))
        .route(&webinar("/essai"), get(webinar::check::check).post(webinar::diagnosis::members_trial))
        .route(&webinar("/diagnostic"), get(webinar::diagnosis::of_webinar))
        .merge(stills())
        .merge(diagnosis())
        .merge(publishing())
        .merge(accounts())
        .merge(other_systems())
        .merge(personal_data())
        .merge(desk())
        .merge(studio_questions())
        // Machines.
        .route("/assets/{name}", get(site::asset))
        .route("/health/live", get(telemetry::live))
        .route("/health/ready", get(telemetry::ready))
        .route("/metrics", get(telemetry::metrics))
        .fallback(async || Error::NotFound)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(middleware::from_fn_with_state(Around::new(app.clone()), around))
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(is_worth_compressing()))
        .with_state(app)
}

/// Signing in and out, and one's own account.
fn signing_in() -> Router<App> {
    Router::new()
        .route("/connexion", get(identity::routes::sign_in_page).post(identity::routes::sign_in))
        .route("/connexion/code", get(identity::proving::page).post(identity::proving::show_code))
        .route("/connexion/cle", post(passkey::enter))
        .route("/connexion/cle/defi", post(passkey::challenge_to_enter))
        .route("/connexion/code/cle", post(passkey::prove))
        .route("/connexion/code/cle/defi", post(passkey::challenge_to_prove))
        .route("/second-facteur", get(identity::own_factor::own).post(identity::own_factor::keep))
        .route("/second-facteur/application", get(identity::own_factor::application))
        .route("/second-facteur/cles", get(passkey::page).post(passkey::add))
        .route("/second-facteur/cles/defi", post(passkey::challenge_to_add))
        .route("/second-facteur/cles/{passkey}", get(passkey::one).post(passkey::change))
        .route("/mot-de-passe-oublie", get(identity::forgotten::page).post(identity::forgotten::ask))
        .route("/compte", get(identity::own::own).post(identity::own::change))
        .route("/connexion/proconnect", get(identity::proconnect::routes::begin))
        .route("/connexion/proconnect/retour", get(identity::proconnect::routes::come_back))
        .route("/deconnexion", post(identity::routes::sign_out))
        .route("/deconnexion/proconnect/retour", get(identity::proconnect::routes::signed_out))
        .route("/invitation/{secret}", get(identity::routes::invitation_page).post(identity::routes::accept))
}

/// Stills of a shared screen.
fn stills() -> Router<App> {
    use webinar::stills::{LARGEST, draw, show};
    let images = "/webinaires/{webinar}/images";
    Router::new()
        .route(images, post(draw).layer(DefaultBodyLimit::max(LARGEST)))
        .route(&format!("{images}/{{still}}"), get(show))
}

/// What anybody tries their line with.
fn diagnosis() -> Router<App> {
    use webinar::diagnosis::{page, rate, trial};
    let rates = get(rate::down).post(rate::up).layer(DefaultBodyLimit::max(rate::BODY_LIMIT));
    Router::new().route("/diagnostic", get(page).post(trial)).route("/diagnostic/debit", rates)
}

/// The studio: questions and media.
fn studio_questions() -> Router<App> {
    use studio::media::{captions, list, receive, tus};
    use studio::questions::{editor, list as questions, rules};
    let course = |path: &str| format!("/studio/{{course}}{path}");
    Router::new()
        .route(&course("/questions"), get(questions::list).post(questions::act))
        .route(&course("/questions/{chapter}/{quiz}"), get(rules::page).post(rules::save))
        .route(&course("/questions/{chapter}/{quiz}/{question}"), get(editor::page).post(editor::act))
        .route(
            &course("/medias"),
            get(list::list).post(receive::send).layer(DefaultBodyLimit::max(receive::BODY_LIMIT)),
        )
        .route(&course("/medias/retirer"), post(list::remove))
        .route(&course("/medias/envois/{upload}"), post(receive::take))
        .route(&course("/medias/sous-titres/{*medium}"), get(captions::page).post(captions::save))
        .route("/studio/envois", options(tus::options).post(tus::create))
        .route("/studio/envois/{upload}", head(tus::head).patch(tus::add).delete(tus::terminate))
}

/// Sessions face to face: the trainer's side, then the agents'.
fn classrooms() -> Router<App> {
    let room = |path: &str| format!("/presentiel/{{classroom}}{path}");
    Router::new()
        .route("/presentiel", get(classroom::routes::list))
        .route("/presentiel/nouvelle", get(classroom::routes::new).post(classroom::routes::plan))
        .route(&room(""), get(classroom::routes::room))
        .route(&room("/inscrits"), post(classroom::routes::add))
        .route(&room("/retirer"), post(classroom::routes::remove))
        .route(&room("/feuille"), get(classroom::routes::paper))
        .route(&room("/{half_day}"), get(classroom::routes::sheet).post(classroom::routes::keep))
        .route(&room("/{half_day}/code"), get(classroom::routes::show_code))
        .route("/emargement/{classroom}/{half_day}", get(classroom::signing::page).post(classroom::signing::sign))
        .route("/emargement/{classroom}/{half_day}/{code}", get(classroom::signing::show_code))
}

/// Where courses are begun, ordered and written.
fn desk() -> Router<App> {
    use studio::desk::{self, chapter, files, glossary, history, list, outline, settings};
    let course = |path: &str| format!("/studio/{{course}}{path}");
    let texts = Router::new()
        .route(&course("/chapitres/{chapter}"), get(chapter::page).post(chapter::save))
        .route(&course("/chapitres/{chapter}/enregistrement"), post(chapter::keep))
        .route(&course("/chapitres/{chapter}/apercu"), post(chapter::preview))
        .route(&course("/glossaire"), get(glossary::page).post(glossary::save))
        .layer(DefaultBodyLimit::max(desk::BODY_LIMIT));
    Router::new()
        .route("/studio", get(list::list))
        .route("/studio/nouveau", get(list::new).post(list::begin))
        .route(&course(""), get(outline::page).post(outline::change))
        .route(&course("/ouvrir"), post(list::open))
        .route(&course("/reglages"), get(settings::page).post(settings::save))
        .route(&course("/auteurs"), post(settings::authors))
        .route(&course("/historique"), get(history::page).post(history::restore))
        .route(&course("/fichiers/{*path}"), get(files::file))
        .merge(texts)
}

/// Cohorts: who keeps them, and who follows their members.
fn cohorts() -> Router<App> {
    let cohort = |path: &str| format!("/cohortes/{{cohort}}{path}");
    let files = get(cohort::importing::new_page).post(cohort::importing::send);
    Router::new()
        .route("/cohortes", get(cohort::routes::list))
        .route("/cohortes/nouvelle", get(cohort::routes::new).post(cohort::routes::plan))
        .route(&cohort(""), get(cohort::routes::cohort))
        .route(&cohort("/modifier"), get(cohort::routes::change_page).post(cohort::routes::change))
        .route(&cohort("/annuler"), post(cohort::routes::call_off))
        .route(&cohort("/membres"), post(cohort::routes::add))
        .route(&cohort("/retirer"), post(cohort::routes::remove))
        .route(&cohort("/webinaires"), post(cohort::routes::webinar))
        .route(&cohort("/presentiel"), post(cohort::routes::classroom))
        .route(&cohort("/importations"), files.layer(DefaultBodyLimit::max(import::routes::BODY_LIMIT)))
        .route(&cohort("/importations/{import}"), get(cohort::importing::check).post(cohort::importing::carry_out))
}

/// Accounts, brought in and invited in bulk too, mails, and how everything runs.
fn accounts() -> Router<App> {
    let account = |path: &str| format!("/administration/comptes/{{person}}{path}");
    Router::new()
        .route("/administration/courriels", get(mail::routes::list))
        .route("/administration/exploitation", get(operation::routes::page))
        .route(
            "/administration/importations",
            get(import::routes::new_page)
                .post(import::routes::send)
                .layer(DefaultBodyLimit::max(import::routes::BODY_LIMIT)),
        )
        .route("/administration/importations/{import}", get(import::routes::check).post(import::routes::carry_out))
        .route(
            "/administration/invitations",
            get(administration::invitations::page).post(administration::invitations::send),
        )
        .route("/administration/comptes", get(administration::list).post(administration::invite))
        .route(&account(""), get(administration::account))
        .route(&account("/sessions"), post(administration::end_sessions))
        .route(&account("/invitation"), post(administration::renew_invitation))
        .route(&account("/temps"), post(administration::set_extra_time))
        .route(&account("/affectation"), post(posting::routes::enter))
        .route(&account("/reunion"), get(merging::routes::page).post(merging::routes::confirm))
        .route(&account("/suspendre"), post(administration::suspend))
        .route(&account("/retablir"), post(administration::restore))
        .route(&account("/second-facteur"), post(identity::own_factor::take_away))
}

/// From drafts to what agents follow, and back.
fn publishing() -> Router<App> {
    use studio::publishing::{bringing, exporting, notices, results, routes, versions};
    Router::new()
        .route("/studio/{course}/publier", get(routes::page).post(routes::order))
        .route("/studio/{course}/versions", get(versions::page).post(versions::go_back))
        .route("/studio/{course}/resultats", get(results::page))
        .route("/studio/{course}/resultats.csv", get(results::file))
        .route("/studio/{course}/exporter", get(exporting::page))
        .route("/studio/{course}/exporter/{format}", get(exporting::file))
        .route(
            "/studio/importer",
            get(bringing::new_page).post(bringing::send).layer(DefaultBodyLimit::max(bringing::BODY_LIMIT)),
        )
        .route("/studio/importer/{import}", get(bringing::check).post(bringing::carry_out))
        .route("/avis/{notice}", post(notices::read))
}

/// What is held of people: told to them and to everybody, erased, taken away at night; and who looked at it.
fn personal_data() -> Router<App> {
    Router::new()
        .route(
            "/administration/comptes/{person}/effacer",
            get(protection::routes::erase_preview).post(protection::routes::erase),
        )
        .route("/administration/journal", get(audit::routes::journal))
        .route("/administration/journal.csv", get(audit::routes::file))
        .route("/administration/conservation", get(protection::routes::retention))
        .route("/mes-donnees", get(protection::routes::mine))
        .route("/mes-donnees/copie.zip", get(protection::routes::copy))
        .route("/registre-des-traitements", get(protection::routes::register))
}

/// Quizzes, and the answers to them.
fn quizzes() -> Router<App> {
    Router::new()
        .route("/cours/{course}/{chapter}/quiz", get(quiz::routes::intro).post(quiz::routes::start))
        .route("/essais/{attempt}", get(quiz::routes::attempt).post(quiz::routes::submit_form))
        .route("/essais/{attempt}/reponses", post(quiz::routes::save_answers))
}

/// What other systems read, the tokens by which they do, and where they are told of what happens.
fn other_systems() -> Router<App> {
    Router::new()
        .route("/administration/jetons", get(token::routes::list).post(token::routes::create))
        .route("/administration/jetons/{token}/revoquer", post(token::routes::revoke))
        .route("/administration/webhooks", get(webhook::routes::list).post(webhook::routes::create))
        .route("/administration/webhooks/{webhook}", get(webhook::routes::one))
        .route("/administration/webhooks/{webhook}/essai", post(webhook::routes::try_out))
        .route("/administration/webhooks/{webhook}/reactiver", post(webhook::routes::enable))
        .route("/administration/webhooks/{webhook}/messages/{delivery}", post(webhook::routes::send_again))
        .route("/administration/webhooks/{webhook}/retirer", post(webhook::routes::remove))
        .route("/api/v1", get(api::routes::page))
        .route("/api/v1/openapi.json", get(api::document::openapi))
        .route("/api/v1/token", get(api::routes::token))
        .route("/api/v1/people", get(api::people::list))
        .route("/api/v1/people/{person}", get(api::people::one))
        .route("/api/v1/maisons", get(api::maisons::list))
        .route("/api/v1/maisons/{maison}", get(api::maisons::one))
        .route("/api/v1/webinars", get(api::webinars::list))
        .route("/api/v1/webinars/{webinar}", get(api::webinars::one))
        .route("/api/v1/classrooms", get(api::classrooms::list))
        .route("/api/v1/classrooms/{classroom}", get(api::classrooms::one))
        .route("/api/v1/records", get(api::records::list))
        .route("/api/v1/records/{person}", get(api::records::one))
        .route("/api/v1/records/{person}/facts", get(api::records::facts))
        .route("/api/v1/certificates", get(api::certificates::list))
        .route("/api/v1/certificates/{number}", get(api::certificates::one))
}

/// The learning record store, whose bodies are large: few at a time. What only reads is sent by POST too, by those who can
/// only send forms.
fn statements() -> Router<App> {
    use xapi::{documents, routes};
    Router::new()
        .route("/xapi/about", get(routes::about))
        .route("/xapi/statements", get(routes::statements).put(routes::statements).post(routes::statements))
        .route("/xapi/activities", get(routes::activities).post(routes::activities))
        .route("/xapi/agents", get(routes::agents).post(routes::agents))
        .route("/xapi/activities/state", each(documents::state))
        .route("/xapi/activities/profile", each(documents::activity_profile))
        .route("/xapi/agents/profile", each(documents::agent_profile))
        .layer(DefaultBodyLimit::max(routes::BODY_LIMIT))
        .layer(GlobalConcurrencyLimitLayer::new(STATEMENTS_AT_ONCE))
}

/// The same answer to every method of documents.
fn each<H, T>(handler: H) -> MethodRouter<App>
where
    H: Handler<T, App>,
    T: 'static,
{
    get(handler.clone()).put(handler.clone()).post(handler.clone()).delete(handler)
}

/// Pages, not the few words that acknowledge an answer, nor what is compressed by nature, nor documents that other
/// systems know by the digest of their very bytes (xAPI, Communication 3.1).
fn is_worth_compressing() -> impl Predicate {
    let known_by_digest = |_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions| {
        !(headers.contains_key(xapi::VERSION) && headers.contains_key(ETAG))
    };
    SizeAbove::new(1024)
        .and(NotForContentType::IMAGES)
        .and(NotForContentType::const_new("audio/"))
        .and(NotForContentType::const_new("video/"))
        .and(NotForContentType::const_new("application/pdf"))
        .and(NotForContentType::const_new("application/octet-stream"))
        .and(known_by_digest)
}
