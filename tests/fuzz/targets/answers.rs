//! Any lines as answers to the questions of the real course, from a script (JSON) and from a form: none to the question, or
//! marked between nothing and all, and the same once written and read again.
#![no_main]

use domain::course::Course;
use domain::quiz::{Answer, Question, grade, read_form, review};
use libfuzzer_sys::fuzz_target;
use std::path::Path;
use std::sync::LazyLock;

static COURSE: LazyLock<Course> = LazyLock::new(|| {
    let content = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content/mediation-numerique");
    server::course::publish::check(&content).expect("is read").course.expect("the course is in order")
});

fn judge(question: &Question, answer: &Answer) {
    if answer.check(question).is_ok() {
        let mark = grade(question, Some(answer));
        assert!(mark.earned <= mark.max, "{mark:?}");
        let _ = review(question, Some(answer));
    }
}

fuzz_target!(|lines: &str| {
    let questions = || COURSE.chapters.iter().filter_map(|chapter| chapter.quiz.as_ref()).flat_map(|quiz| &quiz.questions);
    for line in lines.lines() {
        if let Ok(answer) = serde_json::from_str::<Answer>(line) {
            let again = serde_json::to_string(&answer).expect("is written");
            assert_eq!(serde_json::from_str::<Answer>(&again).expect("is read"), answer);
            questions().for_each(|question| judge(question, &answer));
        }
    }
    let fields: Vec<(String, String)> = lines
        .lines()
        .filter_map(|line| line.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    for question in questions() {
        if let Ok(Some(answer)) = read_form(question, &fields) {
            assert!(answer.check(question).is_ok(), "what a form says could be an answer: {answer:?}");
            judge(question, &answer);
        }
    }
});
