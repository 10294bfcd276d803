//! The table that the bench prints: figure, measured, unit, budget, verdict, conditions.

use std::time::Duration;

/// What a figure is held against.
#[derive(Debug, Clone, Copy)]
pub enum Budget {
    AtMost(f64),
    AtLeast(f64),
    /// Measured to be known.
    None,
}

/// One line of the table.
#[derive(Debug)]
pub struct Figure {
    pub name: &'static str,
    pub measured: f64,
    pub unit: &'static str,
    pub budget: Budget,
    pub conditions: String,
}

impl Figure {
    /// Whether it is outside its budget.
    pub fn misses(&self) -> bool {
        match self.budget {
            Budget::AtMost(most) => self.measured > most,
            Budget::AtLeast(least) => self.measured < least,
            Budget::None => false,
        }
    }

    fn cells(&self) -> [String; 6] {
        let (budget, verdict) = match self.budget {
            Budget::AtMost(most) => (format!("≤ {most}"), if self.misses() { "MISSED" } else { "held" }),
            Budget::AtLeast(least) => (format!("≥ {least}"), if self.misses() { "MISSED" } else { "held" }),
            Budget::None => ("–".to_owned(), "–"),
        };
        let digits = if self.measured.abs() >= 100.0 { 0 } else { 2 };
        let measured = format!("{:.digits$}", self.measured);
        [self.name.to_owned(), measured, self.unit.to_owned(), budget, verdict.to_owned(), self.conditions.clone()]
    }
}

/// Prints the figures of one database.
pub fn print(title: &str, figures: &[Figure]) {
    let head = ["figure", "measured", "unit", "budget", "verdict", "conditions"].map(str::to_owned);
    let rows: Vec<[String; 6]> = std::iter::once(head).chain(figures.iter().map(Figure::cells)).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..5).map(width).collect();
    println!("\n{title}");
    for row in rows {
        let [name, measured, unit, budget, verdict, conditions] = row;
        let [w0, w1, w2, w3, w4] = widths[..] else { return };
        println!("{name:<w0$}  {measured:>w1$}  {unit:<w2$}  {budget:>w3$}  {verdict:<w4$}  {conditions}");
    }
}

/// Durations, to be read by rank.
#[derive(Debug, Default)]
pub struct Durations(Vec<Duration>);

impl Durations {
    pub fn new(mut all: Vec<Duration>) -> Self {
        all.sort_unstable();
        Self(all)
    }

    pub fn into_inner(self) -> Vec<Duration> {
        self.0
    }

    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// In milliseconds: half of them are shorter than rank 0.5, all of them than rank 1.
    pub fn rank(&self, rank: f64) -> f64 {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a place in a list"
        )]
        let place = ((self.0.len() as f64 * rank).ceil() as usize).clamp(1, self.0.len().max(1)) - 1;
        self.0.get(place).map_or(f64::NAN, |duration| duration.as_secs_f64() * 1000.0)
    }
}
