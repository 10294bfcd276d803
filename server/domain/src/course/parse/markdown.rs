//! Markdown made into HTML: `CommonMark`, tables, footnotes, definition lists and call-outs.
//!
//! Written by hand over the events of pulldown-cmark, because each passage has an anchor, and
//! everything that is not in the format is a problem with its line.

use super::clean::clean;
use super::notes::Notes;
use super::outline::{Cut, Insert, marked, marker};
use super::report::Report;
use super::world::Place;
use crate::course::{Block, Media, Passage};
use crate::text::escaped;
use pulldown_cmark::{Alignment, Event, Options, Parser, Tag, TagEnd, TextMergeWithOffset};
use std::ops::Range;

const OPTIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_DEFINITION_LIST)
    .union(Options::ENABLE_HEADING_ATTRIBUTES)
    .union(Options::ENABLE_GFM);

/// Lists in lists in quotes: no reader follows further.
const DEEPEST: usize = 24;

/// A section made into blocks; its media have been read before.
pub(super) fn section(
    place: &Place<'_>,
    cut: &Cut,
    media: Vec<Option<Media>>,
    report: &mut Report,
) -> (Vec<Block>, Vec<Passage>) {
    let slug = cut.slug.as_ref().map_or("section", |slug| slug.as_str());
    let mut renderer = Renderer::new(place, report, Some(slug), &cut.text, Lines::Mapped(&cut.lines, cut.line));
    renderer.inserts = cut.inserts.iter().zip(media).map(Some).collect();
    renderer.run(&cut.text);
    if let Some(index) = renderer.inserts.iter().position(Option::is_some) {
        let offset = cut.text.find(&marker(index)).unwrap_or_default();
        renderer.say(offset, "un bloc ::: de cette section est mal placé : laissez une ligne vide avant et après, hors de tout tableau et de toute citation");
    }
    renderer.finish()
}

/// A text shown on its own (a question, a feedback, a transcript): its HTML and its plain text.
pub(super) fn fragment(place: &Place<'_>, text: &str, line: u32, report: &mut Report) -> (String, String) {
    let mut renderer = Renderer::new(place, report, None, text, Lines::From(line));
    renderer.run(text);
    let (blocks, passages) = renderer.finish();
    let html = blocks.into_iter().map(|block| match block {
        Block::Prose { html } => html,
        Block::Media(_) => String::new(),
    });
    let plain: Vec<String> = passages.into_iter().map(|passage| passage.text).collect();
    (html.collect(), plain.join("\n"))
}

/// A text of one paragraph, without `<p>`, fit for a label: its HTML and its plain text.
pub(super) fn inline(place: &Place<'_>, text: &str, line: u32, report: &mut Report) -> (String, String) {
    let (html, plain) = fragment(place, text, line, report);
    let inner =
        html.trim().strip_prefix("<p>").and_then(|html| html.strip_suffix("</p>")).filter(|html| !html.contains("<p>"));
    if inner.is_none() && !text.trim().is_empty() {
        place.say(line, "ce texte tient en un seul paragraphe, sans liste, titre ni tableau : simplifiez-le", report);
    }
    (inner.unwrap_or_default().to_owned(), plain)
}

/// From a line of the Markdown to a line of the file.
pub(super) enum Lines<'r> {
    From(u32),
    Mapped(&'r [u32], u32),
}

pub(super) struct Renderer<'r, 'w> {
    pub(super) place: &'r Place<'w>,
    pub(super) report: &'r mut Report,
    pub(super) lines: Lines<'r>,
    /// Where the lines of the Markdown end.
    pub(super) ends: Vec<usize>,
    /// Slug of the section; none: no anchors.
    pub(super) section: Option<&'r str>,
    /// Anchors given to passages, and to media.
    pub(super) anchors: u32,
    pub(super) media: u32,
    pub(super) inserts: Vec<Option<(&'r Insert, Option<Media>)>>,
    pub(super) html: String,
    pub(super) blocks: Vec<Block>,
    pub(super) passages: Vec<Passage>,
    /// The passages we are in, by index.
    pub(super) open: Vec<usize>,
    pub(super) notes: Notes,
    pub(super) level: usize,
    pub(super) alignments: Vec<Alignment>,
    pub(super) column: usize,
    pub(super) head: bool,
}

impl<'r, 'w> Renderer<'r, 'w> {
    fn new(
        place: &'r Place<'w>,
        report: &'r mut Report,
        section: Option<&'r str>,
        text: &'r str,
        lines: Lines<'r>,
    ) -> Self {
        Self {
            place,
            report,
            lines,
            ends: text.match_indices('\n').map(|(end, _)| end).collect(),
            section,
            anchors: 0,
            media: 0,
            inserts: Vec::new(),
            html: String::new(),
            blocks: Vec::new(),
            passages: Vec::new(),
            open: Vec::new(),
            notes: Notes::new(section.unwrap_or_default()),
            level: 2,
            alignments: Vec::new(),
            column: 0,
            head: false,
        }
    }

    pub(super) fn line(&self, offset: usize) -> u32 {
        let index = self.ends.partition_point(|end| *end < offset);
        match self.lines {
            Lines::From(first) => first.saturating_add(u32::try_from(index).unwrap_or(u32::MAX)),
            Lines::Mapped(lines, heading) => lines.get(index).or(lines.last()).copied().unwrap_or(heading),
        }
    }

    pub(super) fn say(&mut self, offset: usize, said: &str) {
        let line = self.line(offset);
        self.place.say(line, said, self.report);
    }

