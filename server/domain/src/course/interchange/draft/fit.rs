//! A question brought within what our format takes, or the reason why it cannot be.

use super::{Asked, Choice, Draft, Gap, key};
use crate::course::interchange::Notes;
use crate::course::interchange::html::{literal, squeezed};
use crate::quiz::Pair;
use std::collections::{BTreeMap, BTreeSet};

/// Most signs in an item, a unit, an accepted answer; most choices, pairs or items.
const SHORT: usize = 200;
const MOST: usize = 8;

/// The texts as lines that the format takes, each once; says which are left out.
fn lines(texts: Vec<String>, what: &str, notes: &mut Notes) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut kept = Vec::new();
    for text in texts {
        let line = squeezed(&text);
        if line.is_empty() {
            continue;
        }
        if line.chars().count() > SHORT {
            notes.say(format!("{what} de plus de {SHORT} signes est laissé : raccourcissez-le"));
        } else if seen.insert(key(&line)) {
            kept.push(line);
        } else {
            notes.say(format!("{what} « {line} » est écrit deux fois : un seul est gardé"));
        }
    }
    kept
}

impl Draft {
    /// The question within what the format takes, or why it cannot be.
    pub(in crate::course::interchange) fn fitted(mut self, notes: &mut Notes) -> Result<Self, String> {
        if self.stem.trim().is_empty() {
            return Err(String::from("elle n’a pas d’énoncé : écrivez-le"));
        }
        self.points = self.points.clamp(1, 100);
        self.asked = match self.asked {
            Asked::Single { choice } | Asked::Multiple { choice } if choice.is_empty() => {
                return Err(String::from("elle n’a pas de choix : ajoutez-en"));
            }
            Asked::Single { choice } => {
                let choice = choices(choice, notes)?;
                match choice.iter().filter(|choice| choice.right).count() {
                    0 => return Err(String::from("aucun choix n’est tout à fait juste : marquez-en un")),
                    1 => Asked::Single { choice },
                    _ if choice.iter().all(|choice| choice.right) => {
                        return Err(String::from("tous les choix sont justes : ajoutez-en un faux"));
                    }
                    _ => {
                        notes.say("plusieurs choix étaient justes et un suffisait : ils sont désormais tous à cocher");
                        Asked::Multiple { choice }
                    }
                }
            }
            Asked::Multiple { choice } => {
                let choice = choices(choice, notes)?;
                let right = choice.iter().filter(|choice| choice.right).count();
                if right == 0 || right == choice.len() {
                    return Err(String::from("il faut au moins un choix juste et un faux : corrigez-les"));
                }
                Asked::Multiple { choice }
            }
            Asked::TrueFalse { answer, mut feedback_true, mut feedback_false } => {
                explain(&mut feedback_true, answer, notes);
                explain(&mut feedback_false, !answer, notes);
                Asked::TrueFalse { answer, feedback_true, feedback_false }
            }
            Asked::Numeric { answer, tolerance, unit } => {
                let sound = |number: f64| number.is_finite() && number.abs() <= 1e12;
                if !sound(answer) || !sound(tolerance) || tolerance < 0.0 {
                    return Err(String::from("sa réponse n’est pas un nombre que l’on puisse taper : corrigez-la"));
                }
                Asked::Numeric { answer, tolerance, unit: unit.filter(|unit| (1..=30).contains(&unit.chars().count())) }
            }
            Asked::ShortText { accepted } => {
                let accepted = lines(accepted, "une réponse acceptée", notes);
                if accepted.is_empty() {
                    return Err(String::from("aucune réponse n’est tout à fait acceptée : ajoutez-en une"));
                }
                Asked::ShortText { accepted }
            }
            Asked::Matching { pair, distractors } => matching(&pair, distractors, notes)?,
            Asked::Ordering { items } => {
                let before = items.len();
                let items = lines(items, "un élément", notes);
                if items.len() != before || !(3..=MOST).contains(&items.len()) {
                    return Err(String::from("une mise en ordre porte sur 3 à 8 éléments courts et différents"));
                }
                Asked::Ordering { items }
            }
            Asked::Gap { text, gap } => {
                let mut fitted = BTreeMap::new();
                for (name, Gap { accepted, options }) in gap {
                    let accepted = lines(accepted, "une réponse acceptée", notes);
                    if accepted.is_empty() {
                        return Err(format!("le trou {{{name}}} n’a pas de réponse acceptée : ajoutez-en une"));
                    }
                    fitted.insert(name, Gap { accepted, options: lines(options, "une proposition", notes) });
                }
                Asked::Gap { text, gap: fitted }
            }
        };
        if self.feedback.trim().is_empty()
            && let Some(feedback) = self.asked.told()
        {
            notes.say("aucune explication n’était donnée : la bonne réponse en tient lieu, complétez-la");
            self.feedback = feedback;
        }
        Ok(self)
    }
}

