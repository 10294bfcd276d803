//! XML read without any trust: no declaration of type, so no entity of its own; bounded in size, number and depth.

use roxmltree::{Document, Node, ParsingOptions};

/// The largest file, and the most that it may hold.
const LARGEST: usize = 32 * 1024 * 1024;
const NODES: u32 = 400_000;
const DEEPEST: usize = 64;

/// Reads a file.
///
/// # Errors
/// The line, and why it is refused, in French.
pub(super) fn read(bytes: &[u8]) -> Result<Document<'_>, (u32, String)> {
    if bytes.len() > LARGEST {
        return Err((1, format!("fichier trop gros : {} Mio au plus", LARGEST / 1024 / 1024)));
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|_| (1, String::from("ce fichier n’est pas en UTF-8 : exportez-le de nouveau dans cet encodage")))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    too_deep(text)?;
    let options = ParsingOptions { allow_dtd: false, nodes_limit: NODES, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).map_err(|error| {
        let said = match &error {
            roxmltree::Error::DtdDetected => String::from("une déclaration DOCTYPE est refusée : retirez-la"),
            roxmltree::Error::UnknownEntityReference(name, _) => {
                format!("l’entité &{name}; n’est pas connue en XML : écrivez le caractère lui-même")
            }
            roxmltree::Error::NodesLimitReached => String::from("ce fichier a trop d’éléments : coupez-le"),
            error => format!("XML mal écrit ({error}) : corrigez-le ou exportez-le de nouveau"),
        };
        (error.pos().row.max(1), said)
    })
}

/// Refuses what is deeper than anybody writes, before it is read.
fn too_deep(text: &str) -> Result<(), (u32, String)> {
    let mut depth = 0usize;
    let mut rest = text;
    while let Some((_, tag)) = rest.split_once('<') {
        rest = tag;
        let skipped = [("!--", "-->"), ("![CDATA[", "]]>"), ("?", "?>")]
            .into_iter()
            .find(|(start, _)| tag.starts_with(start))
            .map(|(_, end)| tag.split_once(end).map_or("", |(_, after)| after));
        if let Some(after) = skipped {
            rest = after;
        } else if tag.starts_with('/') {
            depth = depth.saturating_sub(1);
        } else if !tag_end(tag).is_some_and(|end| end.ends_with('/')) {
            depth += 1;
        }
        if depth > DEEPEST {
            let line = text.len() - rest.len();
            let line = text.as_bytes().iter().take(line).filter(|byte| **byte == b'\n').count();
            let line = u32::try_from(line).unwrap_or(u32::MAX - 1) + 1;
            return Err((line, format!("plus de {DEEPEST} éléments les uns dans les autres : ce fichier est refusé")));
        }
    }
    Ok(())
}

/// The tag up to its end, where a quoted value may hold the sign that ends it.
fn tag_end(tag: &str) -> Option<&str> {
    let mut quote = None;
    let end = tag.char_indices().find(|(_, sign)| match (quote, sign) {
        (None, '"' | '\'') => {
            quote = Some(*sign);
            false
        }
        (Some(open), sign) => {
            if open == *sign {
                quote = None;
            }
            false
        }
        (None, sign) => *sign == '>',
    });
    end.and_then(|(end, _)| tag.get(..end))
}

/// The line of an element in its file.
pub(super) fn line(node: Node<'_, '_>) -> u32 {
    node.document().text_pos_at(node.range().start).row
}

/// The first child element of that name.
pub(super) fn child<'a, 'd>(node: Node<'a, 'd>, name: &str) -> Option<Node<'a, 'd>> {
    node.children().find(|child| child.has_tag_name(name))
}

/// The children of that name, in order.
pub(super) fn children<'a, 'd>(node: Node<'a, 'd>, name: &'static str) -> impl Iterator<Item = Node<'a, 'd>> {
    node.children().filter(move |child| child.has_tag_name(name))
}

/// All the text in an element.
pub(super) fn text(node: Node<'_, '_>) -> String {
    node.descendants().filter(Node::is_text).filter_map(|text| text.text()).collect()
}

/// What an element holds, as HTML; `skip` says which elements are left out.
pub(super) fn html(node: Node<'_, '_>, skip: &dyn Fn(Node<'_, '_>) -> bool) -> String {
    let mut out = String::new();
    for child in node.children() {
        write(child, skip, &mut out);
    }
    out
}

fn write(node: Node<'_, '_>, skip: &dyn Fn(Node<'_, '_>) -> bool, out: &mut String) {
    if node.is_text() {
        let text = node.text().unwrap_or_default();
        out.push_str(&text.replace('&', "&amp;").replace('<', "&lt;"));
    } else if node.is_element() && !skip(node) {
        let name = node.tag_name().name();
        out.push('<');
        out.push_str(name);
        for attribute in node.attributes() {
            let value = attribute.value().replace('&', "&amp;").replace('"', "&quot;");
            push!(*out, " {}=\"{value}\"", attribute.name());
        }
        out.push('>');
        if matches!(name, "br" | "img" | "hr" | "input" | "embed" | "source" | "track" | "col") {
            return;
        }
        for child in node.children() {
            write(child, skip, out);
        }
        push!(*out, "</{name}>");
    }
}
