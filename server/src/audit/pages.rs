//! What the pages that open other people's data are called, in the log.

/// Each by its route.
const PAGES: &[(&str, &str)] = &[
    ("/suivi/{person}", "Dossier"),
    ("/suivi/{person}/preuve.zip", "Fichier de preuve"),
    ("/suivi/{person}/faits/{seq}", "Ligne du dossier et ce qui la prouve"),
    ("/suivi/{person}/parcours/{pathway}/{component}", "Demi-journées inscrites au dossier"),
    ("/suivi/contestations", "Contestations"),
    ("/suivi/agents", "Liste d’agents"),
    ("/suivi/agents/fichier/{format}", "Liste d’agents, emportée"),
    ("/suivi/relances", "Relances"),
    ("/dossier/certificats/{number}", "Certificat"),
    ("/dossier/certificats/{number}/pdf", "Certificat, en PDF"),
    ("/dossier/certificats/{number}/badge.json", "Certificat, en badge"),
    ("/dossier/certificats/{number}/badge.svg", "Certificat, en badge à afficher"),
    ("/studio/{course}/resultats", "Résultats des questions d’un cours"),
    ("/studio/{course}/resultats.csv", "Résultats des questions d’un cours, emportés"),
    ("/studio/importer", "Cours ou questions importés dans le studio"),
    ("/studio/importer/{import}", "Cours ou questions importés dans le studio"),
    ("/webinaires/{webinar}", "Webinaire et ses inscrits"),
    ("/webinaires/{webinar}/modifier", "Webinaire, modifié"),
    ("/webinaires/{webinar}/annuler", "Webinaire, annulé"),
    ("/webinaires/{webinar}/presences", "Feuille de présence d’un webinaire"),
    ("/webinaires/{webinar}/presences.csv", "Feuille de présence d’un webinaire, emportée"),
    ("/webinaires/{webinar}/presences/{person}", "Présence à un webinaire"),
    ("/presentiel/{classroom}", "Session en salle et ses inscrits"),
    ("/presentiel/{classroom}/inscrits", "Inscrits d’une session en salle"),
    ("/presentiel/{classroom}/retirer", "Inscrits d’une session en salle"),
    ("/presentiel/{classroom}/feuille", "Feuille de présence en salle, à imprimer"),
    ("/presentiel/{classroom}/{half_day}", "Feuille de présence en salle"),
    ("/presentiel/{classroom}/{half_day}/code", "Code d’une salle"),
    ("/cohortes", "Cohortes"),
    ("/cohortes/{cohort}", "Cohorte et ses membres"),
    ("/cohortes/{cohort}/modifier", "Cohorte, modifiée"),
    ("/cohortes/{cohort}/annuler", "Cohorte, annulée"),
    ("/cohortes/{cohort}/membres", "Membres d’une cohorte, ajoutés"),
    ("/cohortes/{cohort}/retirer", "Membre d’une cohorte, retiré"),
    ("/cohortes/{cohort}/webinaires", "Membres d’une cohorte, inscrits à un webinaire"),
    ("/cohortes/{cohort}/presentiel", "Membres d’une cohorte, inscrits à une session en salle"),
    ("/cohortes/{cohort}/importations", "Membres d’une cohorte, en fichier"),
    ("/cohortes/{cohort}/importations/{import}", "Membres d’une cohorte, en fichier"),
    ("/administration/comptes", "Liste des comptes"),
    ("/administration/comptes/{person}", "Compte"),
    ("/administration/comptes/{person}/sessions", "Sessions fermées"),
    ("/administration/comptes/{person}/invitation", "Lien d’invitation"),
    ("/administration/comptes/{person}/temps", "Temps supplémentaire"),
    ("/administration/comptes/{person}/affectation", "Affectation ou absence"),
    ("/administration/comptes/{person}/reunion", "Réunion de deux comptes"),
    ("/administration/comptes/{person}/suspendre", "Compte suspendu"),
    ("/administration/comptes/{person}/retablir", "Compte rétabli"),
    ("/administration/comptes/{person}/effacer", "Effacement du compte"),
    ("/administration/comptes/{person}/second-facteur", "Second facteur retiré"),
    ("/administration/courriels", "Courriels"),
    ("/administration/exploitation", "État du service"),
    ("/administration/importations", "Importations"),
    ("/administration/importations/{import}", "Importation"),
    ("/administration/invitations", "Invitations en nombre"),
    ("/administration/jetons", "Jetons d’accès"),
    ("/administration/jetons/{token}/revoquer", "Jeton d’accès, révoqué"),
    ("/administration/webhooks", "Webhooks"),
    ("/administration/webhooks/{webhook}", "Webhook et ses messages"),
    ("/administration/webhooks/{webhook}/essai", "Webhook, essayé"),
    ("/administration/webhooks/{webhook}/reactiver", "Webhook, réactivé"),
    ("/administration/webhooks/{webhook}/messages/{delivery}", "Webhook, message renvoyé"),
    ("/administration/webhooks/{webhook}/retirer", "Webhook, retiré"),
    ("/administration/journal", "Journal"),
    ("/administration/journal.csv", "Journal, emporté"),
    ("/administration/conservation", "Conservation des données"),
    ("/api/v1/people", "Agents, par un autre système"),
    ("/api/v1/people/{person}", "Agent, par un autre système"),
    ("/api/v1/webinars", "Webinaires, par un autre système"),
    ("/api/v1/webinars/{webinar}", "Webinaire et ses présences, par un autre système"),
    ("/api/v1/classrooms", "Sessions en salle, par un autre système"),
    ("/api/v1/classrooms/{classroom}", "Session en salle et ses présences, par un autre système"),
    ("/api/v1/records", "Dossiers, par un autre système"),
    ("/api/v1/records/{person}", "Dossier, par un autre système"),
    ("/api/v1/records/{person}/facts", "Dossier, ligne par ligne, par un autre système"),
    ("/api/v1/certificates", "Certificats, par un autre système"),
    ("/api/v1/certificates/{number}", "Certificat, par un autre système"),
    ("/xapi/statements", "Énoncés xAPI, par un autre système"),
    ("/xapi/activities/state", "Documents xAPI, par un autre système"),
    ("/xapi/activities/profile", "Documents xAPI, par un autre système"),
    ("/xapi/agents", "Agents xAPI, par un autre système"),
    ("/xapi/agents/profile", "Documents xAPI, par un autre système"),
    (BY_PASSWORD, "Mot de passe"),
    (BY_PASSWORD_FIRST, "Mot de passe, second facteur demandé"),
    (BY_CODE, "Code de l’application"),
    (BY_RECOVERY_CODE, "Code de secours"),
    (BY_SOME_CODE, "Code de l’application ou de secours"),
    (BY_PASSKEY, "Clé d’accès"),
    (BY_PROCONNECT, "ProConnect"),
    (BY_PROCONNECT_FIRST, "ProConnect, second facteur demandé"),
    (PASSWORD_CHANGED, "Mot de passe changé"),
    (GENERATOR_ADDED, "Application de codes ajoutée au compte"),
    (GENERATOR_REMOVED, "Application de codes retirée du compte"),
    (CODES_RENEWED, "Codes de secours renouvelés"),
    (PASSKEY_ADDED, "Clé d’accès ajoutée au compte"),
    (PASSKEY_REMOVED, "Clé d’accès retirée du compte"),
    (PASSKEY_COPIED, "Clé d’accès refusée\u{a0}: son compteur est revenu en arrière"),
    (PROCONNECT_LINKED, "Compte relié à ProConnect"),
    (PROCONNECT_UNLINKED, "Compte détaché de ProConnect"),
    // As older lines name what is now of `BY_PROCONNECT`.
    ("proconnect/connexion", "Connexion par ProConnect"),
    ("proconnect/refus", "Connexion par ProConnect, refusée"),
    (PROCONNECT_POSTED, "Maison inscrite d’après le SIRET de ProConnect"),
    (PROCONNECT_ELSEWHERE, "SIRET de ProConnect qui mène à une autre maison"),
    (ERASED_BY_NIGHT, "Compte inactif, effacé"),
    (COMMAND_LINE, "Ligne de commande"),
];

