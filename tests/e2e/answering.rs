//! An agent's hand on a quiz.

use super::browser::Browser;
use domain::quiz::{GapPart, Kind, Question};
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};
use std::collections::HashSet;
use support::Product;
use support::answers::{fields, right};
use thirtyfour::{By, Key};

/// How a field is filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gesture {
    /// One of several choices, or some of them.
    Tick,
    Type,
    /// An option of a list.
    Pick,
}

/// One field of the right answer.
#[derive(Debug, Clone)]
pub struct Move {
    pub gesture: Gesture,
    pub name: String,
    pub value: String,
}

impl Move {
    /// The field itself.
    pub fn css(&self) -> String {
        match self.gesture {
            Gesture::Tick => format!("[name=\"{}\"][value=\"{}\"]", self.name, self.value),
            Gesture::Type | Gesture::Pick => format!("[name=\"{}\"]", self.name),
        }
    }
}

/// What to do to answer that question right.
pub fn moves(question: &Question) -> Vec<Move> {
    let typed = |key: &str| match &question.kind {
        Kind::Gap { parts } => {
            let typed = |part: &GapPart| matches!(part, GapPart::Gap(gap) if gap.key == key && gap.options.is_empty());
            parts.iter().any(typed)
        }
        _ => false,
    };
    let gesture = |name: &str| match &question.kind {
        Kind::Single { .. } | Kind::Multiple { .. } | Kind::TrueFalse { .. } => Gesture::Tick,
        Kind::Numeric { .. } | Kind::ShortText { .. } => Gesture::Type,
        _ if typed(name.rsplit('.').next().unwrap_or_default()) => Gesture::Type,
        _ => Gesture::Pick,
    };
    let filled = fields(question, right(question, 0)).into_iter();
    filled.map(|(name, value)| Move { gesture: gesture(&name), name, value }).collect()
}

/// Answers right, with the mouse where there is something to click.
pub async fn answer(browser: &Browser, question: &Question) {
    for step in moves(question) {
        match step.gesture {
            Gesture::Tick => browser.click(&format!("label[for=\"r-{}-{}\"]", question.slug, step.value)).await,
            Gesture::Type => browser.type_in(&step.css(), &step.value).await,
            Gesture::Pick => pick(browser, &step).await,
        }
    }
}

/// Picks with the keys, as a closed list allows: the driver's click on an option sends no `input`, so it is not a
/// person's click and the page does not hear of it.
async fn pick(browser: &Browser, step: &Move) {
    let options = browser.all(&format!("{} option", step.css())).await;
    let mut place = 0;
    for option in &options {
        if option.attr("value").await.expect("an attribute").as_deref() == Some(&step.value) {
            break;
        }
        place += 1;
    }
    assert!(place < options.len(), "{step:?}");
    let list = browser.driver.find(By::Css(step.css())).await.expect("a list");
    for _ in 0..place {
        list.send_keys(Key::Down).await.expect("a key");
    }
}

/// Waits until the page says that of these questions.
pub async fn until_said(browser: &Browser, questions: &[Question], said: &str) {
    for question in questions {
        browser.until_text(&format!("#etat-{}", question.slug), said).await;
    }
}

/// Every type of question is among these: the real course exercises them all.
pub fn assert_every_type(questions: &[Question]) {
    let types: HashSet<_> = questions.iter().map(|question| std::mem::discriminant(&question.kind)).collect();
    assert_eq!(types.len(), 8);
}

/// What a `SELECT COUNT(*)` counts.
pub async fn count(product: &Product, from: &str) -> i64 {
    let statement = Statement::from_string(DbBackend::Sqlite, format!("SELECT COUNT(*) AS n FROM {from}"));
    let row = product.app.db.reader().query_one_raw(statement).await.expect("reads").expect("a row");
    row.try_get("", "n").expect("a number")
}
