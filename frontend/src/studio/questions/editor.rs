//! The form of one question, beside what agents see of it.

use super::rows::rows;
use crate::quiz::{fieldset, reviewed};
use crate::studio::field::{Field, Input, problem_of, select};
use crate::studio::{Framed, frame};
use crate::ui::{problem_list, told};
use domain::quiz::{Answer, Prompt, Review};
use domain::studio::question::{Rows, Type, Typed};
use leptos::prelude::*;

/// What the page shows.
#[derive(Debug, Clone, PartialEq)]
pub struct EditorPage {
    pub framed: Framed,
    pub href: String,
    /// « Accueil : Quiz du chapitre »
    pub quiz: String,
    /// Where the quiz is in the list.
    pub anchor: String,
    pub is_new: bool,
    /// Whether a section and a skill are needed.
    pub is_pooled: bool,
    pub typed: Typed,
    /// The revision of the file that was typed over; empty for a new file.
    pub base: String,
    pub request: String,
    /// Anchors and titles of the chapter's sections.
    pub sections: Vec<(String, String)>,
    /// Keys and names.
    pub skills: Vec<(String, String)>,
    /// The field, or nothing; what is wrong.
    pub problems: Vec<(String, String)>,
    /// Where the keyboard goes.
    pub focus: Option<String>,
    pub said: Option<String>,
    /// What somebody else made of it meanwhile, with who and when.
    pub theirs: Option<(String, Typed)>,
    /// What agents see, where it can be read.
    pub prompt: Option<Prompt>,
    pub tried: Option<Tried>,
    /// The form, for the try-out to bring back.
    pub typed_again: String,
    /// Quizzes that it may be moved to: where, and their name.
    pub others: Vec<(String, String)>,
}

/// An answer that the author tried.
#[derive(Debug, Clone, PartialEq)]
pub struct Tried {
    pub answer: Option<Answer>,
    pub review: Option<Review>,
    pub problem: Option<String>,
}

/// The form being drawn.
pub(super) struct Form<'p> {
    pub(super) typed: &'p Typed,
    problems: &'p [(String, String)],
    focus: Option<&'p str>,
}

impl Form<'_> {
    pub(super) fn problem(&self, name: &str) -> Option<String> {
        problem_of(self.problems, name)
    }

    pub(super) fn focuses(&self, name: &str) -> bool {
        self.focus == Some(name)
    }

    fn field(&self, name: &str, label: &str, hint: Option<&'static str>, input: Input) -> AnyView {
        let (value, problem) = (self.typed.text(name).to_owned(), self.problem(name));
        let (label, name, focus) = (label.to_owned(), name.to_owned(), self.focuses(name));
        Field { label, name, value, hint, problem, input, focus }.view()
    }
}

/// The page, without its shell. Every button POSTs the whole form to the page's own address, with `do`.
pub fn editor_page(page: EditorPage) -> impl IntoView {
    let form = Form { typed: &page.typed, problems: &page.problems, focus: page.focus.as_deref() };
    let title = if page.is_new { "Nouvelle question" } else { "Question" };
    let list = format!("/studio/{}/questions#{}", page.framed.course, page.anchor);
    let fields = (fields(&form, &page), page.typed.kind.rows().map(|kind| rows(&form, kind)), around(&form, &page));
    let head = view! {
        <p class="overline"><a href=list>{page.quiz.clone()}</a></p>
        <h2>{title}"\u{a0}: "{page.typed.kind.name()}</h2>
        {page.said.clone().map(|said| view! { <p class="notice" role="status">{said}</p> })}
        {page.theirs.as_ref().map(|theirs| conflict(&page, theirs))}
        {problem_list(&page.problems)}
    };
    let desk = view! {
        <div class="question-desk">
            <form class="form question-form" method="post" action=page.href.clone() autocomplete="off">
                <div class="actions">
                    <button type="submit" class="button" name="do" value="save">"Enregistrer la question"</button>
                    <button type="submit" class="button is-quiet" name="do" value="look">"Voir ce que voit l’agent"</button>
                </div>
                {carried(&page)}
                {fields}
                <div class="actions">
                    <button type="submit" class="button" name="do" value="save">"Enregistrer la question"</button>
                </div>
            </form>
            {preview(&page)}
        </div>
        {(!page.is_new && !page.others.is_empty()).then(|| moving(&page))}
    };
    frame(page.framed, view! { {head} {desk} })
}

