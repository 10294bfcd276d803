//! Text in an address.

use std::fmt::Write as _;

/// The text as it stands in the query of an address.
pub(crate) fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // writing to a String cannot fail
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::encoded;

    #[test]
    fn nothing_of_the_text_is_taken_for_the_address() {
        assert_eq!(encoded("aide & été"), "aide%20%26%20%C3%A9t%C3%A9");
    }
}
