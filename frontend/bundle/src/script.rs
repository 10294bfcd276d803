//! JavaScript without its comments and its indentation; line ends stay, so that nothing changes meaning.

/// Where in the text a character stands.
#[derive(Clone, Copy, PartialEq)]
enum Inside {
    Code,
    /// A text, a template or a regular expression, up to this sign.
    Quoted(char),
    /// Between the brackets of a regular expression, where `/` does not end it.
    Class,
    Line,
    Block,
}

/// The same program, lighter.
pub(crate) fn light(js: &str) -> String {
    let mut kept = String::with_capacity(js.len());
    let mut inside = Inside::Code;
    let mut before = None;
    let mut signs = js.chars().peekable();
    while let Some(sign) = signs.next() {
        let next = signs.peek().copied();
        match inside {
            Inside::Code => match (sign, next) {
                ('/', Some('/')) => inside = Inside::Line,
                ('/', Some('*')) => {
                    inside = Inside::Block;
                    signs.next();
                }
                ('"' | '\'' | '`', _) => {
                    inside = Inside::Quoted(sign);
                    kept.push(sign);
                }
                ('/', _) => {
                    if begins_expression(before) {
                        inside = Inside::Quoted('/');
                    }
                    kept.push('/');
                }
                _ => kept.push(sign),
            },
            Inside::Quoted(end) => {
                kept.push(sign);
                if sign == '\\' {
                    kept.extend(signs.next());
                } else if sign == end {
                    inside = Inside::Code;
                } else if end == '/' && sign == '[' {
                    inside = Inside::Class;
                }
            }
            Inside::Class => {
                kept.push(sign);
                if sign == '\\' {
                    kept.extend(signs.next());
                } else if sign == ']' {
                    inside = Inside::Quoted('/');
                }
            }
            Inside::Line => {
                if sign == '\n' {
                    inside = Inside::Code;
                    kept.push('\n');
                }
            }
            Inside::Block => {
                if sign == '*' && next == Some('/') {
                    inside = Inside::Code;
                    signs.next();
                }
            }
        }
        if inside == Inside::Code && !sign.is_whitespace() {
            before = Some(sign);
        }
    }
    // A template over several lines would be changed by trimming: then the text stays as it is.
    if kept.lines().any(|line| line.matches('`').count() % 2 == 1) {
        return kept;
    }
    kept.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// Whether `/` after this sign begins a regular expression rather than divides.
fn begins_expression(before: Option<char>) -> bool {
    before.is_none_or(|before| "(,=:[!&|?{};+-*%<>~^".contains(before))
}

#[cfg(test)]
mod tests {
    use super::light;

    #[test]
    fn comments_and_indentation_go_and_texts_stay() {
        let js = "/** doc\n * more */\nfunction f(a) {\n    // why\n    return a / 2; // half\n}\n";
        assert_eq!(light(js), "function f(a) {\nreturn a / 2;\n}");
        assert_eq!(light("const u = 'http://x/*y*/'; // z"), "const u = 'http://x/*y*/';");
        assert_eq!(light(r#"const q = "a\"//b";"#), r#"const q = "a\"//b";"#);
    }

    #[test]
    fn a_regular_expression_is_not_a_comment() {
        let js = r"const m = /\[object ([^\]/]+)\]/.exec(s); // x";
        assert_eq!(light(js), r"const m = /\[object ([^\]/]+)\]/.exec(s);");
        assert_eq!(light("a = b / c; d = 'e'; // f"), "a = b / c; d = 'e';");
    }

    #[test]
    fn a_template_over_lines_is_left_alone() {
        assert_eq!(light("const t = `a\n   b`;\n  c();"), "const t = `a\n   b`;\n  c();");
    }
}
