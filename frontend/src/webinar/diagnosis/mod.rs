//! Why a webinar does not get through: what is tried from this very browser, what is found, and the sheet to hand over.

#[cfg(any(test, feature = "room"))]
mod findings;
mod page;
#[cfg(any(test, feature = "room"))]
mod sheet;
#[cfg(feature = "room")]
mod trials;

pub use page::{DiagnosisPage, Reach};
#[cfg(feature = "ssr")]
pub use page::{DiagnosisPlace, DiagnosisPlaceProps, diagnosis_page};

#[cfg(test)]
mod tests;
