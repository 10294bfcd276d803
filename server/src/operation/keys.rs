//! What signs, what encrypts, what opens.

use super::{beside, failed, seen};
use crate::acme::Acme;
use crate::app::App;
use crate::identity::second_factor;
use crate::{tls, token};
use domain::operation::{Keys, SigningKey};

pub(super) async fn look(app: &App) -> Keys {
    let tls = async {
        match (&app.acme, app.config.tls.clone()) {
            (Some(acme), _) => acme.certificate().map(Ok),
            (None, Some(files)) => Some(beside(move || tls::certificate(&files).map_err(failed)).await),
            (None, None) => None,
        }
    };
    let factors = async {
        if !app.config.second_factor_required {
            return Ok(None);
        }
        second_factor::missing(app.db.reader()).await.map(Some)
    };
    let (tls, tokens, without_factor) = tokio::join!(tls, seen(token::store::standing(app)), seen(factors));
    let signing = app.keys.published().map_err(failed).map(|keys| {
        keys.into_iter().map(|key| SigningKey { name: key.name, since: key.since, until: key.until }).collect()
    });
    Keys { signing, tls, acme: app.acme.as_ref().map(Acme::told), tokens, without_factor }
}
