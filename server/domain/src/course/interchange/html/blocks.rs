//! Blocks: paragraphs, headings, lists, tables, and what our own pages have besides.

use super::inline::Inline;
use super::tree::{Element, Node};
use super::{Writer, as_element, dropped, holds_block, is_block, literal, words};

impl Writer<'_> {
    /// The blocks of some nodes, in order.
    pub(super) fn blocks(&mut self, nodes: &[Node]) -> Vec<String> {
        let mut out = Vec::new();
        let mut inline = Inline::default();
        let mut lists = 0;
        for node in nodes {
            match node {
                Node::Element(element) if is_block(&element.name) || holds_block(element) => {
                    let line = std::mem::take(&mut inline).finish();
                    out.extend(Some(line).filter(|line| !line.is_empty()));
                    if !matches!(element.name.as_str(), "ul" | "ol") {
                        lists = 0;
                    }
                    self.block(element, lists % 2 == 1, &mut out);
                    lists += 1;
                }
                node => {
                    lists = if matches!(node, Node::Text(text) if text.trim().is_empty()) { lists } else { 0 };
                    self.inline(node, &mut inline);
                }
            }
        }
        out.extend(Some(inline.finish()).filter(|line| !line.is_empty()));
        out
    }

    fn block(&mut self, element: &Element, beside: bool, out: &mut Vec<String>) {
        if let Some(why) = dropped(&element.name) {
            self.notes.say(why);
            if element.name != "form" {
                return;
            }
        }
        match element.name.as_str() {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.heading(element, out),
            "ul" | "menu" => self.list(element, None, if beside { "*" } else { "-" }, out),
            "ol" => {
                let start = element.attribute("start").and_then(|start| start.parse::<u32>().ok());
                let start = start.filter(|start| *start < 100_000_000).unwrap_or(1);
                self.list(element, Some(start), if beside { ")" } else { "." }, out);
            }
            "dl" => self.definitions(element, out),
            "table" => self.table(element, out),
            "pre" => {
                let text = words(&element.children);
                let text = text.strip_prefix('\n').unwrap_or(&text).trim_end();
                let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
                let fence = "`".repeat(longest.max(2) + 1);
                if !text.trim().is_empty() {
                    out.push(format!("{fence}\n{text}\n{fence}"));
                }
            }
            "hr" => out.push(String::from("---")),
            "blockquote" => {
                let inner = self.within(&element.children);
                if !inner.is_empty() {
                    out.push(indented(&inner.join("\n\n"), "> ", "> "));
                }
            }
            "div" if element.has_class("callout") => self.callout(element, out),
            "details" if element.has_class("case") || element.has_class("choice") => self.case(element, out),
            "aside" if element.has_class("footnotes") => self.footnotes(element, out),
            "summary" => {
                let line = self.flat(&element.children);
                if !line.is_empty() {
                    out.push(format!("**{line}**"));
                }
            }
            _ => out.extend(self.blocks(&element.children)),
        }
    }

    /// Blocks where no heading stands.
    fn within(&mut self, nodes: &[Node]) -> Vec<String> {
        let before = std::mem::replace(&mut self.nested, true);
        let blocks = self.blocks(nodes);
        self.nested = before;
        blocks
    }

    /// All of it as one paragraph.
    pub(super) fn flat(&mut self, nodes: &[Node]) -> String {
        let mut inline = Inline::default();
        self.flatten(nodes, &mut inline);
        inline.finish().replace("\\\n", " ")
    }

    fn flatten(&mut self, nodes: &[Node], inline: &mut Inline) {
        for node in nodes {
            match node {
                Node::Element(element) if is_block(&element.name) || holds_block(element) => {
                    if let Some(why) = dropped(&element.name) {
                        self.notes.say(why);
                    }
                    inline.text(" ");
                    self.flatten(&element.children, inline);
                    inline.text(" ");
                }
                node => self.inline(node, inline),
            }
        }
    }

    fn heading(&mut self, element: &Element, out: &mut Vec<String>) {
        let line = self.flat(&element.children);
        if line.is_empty() {
            return;
        }
        if self.nested {
            out.push(if line.contains("**") { line } else { format!("**{line}**") });
            return;
        }
        let asked = element.name.get(1..).and_then(|level| level.parse::<usize>().ok()).unwrap_or(3);
        self.level = asked.clamp(self.first, (self.level + 1).min(4));
        // braces at the end of a heading would be an anchor
        out.push(format!("{} {}", "#".repeat(self.level), line.replace('{', "(").replace('}', ")")));
    }

    fn list(&mut self, element: &Element, start: Option<u32>, mark: &str, out: &mut Vec<String>) {
        let mut items = Vec::new();
        let mut number = start.unwrap_or(0);
        for node in &element.children {
            let inner = match node {
                Node::Element(item) if item.name == "li" => self.within(&item.children),
                node => self.within(std::slice::from_ref(node)),
            };
            if inner.is_empty() {
                continue;
            }
            let mark = if start.is_some() { format!("{number}{mark} ") } else { format!("{mark} ") };
            number += 1;
            let tight = matches!(inner.as_slice(), [_] | [_, _]) && inner.get(1).is_none_or(|next| is_list(next));
            let text = inner.join(if tight { "\n" } else { "\n\n" });
            items.push(indented(&text, &mark, &" ".repeat(mark.len())));
        }
        if !items.is_empty() {
            out.push(items.join("\n"));
        }
    }

    fn definitions(&mut self, element: &Element, out: &mut Vec<String>) {
        let mut text = String::new();
        let mut term = false;
        for item in element.children.iter().filter_map(as_element) {
            let line = self.flat(&item.children);
            match item.name.as_str() {
                _ if line.is_empty() => {}
                "dt" => {
                    text.push_str(if text.is_empty() || term { "" } else { "\n" });
                    push!(text, "{line}\n");
                    term = true;
                }
                "dd" if term || text.contains("\n: ") => {
                    push!(text, ": {line}\n");
                    term = false;
                }
                _ => out.push(line),
            }
        }
        if text.contains("\n: ") && !term {
            out.push(text.trim_end().to_owned());
        } else {
            out.extend(text.lines().map(str::to_owned));
        }
    }

    fn callout(&mut self, element: &Element, out: &mut Vec<String>) {
        let kind = ["note", "tip", "important", "warning", "caution"]
            .into_iter()
            .find(|kind| element.has_class(&format!("callout-{kind}")))
            .unwrap_or("note");
        let titled = |node: &&Node| !as_element(node).is_some_and(|element| element.has_class("callout-title"));
        let inner: Vec<Node> = element.children.iter().filter(titled).cloned().collect();
        let inner = self.within(&inner);
        if !inner.is_empty() {
            let text = indented(&inner.join("\n\n"), "> ", "> ");
            out.push(format!("> [!{}]\n{text}", kind.to_uppercase()));
        }
    }

    /// What the reader opens to read on: `:::cas`, and `:::choix` in it.
    fn case(&mut self, element: &Element, out: &mut Vec<String>) {
        let is_summary = |node: &&Node| as_element(node).is_some_and(|element| element.name == "summary");
        let title = element.children.iter().find(is_summary).and_then(as_element);
        let title = title.map(|title| plain_words(&title.children)).unwrap_or_default();
        let inner: Vec<Node> = element.children.iter().filter(|node| !is_summary(node)).cloned().collect();
        let inner = self.blocks(&inner);
        if self.nested || title.is_empty() {
            out.extend(Some(title).filter(|title| !title.is_empty()).map(|title| format!("**{}**", literal(&title))));
            out.extend(inner);
            return;
        }
        let name = if element.has_class("choice") { "choix" } else { "cas" };
        out.push(format!(":::{name} {title}"));
        out.extend(inner);
        out.push(String::from(":::"));
    }

    fn footnotes(&mut self, element: &Element, out: &mut Vec<String>) {
        let list = element.children.iter().filter_map(as_element).find(|element| element.name == "ol");
        let items = list.into_iter().flat_map(|list| list.children.iter().filter_map(as_element));
        for (number, item) in (1..).zip(items) {
            let back = |node: &&Node| !as_element(node).is_some_and(|element| element.has_class("footnote-back"));
            let inner: Vec<Node> = item.children.iter().filter(back).cloned().collect();
            let inner = self.within(&inner).join("\n\n");
            out.push(indented(&inner, &format!("[^{number}]: "), "    "));
        }
    }

    fn table(&mut self, element: &Element, out: &mut Vec<String>) {
        let mut table = Table::default();
        self.rows(element, &mut table, out);
        let Table { rows, marks, headed } = table;
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        if columns < 2 {
            out.extend(rows.into_iter().flatten().filter(|cell| !cell.is_empty()));
            return;
        }
        if !headed {
            self.notes.say("un tableau n’avait pas d’en-têtes : sa première ligne en tient lieu, vérifiez-la");
        }
        let mut text = String::new();
        for (place, mut row) in rows.into_iter().enumerate() {
            row.resize(columns, String::new());
            push!(text, "| {} |\n", row.join(" | "));
            if place == 0 {
                let marks = marks.iter().copied().chain(std::iter::repeat("---")).take(columns);
                push!(text, "|{}|\n", marks.collect::<Vec<_>>().join("|"));
            }
        }
        out.push(text.trim_end().to_owned());
    }

    fn rows(&mut self, element: &Element, table: &mut Table, out: &mut Vec<String>) {
        for child in element.children.iter().filter_map(as_element) {
            match child.name.as_str() {
                "tr" => {
                    let cells = child.children.iter().filter_map(as_element);
                    let mut row = Vec::new();
                    for cell in cells.filter(|cell| matches!(cell.name.as_str(), "td" | "th")) {
                        if table.rows.is_empty() {
                            table.headed |= cell.name == "th";
                            table.marks.push(alignment(cell));
                        }
                        if ["rowspan", "colspan"].iter().any(|span| cell.attribute(span).is_some_and(|n| n != "1")) {
                            self.notes.say("des cellules d’un tableau étaient fusionnées : elles ne le sont plus");
                        }
                        // in a table, a bar that is not escaped ends the cell, even in code
                        row.push(self.flat(&cell.children).replace("\\|", "|").replace('|', "\\|"));
                    }
                    table.rows.extend(Some(row).filter(|row| !row.is_empty()));
                }
                "caption" => out.extend(Some(self.flat(&child.children)).filter(|line| !line.is_empty())),
                _ => self.rows(child, table, out),
            }
        }
    }
}

