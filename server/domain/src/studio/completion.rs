//! When a chapter is acquired, told back in a sentence to who writes it.

use crate::course::Chapter;
use crate::quiz::{Counts, Rules};
use crate::text::{NBSP, counted, date_time, duration, percent};

/// « Le chapitre est acquis quand ses 4 sections sont lues et que son quiz est réussi à 70 % … »
#[must_use]
pub fn told(chapter: &Chapter) -> String {
    let read = match chapter.sections.len() {
        0 | 1 => "sa section est lue".to_owned(),
        count => format!("ses {} sont lues", counted(count as u64, "section", "sections")),
    };
    match &chapter.quiz {
        None => format!("Le chapitre est acquis quand {read}."),
        Some(quiz) => {
            let rules = &quiz.rules;
            let least = percent(rules.pass);
            let sentence = format!("Le chapitre est acquis quand {read} et que son quiz est réussi à {least}.");
            format!("{sentence} {}", details(rules, quiz.questions.len()))
        }
    }
}

fn details(rules: &Rules, questions: usize) -> String {
    let asked = match rules.draw {
        Some(drawn) if (drawn as usize) < questions => {
            format!("{} tirées parmi {questions}", counted(drawn.into(), "question", "questions"))
        }
        _ => counted(questions as u64, "question", "questions"),
    };
    let tries = match (rules.attempts, rules.attempts_per_day) {
        (None, None) => "autant d’essais qu’on veut".to_owned(),
        (Some(most), None) => format!("{} au plus", counted(most.into(), "essai", "essais")),
        (None, Some(day)) => format!("{} par jour au plus", counted(day.into(), "essai", "essais")),
        (Some(most), Some(day)) => format!("{} au plus, dont {day} par jour", counted(most.into(), "essai", "essais")),
    };
    let kept = match rules.counts {
        Counts::Best => "le meilleur compte",
        Counts::Last => "le dernier compte",
    };
    let mut parts = vec![asked, tries, kept.to_owned()];
    parts.extend(rules.time_limit.map(|minutes| format!("{} par essai", duration(minutes))));
    parts.extend(rules.opens.map(|opens| format!("ouvert à partir du {}", date_time(opens))));
    parts.extend(rules.closes.map(|closes| format!("fermé le {}", date_time(closes))));
    format!("Quiz{NBSP}: {}.", parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::course::Section;
    use crate::quiz::Quiz;

    fn chapter(sections: usize, rules: Option<Rules>) -> Chapter {
        let section = |n: usize| Section {
            slug: format!("s{n}").parse().unwrap(),
            title: String::new(),
            blocks: Vec::new(),
            passages: Vec::new(),
        };
        Chapter {
            slug: "accueil".parse().unwrap(),
            number: 1,
            title: String::new(),
            summary: String::new(),
            objectives: Vec::new(),
            minutes: 10,
            sections: (0..sections).map(section).collect(),
            quiz: rules.map(|rules| Quiz { title: String::new(), rules, questions: Vec::new() }),
            sheet: None,
        }
    }

    #[test]
    fn the_rule_is_told_with_the_quiz_where_there_is_one() {
        assert_eq!(told(&chapter(1, None)), "Le chapitre est acquis quand sa section est lue.");
        let rules = Rules {
            pass: 70,
            attempts: Some(3),
            attempts_per_day: Some(2),
            counts: Counts::Best,
            draw: Some(8),
            shuffle: true,
            time_limit: Some(20),
            opens: None,
            closes: None,
        };
        let said = told(&chapter(4, Some(rules))).replace(NBSP, " ");
        assert_eq!(
            said,
            "Le chapitre est acquis quand ses 4 sections sont lues et que son quiz est réussi à 70 %. \
             Quiz : 0 question, 3 essais au plus, dont 2 par jour, le meilleur compte, 20 min par essai."
        );
    }
}
