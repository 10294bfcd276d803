use super::*;

fn entries(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

#[test]
fn what_was_typed_comes_back_whatever_the_type() {
    for kind in Type::ALL {
        let mut typed = Typed::new(kind);
        typed.set("stem", "Que faire\nd’abord ?");
        for row in 0..typed.rows {
            for field in kind.rows().unwrap().fields() {
                let text = if *field == "right" && kind.rows() == Some(Rows::Choice) { "" } else { "mot" };
                typed.set(&row_field(kind.rows().unwrap(), row, field), text);
            }
        }
        if kind.rows() == Some(Rows::Choice) {
            typed.set("choice-1-right", "true");
        }
        let back = Typed::read(kind, &typed.entries());
        assert_eq!((back.rows, back.text("stem")), (typed.rows, "Que faire\nd’abord ?"), "{kind:?}");
        for row in 0..typed.rows {
            for field in kind.rows().unwrap().fields() {
                assert_eq!(back.row(row, field), typed.row(row, field), "{kind:?} {row} {field}");
            }
        }
    }
}

#[test]
fn rows_are_added_moved_and_taken_away_with_all_that_is_in_them() {
    let sent = entries(&[
        ("choice-0-text", "un"),
        ("choice-1-text", "deux"),
        ("choice-1-feedback", "oui"),
        ("choice-2-text", "trois"),
        ("right", "1"),
    ]);
    let mut typed = Typed::read(Type::Single, &sent);
    assert_eq!((typed.rows, typed.is_right(1)), (3, true));
    assert_eq!(typed.act(Act::Up(1)).as_deref(), Some("choice-0-text"));
    assert_eq!((typed.row(0, "text"), typed.row(0, "feedback"), typed.is_right(0)), ("deux", "oui", true));
    assert_eq!(typed.act(Act::Drop(1)).as_deref(), Some("choice-1-text"));
    assert_eq!((typed.rows, typed.row(1, "text"), typed.row(2, "text")), (2, "trois", ""));
    assert_eq!(typed.act(Act::Add).as_deref(), Some("choice-2-text"));
    assert_eq!((typed.act(Act::Down(2)), typed.act(Act::Up(0)), typed.act(Act::Drop(9))), (None, None, None));
    for _ in 0..20 {
        typed.act(Act::Add);
    }
    assert_eq!(typed.rows, 8);
}

#[test]
fn a_button_says_what_it_does() {
    for act in [Act::Add, Act::Up(3), Act::Down(0), Act::Drop(12)] {
        assert_eq!(act.to_string().parse(), Ok(act));
    }
    assert_eq!("drop".parse::<Act>(), Err(()));
}
