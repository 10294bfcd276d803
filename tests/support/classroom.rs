//! A session face to face, planned.

use crate::{Client, Product};
use jiff::civil::Date;
use reqwest::StatusCode;

/// Its identifier, as its form makes it.
pub const ROOM: &str = "88888888-8888-4888-8888-888888888888";

/// Plans one of that morning and of the next, and puts those who have these addresses on its roster.
pub async fn plan(trainer: &Client, day: Date, addresses: &str) {
    let (first, second) = (day.to_string(), day.tomorrow().expect("a day").to_string());
    let sent = [
        ("classroom", ROOM),
        ("component", "parcours-france-services/retraite"),
        ("place", "Préfecture, salle 2"),
        ("date-1", first.as_str()),
        ("part-1", "morning"),
        ("date-2", second.as_str()),
        ("part-2", "morning"),
    ];
    assert_eq!(trainer.post("/presentiel/nouvelle", &sent).await.status, StatusCode::SEE_OTHER);
    let added = trainer.post(&format!("/presentiel/{ROOM}/inscrits"), &[("addresses", addresses)]).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text());
}

/// What a phone reads in the code that is shown in the room.
pub async fn shown(product: &Product, half_day: &str) -> String {
    let (room, at) = (ROOM.parse().expect("an id"), half_day.parse().expect("a half day"));
    let code = server::classroom::shown(&product.app, room, at).await.expect("a code");
    format!("/emargement/{ROOM}/{half_day}/{code}")
}
