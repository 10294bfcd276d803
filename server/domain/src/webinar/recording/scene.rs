//! What is seen: which picture goes to which track.

use super::Track;

/// Where a picture comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// What is shared.
    Screen,
    /// The camera of who leads.
    Camera,
}

/// Which picture is on the stage, and which beside it. A track goes from one picture to another at a keyframe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Scene {
    shared: bool,
    stage: Option<Source>,
    beside: bool,
}

impl Scene {
    /// A screen is shared, or no longer. Gives whether that changed: the pictures of both are then needed from a keyframe.
    pub fn share(&mut self, shared: bool) -> bool {
        std::mem::replace(&mut self.shared, shared) != shared
    }

    /// The track that a frame goes to; nothing where it cannot be shown.
    pub fn track(&mut self, source: Source, keyframe: bool) -> Option<Track> {
        let (stage, wanted) = (self.stage, if self.shared { Source::Screen } else { Source::Camera });
        if source == wanted {
            if keyframe {
                self.stage = Some(source);
                // The camera that comes to the stage is no longer beside it.
                self.beside = self.beside && source == Source::Screen;
            }
            return (self.stage == Some(source)).then_some(Track::Stage);
        }
        match source {
            // It was shared, and what replaces it has not come yet.
            Source::Screen => (stage == Some(Source::Screen)).then_some(Track::Stage),
            // It is on the stage until the screen has come.
            Source::Camera if stage == Some(Source::Camera) => Some(Track::Stage),
            Source::Camera => {
                self.beside |= keyframe;
                self.beside.then_some(Track::Camera)
            }
        }
    }
}
