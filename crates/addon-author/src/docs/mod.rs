//! `docs`: the parts of a README that say what the files of the addon say already.
//!
//! ```text
//! Proof ─ sections ─► Sections: the parameters, definitions, images and requirements as Markdown
//! README.md, Sections ─ applied ─► README.md with what stands between its markers made anew
//! ```
//! Only what stands between markers is generated; the rest keeps its bytes, and generating twice changes nothing. The
//! text depends on the addon alone. Lines end as the README's do.

mod definitions;
mod markdown;
mod markers;
mod parameters;
mod requirements;

use crate::images::{self, FoundImage};
use addon_check::Proof;
use addon_render::definition::schema;
use markers::{Places, Region};
use source_vocab::{Diagnostic, Outcome, Severity, SourceFile, Span};

/// A part of a README that can be generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// What the addon needs.
    Requirements,
    /// The parameters of the addon.
    Parameters,
    /// The definitions that it brings.
    Definitions,
    /// The images that it runs.
    Images,
}

impl Section {
    /// All, in the order in which they are inserted.
    pub const ALL: [Self; 4] = [
        Self::Requirements,
        Self::Parameters,
        Self::Definitions,
        Self::Images,
    ];

    /// The word in its markers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Requirements => "requirements",
            Self::Parameters => "parameters",
            Self::Definitions => "definitions",
            Self::Images => "images",
        }
    }

    /// The heading that it is inserted under.
    const fn title(self) -> &'static str {
        match self {
            Self::Requirements => "Requirements",
            Self::Parameters => "Parameters",
            Self::Definitions => "Definitions",
            Self::Images => "Images",
        }
    }

    fn opening(self) -> String {
        format!("<!-- addon-pack:{} -->", self.name())
    }

    fn closing(self) -> String {
        format!("<!-- /addon-pack:{} -->", self.name())
    }
}

/// The generated parts of a README; `None` where the addon has nothing of the kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sections {
    requirements: Option<String>,
    parameters: Option<String>,
    definitions: Option<String>,
    images: Option<String>,
}

impl Sections {
    fn get(&self, section: Section) -> Option<&str> {
        match section {
            Section::Requirements => self.requirements.as_deref(),
            Section::Parameters => self.parameters.as_deref(),
            Section::Definitions => self.definitions.as_deref(),
            Section::Images => self.images.as_deref(),
        }
    }

    /// What stands between the markers.
    fn text(&self, section: Section) -> String {
        let text = self.get(section).unwrap_or(match section {
            Section::Requirements => "It needs nothing but KubeVela.\n",
            Section::Parameters => "The addon has no parameters.\n",
            Section::Definitions => "The addon brings no definitions.\n",
            Section::Images => "The addon names no images.\n",
        });
        format!("\n{text}\n")
    }
}

/// Makes the parts of an addon's README. Where KubeVela makes no schema of its parameters there is no value.
pub fn sections(proof: &Proof<'_>) -> Outcome<Sections> {
    let addon = proof.addon();
    let mut diagnostics = Vec::new();
    let mut sections = Sections {
        requirements: requirements::of_meta(addon.meta()),
        definitions: definitions::of(proof, &mut diagnostics),
        images: list(&images::of_proof(proof)),
        ..Sections::default()
    };
    if let Some(file) = addon.effective_parameter() {
        let parsed = cue_engine::syntax::parse(&file.source);
        let made = if parsed.errors.is_empty() {
            schema::with_comments(proof.session(), parsed.file)
        } else {
            Outcome {
                value: None,
                diagnostics: parsed.errors,
            }
        };
        diagnostics.extend(made.diagnostics);
        let Some(schema) = made.value else {
            return Outcome {
                value: None,
                diagnostics,
            };
        };
        if !definitions::is_empty(&schema) {
            sections.parameters = parameters::of_schema(&schema);
        }
    }
    Outcome {
        value: Some(sections),
        diagnostics,
    }
}

/// The images as a block of code, for scripts that mirror them.
fn list(found: &[FoundImage]) -> Option<String> {
    let mut names: Vec<&str> = found.iter().map(|image| image.text.as_str()).collect();
    names.dedup();
    let is_plain = |name: &&str| !name.chars().any(char::is_control);
    names.retain(is_plain);
    let fence = "`".repeat(
        3.max(
            1 + names
                .iter()
                .flat_map(|name| name.split(|c| c != '`'))
                .map(str::len)
                .max()
                .unwrap_or(0),
        ),
    );
    (!names.is_empty()).then(|| format!("{fence}text\n{}\n{fence}\n", names.join("\n")))
}

/// What is done where a README has no markers for a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// It is told, when there are no markers at all.
    Tell,
    /// They are inserted for every part that the addon has.
    Insert,
}

