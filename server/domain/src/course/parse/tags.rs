//! What each element of Markdown is in HTML, and which are refused.

use super::markdown::Renderer;
use pulldown_cmark::{Alignment, BlockQuoteKind, Event, HeadingLevel, LinkType, Tag, TagEnd};
use std::ops::Range;

const NO_HTML: &str = "le HTML n’est pas accepté : écrivez-le en Markdown (pour un signe < seul, écrivez &lt;)";

impl Renderer<'_, '_> {
    /// Writes what an event is in HTML.
    pub(super) fn event(&mut self, event: &Event<'_>, range: &Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.finish_tag(*tag, range),
            Event::Text(text) => {
                self.check_text(text, range.start);
                self.words(text);
            }
            Event::Code(text) => {
                self.push("<code>");
                self.words(text);
                self.push("</code>");
            }
            Event::SoftBreak => self.words("\n"),
            Event::HardBreak => {
                self.push("<br>");
                self.words("\n");
            }
            Event::Rule => self.push("<hr>\n"),
            Event::FootnoteReference(name) => {
                if self.section.is_none() {
                    self.say(range.start, "pas de note de bas de page ici : mettez-la dans le texte");
                } else {
                    let html = self.notes.refer(name);
                    self.push(&html);
                }
            }
            Event::InlineHtml(_) => self.say(range.start, NO_HTML),
            Event::Html(_) | Event::InlineMath(_) | Event::DisplayMath(_) | Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>, range: &Range<usize>) {
        match tag {
            Tag::Paragraph => self.begin_tag("<p"),
            Tag::Heading { level, id, classes, attrs } => {
                if id.is_some() || !classes.is_empty() || !attrs.is_empty() {
                    self.say(range.start, "seuls les titres de section (##) ont une ancre : retirez {…} de ce titre");
                }
                self.check_level(*level, range.start);
                self.begin_tag(if *level == HeadingLevel::H3 { "<h3" } else { "<h4" });
            }
            Tag::BlockQuote(kind) => {
                let Some((class, title)) = kind.map(callout) else { return self.push("<blockquote>\n") };
                self.push(&format!(
                    "<div class=\"callout callout-{class}\" role=\"note\"><p class=\"callout-title\">{title}</p>\n"
                ));
            }
            Tag::CodeBlock(_) => {
                self.begin_tag("<pre");
                self.push("<code>");
            }
            Tag::List(Some(1)) => self.push("<ol>\n"),
            Tag::List(Some(first)) => self.push(&format!("<ol start=\"{first}\">\n")),
            Tag::List(None) => self.push("<ul>\n"),
            Tag::Item => self.begin_tag("<li"),
            Tag::FootnoteDefinition(name) => {
                let html = std::mem::take(&mut self.html);
                self.notes.define(name, html, range.start);
            }
            Tag::DefinitionList => self.push("<dl>\n"),
            Tag::DefinitionListTitle => self.begin_tag("<dt"),
            Tag::DefinitionListDefinition => self.begin_tag("<dd"),
            Tag::Table(alignments) => {
                self.alignments.clone_from(alignments);
                self.push("<div class=\"table-scroll\" role=\"group\" aria-label=\"Tableau\" tabindex=\"0\"><table>\n");
            }
            Tag::TableHead | Tag::TableRow => {
                self.head = matches!(tag, Tag::TableHead);
                self.column = 0;
                self.push(if self.head { "<thead>" } else { "" });
                self.begin_tag("<tr");
            }
            Tag::TableCell => {
                let class = match self.alignments.get(self.column) {
                    Some(Alignment::Center) => " class=\"align-center\"",
                    Some(Alignment::Right) => " class=\"align-right\"",
                    _ => "",
                };
                if self.column > 0 {
                    self.note_words(" · ");
                }
                self.column += 1;
                let cell = if self.head { "<th scope=\"col\"" } else { "<td" };
                self.push(&format!("{cell}{class}>"));
            }
            Tag::Emphasis => self.push("<em>"),
            Tag::Strong => self.push("<strong>"),
            Tag::Link { link_type, dest_url, title, .. } => {
                if !title.is_empty() {
                    self.say(range.start, "un lien n’a pas de titre : dites-le dans le texte du lien");
                }
                let mailto = if *link_type == LinkType::Email { "mailto:" } else { "" };
                let line = self.line(range.start);
                let attributes = self.place.link(&format!("{mailto}{dest_url}"), line, self.report);
                self.push(&format!("<a {attributes}>"));
            }
            Tag::HtmlBlock => self.say(range.start, NO_HTML),
            Tag::Image { .. } | Tag::MetadataBlock(_) | Tag::Strikethrough | Tag::Superscript | Tag::Subscript => {}
        }
    }