impl Asked {
    /// The right answer in a sentence, for the types that explain it to all.
    fn told(&self) -> Option<String> {
        match self {
            Self::Single { .. } | Self::Multiple { .. } | Self::TrueFalse { .. } => None,
            Self::Numeric { answer, unit, .. } => {
                let unit = unit.as_ref().map(|unit| format!("\u{a0}{unit}")).unwrap_or_default();
                Some(format!("La réponse attendue est {}{unit}.", answer.to_string().replace('.', ",")))
            }
            Self::ShortText { accepted } => {
                accepted.first().map(|first| format!("La réponse attendue est «\u{a0}{}\u{a0}».", literal(first)))
            }
            Self::Matching { pair, .. } => {
                let pairs = pair.iter().map(|pair| format!("- {} → {}", literal(&pair.left), literal(&pair.right)));
                Some(pairs.collect::<Vec<_>>().join("\n"))
            }
            Self::Ordering { items } => {
                let items = (1..).zip(items).map(|(place, item)| format!("{place}. {}", literal(item)));
                Some(items.collect::<Vec<_>>().join("\n"))
            }
            Self::Gap { gap, .. } => {
                let said = gap.values().filter_map(|gap| gap.accepted.first());
                let said: Vec<String> = said.map(|first| format!("«\u{a0}{}\u{a0}»", literal(first))).collect();
                Some(format!("Dans l’ordre\u{a0}: {}.", said.join(", ")))
            }
        }
    }
}

/// The choices that the format takes.
fn choices(all: Vec<Choice>, notes: &mut Notes) -> Result<Vec<Choice>, String> {
    let mut kept: Vec<Choice> = Vec::new();
    let mut keys = BTreeMap::new();
    for mut choice in all {
        choice = Choice { text: choice.text.trim().to_owned(), ..choice };
        if choice.text.is_empty() {
            notes.say("un choix sans texte est laissé");
            continue;
        }
        match keys.insert(key(&choice.text), choice.right) {
            Some(right) if right != choice.right => {
                return Err(format!("le choix « {} » est à la fois juste et faux : corrigez-le", choice.text));
            }
            Some(_) => notes.say(format!("le choix « {} » est écrit deux fois : un seul est gardé", choice.text)),
            None => {
                explain(&mut choice.feedback, choice.right, notes);
                kept.push(choice);
            }
        }
    }
    let mut wrong = MOST.saturating_sub(kept.iter().filter(|choice| choice.right).count());
    if kept.len() > MOST {
        notes.say(format!("une question a {MOST} choix au plus : des choix faux sont laissés"));
        kept.retain(|choice| {
            let room = choice.right || wrong > 0;
            wrong = if choice.right { wrong } else { wrong.saturating_sub(1) };
            room
        });
    }
    if !(2..=MOST).contains(&kept.len()) {
        return Err(format!("une question a de 2 à {MOST} choix : celle-ci en a {}", kept.len()));
    }
    Ok(kept)
}

/// A feedback where none was given.
fn explain(feedback: &mut String, right: bool, notes: &mut Notes) {
    if feedback.trim().is_empty() {
        notes.say("des réponses n’étaient pas commentées : « Bonne réponse. » ou « Ce n’est pas la bonne réponse. » est écrit, dites plutôt pourquoi");
        (if right { "Bonne réponse." } else { "Ce n’est pas la bonne réponse." }).clone_into(feedback);
    }
}

/// Pairs whose right sides differ; else gaps to fill from one list.
fn matching(pairs: &[Pair], distractors: Vec<String>, notes: &mut Notes) -> Result<Asked, String> {
    let before = pairs.len();
    let left = lines(pairs.iter().map(|pair| pair.left.clone()).collect(), "un côté gauche", notes);
    let right: Vec<String> = pairs.iter().map(|pair| squeezed(&pair.right)).collect();
    let sound = right.iter().all(|right| (1..=SHORT).contains(&right.chars().count()));
    if left.len() != before || !sound || !(2..=MOST).contains(&before) {
        return Err(format!("une association a de 2 à {MOST} paires de textes courts, aux côtés gauches différents"));
    }
    let distinct = lines(right.clone(), "un côté droit", &mut Notes::default());
    let known: BTreeSet<String> = distinct.iter().map(|right| key(right)).collect();
    let mut distractors = lines(distractors, "un leurre", notes);
    distractors.retain(|distractor| !known.contains(&key(distractor)));
    if distinct.len() == before {
        let pair = left.into_iter().zip(right).map(|(left, right)| Pair { left, right }).collect();
        return Ok(Asked::Matching { pair, distractors });
    }
    notes.say(
        "plusieurs côtés gauches vont avec le même : l’association devient un texte à trous, à compléter par une liste",
    );
    let options: Vec<String> = distinct.into_iter().chain(distractors).collect();
    let keys = ('a'..='z').map(String::from);
    let lines: Vec<(String, String)> = keys.zip(left).collect();
    let text = lines.iter().map(|(key, left)| format!("{} : {{{key}}}", left.replace(['{', '}'], " ")));
    let text = text.collect::<Vec<_>>().join("\n");
    let gap = lines.iter().zip(right).map(|((key, _), right)| {
        let offered = options.iter().find(|option| self::key(option) == self::key(&right)).cloned();
        (key.clone(), Gap { accepted: vec![offered.unwrap_or(right)], options: options.clone() })
    });
    Ok(Asked::Gap { gap: gap.collect(), text })
}
