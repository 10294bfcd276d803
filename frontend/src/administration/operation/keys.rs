//! What signs, what encrypts, what opens.

use super::words::trouble;
use super::{fact, seen, unread};
use domain::operation::{Acme, Certificate, Keys, Seen, SigningKey, Tokens};
use domain::text::{counted, date_long, date_time, plural};
use jiff::Timestamp;
use leptos::prelude::*;

pub(super) fn section(keys: Keys, now: Timestamp) -> impl IntoView {
    let Keys { signing, tls, acme, tokens, without_factor } = keys;
    let factors = |without: Option<u64>| match without {
        None => "Proposé, exigé de personne".to_owned(),
        Some(0) => "Tous les comptes qui doivent en avoir un l’ont".to_owned(),
        Some(without) => format!(
            "{} {} en avoir un et ne l’{} pas encore\u{a0}: il leur sera demandé à leur prochaine connexion",
            counted(without, "compte", "comptes"),
            plural(without, "doit", "doivent"),
            plural(without, "a", "ont")
        ),
    };
    view! {
        <section aria-labelledby="cles">
            <h2 id="cles">"Clés et certificat"</h2>
            <dl class="facts-list">
                {certificate(tls, acme, now)}
                {seen("Clés de signature", signing, signing_keys)}
                {seen("Jetons d’autres systèmes", tokens, |Tokens { good, expiring }| match good {
                    0 => "Aucun n’est valable".to_owned(),
                    _ => format!(
                        "{}, dont {} d’ici trente jours",
                        counted(good, "valable", "valables"),
                        counted(expiring, "expire", "expirent")
                    ),
                })}
                {seen("Second facteur", without_factor, factors)}
            </dl>
            <p class="no-print"><a href="/certificats/cles.json">"Clés publiées"</a>" · "<a href="/administration/jetons">"Voir les jetons"</a>" · "<a href="/administration/comptes">"Voir les comptes"</a></p>
        </section>
    }
}

fn certificate(tls: Option<Seen<Certificate>>, acme: Option<Acme>, now: Timestamp) -> impl IntoView {
    let asked = acme.map(asked);
    let Some(tls) = tls else {
        if let Some(asked) = asked {
            return fact("Certificat HTTPS", view! { "Aucun encore"{asked} }).into_any();
        }
        return fact("Certificat HTTPS", "Celui du serveur mandataire\u{a0}: Socle ne le voit pas").into_any();
    };
    let certificate = match tls {
        Ok(certificate) => certificate,
        Err(failure) => return fact("Certificat HTTPS", unread(failure)).into_any(),
    };
    let left = match certificate.days_left(now) {
        days @ 0.. => format!("encore {}", counted(days.unsigned_abs(), "jour", "jours")),
        _ => "expiré".to_owned(),
    };
    let until = certificate.until;
    let unfit = (!certificate.fits).then(|| {
        view! { <span class="attendance-note is-late">"Il ne va pas avec sa clé\u{a0}: l’ancien sert encore"</span> }
    });
    let said = view! {
        {certificate.names.join(", ")}
        <span class="attendance-note">"Jusqu’au "<time datetime=until.to_string()>{date_time(until)}</time>" ("{left}")"</span>
        {unfit}
        {asked}
    };
    fact("Certificat HTTPS", said).into_any()
}

/// How asking an authority for it goes.
fn asked(Acme { came, failed, next }: Acme) -> impl IntoView {
    let came = came.map(|came| format!(", délivré le {}", date_time(came)));
    let failed = failed.map(|(at, why)| {
        let said = format!("Échec du {}\u{a0}: {}", date_time(at), trouble(why).0);
        view! { <span class="attendance-note is-late">{said}</span> }
    });
    view! {
        <span class="attendance-note">"Demandé par Socle (ACME)"{came}"\u{a0}; prochaine demande le "<time datetime=next.to_string()>{date_time(next)}</time></span>
        {failed}
    }
}

fn signing_keys(keys: Vec<SigningKey>) -> impl IntoView {
    let line = |SigningKey { name, since, until }: SigningKey| {
        let said = match until {
            None => format!("en usage depuis le {}", date_long(since)),
            Some(until) => format!("ancienne, du {} au {}", date_long(since), date_long(until)),
        };
        view! { <li><code>{name}</code>", "{said}</li> }
    };
    // The current one first.
    view! { <ul class="plain-list">{keys.into_iter().rev().map(line).collect_view()}</ul> }
}