    fn finish_tag(&mut self, tag: TagEnd, range: &Range<usize>) {
        match tag {
            TagEnd::Paragraph => self.end("</p>\n"),
            TagEnd::Heading(level) => self.end(if level == HeadingLevel::H3 { "</h3>\n" } else { "</h4>\n" }),
            TagEnd::BlockQuote(None) => self.push("</blockquote>\n"),
            TagEnd::BlockQuote(Some(_)) => self.push("</div>\n"),
            TagEnd::CodeBlock => self.end("</code></pre>\n"),
            TagEnd::List(ordered) => self.push(if ordered { "</ol>\n" } else { "</ul>\n" }),
            TagEnd::Item => self.end("</li>\n"),
            TagEnd::FootnoteDefinition => self.html = self.notes.defined(std::mem::take(&mut self.html)),
            TagEnd::DefinitionList => self.push("</dl>\n"),
            TagEnd::DefinitionListTitle => self.end("</dt>\n"),
            TagEnd::DefinitionListDefinition => self.end("</dd>\n"),
            TagEnd::Table => self.push("</tbody></table></div>\n"),
            TagEnd::TableHead => self.end("</tr></thead><tbody>\n"),
            TagEnd::TableRow => self.end("</tr>\n"),
            TagEnd::TableCell => self.push(if self.head { "</th>" } else { "</td>" }),
            TagEnd::Emphasis => self.push("</em>"),
            TagEnd::Strong => self.push("</strong>"),
            TagEnd::Link => {
                if self.html.ends_with('>')
                    && self
                        .html
                        .rfind('<')
                        .is_some_and(|tag| self.html.get(tag..).is_some_and(|tag| tag.starts_with("<a ")))
                {
                    self.say(range.start, "ce lien n’a pas de texte : dites où il mène");
                }
                self.push("</a>");
            }
            TagEnd::Image
            | TagEnd::HtmlBlock
            | TagEnd::MetadataBlock(_)
            | TagEnd::Strikethrough
            | TagEnd::Superscript
            | TagEnd::Subscript => {}
        }
    }

    fn check_level(&mut self, level: HeadingLevel, offset: usize) {
        let level = level as usize;
        let said = match (self.section, level) {
            (_, 1 | 2) => {
                "titre de ce niveau refusé ici : une section commence en début de ligne par ## Titre {#ancre}, un sous-titre par ###"
            }
            (_, 3) => "",
            (_, 4) if self.level >= 3 => "",
            (_, 4) => "ce titre saute un niveau : mettez d’abord un titre ###",
            _ => "les titres s’arrêtent à #### : remontez celui-ci d’un niveau ou deux",
        };
        self.level = level;
        if !said.is_empty() {
            self.say(offset, said);
        }
    }

    /// Reports what looks like a link or a note that was not understood.
    fn check_text(&mut self, text: &str, offset: usize) {
        if text.contains("](") {
            self.say(offset, "lien ou image mal écrits : écrivez [texte](adresse), sans espace dans l’adresse");
        } else if text.starts_with("::") {
            // a definition list may have taken the first colon
            self.say(
                offset,
                "un bloc ::: commence au début de la ligne, hors de toute liste et de toute citation : déplacez-le",
            );
        } else if text.starts_with("[!") {
            self.say(offset, "encadré mal écrit : une ligne > [!NOTE] (ou TIP, IMPORTANT, WARNING, CAUTION) seule, puis le texte sur les lignes > suivantes");
        } else if text.split("[^").skip(1).any(|rest| rest.contains(']')) {
            self.say(
                offset,
                "cette note n’est définie nulle part dans la section : ajoutez une ligne [^nom]: texte de la note",
            );
        }
    }
}

fn callout(kind: BlockQuoteKind) -> (&'static str, &'static str) {
    match kind {
        BlockQuoteKind::Note => ("note", "À noter"),
        BlockQuoteKind::Tip => ("tip", "Astuce"),
        BlockQuoteKind::Important => ("important", "À retenir"),
        BlockQuoteKind::Warning => ("warning", "Attention"),
        BlockQuoteKind::Caution => ("caution", "À ne jamais faire"),
    }
}
