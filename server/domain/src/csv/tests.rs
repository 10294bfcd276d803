use super::*;
use proptest::prelude::*;

#[test]
fn a_table_is_as_french_spreadsheets_expect_it() {
    let file = written([vec!["Nom", "Minutes"], vec!["Léa; Perrin", "87"], vec!["dite « \"Lé\" »", ""]]);
    assert_eq!(file, "\u{feff}Nom;Minutes\r\n\"Léa; Perrin\";87\r\n\"dite « \"\"Lé\"\" »\";\r\n");
}

#[test]
fn no_cell_starts_a_formula() {
    for (text, written) in [
        ("=1+1", "'=1+1"),
        ("+33 1", "'+33 1"),
        ("-2", "'-2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "\"'\t=1\""),
        ("\r=1", "\"'\r=1\""),
        ("\n=1", "\"'\n=1\""),
        (" =1", "' =1"),
        ("\u{a0}=1", "'\u{a0}=1"),
        ("＝1", "'＝1"),
        ("=\"a\";b", "\"'=\"\"a\"\";b\""),
        ("Jean-Luc", "Jean-Luc"),
    ] {
        assert_eq!(cell(text), written);
    }
}

proptest! {
    #[test]
    fn whatever_is_typed_stays_one_cell_and_is_no_formula(text in "\\PC{0,20}|[=+@\t\r\n;\" -]{0,8}") {
        let written = cell(&text);
        let inner = written.strip_prefix('"').and_then(|cell| cell.strip_suffix('"'));
        let value = inner.map_or(written.clone(), |inner| inner.replace("\"\"", "\""));
        prop_assert!(!value.starts_with(FORMULA));
        prop_assert!(inner.is_some() || !written.contains([';', '"', '\r', '\n']));
        prop_assert_eq!(value.strip_prefix('\'').filter(|rest| *rest == text).unwrap_or(&value), text.as_str());
    }
}