    fn run(&mut self, text: &'r str) {
        let events: Vec<(Event<'r>, Range<usize>)> =
            TextMergeWithOffset::new(Parser::new_ext(text, OPTIONS).into_offset_iter()).collect();
        let mut depth = 0usize;
        let mut at = 0;
        while let Some((event, range)) = events.get(at) {
            match event {
                Event::Start(_) => depth += 1,
                Event::End(_) => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth > DEEPEST {
                self.say(range.start, "trop d’éléments les uns dans les autres : simplifiez la mise en page");
                return;
            }
            let rest = events.get(at..).unwrap_or_default();
            let taken = self.insert(rest, depth).or_else(|| self.image(rest));
            if let Some(taken) = taken {
                depth -= 1; // what is taken whole starts here and is balanced
                at += taken;
            } else {
                self.event(event, range);
                at += 1;
            }
        }
    }

    /// A paragraph that stands for a `:::` line.
    fn insert(&mut self, rest: &[(Event<'_>, Range<usize>)], depth: usize) -> Option<usize> {
        let [(Event::Start(Tag::Paragraph), _), (Event::Text(text), _), (Event::End(_), _), ..] = rest else {
            return None;
        };
        let (insert, media) = self.inserts.get_mut(marked(text).filter(|_| depth == 1)?)?.take()?;
        match insert {
            Insert::Open { title } => self.open_details("case", title),
            Insert::OpenChoice { title } => self.open_details("choice", title),
            Insert::Close | Insert::CloseChoice => self.push("</details>\n"),
            Insert::Media { .. } => {
                if let (Some(mut media), Some(section)) = (media, self.section) {
                    self.flush();
                    self.media += 1;
                    media.anchor = format!("p-{section}-m{}", self.media);
                    let said: Vec<&str> = media.cues.iter().map(|cue| cue.text.as_str()).collect();
                    let text = format!("{}\n{}", media.title, said.join("\n"));
                    self.passages.push(Passage { anchor: media.anchor.clone(), text });
                    self.blocks.push(Block::Media(media));
                }
            }
        }
        Some(3)
    }

    /// What the reader opens to read on.
    fn open_details(&mut self, class: &str, title: &str) {
        self.push(&format!("<details class=\"{class}\">"));
        self.begin_tag("<summary");
        self.words(title);
        self.end("</summary>\n");
    }

    /// An image, with the paragraph that holds only it.
    fn image(&mut self, rest: &[(Event<'_>, Range<usize>)]) -> Option<usize> {
        let alone = matches!(rest, [(Event::Start(Tag::Paragraph), _), (Event::Start(Tag::Image { .. }), _), ..]);
        let image = rest.get(usize::from(alone)..)?;
        let (Event::Start(Tag::Image { dest_url, title, .. }), range) = image.first()? else { return None };
        let length = image.iter().position(|(event, _)| matches!(event, Event::End(TagEnd::Image)))? + 1;
        if alone && !matches!(image.get(length)?, (Event::End(TagEnd::Paragraph), _)) {
            return None;
        }
        let alt: String = image
            .iter()
            .take(length)
            .map(|(event, _)| match event {
                Event::Text(text) | Event::Code(text) => text.as_ref(),
                Event::SoftBreak | Event::HardBreak => " ",
                _ => "",
            })
            .collect();
        let line = self.line(range.start);
        let tag = self.place.image(dest_url, &alt, title, line, self.report);
        if alone {
            self.push("<figure class=\"figure\"");
            self.begin();
            self.push(">");
        }
        self.push(&tag);
        self.note_words(&alt);
        if alone {
            self.end("</figure>\n");
        }
        Some(length + 2 * usize::from(alone))
    }

    pub(super) fn push(&mut self, html: &str) {
        self.html.push_str(html);
    }

    /// Text for the reader and for the passage.
    pub(super) fn words(&mut self, text: &str) {
        self.html.push_str(&escaped(text));
        self.note_words(text);
    }

    pub(super) fn note_words(&mut self, text: &str) {
        if let Some(passage) = self.open.last().and_then(|index| self.passages.get_mut(*index)) {
            passage.text.push_str(text);
        }
    }

    /// Opens a tag that holds a passage.
    pub(super) fn begin_tag(&mut self, tag: &str) {
        self.push(tag);
        self.begin();
        self.push(">");
    }

    /// Opens a passage and writes its `id` in the tag that is open.
    fn begin(&mut self) {
        self.anchors += 1;
        let anchor = self.section.map(|section| format!("p-{section}-{}", self.anchors)).unwrap_or_default();
        if !anchor.is_empty() {
            self.push(&format!(" id=\"{anchor}\""));
        }
        self.open.push(self.passages.len());
        self.passages.push(Passage { anchor, text: String::new() });
    }

    pub(super) fn end(&mut self, tag: &str) {
        self.push(tag);
        self.open.pop();
    }

    /// Ends the block of prose.
    fn flush(&mut self) {
        let html = clean(&std::mem::take(&mut self.html));
        if !html.trim().is_empty() {
            self.blocks.push(Block::Prose { html });
        }
    }

    fn finish(mut self) -> (Vec<Block>, Vec<Passage>) {
        for (offset, said) in self.notes.useless() {
            self.say(offset, &said);
        }
        let notes = self.notes.html();
        self.push(&notes);
        self.flush();
        let mut passages = self.passages;
        for passage in &mut passages {
            // the non-breaking spaces of French typography stay
            let words = passage.text.split([' ', '\n', '\t']).filter(|word| !word.is_empty());
            passage.text = words.collect::<Vec<_>>().join(" ");
        }
        passages.retain(|passage| !passage.text.trim().is_empty());
        (self.blocks, passages)
    }
}
