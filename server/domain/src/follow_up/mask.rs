//! Hiding what few people add up to from those who may not see the people.
//!
//! A part of fewer than [`FEW`] agents is hidden. Since the whole is shown beside its parts, one hidden part would be
//! the whole less the others: so the hidden parts are always two at least and hold [`FEW`] agents at least together,
//! and the smallest of the others are hidden too until they do. What the reader knows already (the agents of their
//! own maison) protects nobody, and is taken off before counting. What a reader is hidden stays hidden at every
//! level below: the page of a hidden part shows nothing.
//!
//! The rule is about how many people a figure is about. It does not hide that all of them, or none, are done; nor
//! does it hold against readers who put what they know together, or against the same page read before and after
//! somebody came.

#[cfg(test)]
mod tests;

/// A figure about fewer people than this is hidden.
pub const FEW: u64 = 5;

/// A part of a whole.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cell {
    /// Agents it is about.
    pub people: u64,
    /// Those of them whom the reader sees one by one.
    pub known: u64,
}

/// What is hidden of a whole and its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hidden {
    pub whole: bool,
    /// In the order of the parts.
    pub parts: Vec<bool>,
}

impl Cell {
    fn unknown(self) -> u64 {
        self.people.saturating_sub(self.known)
    }
}

/// What to hide of a whole that these parts make up.
#[must_use]
pub fn hidden(parts: &[Cell]) -> Hidden {
    let unknown: Vec<u64> = parts.iter().map(|part| part.unknown()).collect();
    let mut hidden: Vec<bool> = unknown.iter().map(|n| (1..FEW).contains(n)).collect();
    let is_whole_small = (1..FEW).contains(&unknown.iter().sum::<u64>());
    if hidden.contains(&true) {
        loop {
            let held: u64 = unknown.iter().zip(&hidden).filter(|(_, hidden)| **hidden).map(|(n, _)| n).sum();
            let count = hidden.iter().filter(|hidden| **hidden).count();
            if count >= 2 && held >= FEW {
                break;
            }
            let others = unknown.iter().enumerate().filter(|(place, n)| !hidden[*place] && **n > 0);
            let Some((smallest, _)) = others.min_by_key(|(_, n)| **n) else { break };
            hidden[smallest] = true;
        }
    }
    Hidden { whole: is_whole_small, parts: hidden }
}
