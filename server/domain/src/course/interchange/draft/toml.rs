//! A question as it stands in a file.

use super::{Asked, Draft};

impl Draft {
    /// The question as it stands in `quiz.toml`.
    pub(in crate::course::interchange) fn toml(&self) -> String {
        let mut out = String::from("[[question]]\n");
        let named = match &self.asked {
            Asked::Single { .. } => "single",
            Asked::Multiple { .. } => "multiple",
            Asked::TrueFalse { .. } => "true-false",
            Asked::Numeric { .. } => "numeric",
            Asked::ShortText { .. } => "short-text",
            Asked::Matching { .. } => "matching",
            Asked::Ordering { .. } => "ordering",
            Asked::Gap { .. } => "gap",
        };
        field(&mut out, "id", &self.id);
        field(&mut out, "type", named);
        field(&mut out, "stem", &self.stem);
        if self.points != 1 {
            line(&mut out, &format!("points = {}", self.points));
        }
        for (key, value) in [("section", &self.section), ("skill", &self.skill)] {
            if let Some(value) = value {
                field(&mut out, key, value);
            }
        }
        if !self.feedback.trim().is_empty() {
            field(&mut out, "feedback", &self.feedback);
        }
        match &self.asked {
            Asked::Single { choice } | Asked::Multiple { choice } => {
                for choice in choice {
                    line(&mut out, "[[question.choice]]");
                    field(&mut out, "text", &choice.text);
                    line(&mut out, &format!("right = {}", choice.right));
                    field(&mut out, "feedback", &choice.feedback);
                }
            }
            Asked::TrueFalse { answer, feedback_true, feedback_false } => {
                line(&mut out, &format!("answer = {answer}"));
                field(&mut out, "feedback_true", feedback_true);
                field(&mut out, "feedback_false", feedback_false);
            }
            Asked::Numeric { answer, tolerance, unit } => {
                line(&mut out, &format!("answer = {answer}"));
                if *tolerance > 0.0 {
                    line(&mut out, &format!("tolerance = {tolerance}"));
                }
                if let Some(unit) = unit {
                    field(&mut out, "unit", unit);
                }
            }
            Asked::ShortText { accepted } => list(&mut out, "accepted", accepted),
            Asked::Matching { pair, distractors } => {
                if !distractors.is_empty() {
                    list(&mut out, "distractors", distractors);
                }
                for pair in pair {
                    line(&mut out, "[[question.pair]]");
                    field(&mut out, "left", &pair.left);
                    field(&mut out, "right", &pair.right);
                }
            }
            Asked::Ordering { items } => list(&mut out, "items", items),
            Asked::Gap { text, gap } => {
                field(&mut out, "text", text);
                for (key, gap) in gap {
                    line(&mut out, &format!("[question.gap.{key}]"));
                    list(&mut out, "accepted", &gap.accepted);
                    if !gap.options.is_empty() {
                        list(&mut out, "options", &gap.options);
                    }
                }
            }
        }
        out
    }
}

fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}

fn field(out: &mut String, key: &str, value: &str) {
    line(out, &format!("{key} = {}", quoted(value.trim())));
}

fn list(out: &mut String, key: &str, values: &[String]) {
    let values: Vec<String> = values.iter().map(|value| quoted(value)).collect();
    line(out, &format!("{key} = [{}]", values.join(", ")));
}

/// A text as TOML writes it: on one line, or between triple quotes.
pub(in crate::course::interchange) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    for sign in text.chars() {
        match sign {
            '\\' => out.push_str("\\\\"),
            '\n' | '\t' => out.push(sign),
            sign if sign.is_control() => push!(out, "\\u{:04X}", u32::from(sign)),
            sign => out.push(sign),
        }
    }
    if !out.contains('\n') {
        return format!("\"{}\"", out.replace('"', "\\\""));
    }
    // three quotes would end it, and so would those at its end
    let body = out.trim_end_matches('"');
    let last = "\\\"".repeat(out.len() - body.len());
    format!("\"\"\"\n{}{last}\"\"\"", body.replace("\"\"\"", "\\\"\\\"\\\""))
}
