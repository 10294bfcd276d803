//! Any bytes as what is sent to the learning record store: refused with what to do, or statements that are the same once kept
//! and read again; and any lines as the parameters of a question.
#![no_main]

use domain::xapi::{Languages, equivalent, query, read, read_agent, statements};
use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(value) = read(bytes) {
        let authority = json!({ "objectType": "Agent", "account": { "homePage": "https://socle.example", "name": "1" } });
        for mut statement in statements(value).unwrap_or_default() {
            statement.seal(Timestamp::UNIX_EPOCH, &authority);
            let kept = Value::Object(statement.body().clone());
            let text = serde_json::to_vec(&kept).expect("is written");
            let again = statements(read(&text).expect("is JSON")).expect("what is kept is read");
            assert!(equivalent(&kept, &Value::Object(again[0].body().clone())), "{kept}");
        }
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let _ = read_agent(text);
    let _ = Languages::read(text);
    let given: Vec<(String, String)> =
        text.lines().filter_map(|line| line.split_once('=')).map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let _ = query(&given);
});