/// What each form of the page sends beside its fields.
fn carried(page: &EditorPage) -> impl IntoView + use<> {
    view! {
        <input type="hidden" name="kind" value=page.typed.kind.key()/>
        <input type="hidden" name="base" value=page.base.clone()/>
        <input type="hidden" name="request" value=page.request.clone()/>
    }
}

/// What comes before the rows.
fn fields(form: &Form<'_>, page: &EditorPage) -> impl IntoView + use<> {
    let stem = form.field("stem", "Énoncé", Some("En Markdown, comme un chapitre."), Input::Lines(4));
    let own = match page.typed.kind {
        Type::TrueFalse => view! {
            {truth(form)}
            {form.field("feedback_true", "Explication à qui répond vrai", None, Input::Lines(2))}
            {form.field("feedback_false", "Explication à qui répond faux", None, Input::Lines(2))}
        }
        .into_any(),
        Type::Numeric => view! {
            {form.field("answer", "Réponse", None, Input::Number)}
            {form.field("tolerance", "Tolérance", Some("L’écart admis, en plus ou en moins. Vide\u{a0}: aucun."), Input::Number)}
            {form.field("unit", "Unité", Some("«\u{a0}€\u{a0}», «\u{a0}km\u{a0}»… Peut rester vide."), Input::Line)}
        }
        .into_any(),
        Type::ShortText => {
            let hint = "Une par ligne. Majuscules, accents et ponctuation ne comptent pas.";
            form.field("accepted", "Réponses acceptées", Some(hint), Input::Lines(3))
        }
        Type::Gap => {
            let hint = "Mettez le nom d’un trou entre accolades à la place de ce qui manque\u{a0}: «\u{a0}Je garde mon {secret} pour moi.\u{a0}»";
            form.field("text", "Texte à trous", Some(hint), Input::Lines(3))
        }
        Type::Single | Type::Multiple | Type::Matching | Type::Ordering => ().into_any(),
    };
    view! { {stem} {own} }
}

fn truth(form: &Form<'_>) -> impl IntoView + use<> {
    let problem = form.problem("answer");
    let describedby = problem.is_some().then_some("erreur-answer");
    let one = |value: &'static str, label: &'static str| {
        let checked = form.typed.text("answer") == value;
        let id = if value == "true" { "answer" } else { "answer-false" };
        view! {
            <p class="check">
                <input type="radio" id=id name="answer" value=value checked=checked/>
                <label for=id>{label}</label>
            </p>
        }
    };
    view! {
        <fieldset class="question-row" aria-describedby=describedby>
            <legend>"La bonne réponse"</legend>
            {told("answer", problem)}
            {one("true", "Vrai")}
            {one("false", "Faux")}
        </fieldset>
    }
}

/// What comes after the rows.
fn around(form: &Form<'_>, page: &EditorPage) -> impl IntoView + use<> {
    let kind = page.typed.kind;
    let distractors = (kind.rows() == Some(Rows::Pair)).then(|| {
        let hint = "Un par ligne\u{a0}: des côtés droits qui ne vont avec rien. Peut rester vide.";
        form.field("distractors", "Leurres", Some(hint), Input::Lines(2))
    });
    let explained = (kind.is_explained_at_once() || !page.typed.text("feedback").is_empty())
        .then(|| form.field("feedback", "Explication", Some("Montrée à tous après la réponse."), Input::Lines(3)));
    let none = if page.is_pooled { "Choisir…" } else { "Aucune" };
    let text = |name: &str| page.typed.text(name).to_owned();
    let skill = page.is_pooled.then(|| {
        let skills = page.skills.clone();
        select(("Compétence", "skill", &text("skill")), Some("Choisir…"), skills, form.problem("skill"))
    });
    let sections = page.sections.clone();
    view! {
        {distractors}
        {explained}
        {form.field("points", "Points", Some("De 1 à 100. Vide\u{a0}: 1."), Input::Number)}
        {select(("Section à relire", "section", &text("section")), Some(none), sections, form.problem("section"))}
        {skill}
        {form.field("tags", "Étiquettes", Some("Séparées par des virgules. Pour vous y retrouver\u{a0}: les agents ne les voient pas."), Input::Line)}
    }
}

