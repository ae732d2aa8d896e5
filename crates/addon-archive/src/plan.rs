//! What goes into an archive, in which order, before a byte is written.
//!
//! Helm's order, since that is what `vela addon package` gives: `Chart.yaml`, `Chart.lock`, `values.yaml`,
//! `values.schema.json`, `templates/`, then all other files as the walk of the directory meets them (each
//! directory in bytewise order, in place), then the charts in `charts/`. `Chart.yaml` is made in memory; one in the
//! directory is never read. Which files Helm takes for itself is in [`crate::helm`].
//!
//! What `vela addon package` refuses is refused whatever the [`Mode`]; [`Mode::Verify`] also refuses what would
//! be packaged and then lost, misread or rejected, and leaves out what nobody wants in an archive.

use crate::chart;
use crate::helm::{ChartFile, Loader};
use crate::ignore::IgnoreRules;
use addon_model::{AddonTree, Meta, Packaging, TreeEntry};
use gosemver::Version;
use source_vocab::{Diagnostic, EntryKind, Outcome, Place, SourceMap, Span, VPath, World};
use std::collections::BTreeMap;
use unicode_normalization::UnicodeNormalization as _;

/// The most bytes of one file, as Helm 3.17 and later take them.
pub const LARGEST_FILE: u64 = 5 << 20;
/// The most bytes of all files together.
pub const LARGEST_ADDON: u64 = 100 << 20;

/// How strict packaging is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Names and sizes must be fit for every reader; junk stays outside.
    Verify,
    /// Exactly what `vela addon package` would package.
    AsVela,
}

/// Where the content of an entry comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Made here.
    Generated(Vec<u8>),
    /// A file of the world; a byte order mark at its beginning is dropped.
    File(VPath),
    /// Out of an archive in `charts/`.
    Unpacked(Vec<u8>),
}

/// One file of the archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanEntry {
    /// Its path below the addon's folder.
    pub path: String,
    /// What is in it.
    pub content: Content,
}

/// An archive to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackagePlan {
    /// The addon's name, which is also the top folder.
    pub name: String,
    /// Its version, as written.
    pub version: String,
    /// The content of `Chart.yaml`.
    pub chart: serde_json::Map<String, serde_json::Value>,
    /// The files, in order.
    pub entries: Vec<PlanEntry>,
}

impl PackagePlan {
    /// `<name>-<version>.tgz`.
    pub fn file_name(&self) -> String {
        format!("{}-{}.tgz", self.name, self.version)
    }
}

/// Plans the archive of an addon.
///
/// `tree` and `packaging` are those of [`addon_model::scan`] and [`addon_model::load_packaging`].
/// The outcome has no value when the addon is refused; the findings say why and where.
pub fn plan(
    world: &dyn World,
    tree: &AddonTree,
    packaging: &Packaging,
    sources: &mut SourceMap,
    mode: Mode,
) -> Outcome<PackagePlan> {
    let mut planner = Planner {
        world,
        tree,
        sources,
        mode,
        found: Vec::new(),
    };
    let plan = planner.plan(packaging);
    Outcome {
        value: plan,
        diagnostics: planner.found,
    }
}

struct Planner<'a> {
    world: &'a dyn World,
    tree: &'a AddonTree,
    sources: &'a mut SourceMap,
    mode: Mode,
    found: Vec<Diagnostic>,
}

