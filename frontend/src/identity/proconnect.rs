//! The way in by ProConnect: where it begins, and what is told of one that led nowhere.

use leptos::prelude::*;

/// Where ProConnect tells of itself; a link, which nobody has to follow.
const ABOUT: &str = "https://www.proconnect.gouv.fr/";

/// Why nobody signed in by ProConnect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotIn {
    /// They gave up there, or may not use it.
    Declined,
    /// ProConnect does not answer.
    Unavailable,
    /// The answer is to nothing that this browser asked: it took too long, or another tab asked too.
    Elsewhere,
    /// The answer is not to be believed.
    Unverified,
    /// The account is suspended here.
    Suspended,
    /// ProConnect gives no address, or does not say that it is theirs.
    Unconfirmed { email: String },
    /// Nobody has an account of that address.
    Unknown {
        /// First and last name, as ProConnect gives them.
        name: String,
        email: String,
        /// The maison that employs them, where it is known here.
        maison: Option<String>,
    },
}

/// The beginning of the sign-in page, where ProConnect is a way in: `href` is where it begins.
pub(super) fn way_in(href: String) -> impl IntoView {
    view! {
        <section aria-labelledby="proconnect">
            <h2 id="proconnect">"Avec ProConnect"</h2>
            <p>"L’accès des agents publics\u{a0}: il ouvre votre compte Socle sans autre mot de passe, s’il connaît la même adresse électronique."</p>
            <p><a class="button" href=href>"S’identifier avec ProConnect"</a></p>
            <p class="hint"><a href=ABOUT>"Qu’est-ce que ProConnect\u{a0}?"</a></p>
        </section>
        <h2>"Avec un mot de passe"</h2>
    }
}

/// The page of a sign-in by ProConnect that led nowhere, without its shell: what happened, and what to do. `password` and
/// `again` are where the two ways in begin.
pub fn not_in_page(why: NotIn, password: String, again: String) -> impl IntoView {
    let (title, said, steps) = words(why);
    let steps = steps.into_iter().map(|step| view! { <li>{step}</li> }).collect_view();
    view! {
        <h1>{title}</h1>
        <p class="lead">{said}</p>
        <ul>{steps}</ul>
        <ul class="actions">
            <li><a class="button" href=again>"Recommencer avec ProConnect"</a></li>
            <li><a class="button is-quiet" href=password>"Entrer avec un mot de passe"</a></li>
        </ul>
    }
}

/// Title, what happened, what to do.
fn words(why: NotIn) -> (&'static str, String, Vec<String>) {
    let list = |steps: &[&str]| steps.iter().map(|step| (*step).to_owned()).collect();
    match why {
        NotIn::Declined => (
            "Vous n’êtes pas connecté",
            "L’identification chez ProConnect n’est pas allée à son terme\u{a0}: vous y avez renoncé, ou votre organisation ne vous y donne pas accès.".to_owned(),
            list(&[
                "Vous avez renoncé\u{a0}: recommencez quand vous voulez.",
                "ProConnect vous refuse l’accès\u{a0}: voyez avec le service informatique de votre employeur. En attendant, votre mot de passe Socle fonctionne.",
            ]),
        ),
        NotIn::Unavailable => (
            "ProConnect ne répond pas",
            "Cela ne vient pas de vous. Votre compte Socle, lui, est là.".to_owned(),
            list(&[
                "Entrez avec votre mot de passe Socle\u{a0}: il fonctionne toujours. Si vous n’en avez pas, «\u{a0}Mot de passe oublié\u{a0}» vous en fait choisir un.",
                "Ou réessayez ProConnect dans quelques minutes.",
            ]),
        ),
        NotIn::Elsewhere => (
            "Cette identification n’est plus valable",
            "Elle a pris plus d’une demi-heure, a été commencée dans un autre onglet, ou a déjà servi.".to_owned(),
            list(&["Recommencez\u{a0}: si vous êtes déjà identifié chez ProConnect, cela prend un instant."]),
        ),
        NotIn::Unverified => (
            "La réponse de ProConnect n’a pas pu être vérifiée",
            "Par prudence, personne n’a été connecté. L’incident est noté pour l’exploitant du site.".to_owned(),
            list(&[
                "Recommencez une fois.",
                "Si cela revient, entrez avec votre mot de passe Socle et prévenez votre administrateur.",
            ]),
        ),
        NotIn::Suspended => (
            "Votre compte est suspendu",
            "ProConnect vous a reconnu, mais votre compte Socle est fermé pour le moment.".to_owned(),
            list(&["Demandez à votre administrateur de le rétablir\u{a0}: ce que vous avez fait reste dans votre dossier."]),
        ),
        NotIn::Unconfirmed { email } => (
            "Votre adresse n’est pas confirmée",
            if email.is_empty() {
                "ProConnect n’a donné aucune adresse électronique\u{a0}: Socle ne peut pas retrouver votre compte.".to_owned()
            } else {
                format!("ProConnect ne confirme pas que l’adresse {email} est la vôtre\u{a0}: Socle ne peut pas s’y fier.")
            },
            list(&["Confirmez votre adresse chez le fournisseur d’identité que vous avez choisi, puis recommencez. En attendant, votre mot de passe Socle fonctionne."]),
        ),
        NotIn::Unknown { name, email, maison } => (
            "Aucun compte Socle à cette adresse",
            format!(
                "ProConnect vous a reconnu{}, avec l’adresse {email}. Aucun compte n’a cette adresse, et aucun n’a été créé.",
                if name.is_empty() { String::new() } else { format!(" ({name})") }
            ),
            vec![
                format!(
                    "Pas encore inscrit\u{a0}: demandez une invitation à {}, pour cette adresse.",
                    maison.map_or_else(
                        || "la personne qui suit votre formation dans votre maison ou votre département".to_owned(),
                        |maison| format!("la personne qui suit la formation à {maison}")
                    )
                ),
                "Inscrit sous une autre adresse\u{a0}: entrez avec votre mot de passe, ou choisissez cette autre adresse chez ProConnect. Votre administrateur peut aussi changer celle du compte.".to_owned(),
            ],
        ),
    }
}

/// The page of whoever signed out with a session that came by ProConnect, without its shell. It goes on to `there`, where that
/// session ends too, by itself; none where ProConnect does not answer.
pub fn signed_out_page(there: Option<String>) -> impl IntoView {
    let next = match there {
        Some(there) => view! {
            <p>"Votre session chez ProConnect se ferme à son tour."</p>
            <p><a class="button" href=there>"Continuer vers ProConnect"</a></p>
        }
        .into_any(),
        None => view! {
            <p>"ProConnect ne répond pas, et votre session y reste ouverte\u{a0}: sur un ordinateur partagé, fermez toutes les fenêtres du navigateur en partant."</p>
            <p><a href="/">"Revenir à l’accueil"</a></p>
        }
        .into_any(),
    };
    view! {
        <h1>"Vous êtes déconnecté de Socle"</h1>
        {next}
    }
}
