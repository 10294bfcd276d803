use super::*;

fn note(subject: i64) -> Note {
    Note {
        at: Timestamp::UNIX_EPOCH,
        actor: Some(PersonId(1)),
        role: "trainer".into(),
        subject: Some(PersonId(subject)),
        deed: Deed::Looked,
        page: "/suivi/{person}".into(),
        path: format!("/suivi/{subject}"),
    }
}

/// A log of three lines, and its head.
fn log() -> (Vec<Line>, End) {
    let mut end = End::START;
    let lines: Vec<Line> = (1..=3)
        .map(|subject| {
            let line = end.then(note(subject));
            end = End { seq: line.seq, hash: line.hash };
            line
        })
        .collect();
    (lines, end)
}

fn checked(from: End, lines: &[Line], head: End) -> Result<(), Broken> {
    lines.iter().try_fold(from, End::check)?.is_head(head)
}

#[test]
fn a_log_as_it_was_written_holds_and_so_does_what_is_left_of_it() {
    let (lines, head) = log();
    assert_eq!(checked(End::START, &lines, head), Ok(()));
    let origin = End { seq: 1, hash: lines[0].hash };
    assert_eq!(checked(origin, &lines[1..], head), Ok(()), "its oldest line went");
}

#[test]
fn what_was_changed_removed_or_moved_is_named() {
    let (lines, head) = log();
    let edits: [fn(&mut Note); 7] = [
        |note| note.actor = None,
        |note| note.actor = Some(PersonId(2)),
        |note| note.subject = None,
        |note| note.role = "administrator".into(),
        |note| note.deed = Deed::Changed,
        |note| note.at = Timestamp::MAX,
        |note| note.path.push('x'),
    ];
    for edit in edits {
        let mut changed = lines.clone();
        edit(&mut changed[1].note);
        assert_eq!(checked(End::START, &changed, head), Err(Broken::Changed(2)));
    }
    let without = [lines[0].clone(), lines[2].clone()];
    assert_eq!(checked(End::START, &without, head), Err(Broken::Missing(2)));
    assert_eq!(checked(End::START, &lines[1..], head), Err(Broken::Missing(1)));
    assert_eq!(checked(End::START, &lines[..2], head), Err(Broken::WrongHead { expected: 3, found: 2 }));
    let swapped = [lines[1].clone(), lines[0].clone(), lines[2].clone()];
    assert_eq!(checked(End::START, &swapped, head), Err(Broken::Missing(1)));
}

#[test]
fn no_two_parts_run_into_each_other() {
    let (one, other) = (
        Note { page: "ab".into(), path: "c".into(), ..note(1) },
        Note { page: "a".into(), path: "bc".into(), ..note(1) },
    );
    assert_ne!(End::START.then(one).hash, End::START.then(other).hash);
}