impl Planner<'_> {
    fn refuse(
        &mut self,
        code: &'static str,
        message: impl Into<String>,
        place: impl Into<Place>,
        help: &str,
    ) {
        self.found
            .push(Diagnostic::error(code, message, place).help(help));
    }

    fn place(&self, path: &str) -> VPath {
        VPath::parse(path).map_or_else(|| self.tree.root.clone(), |path| self.tree.root.join(&path))
    }

    fn plan(&mut self, packaging: &Packaging) -> Option<PackagePlan> {
        if let Some(refusal) = &packaging.refusal {
            self.found.push(refusal.clone());
            return None;
        }
        let meta = &packaging.meta;
        self.identity(meta);
        self.texts(meta);
        for (code, name) in [("PKG08", "Chart.yaml"), ("PKG07", ".helmignore")] {
            if self.tree.has_directory(name) {
                let message = format!("`{name}` is a directory, a file is expected");
                self.refuse(code, message, self.place(name), "rename the directory");
            }
        }
        let rules = self.rules()?;
        self.keeps_what_identifies(&rules);
        let is_named = self.found.is_empty();
        let files = self.files(&rules);
        if !is_named {
            return None;
        }
        let chart = Loader::new(self.world, self.sources)
            .addon(chart::chart(meta), files)
            .drain_into(&mut self.found)?;
        let (name, version) = (chart.name().to_owned(), chart.version().to_owned());
        let fields = chart.fields();
        let mut entries = Vec::new();
        chart.into_entries("", &mut entries);
        if self.mode == Mode::Verify {
            self.check_charts(&entries);
        }
        if !self.found.is_empty() {
            return None;
        }
        Some(PackagePlan {
            name,
            version,
            chart: fields
                .iter()
                .map(|(key, value)| (key.clone(), value.into()))
                .collect(),
            entries,
        })
    }

    fn identity(&mut self, meta: &Meta) {
        let whole = self.place("metadata.yaml");
        let at = |span: Span| {
            if span.is_detached() {
                Place::Path(whole.clone())
            } else {
                Place::Text(span)
            }
        };
        if meta.name.contains('/') || matches!(meta.name.as_str(), "." | "..") {
            let message = format!("`{}` cannot name an archive", *meta.name);
            let help = "use lower-case words joined by dashes";
            self.refuse("META02", message, at(meta.name.span), help);
        }
        if Version::parse(&meta.version).is_err() {
            let message = format!("`{}` is no version", *meta.version);
            let help = "use MAJOR.MINOR.PATCH, as in `1.2.3` or `1.2.3-beta.1`";
            self.refuse("META04", message, at(meta.version.span), help);
        }
    }

    /// `vela addon package` writes `Chart.yaml` by a detour over JSON, which it reads as YAML; that refuses characters that
    /// JSON does not escape and YAML does not allow.
    fn texts(&mut self, meta: &Meta) {
        let tags = meta.tags.iter().map(|tag| ("tags", tag));
        let system = meta.system.iter().flat_map(|system| {
            [
                ("system.vela", &system.vela),
                ("system.kubernetes", &system.kubernetes),
            ]
        });
        let texts = [
            ("name", &meta.name),
            ("version", &meta.version),
            ("description", &meta.description),
            ("icon", &meta.icon),
            ("url", &meta.url),
        ];
        for (field, text) in texts.into_iter().chain(tags).chain(system) {
            let Some(found) = text.chars().find(|c| is_forbidden(*c)) else {
                continue;
            };
            let code = u32::from(found);
            let message =
                format!("`{field}` has the character U+{code:04X}, which KubeVela cannot package");
            let place = if text.span.is_detached() {
                Place::Path(self.place("metadata.yaml"))
            } else {
                Place::Text(text.span)
            };
            self.refuse("META01", message, place, "remove the character");
        }
    }

    fn rules(&mut self) -> Option<IgnoreRules> {
        let Some(entry) = self.tree.find(".helmignore") else {
            return Some(IgnoreRules::default());
        };
        let read = addon_model::read_text(self.world, self.tree, entry, self.sources);
        let file = read.drain_into(&mut self.found)?;
        match IgnoreRules::parse(file.text()) {
            Ok(rules) => Some(rules),
            Err(bad) => {
                let before: usize = file
                    .text()
                    .split_inclusive('\n')
                    .take(bad.line - 1)
                    .map(str::len)
                    .sum();
                let span = file.source.span_of(before, before + bad.pattern.len());
                let message = format!("the pattern `{}` is refused: {}", bad.pattern, bad.reason);
                let help = "write a pattern of the shell, without `**`; a line with `/` at its end is a folder";
                self.refuse("PKG07", message, span, help);
                None
            }
        }
    }

    /// A `.helmignore` may not leave out the file without which nobody can read the archive: `vela addon
    /// package` fails without `Chart.yaml`, and KubeVela installs nothing without `metadata.yaml`.
    fn keeps_what_identifies(&mut self, rules: &IgnoreRules) {
        let needed: &[&str] = match self.mode {
            Mode::Verify => &["Chart.yaml", "metadata.yaml"],
            Mode::AsVela => &["Chart.yaml"],
        };
        for path in needed.iter().filter(|path| rules.leaves_out(path)) {
            let message = format!("`.helmignore` leaves out `{path}`");
            let help = "a pattern after `!` leaves out all that does not match it: remove it";
            self.refuse("PKG07", message, self.place(".helmignore"), help);
        }
    }

    /// The files that are packaged, in the order of the walk; `Chart.yaml` is none of them.
    fn files(&mut self, rules: &IgnoreRules) -> Vec<ChartFile> {
        let mut files = Vec::new();
        let mut folded: BTreeMap<String, String> = BTreeMap::new();
        let mut total = 0_u64;
        for entry in &self.tree.entries {
            let path = entry.path.as_str();
            if path == "Chart.yaml"
                || rules.leaves_out(path)
                || (self.mode == Mode::Verify && is_junk(path))
            {
                continue;
            }
            if !self.is_packageable(entry) {
                continue;
            }
            let origin = self.tree.world_path(entry);
            if self.mode == Mode::Verify {
                self.check_name(path, &origin, &mut folded);
                self.check_size(entry, &mut total);
            }
            files.push(ChartFile {
                path: path.to_owned(),
                content: Content::File(origin.clone()),
                origin,
            });
        }
        files
    }

    /// Names in the archive that no file of the directory has: those of charts that lie in `charts/`.
    fn check_charts(&mut self, entries: &[PlanEntry]) {
        let mut folded = BTreeMap::new();
        let place = self.place("charts");
        for entry in entries
            .iter()
            .filter(|entry| entry.path.starts_with("charts/"))
        {
            self.check_name(&entry.path, &place, &mut folded);
        }
    }

    fn is_packageable(&mut self, entry: &TreeEntry) -> bool {
        let place = self.tree.world_path(entry);
        if !entry.name_is_utf8 {
            let message = format!("the name of `{}` is not UTF-8", entry.path);
            self.refuse("PKG04", message, place, "rename the file");
            return false;
        }
        match entry.kind {
            EntryKind::File => true,
            EntryKind::Symlink => {
                let message = format!("`{}` is a symbolic link", entry.path);
                let help = "copy the file: a link could carry files from outside the addon into the archive";
                self.refuse("PKG04", message, place, help);
                false
            }
            EntryKind::Directory | EntryKind::Other => {
                let message = format!("`{}` is no regular file", entry.path);
                self.refuse("PKG04", message, place, "take it out of the addon");
                false
            }
        }
    }

    fn check_name(&mut self, path: &str, place: &VPath, folded: &mut BTreeMap<String, String>) {
        let normal: String = path.nfc().collect();
        if normal != path {
            let message = format!("the name of `{path}` is not in Unicode normal form C");
            self.refuse("PKG04", message, place.clone(), "rename the file");
        }
        let drive = path.as_bytes().get(1) == Some(&b':');
        if path.contains('\\') || drive || path.chars().any(char::is_control) {
            let message = format!("the name of `{path}` means another file on other systems");
            let help = "use no backslash, drive or control character";
            self.refuse("PKG04", message, place.clone(), help);
        }
        if let Some(other) = folded.insert(normal.to_lowercase(), path.to_owned()) {
            let message = format!("`{path}` and `{other}` are one file where case does not count");
            self.refuse("PKG04", message, place.clone(), "rename one of them");
        }
    }

    fn check_size(&mut self, entry: &TreeEntry, total: &mut u64) {
        let place = self.tree.world_path(entry);
        let before = *total;
        *total += entry.size;
        if entry.size > LARGEST_FILE {
            let message = format!("`{}` has more than 5 MiB", entry.path);
            let help = "Helm 3.17 and later refuse the archive";
            self.refuse("PKG03", message, place, help);
        }
        if before <= LARGEST_ADDON && *total > LARGEST_ADDON {
            let message = "the addon has more than 100 MiB";
            let help = "Helm 3.17 and later refuse the archive";
            self.refuse("PKG03", message, self.tree.root.clone(), help);
        }
    }
}

/// What goyaml (v2, `yaml_parser_update_buffer`) refuses in a text, and JSON does not escape.
fn is_forbidden(c: char) -> bool {
    matches!(c, '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}')
}

/// What lies in a working directory but belongs in no archive.
pub fn is_junk(path: &str) -> bool {
    path.split('/').any(|part| {
        matches!(
            part,
            ".git" | ".hg" | ".svn" | ".DS_Store" | "Thumbs.db" | ".idea" | ".vscode"
        ) || part.ends_with('~')
            || part.starts_with(".#")
            || [".swp", ".swo", ".orig", ".rej"]
                .iter()
                .any(|end| part.ends_with(end))
    }) || is_archive(path)
}

/// An archive that was built here before; one that lies in `charts/` itself is a chart.
fn is_archive(path: &str) -> bool {
    let is_chart = path
        .strip_prefix("charts/")
        .is_some_and(|name| !name.contains('/'));
    std::path::Path::new(path).extension() == Some("tgz".as_ref()) && !is_chart
}
