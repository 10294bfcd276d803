//! `quiz.toml`: the rules of a quiz and its bank of questions.

use super::markdown;
use super::question_file;
use super::report::Report;
use super::toml_reader::{Doc, Table, Text};
use super::world::Place;
use crate::quiz::{Counts, Question, Quiz, Rules};
use crate::text::{folded, paris_zone};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::AmbiguousOffset;
use std::collections::BTreeSet;

/// What the questions of a quiz are read with.
pub(super) struct Reader<'r, 'w> {
    pub(super) place: &'r Place<'w>,
    pub(super) report: &'r mut Report,
}

impl Reader<'_, '_> {
    pub(super) fn say(&mut self, line: u32, said: impl Into<String>) {
        self.place.say(line, said, self.report);
    }

    /// A Markdown text as HTML.
    pub(super) fn markdown(&mut self, table: &Table<'_>, key: &str) -> String {
        let text = table.text(key, self.report);
        markdown::fragment(self.place, &text.said, text.line, self.report).0
    }

    /// Reports the lines that a reader would take for the same.
    pub(super) fn distinct(&mut self, what: &str, lines: &[Text]) {
        let mut seen = BTreeSet::new();
        for text in lines.iter().filter(|text| !text.said.is_empty()) {
            // without letters, signs make the difference: « -5 » is not « 5 »
            let key = Some(folded(&text.said)).filter(|key| key.contains(char::is_alphabetic));
            if !seen.insert(key.unwrap_or_else(|| text.said.trim().to_owned())) {
                self.say(text.line, format!("{what} « {} » est écrit deux fois : gardez-en un seul", text.said));
            }
        }
    }
}

/// Reads a quiz; `title` is its chapter's.
pub(super) fn read(place: &Place<'_>, text: &str, title: &str, report: &mut Report) -> Quiz {
    let doc = Doc::read(place.file, text, 1, report);
    let root = doc.root();
    root.shape(&["rules", "question"], &["title"], report);
    let title =
        if root.has("title") { root.line_of_text("title", 200, report).said } else { format!("Quiz : {title}") };
    let (questions, ids) = questions(place, &root, false, report);
    let rules = root.table("rules", report).map(|table| {
        table.shape(&["pass"], &RULES, report);
        rules(place, &table, ids.len(), report)
    });
    Quiz { title, rules: rules.unwrap_or(FREE), questions }
}

/// The keys of the rules that may be left out.
pub(super) const RULES: [&str; 8] =
    ["attempts", "attempts_per_day", "counts", "draw", "shuffle", "time_limit", "opens", "closes"];

/// Rules that hold nobody back.
pub(super) const FREE: Rules = Rules {
    pass: 0,
    attempts: None,
    attempts_per_day: None,
    counts: Counts::Best,
    draw: None,
    shuffle: true,
    time_limit: None,
    opens: None,
    closes: None,
};

/// The questions of a file, and their identifiers.
pub(super) fn questions(
    place: &Place<'_>,
    root: &Table<'_>,
    pooled: bool,
    report: &mut Report,
) -> (Vec<Question>, Vec<Text>) {
    let tables = root.tables("question", report);
    if tables.is_empty() && root.has("question") {
        place.say(root.line_of("question"), "un quiz a au moins une question : ajoutez une table [[question]]", report);
    }
    let mut reader = Reader { place, report };
    let questions = tables.iter().filter_map(|table| question_file::read(&mut reader, table, pooled)).collect();
    let ids: Vec<Text> = tables
        .iter()
        .map(|table| Text { line: table.line_of("id"), ..table.text("id", &mut Report::default()) })
        .collect();
    reader.distinct("l’identifiant de question", &ids);
    (questions, ids)
}

/// What attempts at a quiz of that many questions are held to.
pub(super) fn rules(place: &Place<'_>, rules: &Table<'_>, questions: usize, report: &mut Report) -> Rules {
    let mut optional = |key: &str, most: u32| rules.has(key).then(|| rules.whole(key, 1..=most, report));
    let (attempts, attempts_per_day) = (optional("attempts", 100), optional("attempts_per_day", 100));
    let (draw, time_limit) = (optional("draw", 1000), optional("time_limit", 600));
    if draw.is_some_and(|draw| usize::try_from(draw).is_ok_and(|draw| draw > questions)) {
        let line = rules.line_of("draw");
        place.say(
            line,
            format!("« draw » dépasse le nombre de questions ({questions}) : baissez-le ou écrivez d’autres questions"),
            report,
        );
    }
    let counts = if rules.has("counts") { rules.text("counts", report).said } else { String::from("best") };
    let counts = match counts.as_str() {
        "last" => Counts::Last,
        "best" => Counts::Best,
        _ => {
            place.say(
                rules.line_of("counts"),
                "« counts » doit être \"best\" (le meilleur essai compte) ou \"last\" (le dernier)",
                report,
            );
            Counts::Best
        }
    };
    let opens = moment(place, rules, "opens", report);
    let closes = moment(place, rules, "closes", report);
    if opens.zip(closes).is_some_and(|(opens, closes)| opens >= closes) {
        place.say(
            rules.line_of("closes"),
            "le quiz ferme avant d’avoir ouvert : corrigez « opens » ou « closes »",
            report,
        );
    }
    Rules {
        pass: u8::try_from(rules.whole("pass", 1..=100, report)).unwrap_or(100),
        attempts,
        attempts_per_day,
        counts,
        draw,
        shuffle: rules.flag("shuffle", true, report),
        time_limit,
        opens,
        closes,
    }
}

/// A local date and time of mainland France.
fn moment(place: &Place<'_>, rules: &Table<'_>, key: &str, report: &mut Report) -> Option<Timestamp> {
    if !rules.has(key) {
        return None;
    }
    let text = rules.text(key, report);
    if text.said.is_empty() {
        return None;
    }
    let spelled = text.said.len() == 16 && text.said.as_bytes().get(10) == Some(&b'T');
    let local = text.said.parse::<DateTime>().ok().filter(|_| spelled);
    let moment = local.map(|local| paris_zone().to_ambiguous_timestamp(local));
    let Some(moment) = moment else {
        place.say(
            text.line,
            format!("« {key} » doit être une date et une heure de Paris : \"2026-12-01T09:00\""),
            report,
        );
        return None;
    };
    if matches!(moment.offset(), AmbiguousOffset::Gap { .. }) {
        place.say(
            text.line,
            format!(
                "« {key} » tombe dans l’heure qui n’existe pas (passage à l’heure d’été) : choisissez une autre heure"
            ),
            report,
        );
    }
    moment.compatible().ok()
}
