//! Any lines as what browsers say to a room: understood or refused, the same once written and read again, and whatever
//! the room makes of them is folded in, told to each side, and gives the same room when its log is read again.
#![no_main]

use domain::ids::PersonId;
use domain::webinar::signal::FromBrowser;
use domain::webinar::{Circumstances, Room, Who};
use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|lines: &str| {
    let people = [(1, "Marie", true), (2, "Léa", false), (3, "Karim", false)]
        .map(|(person, name, trainer)| Who { person: PersonId(person), name: name.to_owned(), trainer });
    let present = |person: PersonId| {
        people.iter().find(|who| who.person == person).map(|who| (who.name.clone(), who.trainer))
    };
    let (mut room, mut log) = (Room::default(), Vec::new());
    for (second, line) in (0_i64..).zip(lines.lines()) {
        let Ok(said) = serde_json::from_str::<FromBrowser>(line) else { continue };
        let again = serde_json::to_string(&said).expect("is written");
        assert_eq!(serde_json::from_str::<FromBrowser>(&again).expect("is read"), said);
        let FromBrowser::Act { id, act } = said else { continue };
        // The first byte of the act's identifier says who does it.
        let by = &people[usize::from(id.0.as_bytes()[0]) % people.len()];
        let now = Timestamp::from_second(1_700_000_000 + second).expect("a time");
        let around = Circumstances { now, prepared: None, present: &present };
        let Ok(Some(entry)) = room.decide(by, id, &act, around) else { continue };
        room.apply(&entry);
        assert!(matches!(room.decide(by, id, &act, around), Ok(None)), "an act said twice is done once");
        for who in &people {
            let _ = entry.told_to(who.person, who.trainer);
            let _ = room.seen_by(who.person, who.trainer);
        }
        log.push(entry);
    }
    assert_eq!(Room::of(&log), room);
});
