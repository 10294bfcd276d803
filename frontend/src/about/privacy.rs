//! What is known of people, why, and for how long (RGPD, articles 13 and 15 to 22).

use super::{About, write_to};
use crate::protection::ClassLine;
use crate::ui::scrolling;
use leptos::prelude::*;

/// The page, without its shell.
pub fn privacy_page(facts: About, classes: Vec<ClassLine>) -> impl IntoView {
    let About { publisher, contact_email, .. } = facts;
    view! {
        <article>
            <h1>"Données personnelles"</h1>
            <h2>"Pourquoi des données sont enregistrées"</h2>
            <p>
                "Pour former à distance les agents des maisons France\u{a0}Services et garder la preuve de cette formation."
            </p>
            <p>"Responsable du traitement\u{a0}: "{publisher}"."</p>
            <p>
                "Base légale\u{a0}: l’exécution d’une mission d’intérêt public (RGPD, article 6, paragraphe 1, e) et, pour les preuves de la formation, une obligation légale (c)."
            </p>
            <h2>"Ce qui est enregistré"</h2>
            {scrolling("donnees-titre", table(classes))}
            <p>
                "Donnée par donnée, avec la base légale, les destinataires et la source de chaque durée\u{a0}: "
                <a href="/registre-des-traitements">"registre des traitements"</a>"."
            </p>
            <p>
                "Rien d’autre\u{a0}: ni mesure d’audience, ni publicité, ni contenu venu d’un autre site. Les journaux techniques ne contiennent ni nom, ni adresse, ni réponse."
            </p>
            <h2>"Qui y a accès"</h2>
            <ul>
                <li>"Vous, à tout moment, dans votre dossier et dans "<a href="/mes-donnees">"vos données"</a>"."</li>
                <li>"Les formateurs et formatrices, pour les agents qui suivent leurs cours."</li>
                <li>"Les responsables et pilotes, pour les agents de leur maison, de leur département ou du pays."</li>
                <li>"Les administrateurs, pour gérer les comptes."</li>
            </ul>
            <p>"Chaque consultation de votre dossier par une autre personne est notée, et vous la voyez. Aucune donnée n’est vendue, ni transmise à d’autres."</p>
            {browser()}
            {rights(&contact_email)}
        </article>
    }
}

fn table(classes: Vec<ClassLine>) -> impl IntoView {
    let row = |ClassLine { name, what, purpose, kept, .. }: ClassLine| {
        view! { <tr><th scope="row">{name}<span class="attendance-note">{what}</span></th><td>{purpose}</td><td>{kept}</td></tr> }
    };
    view! {
        <table>
            <caption id="donnees-titre">"Données, raison de les enregistrer et durée de conservation"</caption>
            <thead><tr><th scope="col">"Donnée"</th><th scope="col">"Pourquoi"</th><th scope="col">"Jusqu’à quand"</th></tr></thead>
            <tbody>{classes.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}

fn browser() -> impl IntoView {
    view! {
        <h2>"Ce qui est gardé sur votre ordinateur"</h2>
        <ul>
            <li>"Un cookie de session, nécessaire pour rester connecté. Il disparaît à la déconnexion."</li>
            <li>"Si vous entrez par ProConnect, un cookie qui le retient, pendant une demi-heure, le temps d’en revenir."</li>
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
        <h2 id="droits">"Vos droits"</h2>
        <p>
            "La copie de tout ce qui est détenu à votre sujet se télécharge depuis "<a href="/mes-donnees">"vos données"</a>
            ". Vous pouvez demander la rectification de vos données, leur effacement, la limitation de leur traitement, ou vous y opposer, en écrivant à "
            {write_to(email)}". Une réponse vous est due dans le mois."
        </p>
        <p>
            "Un résultat inscrit au dossier ne se modifie pas\u{a0}: une erreur se corrige par une nouvelle inscription, datée et motivée. Une pièce que la loi impose de conserver n’est pas effacée avant son terme\u{a0}: elle reste alors sous un pseudonyme."
        </p>
        <p>
            "Si la réponse ne vous convient pas, vous pouvez adresser une réclamation à la "
            <a href="https://www.cnil.fr/fr/plaintes">"CNIL"</a>"."
        </p>
    }
}
