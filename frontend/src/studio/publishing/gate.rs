//! The gate: what stands in the way of publication, what is advised, what was let stand.

use super::order::{self, Consequences, OrderTyped, Planned, Withdrawn};
use crate::studio::{Framed, frame};
use crate::ui::{problem_box, scrolling};
use domain::text::counted;
use leptos::prelude::*;

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishPage {
    pub framed: Framed,
    pub blocking: Vec<FindingLine>,
    pub advice: Vec<FindingLine>,
    pub waived: Vec<WaivedLine>,
    /// By chapter; none where the files make no course.
    pub figures: Vec<FigureLine>,
    /// None where nothing is published yet, or there is no course to publish.
    pub consequences: Option<Consequences>,
    pub order: OrderTyped,
    pub planned: Option<Planned>,
    /// A version that was published, and that the draft does not come from.
    pub elsewhere: Option<u32>,
    pub withdrawn: Option<Withdrawn>,
    /// The number of what is published, if anything is.
    pub published: Option<u32>,
    /// What went wrong with what was just asked.
    pub problem: Option<String>,
}

/// Something to mend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingLine {
    /// What it is about: « Texte de lien ».
    pub rule: &'static str,
    /// Where it is mended.
    pub href: String,
    /// « accueil/chapter.md, ligne 12 »
    pub place: String,
    pub said: String,
    pub remedy: String,
    /// By which it can be waived, where it can.
    pub key: Option<String>,
}

/// Something that was let stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaivedLine {
    pub key: String,
    pub said: String,
    pub reason: String,
    /// « Marie Durand, le 1er décembre 2026 »
    pub by: String,
    /// Whether there is still something to let stand.
    pub holds: bool,
}

/// What a chapter asks of its reader and of their line, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FigureLine {
    pub title: String,
    pub words: String,
    /// « courant (58) »
    pub level: String,
    pub meaning: String,
    pub text: String,
    pub images: String,
    pub media: String,
    /// Until text and images are there, at 128 kbit/s and at 2 Mbit/s.
    pub thin: String,
    pub slow: String,
    /// The same with its sounds and videos.
    pub media_slow: String,
}

/// The page, without its shell. POSTs `do` to its own address: `publish`, `plan`, `cancel`, `waive`, `unwaive`, `rebase`,
/// `withdraw`, `put-back`, with the fields of each form.
pub fn publish_page(page: PublishPage) -> impl IntoView {
    let PublishPage {
        framed,
        blocking,
        advice,
        waived,
        figures,
        consequences,
        order,
        planned,
        elsewhere,
        withdrawn,
        published,
        problem,
    } = page;
    let action = format!("/studio/{}/publier", framed.course);
    let (publishes, course) = (framed.publishes, framed.course.clone());
    let is_open = blocking.is_empty();
    let verdict = if is_open {
        view! { <p class="notice is-good">"Rien ne bloque la publication."</p> }.into_any()
    } else {
        let count = counted(blocking.len() as u64, "point bloque", "points bloquent");
        view! { <p class="notice is-problem">{count}" la publication. Chacun mène à l’endroit à corriger."</p> }
            .into_any()
    };
    let publication = publishes.then(|| {
        let form = order::publication(&action, order, is_open && elsewhere.is_none(), planned.as_ref());
        view! {
            {elsewhere.map(|number| order::elsewhere(&action, &course, number))}
            {planned.map(|planned| order::planned(&action, planned))}
            {form}
            {published.map(|_| order::withdrawal(&action, withdrawn))}
        }
    });
    let body = view! {
        <h2>"Vérifier et publier"</h2>
        {problem_box(problem)}
        {verdict}
        {findings("bloquants", "À corriger avant de publier", blocking, publishes.then(|| action.clone()))}
        {waivers(waived, publishes.then(|| action.clone()))}
        {findings("conseils", "Conseils", advice, None)}
        {chapters(figures)}
        {consequences.map(order::consequences)}
        {publication}
        <p><a href=format!("/studio/{course}/versions")>"Les versions publiées, et ce qui les distingue"</a></p>
        <p><a href=format!("/studio/{course}/exporter")>"Emporter ce cours"</a></p>
    };
    frame(framed, body)
}