/// By what an account is entered, or is not: by the password alone, or before the second factor; by that factor, which a code
/// that is refused does not name; by ProConnect, which asked for one itself or did not need to, or before it.
pub const BY_PASSWORD: &str = "connexion/mot-de-passe";
pub const BY_PASSWORD_FIRST: &str = "connexion/mot-de-passe-puis";
pub const BY_CODE: &str = "connexion/code";
pub const BY_RECOVERY_CODE: &str = "connexion/code-de-secours";
pub const BY_SOME_CODE: &str = "connexion/codes";
pub const BY_PASSKEY: &str = "connexion/cle-d-acces";
pub const BY_PROCONNECT: &str = "connexion/proconnect";
pub const BY_PROCONNECT_FIRST: &str = "connexion/proconnect-puis";

/// What an account is entered by is another.
pub const PASSWORD_CHANGED: &str = "mot-de-passe/change";
pub const GENERATOR_ADDED: &str = "application/ajoutee";
pub const GENERATOR_REMOVED: &str = "application/retiree";
pub const CODES_RENEWED: &str = "codes-de-secours/renouveles";

/// An account was linked to what ProConnect calls its holder, or is not any more.
pub const PROCONNECT_LINKED: &str = "proconnect/relie";
pub const PROCONNECT_UNLINKED: &str = "proconnect/detache";

