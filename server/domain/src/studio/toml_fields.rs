//! Changing TOML in place: comments and the order of what is not touched stay.

use toml_edit::{Array, DocumentMut, Item, Table, Value};

/// The document; an empty one where the text is no TOML.
pub(super) fn document(text: &str) -> DocumentMut {
    text.parse().unwrap_or_default()
}

pub(super) fn text(table: &Table, key: &str) -> String {
    table.get(key).and_then(Item::as_str).unwrap_or_default().trim().to_owned()
}

pub(super) fn texts(table: &Table, key: &str) -> Vec<String> {
    let array = table.get(key).and_then(Item::as_array);
    array.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Sets a text, where it is not that already.
pub(super) fn set_text(table: &mut Table, key: &str, said: &str) {
    if table.get(key).and_then(Item::as_str) != Some(said) {
        set(table, key, Value::from(said));
    }
}

pub(super) fn set_number(table: &mut Table, key: &str, number: i64) {
    if table.get(key).and_then(Item::as_integer) != Some(number) {
        set(table, key, Value::from(number));
    }
}

/// Sets a list of texts, a line each where there are several.
pub(super) fn set_texts(table: &mut Table, key: &str, said: &[String]) {
    if table.get(key).and_then(Item::as_array).is_some() && texts(table, key) == said {
        return;
    }
    let mut array: Array = said.iter().map(String::as_str).collect();
    if said.len() > 1 {
        for value in array.iter_mut() {
            value.decor_mut().set_prefix("\n  ");
        }
        array.set_trailing_comma(true);
        array.set_trailing("\n");
    }
    set(table, key, Value::Array(array));
}

fn set(table: &mut Table, key: &str, value: Value) {
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(known) => {
            let decor = known.decor().clone();
            *known = value;
            *known.decor_mut() = decor;
        }
        None => {
            table.insert(key, Item::Value(value));
        }
    }
}