/// A table being read.
#[derive(Default)]
struct Table {
    rows: Vec<Vec<String>>,
    /// How each column is aligned.
    marks: Vec<&'static str>,
    headed: bool,
}

/// How Markdown says the alignment of a cell.
fn alignment(cell: &Element) -> &'static str {
    let said = |side: &str| {
        let style = cell.attribute("style").unwrap_or_default().replace(' ', "");
        cell.has_class(&format!("align-{side}"))
            || cell.attribute("align") == Some(side)
            || style.contains(&format!("text-align:{side}"))
    };
    match (said("center"), said("right")) {
        (true, _) => ":-:",
        (_, true) => "--:",
        _ => "---",
    }
}

fn is_list(block: &str) -> bool {
    block.starts_with("- ") || block.starts_with("* ") || block.starts_with(|c: char| c.is_ascii_digit())
}

fn plain_words(nodes: &[Node]) -> String {
    super::squeezed(&words(nodes))
}

/// The lines of a block, the first after a mark and the others under it.
fn indented(text: &str, first: &str, others: &str) -> String {
    let lines = text.lines().enumerate().map(|(place, line)| {
        let mark = if place == 0 { first } else { others };
        if line.is_empty() { mark.trim_end().to_owned() } else { format!("{mark}{line}") }
    });
    lines.collect::<Vec<_>>().join("\n")
}
