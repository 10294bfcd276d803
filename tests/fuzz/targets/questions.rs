//! Any bytes as questions, in GIFT or Moodle XML: read or left out with the reason, and added to a quiz that is read
//! again, where a second time adds nothing.
#![no_main]

use domain::course::interchange::{Fate, Sort, Wanted, questions};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let wanted = Wanted { sort: Sort::Quiz, existing: None, section: None, skill: None, skills: &[] };
    let Ok(added) = questions("q", bytes, &wanted) else { return };
    for item in &added.items {
        assert!(item.fate == Fate::Kept || !item.notes.is_empty(), "{item}");
    }
    let again = questions("q", bytes, &Wanted { existing: Some(&added.text), ..wanted }).expect("what was written is read");
    assert_eq!(again.text, added.text, "a second time adds nothing");
});
