//! The style sheets as one, without comments and needless white space.

use crate::inputs::files;
use anyhow::{Context, Result};
use std::fs;
use std::path::Path;

/// These come first, in this order, and the print sheet last; the others by name.
const FIRST: [&str; 3] = ["tokens.css", "reset.css", "base.css"];
const LAST: &str = "print.css";

/// Every sheet of a bundle as one: those of the folder are the pages', those of a folder in it that has a bundle's
/// name come on top of them where it is loaded.
pub(crate) fn sheet(folder: &Path, bundle: &str) -> Result<String> {
    let own = folder.join(bundle);
    let place = if own.is_dir() { own.as_path() } else { folder };
    let mut sheets = files(place)?;
    sheets.retain(|file| file.parent() == Some(place) && file.extension().is_some_and(|extension| extension == "css"));
    sheets.sort_by_key(|file| {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let place = FIRST.iter().position(|first| *first == name).unwrap_or(FIRST.len());
        (name == LAST, place, name)
    });
    let mut whole = String::new();
    for file in sheets {
        let text = fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?;
        whole.push_str(&light(&text));
    }
    Ok(whole)
}

/// The same rules, lighter. White space around `:` and operators stays: there it can mean something.
fn light(css: &str) -> String {
    let mut kept = String::with_capacity(css.len());
    let mut quote = None;
    let mut signs = css.chars().peekable();
    while let Some(sign) = signs.next() {
        if let Some(end) = quote {
            kept.push(sign);
            if sign == '\\' {
                kept.extend(signs.next());
            } else if sign == end {
                quote = None;
            }
            continue;
        }
        match sign {
            '"' | '\'' => {
                quote = Some(sign);
                kept.push(sign);
            }
            '/' if signs.peek() == Some(&'*') => {
                signs.next();
                let mut former = ' ';
                for sign in signs.by_ref() {
                    if former == '*' && sign == '/' {
                        break;
                    }
                    former = sign;
                }
            }
            sign if sign.is_whitespace() => {
                if !kept.ends_with([' ', '{', '}', ';', ',']) && !kept.is_empty() {
                    kept.push(' ');
                }
            }
            '{' | '}' | ';' | ',' => {
                if kept.ends_with(' ') {
                    kept.pop();
                }
                if sign == '}' && kept.ends_with(';') {
                    kept.pop();
                }
                kept.push(sign);
            }
            _ => kept.push(sign),
        }
    }
    kept.truncate(kept.trim_end().len());
    kept
}

#[cfg(test)]
mod tests {
    use super::light;

    #[test]
    fn comments_and_white_space_go_where_they_mean_nothing() {
        let css = "/* why */\na :hover ,\n b > c {\n  width: calc(1px + 2px);\n  content: \"a  /* b */ ; \";\n}\n";
        assert_eq!(light(css), "a :hover,b > c{width: calc(1px + 2px);content: \"a  /* b */ ; \"}");
        assert_eq!(
            light("@media (width < 40em) and (hover) { p { margin: 0 auto } }"),
            "@media (width < 40em) and (hover){p{margin: 0 auto}}"
        );
    }
}
