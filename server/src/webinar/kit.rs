//! What webinars are led with.

use crate::document::Document;
use domain::course::parse::kit::WEBINAR;
use domain::course::parse::{Problem, SourceFile};
use domain::webinar::kit::{Kit, parse};

impl Document for Kit {
    const FILE: &'static str = WEBINAR;
    const TABLE: &'static str = "webinar_kit";

    fn parse(slug: &str, files: &[SourceFile]) -> (Option<Self>, Vec<Problem>) {
        parse(slug, files)
    }
}
