//! What somebody wants to be shown of a webinar, and what an hour of it costs them. Plain values, and the choice.

#![cfg_attr(not(any(test, feature = "room")), expect(dead_code, reason = "only a browser remembers"))]

use domain::webinar::signal::Pictures;
use leptos::prelude::*;

/// Of the fields, and of what is remembered of them.
pub(crate) const KEY: &str = "choix-images";

const ALL: [Pictures; 3] = [Pictures::Auto, Pictures::Stills, Pictures::None];

/// Its value in the page, and its name; what it is; what comes with it, in kbit/s, where nothing was measured: sound has 24
/// in packets of 60 ms, a still of 16 kB comes every eight seconds, a page and a camera take some hundreds.
fn words(pictures: Pictures) -> (&'static str, &'static str, &'static str, u32) {
    match pictures {
        Pictures::Auto => ("auto", "Automatique", "l’image quand la ligne le permet, des images fixes sinon", 600),
        Pictures::Stills => ("fixes", "Images fixes", "le son, et l’écran partagé toutes les quelques secondes", 54),
        Pictures::None => ("son", "Son seul", "rien d’autre n’est reçu", 33),
    }
}

/// What was chosen on this machine; else stills where pages are asked for without images.
pub(crate) fn chosen(remembered: &str, light: bool) -> Pictures {
    let known = ALL.into_iter().find(|pictures| words(*pictures).0 == remembered);
    known.unwrap_or(if light { Pictures::Stills } else { Pictures::Auto })
}

/// How it is remembered.
pub(crate) fn key(pictures: Pictures) -> &'static str {
    words(pictures).0
}

/// « environ 15 Mo par heure », of so many kbit/s.
pub(crate) fn cost(rate: u32) -> String {
    let megabytes = f64::from(rate) * 3600.0 / 8.0 / 1000.0;
    let step = if megabytes < 100.0 { 5.0 } else { 10.0 };
    let rounded = (megabytes / step).round().max(1.0) * step;
    format!("environ {rounded}\u{a0}Mo par heure")
}

/// The choice, with what each costs: what was measured of the one that is taken, in kbit/s, where it was.
pub(crate) fn choice(
    now: impl Fn() -> Pictures + Copy + Send + 'static,
    measured: impl Fn() -> Option<u32> + Copy + Send + 'static,
    picked: impl Fn(Pictures) + Copy + 'static,
) -> AnyView {
    let line = move |pictures: Pictures| {
        let (value, name, said, nominal) = words(pictures);
        let id = format!("{KEY}-{value}");
        let costs = move || match measured().filter(|_| now() == pictures) {
            Some(rate) => format!("{}, mesuré ici", cost(rate)),
            None => cost(nominal),
        };
        view! {
            <li class="choice">
                <input type="radio" id=id.clone() name=KEY value=value prop:checked=move || now() == pictures on:change=move |_| picked(pictures)/>
                <label for=id>
                    {name}
                    <span class="small">{format!("\u{a0}: {said}\u{a0}; ")}{costs}"."</span>
                </label>
            </li>
        }
    };
    view! {
        <fieldset class="pictures">
            <legend class="small">"Ce que vous recevez"</legend>
            <ul class="choices">{ALL.into_iter().map(line).collect_view()}</ul>
        </fieldset>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::support::html;

    #[test]
    fn what_was_chosen_holds_and_light_pages_begin_with_stills() {
        for pictures in ALL {
            assert_eq!(chosen(key(pictures), false), pictures);
            assert_eq!(chosen(key(pictures), true), pictures);
        }
        assert_eq!((chosen("", false), chosen("", true)), (Pictures::Auto, Pictures::Stills));
        assert_eq!(chosen("autre chose", false), Pictures::Auto);
    }

    #[test]
    fn an_hour_is_told_in_round_megabytes() {
        let told = [(33, "15"), (54, "25"), (0, "5"), (220, "100"), (600, "270"), (2_500, "1130")];
        for (rate, megabytes) in told {
            assert_eq!(cost(rate), format!("environ {megabytes}\u{a0}Mo par heure"));
        }
    }

    #[test]
    fn each_choice_tells_what_it_costs_and_the_one_that_is_taken_what_was_measured() {
        let html = Owner::new().with(|| html(choice(|| Pictures::Stills, || Some(100), |_| ())));
        for words in ["Automatique", "Images fixes", "Son seul", "environ 270\u{a0}Mo", "environ 15\u{a0}Mo"] {
            assert!(html.contains(words), "{words} in {html}");
        }
        assert!(html.contains("environ 45\u{a0}Mo par heure, mesuré ici"), "{html}");
        assert_eq!(html.matches("mesuré").count(), 1);
    }
}
