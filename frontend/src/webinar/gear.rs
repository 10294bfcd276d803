//! Which microphone, camera and loudspeaker: what there is, and what was chosen on this machine.

#![cfg_attr(not(feature = "room"), expect(dead_code, reason = "only a browser has any"))]

use leptos::prelude::*;

/// Something plugged into the computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gear {
    Microphone,
    Camera,
    Loudspeaker,
}

impl Gear {
    pub(crate) const ALL: [Self; 3] = [Self::Microphone, Self::Camera, Self::Loudspeaker];

    fn label(self) -> &'static str {
        match self {
            Self::Microphone => "Micro",
            Self::Camera => "Caméra",
            Self::Loudspeaker => "Haut-parleurs",
        }
    }

    /// Of its field, and of what is remembered of it.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Microphone => "choix-micro",
            Self::Camera => "choix-camera",
            Self::Loudspeaker => "choix-haut-parleurs",
        }
    }

    /// The chosen one is not there: what happens instead.
    pub(crate) fn replaced(self) -> &'static str {
        match self {
            Self::Microphone => "Le micro choisi n’est plus branché\u{a0}: un autre le remplace.",
            Self::Camera => "La caméra choisie n’est plus branchée\u{a0}: une autre la remplace.",
            Self::Loudspeaker => {
                "Les haut-parleurs choisis ne sont plus branchés\u{a0}: le son sort par ceux de l’ordinateur."
            }
        }
    }
}

/// One that the browser knows, with the name that the computer gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) gear: Gear,
    pub(crate) id: String,
    pub(crate) name: String,
}

/// What there is and what was chosen. Copied freely; lives as long as the page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Chosen {
    pub(crate) known: RwSignal<Vec<Known>>,
    ids: [RwSignal<String>; 3],
}

impl Chosen {
    pub(crate) fn new() -> Self {
        Self { known: RwSignal::default(), ids: std::array::from_fn(|_| RwSignal::default()) }
    }

    /// The identifier of the one that was chosen; empty for the computer's own choice.
    pub(crate) fn of(self, gear: Gear) -> RwSignal<String> {
        let [microphone, camera, loudspeaker] = self.ids;
        match gear {
            Gear::Microphone => microphone,
            Gear::Camera => camera,
            Gear::Loudspeaker => loudspeaker,
        }
    }

    /// What the list offers: identifier and name, the computer's own choice first. One that was chosen and is gone
    /// stays in it, for it may come back.
    fn offered(self, gear: Gear) -> Vec<(String, String)> {
        let chosen = self.of(gear).get();
        let mut offered = vec![(String::new(), "Choix de l’ordinateur".to_owned())];
        self.known.with(|known| {
            let named = known.iter().filter(|known| known.gear == gear);
            offered.extend(named.map(|known| (known.id.clone(), known.name.clone())));
        });
        if offered.iter().all(|(id, _)| *id != chosen) {
            offered.push((chosen, "Celui d’avant, débranché".to_owned()));
        }
        offered
    }

    /// Whether there is anything to choose between.
    pub(crate) fn is_offered(self, gear: Gear) -> bool {
        self.offered(gear).len() > 2
    }
}

/// The list of one kind, with its label; not shown where there is nothing to choose between.
pub(crate) fn choice(chosen: Chosen, gear: Gear, picked: Box<dyn Fn(String)>) -> AnyView {
    let options = move || {
        let now = chosen.of(gear).get();
        let option = |(id, name): (String, String)| {
            let selected = id == now;
            view! { <option value=id selected=selected>{name}</option> }
        };
        chosen.offered(gear).into_iter().map(option).collect_view()
    };
    view! {
        <div class="field gear" hidden=move || !chosen.is_offered(gear)>
            <label for=gear.key()>{gear.label()}</label>
            <select id=gear.key() on:change=move |event| picked(event_target_value(&event))>{options}</select>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::support::html;

    fn drawn(known: &[&str], chosen: &str) -> String {
        Owner::new().with(|| {
            let all = Chosen::new();
            let known = known.iter().map(|id| Known {
                gear: Gear::Microphone,
                id: (*id).to_owned(),
                name: format!("Micro {id}"),
            });
            all.known.set(known.collect());
            all.of(Gear::Microphone).set(chosen.to_owned());
            html(choice(all, Gear::Microphone, Box::new(drop)))
        })
    }

    #[test]
    fn a_choice_is_offered_where_there_is_one_and_what_was_unplugged_stays_chosen() {
        assert!(drawn(&["a"], "").contains("hidden"), "one and the computer’s own are the same");
        let two = drawn(&["a", "b"], "b");
        assert!(!two.contains("hidden") && two.contains("Micro a") && !two.contains("débranché"));
        assert!(two.contains("<option value=\"b\" selected"), "{two}");
        let gone = drawn(&["a"], "z");
        assert!(!gone.contains("hidden") && gone.contains("débranché"), "{gone}");
    }
}