fn findings(id: &'static str, title: &'static str, lines: Vec<FindingLine>, waiving: Option<String>) -> impl IntoView {
    let line = move |FindingLine { rule, href, place, said, remedy, key }: FindingLine| {
        let waiver = waiving.clone().zip(key).map(|(action, key)| waiver(&action, key));
        view! {
            <li class="finding">
                <p><strong>{rule}</strong>"\u{a0}: "{said}"."</p>
                {(!remedy.is_empty()).then(|| view! { <p class="hint">{remedy}</p> })}
                <p><a href=href>"Corriger\u{a0}: "{place}</a></p>
                {waiver}
            </li>
        }
    };
    (!lines.is_empty()).then(|| {
        view! {
            <section aria-labelledby=id>
                <h3 id=id>{title}" ("{lines.len()}")"</h3>
                <ul class="findings">{lines.into_iter().map(line).collect_view()}</ul>
            </section>
        }
    })
}

fn waiver(action: &str, key: String) -> impl IntoView + use<> {
    let field = format!("motif-{key}");
    view! {
        <details>
            <summary>"Publier quand même"</summary>
            <form class="form" method="post" action=action.to_owned()>
                <input type="hidden" name="do" value="waive"/>
                <input type="hidden" name="key" value=key/>
                <div class="field">
                    <label for=field.clone()>"Motif, gardé avec votre nom et la version"</label>
                    <input type="text" id=field.clone() name="reason" required=true maxlength="300" autocomplete="off"/>
                </div>
                <button type="submit" class="button is-quiet">"Accorder une dérogation"</button>
            </form>
        </details>
    }
}

fn waivers(lines: Vec<WaivedLine>, action: Option<String>) -> impl IntoView {
    let line = move |WaivedLine { key, said, reason, by, holds }: WaivedLine| {
        let back = action.clone().map(|action| {
            view! {
                <form method="post" action=action>
                    <input type="hidden" name="do" value="unwaive"/>
                    <input type="hidden" name="key" value=key/>
                    <button type="submit" class="link-button">"Retirer cette dérogation"<span class="visually-hidden">"\u{a0}: "{said.clone()}</span></button>
                </form>
            }
        });
        let gone = (!holds).then(|| view! { <p class="hint">"Ce point n’existe plus dans le brouillon."</p> });
        view! {
            <li class="finding">
                <p>{said}"."</p>
                <p class="hint">"Motif\u{a0}: "{reason}". "{by}"."</p>
                {gone}
                {back}
            </li>
        }
    };
    (!lines.is_empty()).then(|| {
        view! {
            <section aria-labelledby="derogations">
                <h3 id="derogations">"Dérogations"</h3>
                <ul class="findings">{lines.into_iter().map(line).collect_view()}</ul>
            </section>
        }
    })
}

fn chapters(lines: Vec<FigureLine>) -> impl IntoView {
    let row = |line: FigureLine| {
        view! {
            <tr>
                <th scope="row">{line.title}</th>
                <td>{line.words}</td>
                <td>{line.level}<span class="small figure-meaning">{line.meaning}</span></td>
                <td>{line.text}</td>
                <td>{line.images}</td>
                <td>{line.media}</td>
                <td>{line.thin}</td>
                <td>{line.slow}</td>
                <td>{line.media_slow}</td>
            </tr>
        }
    };
    (!lines.is_empty()).then(|| {
        let table = view! {
            <table>
                <caption id="chapitres">"Lecture et poids de chaque chapitre"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Chapitre"</th>
                        <th scope="col">"Mots"</th>
                        <th scope="col">"Lecture (indice)"</th>
                        <th scope="col">"Texte"</th>
                        <th scope="col">"Images"</th>
                        <th scope="col">"Sons et vidéos"</th>
                        <th scope="col">"Attente à 128\u{a0}kbit/s"</th>
                        <th scope="col">"Attente à 2\u{a0}Mbit/s"</th>
                        <th scope="col">"Avec sons et vidéos, à 2\u{a0}Mbit/s"</th>
                    </tr>
                </thead>
                <tbody>{lines.into_iter().map(row).collect_view()}</tbody>
            </table>
        };
        view! {
            <h3>"Ce que chaque chapitre demande"</h3>
            <p class="hint">"L’indice est celui de Flesch, adapté au français par Kandel et Moles\u{a0}: plus il est haut, plus le texte se lit sans effort. Le poids du texte est compté avant sa compression, qui le réduit de moitié au moins\u{a0}; sons et vidéos ne sont chargés qu’à la lecture."</p>
            {scrolling("chapitres", table)}
        }
    })
}
