use super::*;
use crate::quiz::Gap;
use crate::quiz::support::*;
use proptest::prelude::*;

/// The same question with other right answers.
fn otherwise(question: &Question) -> Question {
    let kind = match question.kind.clone() {
        Kind::Single { mut choices } => {
            let first = choices[0].right;
            for place in 1..choices.len() {
                choices[place - 1].right = choices[place].right;
            }
            choices.last_mut().unwrap().right = first;
            for choice in &mut choices {
                choice.feedback.push('!');
            }
            Kind::Single { choices }
        }
        Kind::Multiple { mut choices } => {
            for choice in &mut choices {
                choice.right = !choice.right;
            }
            Kind::Multiple { choices }
        }
        Kind::TrueFalse { answer, .. } => {
            Kind::TrueFalse { answer: !answer, feedback_true: "a".to_owned(), feedback_false: "b".to_owned() }
        }
        Kind::Numeric { answer, tolerance, unit } => {
            Kind::Numeric { answer: answer + 1.0, tolerance: tolerance + 1.0, unit }
        }
        Kind::ShortText { .. } => Kind::ShortText { accepted: strings(&["autre chose"]) },
        Kind::Matching { mut pairs, mut distractors } => {
            let mut rights: Vec<_> = pairs.iter().map(|pair| pair.right.clone()).chain(distractors).collect();
            rights.rotate_right(1);
            distractors = rights.split_off(pairs.len());
            pairs.iter_mut().zip(rights).for_each(|(pair, right)| pair.right = right);
            Kind::Matching { pairs, distractors }
        }
        Kind::Ordering { mut items } => {
            items.reverse();
            Kind::Ordering { items }
        }
        Kind::Gap { parts } => {
            let change = |part| match part {
                GapPart::Gap(gap) => {
                    let mut options = gap.options;
                    options.reverse();
                    GapPart::Gap(Gap { accepted: strings(&["autre"]), options, ..gap })
                }
                text @ GapPart::Text { .. } => text,
            };
            Kind::Gap { parts: parts.into_iter().map(change).collect() }
        }
    };
    Question { kind, feedback: "Tout autre chose".to_owned(), ..question.clone() }
}

/// The JSON of a prompt. An ordering's items are put in the order of their keys first: that they
/// are not presented in the right order is the one thing that a prompt says of its answer.
fn json(mut prompt: Prompt) -> String {
    if let Field::Ordering { items } = &mut prompt.field {
        items.sort_by(|a, b| a.key.cmp(&b.key));
    }
    serde_json::to_string(&prompt).unwrap()
}

fn keys_and_labels(labelled: &[Labelled]) -> Vec<(&str, &str)> {
    labelled.iter().map(|labelled| (labelled.key.as_str(), labelled.label.as_str())).collect()
}

proptest! {
    #[test]
    fn a_prompt_is_the_same_whatever_the_right_answer(question in any_question(), seed: u64) {
        prop_assert_eq!(json(prompt(&question, seed)), json(prompt(&otherwise(&question), seed)));
    }

    #[test]
    fn an_ordering_is_never_presented_in_its_right_order(question in any_question(), seed: u64) {
        if let (Kind::Ordering { items: right }, Field::Ordering { items }) = (&question.kind, prompt(&question, seed).field) {
            let presented: Vec<_> = items.into_iter().map(|item| item.label).collect();
            prop_assert_ne!(presented, right.clone());
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_prompt(question in any_question(), seed: u64) {
        prop_assert_eq!(prompt(&question, seed), prompt(&question, seed));
    }

    #[test]
    fn a_prompt_reads_back_from_its_json(question in any_question(), seed: u64) {
        let prompt = prompt(&question, seed);
        let text = serde_json::to_string(&prompt).unwrap();
        prop_assert_eq!(serde_json::from_str::<Prompt>(&text).unwrap(), prompt);
    }
}

#[test]
fn choices_keep_the_key_of_their_authored_place_in_whatever_order() {
    let orders: std::collections::BTreeSet<Vec<String>> = (0..50)
        .map(|seed| {
            let Field::Multiple { mut choices } = prompt(&multiple(), seed).field else {
                panic!("not a multiple choice")
            };
            let order = choices.iter().map(|choice| choice.key.clone()).collect();
            choices.sort_by(|a, b| a.key.cmp(&b.key));
            let expected = [("a", "choix 0"), ("b", "choix 1"), ("c", "choix 2"), ("d", "choix 3")];
            assert_eq!(keys_and_labels(&choices), expected);
            order
        })
        .collect();
    assert!(orders.len() > 10, "fifty seeds gave {} orders", orders.len());
}

#[test]
fn right_sides_are_named_by_their_rank_in_the_alphabet_and_offered_once() {
    let Kind::Matching { mut pairs, distractors } = matching().kind else { panic!("not a matching") };
    pairs[0].right = "CPAM".to_owned();
    let question = question(Kind::Matching { pairs, distractors });
    let Field::Matching { lefts, mut rights } = prompt(&question, 7).field else { panic!("not a matching") };
    rights.sort_by(|a, b| a.key.cmp(&b.key));
    assert_eq!(keys_and_labels(&lefts), [("1", "retraite"), ("2", "santé"), ("3", "famille")]);
    assert_eq!(keys_and_labels(&rights), [("a", "CAF"), ("b", "CPAM"), ("c", "La Poste")]);
}

#[test]
fn accents_do_not_send_an_item_to_the_end_of_the_alphabet() {
    let Field::Ordering { mut items } = prompt(&ordering(), 7).field else { panic!("not an ordering") };
    items.sort_by(|a, b| a.key.cmp(&b.key));
    assert_eq!(keys_and_labels(&items), [("a", "agir"), ("b", "écouter"), ("c", "saluer"), ("d", "vérifier")]);
}

#[test]
fn each_type_of_question_tells_its_rule() {
    let rules = one_of_each().map(|question| prompt(&question, 0).rule);
    assert!(rules.iter().all(|rule| rule.ends_with('.') && !rule.contains('\'')));
    assert_eq!(rules.iter().collect::<std::collections::BTreeSet<_>>().len(), 8);
}
