//! GIFT, Moodle's text format for questions: <https://docs.moodle.org/en/GIFT_format>.

mod answers;
mod read;
mod write;

pub(super) use read::{middle, read};
#[cfg(test)]
pub(super) use write::question;
pub(super) use write::write;

/// The signs that a backslash makes plain, with what stands for each while the text is cut.
const ESCAPES: [(char, char); 7] = [
    (':', '\u{e010}'),
    ('#', '\u{e011}'),
    ('=', '\u{e012}'),
    ('{', '\u{e013}'),
    ('}', '\u{e014}'),
    ('~', '\u{e015}'),
    ('\\', '\u{e016}'),
];

/// What stands for `\n`, a line break.
const BREAK: char = '\u{e017}';

/// The text with its escaped signs put out of the way.
fn hidden(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        let next = signs.peek().copied().filter(|_| sign == '\\');
        let stand_in = next.and_then(|next| match next {
            'n' => Some(BREAK),
            next => ESCAPES.iter().find(|(plain, _)| *plain == next).map(|(_, hidden)| *hidden),
        });
        out.push(stand_in.unwrap_or(sign));
        if stand_in.is_some() {
            signs.next();
        }
    }
    out
}

/// The text as its author meant it.
fn shown(text: &str) -> String {
    let plain = |sign: char| match ESCAPES.iter().find(|(_, hidden)| *hidden == sign) {
        Some((plain, _)) => *plain,
        None if sign == BREAK => '\n',
        None => sign,
    };
    text.chars().map(plain).collect::<String>().trim().to_owned()
}

/// The text as GIFT writes it.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for sign in text.trim().chars() {
        match sign {
            '\n' => out.push_str("\\n"),
            sign if ESCAPES.iter().any(|(plain, _)| *plain == sign) => {
                out.push('\\');
                out.push(sign);
            }
            sign => out.push(sign),
        }
    }
    out
}
