//! HTML as a tree, whatever its writer closed or forgot to close.

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{BufferQueue, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use std::cell::RefCell;

/// Elements in elements: beyond, what is inside is taken as standing beside.
const DEEPEST: usize = 48;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    Text(String),
    Element(Element),
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) children: Vec<Node>,
}

impl Element {
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn has_class(&self, class: &str) -> bool {
        self.attribute("class").is_some_and(|classes| classes.split_whitespace().any(|known| known == class))
    }
}

/// Elements without an end.
const VOID: [&str; 14] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];

/// Reads HTML. Comments, declarations and marks of processing are passed over.
pub(super) fn read(html: &str) -> Vec<Node> {
    let sink = Sink(RefCell::new(vec![Element::default()]));
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from(html));
    let _ = tokenizer.feed(&queue);
    tokenizer.end();
    let mut open = tokenizer.sink.0.into_inner();
    while open.len() > 1 {
        close(&mut open);
    }
    open.pop().map(|root| root.children).unwrap_or_default()
}

/// The elements that are open, the root first.
struct Sink(RefCell<Vec<Element>>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        let mut open = self.0.borrow_mut();
        match token {
            Token::CharacterTokens(text) => push(&mut open, Node::Text(text.to_string())),
            Token::TagToken(tag) => {
                let name = tag.name.to_string();
                if tag.kind == TagKind::EndTag {
                    end(&mut open, &name);
                    return TokenSinkResult::Continue;
                }
                imply_ends(&mut open, &name);
                let attributes = tag.attrs.iter().map(|a| (a.name.local.to_string(), a.value.to_string())).collect();
                let void = VOID.contains(&name.as_str());
                let raw = match name.as_str() {
                    "script" => Some(RawKind::ScriptData),
                    "style" | "iframe" | "noembed" | "noframes" => Some(RawKind::Rawtext),
                    "textarea" | "title" => Some(RawKind::Rcdata),
                    _ => None,
                };
                let element = Element { name, attributes, children: Vec::new() };
                if void || tag.self_closing {
                    push(&mut open, Node::Element(element));
                } else {
                    if open.len() >= DEEPEST {
                        close(&mut open);
                    }
                    open.push(element);
                    if let Some(kind) = raw {
                        return TokenSinkResult::RawData(kind);
                    }
                }
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

fn push(open: &mut [Element], node: Node) {
    if let Some(last) = open.last_mut() {
        match (last.children.last_mut(), node) {
            (Some(Node::Text(before)), Node::Text(text)) => before.push_str(&text),
            (_, node) => last.children.push(node),
        }
    }
}

/// Ends the innermost element.
fn close(open: &mut Vec<Element>) {
    if open.len() > 1
        && let Some(element) = open.pop()
    {
        push(open, Node::Element(element));
    }
}

/// Ends the innermost element of that name and all that is in it; without one, nothing.
fn end(open: &mut Vec<Element>, name: &str) {
    if let Some(at) = open.iter().skip(1).rposition(|element| element.name == name) {
        while open.len() > at + 1 {
            close(open);
        }
    }
}

/// Ends what a start tag ends by itself: a paragraph before a block, a cell before the next.
fn imply_ends(open: &mut Vec<Element>, name: &str) {
    let (ended, within): (&[&str], &[&str]) = match name {
        "li" => (&["li"], &["ul", "ol", "menu"]),
        "dt" | "dd" => (&["dt", "dd"], &["dl"]),
        "td" | "th" => (&["td", "th"], &["tr", "table"]),
        "tr" => (&["tr"], &["table"]),
        "thead" | "tbody" | "tfoot" => (&["thead", "tbody", "tfoot"], &["table"]),
        "option" => (&["option"], &["select"]),
        name if super::is_block(name) => (&["p"], &["td", "th", "li", "dd", "div", "section", "table", "blockquote"]),
        _ => return,
    };
    let found = open
        .iter()
        .skip(1)
        .rposition(|element| ended.contains(&element.name.as_str()) || within.contains(&element.name.as_str()));
    if let Some(at) = found
        && open.get(at + 1).is_some_and(|element| ended.contains(&element.name.as_str()))
    {
        while open.len() > at + 1 {
            close(open);
        }
    }
}