/// A README as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The whole text.
    pub text: String,
    /// For each part that is not as it should be: a finding at the first line that differs.
    pub drift: Vec<Diagnostic>,
}

/// Makes what stands between the markers of a README anew. Without a value there is something wrong with the markers.
pub fn applied(readme: &SourceFile, sections: &Sections, missing: Missing) -> Outcome<Applied> {
    let mut diagnostics = Vec::new();
    let places = markers::places(readme, &mut diagnostics);
    let is_wrong = diagnostics
        .iter()
        .any(|found| found.severity == Severity::Error);
    if places.regions.is_empty() && missing == Missing::Tell && !is_wrong {
        let opening = Section::Parameters.opening();
        let message = "the README has no markers between which its tables could be written";
        let found = Diagnostic::error("docs/no-markers", message, readme.span().start());
        diagnostics.push(found.help(format!(
            "`addon-pack docs --insert` adds them; by hand: `{opening}` and `{}`, each in a line of its own",
            Section::Parameters.closing()
        )));
    } else if !is_wrong {
        let applied = write(readme, &places, sections, missing);
        return Outcome {
            value: Some(applied),
            diagnostics,
        };
    }
    Outcome {
        value: None,
        diagnostics,
    }
}

fn write(readme: &SourceFile, places: &Places, sections: &Sections, missing: Missing) -> Applied {
    let old = readme.text();
    let is_crlf = old
        .split_once('\n')
        .is_some_and(|(first, _)| first.ends_with('\r'));
    let ended = |text: String| {
        if is_crlf {
            text.replace('\n', "\r\n")
        } else {
            text
        }
    };
    // replacements by their places, then what is appended
    let mut edits: Vec<(usize, usize, String)> = Vec::new();
    let mut drift = Vec::new();
    for region in &places.regions {
        let text = ended(sections.text(region.section));
        let present = old.get(region.from..region.to).unwrap_or_default();
        if present != text {
            drift.push(told(readme, region, present, &text));
            edits.push((region.from, region.to, text));
        }
    }
    let mut appended = String::new();
    if missing == Missing::Insert {
        for section in Section::ALL {
            let is_there = places
                .regions
                .iter()
                .any(|region| region.section == section);
            if is_there || sections.get(section).is_none() && section != Section::Parameters {
                continue;
            }
            let block = format!(
                "{}\n{}{}\n",
                section.opening(),
                sections.text(section),
                section.closing()
            );
            match places.headings.iter().find(|(known, _)| *known == section) {
                Some((_, at)) => {
                    let block = if old.get(..*at).is_some_and(|text| text.ends_with('\n')) {
                        format!("\n{block}")
                    } else {
                        format!("\n\n{block}")
                    };
                    edits.push((*at, *at, ended(block)));
                }
                None => appended.push_str(&ended(format!("\n## {}\n\n{block}", section.title()))),
            }
        }
    }
    edits.sort();
    let mut text = String::with_capacity(old.len());
    let mut at = 0;
    for (from, to, with) in edits {
        text.push_str(old.get(at..from).unwrap_or_default());
        text.push_str(&with);
        at = to;
    }
    text.push_str(old.get(at..).unwrap_or_default());
    if !appended.is_empty() && !text.is_empty() && !text.ends_with('\n') {
        text.push_str(&ended("\n".to_owned()));
    }
    text.push_str(&appended);
    Applied { text, drift }
}

/// The finding that a part is not as it should be.
fn told(readme: &SourceFile, region: &Region, present: &str, wanted: &str) -> Diagnostic {
    let mut at = region.from;
    let mut others = wanted.split_inclusive('\n');
    let mut place = Span::DETACHED;
    let mut line_wanted = None;
    for line in present.split_inclusive('\n') {
        let other = others.next();
        if other != Some(line) {
            place = readme.span_of(at, at + line.trim_end().len());
            line_wanted = other;
            break;
        }
        at += line.len();
    }
    if place.is_detached() {
        place = region.marker;
        line_wanted = others.next();
    }
    let message = format!(
        "the {} in the README are not those of the addon",
        region.section.name()
    );
    let found = Diagnostic::error("docs/drift", message, place);
    let found = match line_wanted
        .map(str::trim_end)
        .filter(|line| !line.is_empty())
    {
        Some(line) => found.at(format!("should be `{line}`")),
        None => found,
    };
    found.help("run `addon-pack docs`")
}

/// A README for an addon that has none.
pub fn new_readme(proof: &Proof<'_>) -> String {
    let meta = proof.addon().meta();
    let description = markdown::cell(&meta.description.value);
    let mut text = format!("# {}\n", markdown::cell(&meta.name.value));
    if !description.is_empty() {
        text.push('\n');
        text.push_str(&description);
        text.push('\n');
    }
    text
}
