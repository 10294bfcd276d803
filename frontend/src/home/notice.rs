//! What agents are told of a course that changed where it concerns them.

use crate::ui::day;
use jiff::Timestamp;
use leptos::prelude::*;

/// A notice that was not read yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeLine {
    /// Where it is said that it was read.
    pub action: String,
    pub course: String,
    /// In the author's words.
    pub body: String,
    pub at: Timestamp,
}

/// Each with a button that puts it away.
pub(crate) fn told(notices: Vec<NoticeLine>) -> impl IntoView {
    let line = |NoticeLine { action, course: _, body, at }: NoticeLine| {
        view! {
            <div class="notice">
                <p class="notice-title">"Votre formation a changé le "{day(at)}</p>
                <p>{body}</p>
                <form method="post" action=action>
                    <button type="submit" class="button is-quiet">"J’ai lu"</button>
                </form>
            </div>
        }
    };
    notices.into_iter().map(line).collect_view()
}
