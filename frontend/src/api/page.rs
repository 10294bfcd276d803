//! The page about the API, for whoever writes a system that uses it.

use crate::ui::scrolling;
use leptos::prelude::*;

/// What the page shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ApiPage {
    /// Where the product is, as other systems reach it.
    pub url: String,
    pub opened: Vec<Opened>,
}

/// What a scope opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    pub scope: &'static str,
    pub said: &'static str,
    pub paths: Vec<&'static str>,
}

/// The page, without its shell.
pub fn api_page(page: ApiPage) -> impl IntoView {
    let ApiPage { url, opened } = page;
    let first = format!("curl -H \"Authorization: Bearer $JETON\" {url}/api/v1/token");
    view! {
        <h1>"Interface pour d’autres systèmes"</h1>
        <p>"Un autre système lit ici les agents, les maisons, les sessions, les dossiers et les certificats, en JSON. La description complète, pour les outils, est le document OpenAPI\u{a0}3.1\u{a0}: "<a href="/api/v1/openapi.json">"openapi.json"</a>"."</p>
        <section aria-labelledby="jeton">
            <h2 id="jeton">"Se faire connaître\u{a0}: le jeton"</h2>
            <p>"Un administrateur fait un jeton par système, pour un an au plus, à la page "<a href="/administration/jetons">"Jetons d’accès"</a>". Le système l’envoie avec chaque demande\u{a0}:"</p>
            <pre class="mail-text" tabindex="0">{first}</pre>
            <p>"Un outil qui ne connaît qu’un identifiant et un mot de passe (HTTP Basic) envoie les deux parties du jeton. Un jeton absent, faux, révoqué ou expiré reçoit une réponse 401\u{a0}; les cookies ne comptent pas."</p>
        </section>
        <section aria-labelledby="portee">
            <h2 id="portee">"Ce que chaque portée ouvre"</h2>
            {scrolling("portees", scopes(opened))}
            <p>"Une portée qui manque donne une réponse 403."</p>
        </section>
        <section aria-labelledby="parametre">
            <h2 id="parametre">"Les listes et leurs paramètres"</h2>
            <p>"Une liste rend des pages de 50 éléments, ou de "<code>"limit"</code>", jusqu’à 200. La page suivante est à l’adresse "<code>"next"</code>", que donne aussi l’en-tête "<code>"Link"</code>"\u{a0}; la dernière n’en a pas. Pour suivre ce qui change, demandez "<code>"updated_since"</code>" avec l’heure de votre dernière lecture, moins une minute\u{a0}: ce qui s’écrivait alors n’est pas manqué."</p>
            <p>"Un paramètre inconnu, répété ou mal formé est refusé par une réponse 400 qui le nomme\u{a0}: une faute de frappe ne rend jamais toute la liste."</p>
        </section>
        <section aria-labelledby="etag">
            <h2 id="etag">"Ne pas relire ce qui n’a pas changé"</h2>
            <p>"Chaque réponse porte un "<code>"ETag"</code>". Renvoyez-le dans "<code>"If-None-Match"</code>"\u{a0}: tant que rien n’a changé, la réponse est 304, sans corps."</p>
        </section>
        <section aria-labelledby="erreurs">
            <h2 id="erreurs">"Quand une demande échoue"</h2>
            <p>"La réponse est en "<code>"application/problem+json"</code>" (RFC\u{a0}9457)\u{a0}: "<code>"type"</code>" renvoie à une section de cette page, "<code>"detail"</code>" dit ce qui ne va pas. Après 429 ou 503, attendez ce que dit "<code>"Retry-After"</code>", ou une minute, puis recommencez."</p>
        </section>
        <section aria-labelledby="webhooks">
            <h2 id="webhooks">"Être prévenu"</h2>
            <p>"Un administrateur indique à la page "<a href="/administration/webhooks">"Webhooks"</a>" l’adresse à prévenir et les événements. Chaque message est envoyé en POST et signé (Standard Webhooks)\u{a0}: vérifiez "<code>"webhook-signature"</code>", refusez un "<code>"webhook-timestamp"</code>" de plus de cinq minutes, et ne traitez qu’une fois chaque "<code>"webhook-id"</code>". Répondez par un code 2xx en moins de dix secondes\u{a0}; sinon le message revient, de plus en plus tard, pendant deux jours."</p>
        </section>
        <section aria-labelledby="chaine">
            <h2 id="chaine">"Vérifier un dossier ou un certificat"</h2>
            <p>"Chaque fait d’un dossier porte l’empreinte SHA-256 de tout ce qui précède et de lui-même ("<code>"sealed"</code>" en est le texte exact). Chaque certificat est signé en Ed25519\u{a0}: "<code>"signed"</code>" est le texte signé, et "<a href="/certificats/cles.json">"les clés"</a>" sont publiques."</p>
        </section>
    }
}

fn scopes(opened: Vec<Opened>) -> impl IntoView {
    let row = |Opened { scope, said, paths }: Opened| {
        let paths = paths.into_iter().map(|path| view! { <li><code>{path}</code></li> }).collect_view();
        view! {
            <tr>
                <th scope="row"><code>{scope}</code><span class="attendance-note">{said}</span></th>
                <td><ul>{paths}</ul></td>
            </tr>
        }
    };
    view! {
        <table>
            <caption id="portees" class="visually-hidden">"Portées et adresses"</caption>
            <thead><tr><th scope="col">"Portée"</th><th scope="col">"Adresses"</th></tr></thead>
            <tbody>{opened.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}
