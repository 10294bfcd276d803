//! Drawings: SVG that cannot run anything nor fetch anything.

use super::report::{Report, line_at};

/// Elements that run code or bring in other documents.
const REFUSED: [&str; 9] =
    ["script", "foreignobject", "iframe", "object", "embed", "audio", "video", "handler", "listener"];

/// Reports everything that a drawing may not hold.
pub(super) fn check(file: &str, text: &str, report: &mut Report) {
    let mut open: Vec<&str> = Vec::new();
    let mut roots = 0;
    let mut rest = text;
    while let Some((before, from)) = rest.split_once('<') {
        let line = line_at(text, text.len() - from.len());
        let mut say = |said: &str| report.say(file, line, said);
        let within = open.last().copied().unwrap_or_default();
        if within == "style" {
            style(before, &mut say);
        }
        if open.is_empty() && !before.trim().is_empty() {
            say("texte hors du dessin : retirez-le");
        }
        let Some((tag, after)) = piece(from) else {
            say("une balise n’est pas fermée : exportez de nouveau le dessin");
            return;
        };
        rest = after;
        if tag.starts_with("!--") {
        } else if tag.starts_with("![CDATA[") && within == "style" {
            style(tag, &mut say);
        } else if tag.starts_with('!') || (tag.starts_with('?') && !tag.starts_with("?xml ")) {
            say("déclaration refusée (DOCTYPE, ENTITY, CDATA ou instruction) : exportez un SVG simple");
        } else if tag.starts_with('?') {
        } else if let Some(name) = tag.strip_prefix('/') {
            if open.pop() != Some(name.trim_end()) {
                say("les balises ne s’emboîtent pas : exportez de nouveau le dessin");
                return;
            }
        } else {
            let end = tag.find(|c: char| c.is_whitespace() || c == '/').unwrap_or(tag.len());
            let (name, attributes) = tag.split_at(end);
            if open.is_empty() {
                roots += 1;
                if name != "svg" {
                    say("un dessin commence par une balise <svg> : exportez-le au format SVG");
                }
            }
            let local = name.rsplit(':').next().unwrap_or_default().to_lowercase();
            if REFUSED.contains(&local.as_str()) {
                say(&format!("<{name}> est refusé dans un dessin : retirez-le"));
            }
            let attributes = attributes.trim_end();
            let inside = attributes.strip_suffix('/');
            self::attributes(inside.unwrap_or(attributes), &mut say);
            if inside.is_none() {
                open.push(name);
            }
        }
    }
    if roots != 1 || !open.is_empty() || !rest.trim().is_empty() {
        report.say(file, line_at(text, text.len()), "ce n’est pas un dessin SVG complet : exportez-le de nouveau");
    }
}

/// What stands between `<` and its `>`, and what follows; quotes may hold a `>`.
fn piece(from: &str) -> Option<(&str, &str)> {
    for (start, end) in [("!--", "-->"), ("![CDATA[", "]]>")] {
        if from.starts_with(start) {
            return from.split_once(end);
        }
    }
    let mut quote = None;
    for (at, c) in from.char_indices() {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (None, '<') if !from.starts_with('!') => return None,
            (None, '>') => return Some((from.get(..at)?, from.get(at + 1..)?)),
            (Some(open), _) if c == open => quote = None,
            _ => {}
        }
    }
    None
}

fn attributes(mut rest: &str, say: &mut impl FnMut(&str)) {
    while let Some((name, after)) = rest.split_once('=') {
        let name = name.trim().to_lowercase();
        let after = after.trim_start();
        let value = after
            .chars()
            .next()
            .filter(|quote| matches!(quote, '"' | '\''))
            .and_then(|quote| after.get(1..)?.split_once(quote));
        let Some((value, following)) = value else {
            say("un attribut n’est pas entre guillemets : exportez de nouveau le dessin");
            return;
        };
        rest = following;
        attribute(&name, &decoded(value), say);
    }
    if !rest.trim().is_empty() {
        say("un attribut n’a pas de valeur : exportez de nouveau le dessin");
    }
}

fn attribute(name: &str, value: &str, say: &mut impl FnMut(&str)) {
    let local = name.rsplit(':').next().unwrap_or_default();
    let value: String =
        value.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect::<String>().to_lowercase();
    if local.starts_with("on") {
        say(&format!("l’attribut « {name} » lance du code : retirez-le"));
    }
    if value.contains("javascript:") {
        say("« javascript: » est refusé dans un dessin : retirez-le");
    }
    let image = ["data:image/png", "data:image/jpeg", "data:image/webp"].iter().any(|start| value.starts_with(start));
    if matches!(local, "href" | "src" | "base") && !value.starts_with('#') && !image {
        say("le dessin appelle autre chose que lui-même : intégrez l’image dans le fichier ou retirez le lien");
    }
    if local == "attributename" && value.ends_with("href") {
        say("une animation change un lien : retirez-la");
    }
    style(&value, say);
}

/// Reports the external references of a style.
fn style(text: &str, say: &mut impl FnMut(&str)) {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_lowercase();
    let outside = text.split("url(").skip(1).any(|url| !url.trim_start_matches(['"', '\'']).starts_with('#'));
    if outside || text.contains("@import") || text.contains("image-set(") || text.contains('\\') {
        say("le style du dessin appelle un autre fichier : intégrez tout dans le dessin");
    }
}

/// The value of an attribute with its character references decoded.
fn decoded(value: &str) -> String {
    let mut text = String::new();
    let mut rest = value;
    while let Some((before, from)) = rest.split_once('&') {
        text.push_str(before);
        let (name, after) = from.split_once(';').unwrap_or((from, ""));
        let number = name.strip_prefix("#x").or(name.strip_prefix("#X")).map(|hex| u32::from_str_radix(hex, 16));
        let number = number.or_else(|| name.strip_prefix('#').map(str::parse));
        let known = match name {
            "quot" => Some('"'),
            "apos" => Some('\''),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "amp" => Some('&'),
            _ => number.and_then(Result::ok).and_then(char::from_u32),
        };
        text.push(known.unwrap_or('\\'));
        rest = after;
    }
    text.push_str(rest);
    text
}
