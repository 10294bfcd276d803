use super::*;
use crate::quiz::Choice;
use proptest::prelude::*;

fn single(slug: &str) -> Question {
    let choice = |right: bool| Choice { text: format!("{right}"), right, feedback: String::new() };
    Question {
        slug: slug.parse().unwrap(),
        stem: "<p>?</p>".to_owned(),
        kind: Kind::Single { choices: vec![choice(true), choice(false), choice(false)] },
        points: 1,
        feedback: String::new(),
        section: None,
        chapter: None,
        skill: None,
    }
}

/// The figures of the first of three questions, of attempts that answer each with a choice.
fn figures(attempts: &[[&str; 3]]) -> Item {
    let questions = ["un", "deux", "trois"].map(single);
    let mut analysis = Analysis::of(&questions);
    for attempt in attempts {
        let answers = attempt.map(|key| Answer::Choice(key.to_owned()));
        let asked = questions.iter().zip(&answers).zip(1..).map(|((question, answer), place)| Asked {
            question: &question.slug,
            answer: Some(answer).filter(|answer| !answer.is_blank()),
            seconds: Some(place * 10),
        });
        analysis.add(&asked.collect::<Vec<_>>());
    }
    analysis.items().remove(0)
}

#[test]
fn facility_and_discrimination_are_those_of_the_book() {
    // Right at the first: 3 of 6; the rest (out of 2): 2 2 1 against 0 1 0.
    let attempts =
        [["a", "a", "a"], ["a", "a", "a"], ["a", "a", "b"], ["b", "b", "b"], ["c", "a", "c"], ["b", "c", "c"]];
    let figures = figures(&attempts).figures.expect("six people");
    assert_eq!(figures.facility, 500);
    // r of (1 1 1 0 0 0) and (1 1 .5 0 .5 0) is 1/√1.5.
    assert_eq!(figures.discrimination, Some(816));
    assert_eq!(figures.median_seconds, Some(10));
    assert_eq!(figures.choices.len(), 4, "three choices, and no answer");
    assert!(figures.remarks.is_empty(), "six attempts say nothing yet");
}

#[test]
fn what_is_about_few_people_is_hidden() {
    let four = [["a", "a", "a"]; 4];
    assert_eq!(figures(&four).figures, None);
    let mut many = vec![["a", "a", "a"]; 20];
    many.extend([["b", "b", "b"]; 2]);
    let counts: Vec<Option<u64>> = figures(&many).figures.unwrap().choices.iter().map(|it| it.count).collect();
    assert_eq!(counts, [None, None, Some(0), Some(0)], "two, and what would give them away");
}

#[test]
fn a_question_out_of_range_is_told_in_words() {
    let remarks = |attempts: &[[&str; 3]]| figures(attempts).figures.unwrap().remarks.join(" ").replace('\u{a0}', " ");
    let hard: Vec<_> = (0..40).map(|n| if n % 5 == 0 { ["a", "a", "a"] } else { ["b", "b", "a"] }).collect();
    let said = remarks(&hard);
    assert!(said.contains("Trop difficile") && said.contains("attire plus que la bonne"), "{said}");
    assert!(said.contains("1 mauvaise réponse n’attire personne"), "{said}");
    let easy = vec![["a", "a", "b"]; 40];
    assert!(remarks(&easy).contains("Trop facile"));
    let upside_down: Vec<_> = (0..40).map(|n| if n % 2 == 0 { ["a", "b", "b"] } else { ["b", "a", "a"] }).collect();
    assert!(remarks(&upside_down).contains("À l’envers"));
    let blank: Vec<_> = (0..40).map(|n| if n % 3 == 0 { [" ", "a", "b"] } else { ["a", "a", "a"] }).collect();
    assert!(remarks(&blank).contains("sans réponse"));
}

proptest! {
    #[test]
    fn figures_stay_in_their_range(attempts in prop::collection::vec([0..3_usize, 0..3, 0..3], 5..60)) {
        let attempts: Vec<[&str; 3]> = attempts.iter().map(|it| it.map(|at| ["a", "b", "c"][at])).collect();
        let item = figures(&attempts);
        let figures = item.figures.unwrap();
        prop_assert_eq!(item.asked, attempts.len() as u64);
        prop_assert!(figures.facility <= 1000);
        prop_assert!(figures.discrimination.is_none_or(|it| (-1000..=1000).contains(&it)));
        let shown: u64 = figures.choices.iter().filter_map(|it| it.count).sum();
        prop_assert!(shown <= item.asked);
    }
}
