use super::*;
use crate::quiz::support::*;
use proptest::prelude::*;

fn read(question: &Question, fields: &[(&str, &str)]) -> Result<Option<Answer>, MalformedAnswer> {
    let fields: Vec<_> = fields.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    read_form(question, &fields)
}

/// The fields that a browser without script sends for that answer.
fn fields(question: &Question, answer: &Answer) -> Vec<(String, String)> {
    let whole = |text: &str| (field_name(&question.slug), text.to_owned());
    let part = |key: &str, text: &str| (part_name(&question.slug, key), text.to_owned());
    match answer {
        Answer::Choice(text) | Answer::Number(text) | Answer::Text(text) => vec![whole(text)],
        Answer::Choices(ticked) => ticked.iter().map(|key| whole(key)).collect(),
        Answer::Truth(truth) => vec![whole(&truth.to_string())],
        Answer::Matches(given) | Answer::Gaps(given) => given.iter().map(|(key, text)| part(key, text)).collect(),
        Answer::Order(order) => (1..).zip(order).map(|(place, key): (u32, _)| part(key, &place.to_string())).collect(),
    }
}

proptest! {
    #[test]
    fn a_form_carries_any_answer_whatever_the_order_of_its_fields(
        (question, answer, fields) in question_and_answer().prop_flat_map(|(question, answer)| {
            let fields = Just(fields(&question, &answer)).prop_shuffle();
            (Just(question), Just(answer), fields)
        })
    ) {
        let expected = Some(answer).filter(|answer| !answer.is_blank());
        prop_assert_eq!(read_form(&question, &fields), Ok(expected));
    }
}

proptest! {
    #[test]
    fn whatever_a_form_holds_it_is_refused_or_is_a_well_formed_answer(
        question in any_question(),
        names in proptest::collection::vec(("[a-z0-9]{0,3}", ".{0,12}"), 0..8),
    ) {
        let name = field_name(&question.slug);
        let fields: Vec<_> = names
            .into_iter()
            .map(|(part, text)| (if part.is_empty() { name.clone() } else { format!("{name}.{part}") }, text))
            .collect();
        if let Ok(Some(answer)) = read_form(&question, &fields) {
            prop_assert_eq!(answer.check(&question), Ok(()));
        }
    }
}

#[test]
fn a_form_left_empty_gives_no_answer() {
    for question in one_of_each() {
        assert_eq!(read(&question, &[]), Ok(None));
        assert_eq!(read(&question, &[("q.accueil", " "), ("q.accueil.a", ""), ("q.accueil.1", "")]), Ok(None));
    }
}

#[test]
fn fields_of_other_questions_are_left_alone() {
    assert_eq!(read(&single(), &[("q.accueil-2", "a"), ("accueil", "a"), ("q.accueil.b", "a")]), Ok(None));
}

#[test]
fn true_and_false_are_the_only_truths() {
    assert_eq!(read(&true_false(), &[("q.accueil", "false")]), Ok(Some(Answer::Truth(false))));
    assert_eq!(read(&true_false(), &[("q.accueil", "oui")]), Err(MalformedAnswer::WrongType));
}

#[test]
fn a_matching_filled_in_part_is_an_answer_in_part() {
    let expected = Answer::Matches([("2".to_owned(), "c".to_owned())].into());
    assert_eq!(read(&matching(), &[("q.accueil.1", ""), ("q.accueil.2", "c")]), Ok(Some(expected)));
}

#[test]
fn each_place_of_an_order_is_given_once() {
    let places = |places: [&str; 4]| {
        let names = ["q.accueil.a", "q.accueil.b", "q.accueil.c", "q.accueil.d"];
        read(&ordering(), &std::array::from_fn::<_, 4, _>(|n| (names[n], places[n])))
    };
    let refused = Err(MalformedAnswer::Places { count: 4 });
    assert_eq!(places(["3", "2", "1", "4"]), Ok(Some(Answer::Order(strings(&["c", "b", "a", "d"])))));
    assert_eq!(places(["3", "2", "1", "3"]), refused, "a place given twice");
    assert_eq!(places(["3", "2", "1", ""]), refused, "an item left without a place");
    assert_eq!(places(["3", "2", "1", "5"]), refused, "a place that does not exist");
    assert_eq!(places(["3", "2", "1", "0"]), refused, "a place before the first");
    assert_eq!(places(["3", "2", "1", "dernier"]), refused, "a place that is not a number");
    assert_eq!(
        places(["1", "1", "2", "3"]).unwrap_err().to_string(),
        "Chaque place, de 1 à 4, doit être donnée une fois et une seule."
    );
}

#[test]
fn keys_made_up_in_a_form_are_refused() {
    assert_eq!(read(&single(), &[("q.accueil", "z")]), Err(MalformedAnswer::UnknownKey("z".to_owned())));
}
