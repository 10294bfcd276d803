//! Any lines as tables to import, in each way they can be: every line is taken or told with what to do, and nothing else is.
#![no_main]

use domain::import::{Kind, Line, Matching, Table, plan_agents, plan_maisons};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut lines = (1..).zip(text.lines()).map(|(number, line)| {
        let cells = line.split(';').map(str::to_owned).collect();
        Line { number, cells }
    });
    let Some(header) = lines.next() else { return };
    let table = Table { header: header.cells, lines: lines.collect() };
    let count = table.lines.len() as u64;
    for kind in Kind::ALL {
        let matching = Matching::guess(kind, &table.header);
        let _ = matching.missing(kind);
        match kind {
            Kind::Maisons => assert!(plan_maisons(&table, &matching, &[]).wrong() <= count),
            Kind::Agents => {
                let today = jiff::civil::date(2026, 11, 28);
                assert!(plan_agents(&table, &matching, &[], &[], today).wrong() <= count);
            }
            Kind::Attendances | Kind::Members => {}
        }
    }
});
