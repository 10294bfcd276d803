//! What a reader aloud needs of a document, read from the bytes of it: what of the Matterhorn Protocol 1.1 a machine can
//! tell, by another library than the one that writes.

use lopdf::content::Content;
use lopdf::{Dictionary, Document, Object};

/// A document, opened.
pub(super) struct Opened(Document);

/// An element of the structure.
#[derive(Debug, Default)]
pub(super) struct Element {
    pub(super) tag: String,
    pub(super) alt: Option<String>,
    /// The scope of a heading of a table.
    pub(super) scope: Option<String>,
    pub(super) children: Vec<Element>,
    /// What it holds of the pages, and the links that lead somewhere.
    pub(super) marks: usize,
    pub(super) links: usize,
}

impl Element {
    /// Itself and all that is in it, in reading order.
    pub(super) fn all(&self) -> Vec<&Element> {
        std::iter::once(self).chain(self.children.iter().flat_map(Element::all)).collect()
    }
}

impl Opened {
    pub(super) fn read(bytes: &[u8]) -> Self {
        Self(Document::load_mem(bytes).unwrap())
    }

    fn follow<'d>(&'d self, object: &'d Object) -> &'d Object {
        self.0.dereference(object).unwrap().1
    }

    fn get<'d>(&'d self, dictionary: &'d Dictionary, key: &str) -> Option<&'d Object> {
        dictionary.get(key.as_bytes()).ok().map(|object| self.follow(object))
    }

    fn within<'d>(&'d self, dictionary: &'d Dictionary, key: &str) -> &'d Dictionary {
        self.get(dictionary, key).unwrap_or_else(|| panic!("no {key}")).as_dict().unwrap()
    }

    fn text(&self, dictionary: &Dictionary, key: &str) -> Option<String> {
        self.get(dictionary, key).map(|object| lopdf::decode_text_string(object).unwrap())
    }

    fn name(&self, dictionary: &Dictionary, key: &str) -> Option<String> {
        let name = self.get(dictionary, key)?.as_name().unwrap();
        Some(String::from_utf8(name.to_vec()).unwrap())
    }

    fn list<'d>(&'d self, object: &'d Object) -> Vec<&'d Object> {
        match object {
            Object::Array(all) => all.iter().map(|object| self.follow(object)).collect(),
            one => vec![one],
        }
    }

    fn catalog(&self) -> &Dictionary {
        self.0.catalog().unwrap()
    }

    fn pages(&self) -> Vec<&Dictionary> {
        self.0.get_pages().values().map(|id| self.0.get_dictionary(*id).unwrap()).collect()
    }

    pub(super) fn page_count(&self) -> usize {
        self.pages().len()
    }

    /// What is said of the whole document: its language, that it is tagged, that its title is shown (11-006, 06-002,
    /// 07-001, 07-002), and what it claims to be.
    pub(super) fn assert_declared(&self, title: &str) {
        let catalog = self.catalog();
        assert_eq!(self.text(catalog, "Lang").as_deref(), Some("fr-FR"));
        assert!(self.get(self.within(catalog, "MarkInfo"), "Marked").unwrap().as_bool().unwrap());
        assert!(self.get(self.within(catalog, "ViewerPreferences"), "DisplayDocTitle").unwrap().as_bool().unwrap());
        let metadata = self.get(catalog, "Metadata").unwrap().as_stream().unwrap();
        let said = metadata.decompressed_content().unwrap_or_else(|_| metadata.content.clone());
        let said = String::from_utf8(said).unwrap();
        assert!(said.contains("pdfuaid") && said.contains(title), "{said}");
    }

    /// The elements below the root of the structure.
    pub(super) fn structure(&self) -> Element {
        let root = self.within(self.catalog(), "StructTreeRoot");
        let mut whole = Element::default();
        self.fill(&mut whole, self.get(root, "K").unwrap());
        whole
    }

    fn fill(&self, parent: &mut Element, kids: &Object) {
        for kid in self.list(kids) {
            let Ok(kid) = kid.as_dict() else {
                parent.marks += 1;
                continue;
            };
            match self.name(kid, "Type").as_deref() {
                Some("MCR") => parent.marks += 1,
                Some("OBJR") => parent.links += 1,
                _ => {
                    let scope = self.get(kid, "A").and_then(|attributes| {
                        let attributes = self.list(attributes);
                        attributes.iter().find_map(|attribute| self.name(attribute.as_dict().ok()?, "Scope"))
                    });
                    let tag = self.name(kid, "S").unwrap();
                    let mut element = Element { tag, alt: self.text(kid, "Alt"), scope, ..Element::default() };
                    if let Some(kids) = self.get(kid, "K") {
                        self.fill(&mut element, kids);
                    }
                    parent.children.push(element);
                }
            }
        }
    }

    /// Whatever is painted is in a tag, or says of itself that it says nothing (01-005).
    pub(super) fn assert_all_marked(&self) {
        for id in self.0.get_pages().values() {
            let mut depth = 0;
            for operation in Content::decode(&self.0.get_page_content(*id)).unwrap().operations {
                match operation.operator.as_str() {
                    "BDC" | "BMC" => depth += 1,
                    "EMC" => depth -= 1,
                    "Tj" | "TJ" | "'" | "\"" | "f" | "f*" | "F" | "S" | "s" | "B" | "B*" | "b" | "b*" | "Do" | "sh" => {
                        assert_eq!(depth, 1, "{operation:?}");
                    }
                    _ => {}
                }
            }
            assert_eq!(depth, 0);
        }
    }

    /// Every font is in the file, and says which letters it draws (31-009, 31-027).
    pub(super) fn assert_fonts_embedded(&self) {
        let mut fonts = 0;
        for page in self.pages() {
            let resources = self.within(page, "Resources");
            for (_, font) in self.within(resources, "Font") {
                let font = self.follow(font).as_dict().unwrap();
                assert!(self.get(font, "ToUnicode").is_some(), "{font:?}");
                let descendants = self.list(self.get(font, "DescendantFonts").unwrap());
                for descendant in descendants {
                    let descriptor = self.within(descendant.as_dict().unwrap(), "FontDescriptor");
                    let file = ["FontFile2", "FontFile3"].iter().find(|name| self.get(descriptor, name).is_some());
                    assert!(file.is_some(), "{descriptor:?}");
                    fonts += 1;
                }
            }
        }
        assert!(fonts > 0);
    }

    /// Links are met in the order of the structure, and say where they lead (28-004, 28-008, 28-011).
    pub(super) fn assert_links_told(&self) {
        let mut links = 0;
        for page in self.pages() {
            let Some(annotations) = self.get(page, "Annots") else { continue };
            assert_eq!(self.name(page, "Tabs").as_deref(), Some("S"));
            for annotation in self.list(annotations) {
                let annotation = annotation.as_dict().unwrap();
                assert!(self.text(annotation, "Contents").is_some_and(|said| !said.is_empty()));
                assert!(self.get(annotation, "StructParent").is_some());
                links += 1;
            }
        }
        assert_eq!(links, 1);
    }
}
