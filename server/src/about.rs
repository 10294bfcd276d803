//! Pages that say what the site is, and the light mode.

use axum::Form;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use frontend::about::{About, accessibility_page, legal_page, privacy_page};
use http::header::SET_COOKIE;
use serde::Deserialize;

use crate::app::App;
use crate::identity::routes::local;
use crate::page::{LIGHT_COOKIE, Surroundings};
use crate::protection;

fn facts(app: &App) -> About {
    let facts = app.config.facts.clone();
    About {
        publisher: facts.publisher,
        publication_director: facts.publication_director,
        host: facts.host,
        contact_email: facts.contact_email,
        accessibility_status: facts.accessibility_status,
        accessibility_date: Some(facts.accessibility_date).filter(|date| !date.is_empty()),
        public_url: app.config.public_url.clone(),
    }
}

/// `GET /accessibilite`
pub async fn accessibility(State(app): State<App>, around: Surroundings) -> Response {
    around.page("Accessibilité", accessibility_page(facts(&app)))
}

/// `GET /mentions-legales`
pub async fn legal(State(app): State<App>, around: Surroundings) -> Response {
    around.page("Mentions légales", legal_page(facts(&app)))
}

/// `GET /donnees-personnelles`
pub async fn privacy(State(app): State<App>, around: Surroundings) -> Response {
    around.page("Données personnelles", privacy_page(facts(&app), protection::routes::classes(&app)))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Light {
    light: Switch,
    back: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Switch {
    On,
    Off,
}

/// `POST /preferences/allege`: pages without images and media, remembered by this browser for a year.
pub async fn set_light(Form(Light { light, back }): Form<Light>) -> Response {
    let (value, age) = match light {
        Switch::On => ("1", 365 * 24 * 3600),
        Switch::Off => ("", 0),
    };
    let cookie = format!("{LIGHT_COOKIE}={value}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={age}");
    ([(SET_COOKIE, cookie)], Redirect::to(local(&back))).into_response()
}