fn conflict(page: &EditorPage, (who, theirs): &(String, Typed)) -> impl IntoView + use<> {
    let mine = &page.typed;
    let names: Vec<String> = theirs.entries().into_iter().chain(mine.entries()).map(|(name, _)| name).collect();
    let mut differing: Vec<String> = Vec::new();
    for name in names {
        if theirs.text(&name) != mine.text(&name) && !differing.contains(&name) {
            differing.push(name);
        }
    }
    let shown = |text: &str| if text.is_empty() { "(rien)".to_owned() } else { text.to_owned() };
    let line = |name: &String| {
        view! {
            <dt>{label_of(name)}</dt>
            <dd>"La leur\u{a0}: "<q>{shown(theirs.text(name))}</q></dd>
            <dd>"La vôtre\u{a0}: "<q>{shown(mine.text(name))}</q></dd>
        }
    };
    let lines = differing.iter().map(line).collect_view();
    view! {
        <div class="notice is-problem" role="alert">
            <p class="notice-title">"Cette question a changé pendant que vous l’écriviez"</p>
            <p>"Enregistrée par "{who.clone()}". Rien de ce que vous avez écrit n’est perdu\u{a0}: c’est encore dans les champs."</p>
            <dl class="studio-conflict">{lines}</dl>
            <p>
                "Enregistrez de nouveau pour garder la vôtre, ou "
                <a href=page.href.clone()>"reprenez la leur"</a>
                ". L’historique garde les deux."
            </p>
        </div>
    }
}

fn label_of(name: &str) -> String {
    let parts: Vec<&str> = name.split('-').collect();
    match parts.as_slice() {
        [_, row, field] => {
            let number = row.parse::<usize>().map_or_else(|_| (*row).to_owned(), |row| (row + 1).to_string());
            let field = if *field == "right" { "bonne réponse ou côté droit" } else { field_word(field) };
            format!("Ligne {number}, {field}")
        }
        _ => field_word(name).to_owned(),
    }
}

fn field_word(name: &str) -> &str {
    super::WORDS.iter().find(|(key, _)| *key == name).map_or(name, |(_, word)| word)
}

/// What agents see, by the components that serve them, and the answer that the author tries.
fn preview(page: &EditorPage) -> impl IntoView + use<> {
    let focus = page.focus.as_deref() == Some("apercu");
    let answer = page.tried.as_ref().and_then(|tried| tried.answer.clone());
    let shown = match page.prompt.clone() {
        Some(prompt) => view! {
            <form class="attempt" method="post" action=format!("{}#apercu", page.href) autocomplete="off">
                {carried(page)}
                <input type="hidden" name="typed" value=page.typed_again.clone()/>
                {fieldset(prompt, answer.as_ref(), 1, 1)}
                <button type="submit" class="button is-quiet" name="do" value="try">"Essayer cette réponse"</button>
            </form>
        }
        .into_any(),
        None if page.is_new => {
            view! { <p>"Écrivez l’énoncé et la réponse, puis demandez à voir ce que voit l’agent."</p> }.into_any()
        }
        None => {
            view! { <p>"Cette question ne peut pas encore se lire\u{a0}: corrigez d’abord ce qui est signalé."</p> }
                .into_any()
        }
    };
    let tried = page.tried.clone().map(|Tried { review, problem, .. }| {
        view! {
            <div role="status" class="tried">
                {problem.map(|problem| view! { <p class="notice is-problem">{problem}</p> })}
                {review.map(|review| reviewed(review, 1, 1))}
            </div>
        }
    });
    view! {
        <section class="question-preview" id="apercu" aria-labelledby="apercu-titre" tabindex="-1" autofocus=focus>
            <h2 id="apercu-titre">"Ce que voit l’agent"</h2>
            {shown}
            {tried}
        </section>
    }
}

fn moving(page: &EditorPage) -> impl IntoView + use<> {
    view! {
        <section aria-labelledby="deplacer">
            <h2 id="deplacer">"Déplacer la question"</h2>
            <form class="form" method="post" action=page.href.clone()>
                {carried(page)}
                {select(("Vers", "to", ""), None, page.others.clone(), None)}
                <button type="submit" class="button is-quiet" name="do" value="move">"Déplacer"</button>
            </form>
        </section>
    }
}
