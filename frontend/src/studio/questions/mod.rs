//! The questions of a course being written.

mod editor;
mod list;
mod rows;
mod rules;
#[cfg(test)]
mod tests;

pub use editor::{EditorPage, Tried, editor_page};
pub use list::{ChapterBlock, Filter, QuestionLine, QuestionsPage, QuizBlock, questions_page};
pub use rules::{RulesPage, rules_page};

/// The keys of the files, as forms name their fields.
const WORDS: [(&str, &str); 33] = [
    ("stem", "Énoncé"),
    ("points", "Points"),
    ("section", "Section à relire"),
    ("skill", "Compétence"),
    ("tags", "Étiquettes"),
    ("feedback", "Explication"),
    ("feedback_true", "Explication à qui répond vrai"),
    ("feedback_false", "Explication à qui répond faux"),
    ("answer", "Réponse"),
    ("tolerance", "Tolérance"),
    ("unit", "Unité"),
    ("accepted", "Réponses acceptées"),
    ("options", "Propositions"),
    ("distractors", "Leurres"),
    ("text", "Texte"),
    ("choice", "Choix"),
    ("pair", "Paires"),
    ("left", "Côté gauche"),
    ("right", "Côté droit"),
    ("items", "Éléments"),
    ("gap", "Trous"),
    ("title", "Titre"),
    ("summary", "Présentation"),
    ("minutes", "Durée"),
    ("pass", "Seuil de réussite"),
    ("attempts", "Essais"),
    ("attempts_per_day", "Essais par jour"),
    ("counts", "Résultat retenu"),
    ("draw", "Questions tirées au sort"),
    ("time_limit", "Durée d’un essai"),
    ("opens", "Ouverture"),
    ("closes", "Fermeture"),
    ("exempts_at", "Seuil de dispense"),
];

/// What the reader of files says, in the words of the form.
#[must_use]
pub fn in_words(said: &str) -> String {
    let named = WORDS
        .iter()
        .fold(said.to_owned(), |said, (key, word)| said.replace(&format!("« {key} »"), &format!("« {word} »")));
    named
        .replace("corrigez « Côté droit »", "cochez les bonnes réponses")
        .replace(", sans guillemets", "")
        .replace("(avec un point pour les décimales)", "(avec une virgule pour les décimales)")
        .replace("ajoutez cette clé", "remplissez ce champ")
        .replace(" (ou le type \"multiple\")", "")
}
