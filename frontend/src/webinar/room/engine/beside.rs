//! The colleague before the same screen signs in beside.

use super::super::desk::Joining;
use super::{Engine, with};
use crate::browser::{net, page};
use crate::json;
use leptos::prelude::*;
use serde::Deserialize;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlElement, HtmlFormElement, HtmlInputElement};

/// What the server says where it refuses.
#[derive(Deserialize)]
struct Refused {
    said: String,
}

/// Sends the form.
pub(crate) fn sit_beside(form: HtmlFormElement) {
    with(|engine| engine.sit_beside(form));
}

impl Engine {
    fn sit_beside(self: &Rc<Self>, form: HtmlFormElement) {
        let joining = self.desk.beside;
        if joining.get_untracked() == Joining::Asking {
            return;
        }
        let sent = page::encoded(&form, None);
        let password = form.query_selector("[type=password]").ok().flatten();
        let password = password.and_then(|field| field.dyn_into::<HtmlInputElement>().ok());
        // It is nobody's to read after this.
        if let Some(field) = &password {
            field.set_value("");
        }
        joining.set(Joining::Asking);
        let address = self.address("/a-deux");
        spawn_local(async move {
            let reply = net::post_form(&address, &sent).await;
            drop(sent);
            let why = match reply {
                Some(reply) if reply.status == 200 => {
                    joining.set(Joining::Idle);
                    form.reset();
                    fold(&form);
                    return;
                }
                Some(reply) if reply.status == 401 => {
                    "Votre propre session a pris fin\u{a0}: rechargez la page pour vous reconnecter.".to_owned()
                }
                Some(reply) => json::read::<Refused>(&reply.body).map_or_else(
                    || "Le serveur n’a pas compris. Rechargez la page, puis recommencez.".to_owned(),
                    |refused| refused.said,
                ),
                None => "La connexion manque\u{a0}: recommencez dans un instant.".to_owned(),
            };
            joining.set(Joining::Refused(why));
            if let Some(field) = &password {
                page::focus(field);
            }
        });
    }
}

/// Closes what the form is folded in; the keyboard stays at its title.
fn fold(form: &HtmlFormElement) {
    let Some(details) = form.closest("details").ok().flatten() else { return };
    let _ = details.remove_attribute("open");
    let title = details.query_selector("summary").ok().flatten();
    if let Some(title) = title.and_then(|title| title.dyn_into::<HtmlElement>().ok()) {
        page::focus(&title);
    }
}
