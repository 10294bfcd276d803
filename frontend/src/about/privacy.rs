//! What is known of people, why, and for how long (RGPD, articles 13 and 15 to 22).

use super::{About, write_to};
use crate::ui::scrolling;
use leptos::prelude::*;

/// What is kept, why, how long.
const KEPT: [(&str, &str, &str); 12] = [
    (
        "Prénom, nom, adresse électronique, maison, rôle",
        "Ouvrir votre compte et établir votre dossier à votre nom",
        "Tant que le compte existe",
    ),
    (
        "Empreinte du mot de passe (jamais le mot de passe)",
        "Vérifier que c’est bien vous",
        "Jusqu’au mot de passe suivant",
    ),
    (
        "Sessions\u{a0}: dates d’ouverture et de dernière activité",
        "Rester connecté, et pouvoir fermer une session oubliée",
        "Jusqu’à la fin de la session, quelques jours au plus",
    ),
    ("Sections lues, endroit où vous vous êtes arrêté", "Reprendre où vous en étiez", "Tant que le compte existe"),
    (
        "Inscriptions aux webinaires",
        "Réserver votre place et vous prévenir d’un changement\u{a0}; établir qui était attendu",
        "Tant que le compte existe",
    ),
    (
        "Courriels envoyés\u{a0}: adresse, texte, date d’envoi",
        "Savoir qu’un message est parti, ou pourquoi il ne l’est pas",
        "30\u{a0}jours après l’envoi",
    ),
    ("Réponses aux quiz", "Calculer vos résultats et vous montrer le corrigé", "Tant que le compte existe"),
    (
        "Résultats datés\u{a0}: chapitres lus, quiz rendus",
        "Attester la formation suivie\u{a0}; pièces à présenter en cas de contrôle",
        "Tant que le compte existe, puis le temps que la loi impose pour ces pièces",
    ),
    (
        "Sessions en salle\u{a0}: vos inscriptions, l’heure de vos signatures, ce qu’en note qui vous forme",
        "Tenir la feuille de présence de chaque demi-journée",
        "Comme les résultats datés",
    ),
    (
        "Présences en salle et dispenses, inscrites par qui vous forme, avec la raison",
        "Compter le parcours entier, et le prouver",
        "Comme les résultats datés",
    ),
    (
        "Lignes que vous contestez, et les réponses",
        "Vous répondre, et garder la trace de l’échange",
        "Comme les résultats datés",
    ),
    (
        "Certificats\u{a0}: votre nom, votre maison, ce qui a été suivi, les dates et les heures",
        "Attester la formation\u{a0}; permettre à qui tient le papier de le vérifier, par son numéro",
        "Comme les résultats datés",
    ),
];

/// The page, without its shell.
pub fn privacy_page(facts: About) -> impl IntoView {
    let About { publisher, contact_email, .. } = facts;
    view! {
        <article>
            <h1>"Données personnelles"</h1>
            <h2>"Pourquoi des données sont enregistrées"</h2>
            <p>
                "Pour former à distance les agents des maisons France\u{a0}Services et garder la preuve de cette formation."
            </p>
            <p>"Responsable du traitement\u{a0}: "{publisher}"."</p>
            <p>"Base légale\u{a0}: l’exécution d’une mission d’intérêt public (RGPD, article 6, paragraphe 1, e)."</p>
            <h2>"Ce qui est enregistré"</h2>
            {scrolling("donnees-titre", table())}
            <p>
                "Rien d’autre\u{a0}: ni mesure d’audience, ni publicité, ni contenu venu d’un autre site. Les journaux techniques ne contiennent ni nom, ni adresse, ni réponse."
            </p>
            <h2>"Qui y a accès"</h2>
            <ul>
                <li>"Vous, à tout moment, dans votre dossier."</li>
                <li>"Les formateurs et formatrices, pour les agents qui suivent leurs cours."</li>
                <li>"Les administrateurs, pour gérer les comptes."</li>
            </ul>
            <p>"Aucune donnée n’est vendue, ni transmise à d’autres."</p>
            {browser()}
            {rights(&contact_email)}
        </article>
    }
}

fn table() -> impl IntoView {
    let row = |(what, why, until): (&'static str, &'static str, &'static str)| {
        view! { <tr><th scope="row">{what}</th><td>{why}</td><td>{until}</td></tr> }
    };
    view! {
        <table>
            <caption id="donnees-titre">"Données, raison de les enregistrer et durée de conservation"</caption>
            <thead><tr><th scope="col">"Donnée"</th><th scope="col">"Pourquoi"</th><th scope="col">"Jusqu’à quand"</th></tr></thead>
            <tbody>{KEPT.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}

fn browser() -> impl IntoView {
    view! {
        <h2>"Ce qui est gardé sur votre ordinateur"</h2>
        <ul>
            <li>"Un cookie de session, nécessaire pour rester connecté. Il disparaît à la déconnexion."</li>
            <li>"Un cookie qui retient, pendant un quart d’heure, que vous avez visé le code d’une salle, le temps de signer."</li>
            <li>"Un cookie pour le mode allégé, si vous le choisissez, pendant un an. Il ne dit rien de vous."</li>
            <li>"Vos réponses à un quiz en cours, pour survivre à une coupure, pendant 30\u{a0}jours au plus."</li>
            <li>"Le micro, la caméra et les haut-parleurs choisis pour les webinaires, jusqu’à ce que vous en changiez ou effaciez les données du site."</li>
        </ul>
        <p>"Ces éléments sont indispensables au service demandé\u{a0}: ils ne demandent pas de consentement."</p>
    }
}

fn rights(email: &str) -> impl IntoView + use<> {
    view! {
        <h2>"Vos droits"</h2>
        <p>
            "Vous pouvez demander l’accès à vos données et leur copie, leur rectification, leur effacement, la limitation de leur traitement, ou vous y opposer, en écrivant à "
            {write_to(email)}". Une réponse vous est due dans le mois."
        </p>
        <p>
            "Un résultat inscrit au dossier ne se modifie pas\u{a0}: une erreur se corrige par une nouvelle inscription, datée et motivée. Une pièce que la loi impose de conserver peut ne pas être effacée avant son terme."
        </p>
        <p>
            "Si la réponse ne vous convient pas, vous pouvez adresser une réclamation à la "
            <a href="https://www.cnil.fr/fr/plaintes">"CNIL"</a>"."
        </p>
    }
}