/// The SIRET that ProConnect gives leads to a maison: the person's from now on, or another than theirs.
pub const PROCONNECT_POSTED: &str = "proconnect/maison";
pub const PROCONNECT_ELSEWHERE: &str = "proconnect/autre-maison";

/// An account got a passkey, or lost one.
pub const PASSKEY_ADDED: &str = "cle-d-acces/ajoutee";
pub const PASSKEY_REMOVED: &str = "cle-d-acces/retiree";

/// A passkey's counter went backwards, as if somebody had a copy of it: it was refused.
pub const PASSKEY_COPIED: &str = "cle-d-acces/copie";

/// The platform erased an account that nobody used.
pub const ERASED_BY_NIGHT: &str = "nuit";

/// The command line.
pub const COMMAND_LINE: &str = "socle";

/// Whether it is a page about other people.
pub(super) fn is_about_others(page: &str) -> bool {
    page.starts_with('/') && PAGES.iter().any(|(route, _)| *route == page)
}

/// What the page is called; its route where nobody named it.
#[must_use]
pub fn name(page: &str) -> &str {
    PAGES.iter().find(|(route, _)| *route == page).map_or(page, |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::PAGES;
    use crate::router::ROUTES;

    #[test]
    fn every_page_about_a_person_has_a_name_in_the_log() {
        let about_one = |route: &&str| route.contains("{person}");
        let unnamed: Vec<&str> = ROUTES.iter().map(|(route, _)| *route).filter(about_one).collect();
        let unnamed: Vec<_> = unnamed.iter().filter(|route| PAGES.iter().all(|(named, _)| named != *route)).collect();
        assert!(unnamed.is_empty(), "{unnamed:?}");
        let lost: Vec<_> = PAGES.iter().filter(|(page, _)| page.starts_with('/')).collect();
        let lost: Vec<_> = lost.iter().filter(|(page, _)| ROUTES.iter().all(|(route, _)| route != page)).collect();
        assert!(lost.is_empty(), "named, and no route: {lost:?}");
    }
}
