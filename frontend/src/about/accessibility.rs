//! The statement that article 47 of the law of 11 February 2005 asks for, in the form that RGAA 4.1 gives it.

use super::{About, write_to};
use leptos::prelude::*;

/// The page, without its shell.
pub fn accessibility_page(facts: About) -> impl IntoView {
    let About { publisher, contact_email, accessibility_status, accessibility_date, public_url, .. } = facts;
    let audited = accessibility_date.is_some();
    view! {
        <article>
            <h1>"Déclaration d’accessibilité"</h1>
            <p>
                {publisher}" s’engage à rendre ce site accessible, conformément à l’article 47 de la loi n°\u{a0}2005-102 du 11 février 2005."
            </p>
            <p>"Cette déclaration d’accessibilité s’applique à "<a href=public_url.clone()>{public_url.clone()}</a>"."</p>
            {conformity(&accessibility_status, audited)}
            {content(&accessibility_status, audited)}
            {established(accessibility_date)}
            {contact(&contact_email)}
            {recourse()}
        </article>
    }
}

fn conformity(status: &str, audited: bool) -> impl IntoView + use<> {
    let why = match (status, audited) {
        ("totalement conforme", _) => "",
        (_, true) => ", en raison des non-conformités énumérées ci-dessous",
        (_, false) => "\u{a0}: aucun audit de conformité n’a encore été mené",
    };
    let status = status.to_owned();
    view! {
        <h2>"État de conformité"</h2>
        <p>
            "Socle est "<strong>{status}</strong>
            " avec le référentiel général d’amélioration de l’accessibilité (RGAA), version 4.1"{why}"."
        </p>
    }
}

fn content(status: &str, audited: bool) -> impl IntoView + use<> {
    let list = match (status, audited) {
        ("totalement conforme", _) => "Aucun contenu non accessible n’est connu.",
        (_, true) => {
            "Les non-conformités relevées par l’audit vous sont communiquées sur simple demande à l’adresse ci-dessous."
        }
        (_, false) => {
            "Faute d’audit, la liste des contenus non accessibles n’est pas établie. Tout défaut signalé y sera porté."
        }
    };
    view! {
        <h2>"Contenus non accessibles"</h2>
        <p>{list}</p>
        <h3>"Dérogations pour charge disproportionnée"</h3>
        <p>"Aucune."</p>
        <h3>"Contenus non soumis à l’obligation d’accessibilité"</h3>
        <p>"Aucun."</p>
        <h2>"Ce qui est fait pour l’accessibilité"</h2>
        <ul>
            <li>"Toute page se lit, et tout formulaire s’envoie, au clavier et sans script."</li>
            <li>"Un son ou une vidéo n’est publié qu’avec ses sous-titres et sa transcription, une image qu’avec sa description."</li>
            <li>"Chaque question est un groupe de champs natifs avec son intitulé\u{a0}; l’enregistrement d’une réponse est annoncé."</li>
            <li>"La durée d’un quiz limité dans le temps s’allonge pour qui en a besoin, sur demande à l’administrateur."</li>
            <li>"Les pages s’adaptent à un écran de 320\u{a0}pixels, au thème sombre, au contraste forcé et à la réduction des animations."</li>
        </ul>
    }
}

fn established(date: Option<String>) -> impl IntoView {
    let when = date.map_or_else(
        || "La date d’établissement de cette déclaration n’est pas encore renseignée.".to_owned(),
        |date| format!("Cette déclaration a été établie le {date}."),
    );
    view! {
        <h2>"Établissement de cette déclaration"</h2>
        <p>{when}</p>
        <h3>"Technologies utilisées"</h3>
        <ul>
            <li>"HTML\u{a0}5, CSS, SVG, WebVTT"</li>
            <li>"JavaScript et WebAssembly, en complément"</li>
        </ul>
    }
}

fn contact(email: &str) -> impl IntoView + use<> {
    view! {
        <h2>"Retour d’information et contact"</h2>
        <p>
            "Si vous n’arrivez pas à accéder à un contenu ou à un service, écrivez à "{write_to(email)}
            " pour être orienté vers une alternative accessible ou obtenir le contenu sous une autre forme."
        </p>
    }
}

fn recourse() -> impl IntoView {
    view! {
        <h2>"Voies de recours"</h2>
        <p>
            "Cette procédure est à utiliser dans le cas suivant\u{a0}: vous avez signalé au responsable du site un défaut d’accessibilité qui vous empêche d’accéder à un contenu ou à un service, et vous n’avez pas obtenu de réponse satisfaisante. Vous pouvez\u{a0}:"
        </p>
        <ul>
            <li>"écrire un message au "<a href="https://formulaire.defenseurdesdroits.fr/">"Défenseur des droits"</a>"\u{a0};"</li>
            <li>
                "contacter "<a href="https://www.defenseurdesdroits.fr/saisir/delegues">"le délégué du Défenseur des droits dans votre région"</a>"\u{a0};"
            </li>
            <li>
                "envoyer un courrier par la poste (gratuit, sans timbre)\u{a0}: Défenseur des droits, Libre réponse 71120, 75342 Paris CEDEX 07."
            </li>
        </ul>
    }
}
