//! How hard a chapter is to read: Flesch's index as Kandel and Moles fitted it to French (1958, *Application de l’indice
//! de Flesch à la langue française*): 207 − 1.015 × words a sentence − 73.6 × syllables a word.

use super::{Figures, Finding, Rule, Severity, Source};
use crate::course::{Block, Chapter};
use std::collections::BTreeSet;

/// What the index is made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Readability {
    pub words: u32,
    pub sentences: u32,
    pub syllables: u32,
}

/// What the index means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    VeryHard,
    Hard,
    Plain,
    Easy,
}

impl Readability {
    /// From 100, easy, down; none where there is nothing to read.
    #[must_use]
    pub fn index(&self) -> Option<i32> {
        let (words, sentences, syllables) =
            (f64::from(self.words), f64::from(self.sentences), f64::from(self.syllables));
        let index = 207.0 - 1.015 * words / sentences - 73.6 * syllables / words;
        #[expect(clippy::cast_possible_truncation, reason = "an index of two or three digits")]
        (self.words > 0 && self.sentences > 0).then(|| index.round().clamp(-200.0, 200.0) as i32)
    }

    #[must_use]
    pub fn level(&self) -> Option<Level> {
        Some(match self.index()? {
            70.. => Level::Easy,
            50.. => Level::Plain,
            30.. => Level::Hard,
            _ => Level::VeryHard,
        })
    }
}

impl Level {
    /// As shown.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Easy => "facile",
            Self::Plain => "courant",
            Self::Hard => "difficile",
            Self::VeryHard => "très difficile",
        }
    }

    /// Who reads it without effort.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Easy => "se lit d’une traite, même fatigué",
            Self::Plain => "se lit sans effort par la plupart des agents",
            Self::Hard => "demande de l’attention\u{a0}: c’est le niveau d’un courrier administratif",
            Self::VeryHard => "décourage beaucoup de lecteurs\u{a0}: c’est le niveau d’un texte de loi",
        }
    }
}

/// The reading of a chapter's own text: what media say is heard.
#[must_use]
pub fn readability(chapter: &Chapter) -> Readability {
    let blocks = chapter.sections.iter().flat_map(|section| &section.blocks);
    let heard: BTreeSet<&str> = blocks
        .filter_map(|block| match block {
            Block::Media(media) => Some(media.anchor.as_str()),
            Block::Prose { .. } => None,
        })
        .collect();
    let passages = chapter.sections.iter().flat_map(|section| &section.passages);
    let read = passages.filter(|passage| !heard.contains(passage.anchor.as_str()));
    read.map(|passage| of(&passage.text)).fold(Readability { words: 0, sentences: 0, syllables: 0 }, |sum, next| {
        Readability {
            words: sum.words.saturating_add(next.words),
            sentences: sum.sentences.saturating_add(next.sentences),
            syllables: sum.syllables.saturating_add(next.syllables),
        }
    })
}

/// What a paragraph adds: it ends a sentence, whatever its last sign.
fn of(text: &str) -> Readability {
    let mut sum = Readability { words: 0, sentences: 0, syllables: 0 };
    for sentence in text.split(['.', '!', '?', '…', ';', '·', '\n']) {
        let counts: Vec<u32> = sentence.split(|sign: char| !sign.is_alphanumeric()).map(syllables).collect();
        // An article that lost its vowel is said with the word that follows.
        let words = counts.iter().filter(|count| **count > 0).count();
        sum.words += u32::try_from(words).unwrap_or(0);
        sum.syllables += counts.iter().sum::<u32>();
        sum.sentences += u32::from(words > 0);
    }
    sum
}

/// Groups of vowels said together; the mute e at the end is not. A number counts for one.
fn syllables(word: &str) -> u32 {
    if word.chars().next().is_some_and(|sign| sign.is_ascii_digit()) {
        return 1;
    }
    // The u that only hardens the letter before it is not said.
    let word = word.to_lowercase().replace("qu", "q").replace("gue", "ge").replace("gui", "gi");
    let (mut groups, mut inside) = (0, false);
    for sign in word.chars() {
        let is_vowel = "aeiouyàâäéèêëîïôöùûüœæ".contains(sign);
        // An accent is heard apart from the vowel before it: thé-âtre, na-ïf.
        let apart = "éâïëüä".contains(sign);
        groups += u32::from(is_vowel && (!inside || apart));
        inside = is_vowel;
    }
    let mute = word.ends_with('e') || word.ends_with("es");
    let spoken = word.trim_end_matches('s').trim_end_matches('e');
    let after_vowel = spoken.chars().next_back().is_some_and(|sign| "aiouyéàâîôû".contains(sign));
    if mute && !after_vowel && groups > 1 { groups - 1 } else { groups }
}

pub(super) fn check(figures: &Figures, source: &Source<'_>) -> Vec<Finding> {
    let Some((index, level)) = figures.reading.index().zip(figures.reading.level()) else { return Vec::new() };
    if level > Level::VeryHard {
        return Vec::new();
    }
    let path = source.path("chapter.md");
    vec![Finding::new(
        (Severity::Advice, Rule::Reading),
        (&path, 1),
        "index",
        format!("le chapitre est {} à lire (indice {index}\u{a0}: il {})", level.name(), level.meaning()),
        "Coupez les phrases longues en deux, et préférez le mot de tous les jours.",
    )]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_are_those_that_are_said() {
        for (word, count) in [
            ("agent", 2),
            ("table", 1),
            ("tables", 1),
            ("théâtre", 2),
            ("naïf", 2),
            ("le", 1),
            ("l", 0),
            ("12", 1),
            ("formation", 3),
            ("numérique", 3),
            ("vue", 1),
            ("année", 2),
        ] {
            assert_eq!(syllables(word), count, "{word}");
        }
    }

    #[test]
    fn short_sentences_of_short_words_are_easier() {
        let (easy, hard) = (
            of("Le chat dort. Il a faim. Il mange."),
            of(
                "L’administration territoriale déconcentrée procède à l’instruction contradictoire des réclamations préalables obligatoires.",
            ),
        );
        assert!(easy.level() >= Some(Level::Easy), "{easy:?}");
        assert_eq!(hard.level(), Some(Level::VeryHard), "{hard:?}");
        assert_eq!(of("").index(), None);
        assert_eq!((easy.sentences, easy.words), (3, 8));
    }
}
