//! The files of questions of a chapter, and the rules of quizzes as their forms show them.

/// Which of a chapter's files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum QuizFile {
    Quiz,
    Positioning,
    Bank,
}

impl QuizFile {
    pub const ALL: [Self; 3] = [Self::Quiz, Self::Positioning, Self::Bank];

    /// In the chapter's folder.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Quiz => "quiz.toml",
            Self::Positioning => "positioning.toml",
            Self::Bank => "bank.toml",
        }
    }

    /// In addresses.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Quiz => "quiz",
            Self::Positioning => "positionnement",
            Self::Bank => "banque",
        }
    }

    /// As authors name it.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Quiz => "Quiz du chapitre",
            Self::Positioning => "Pour le quiz de positionnement",
            Self::Bank => "Pour l’évaluation finale",
        }
    }

    #[must_use]
    pub fn of(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|file| file.key() == key)
    }

    /// Whether its questions each need a section and a skill.
    #[must_use]
    pub fn is_pooled(self) -> bool {
        self != Self::Quiz
    }
}

/// Where the rules are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RulesTable {
    /// `[rules]` of a `quiz.toml`, whose title is above it.
    Rules,
    /// `exempts_at` of a `positioning.toml`.
    Exemption,
    /// `[assessment]` of `course.toml`.
    Assessment,
    /// `[positioning]` of `course.toml`.
    Positioning,
}

impl RulesTable {
    /// The fields of its form, by the keys of the file.
    #[must_use]
    pub fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Rules => &[
                "title",
                "pass",
                "attempts",
                "attempts_per_day",
                "counts",
                "draw",
                "shuffle",
                "time_limit",
                "opens",
                "closes",
            ],
            Self::Exemption => &["exempts_at"],
            Self::Assessment => &[
                "title",
                "summary",
                "minutes",
                "pass",
                "attempts",
                "attempts_per_day",
                "counts",
                "draw",
                "shuffle",
                "time_limit",
                "opens",
                "closes",
            ],
            Self::Positioning => &["title", "summary", "minutes"],
        }
    }

    /// The table of the file that holds them; none at its top.
    #[must_use]
    pub fn key(self) -> Option<&'static str> {
        match self {
            Self::Rules => Some("rules"),
            Self::Exemption => None,
            Self::Assessment => Some("assessment"),
            Self::Positioning => Some("positioning"),
        }
    }
}

/// What was typed of them: a field, its text.
pub type Rules = Vec<(String, String)>;
