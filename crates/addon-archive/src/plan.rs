//! What goes into an archive, in which order, before a byte is written.
//!
//! Helm's order, since that is what `vela addon package` gives: `Chart.yaml`, `Chart.lock`, `values.yaml`,
//! `values.schema.json`, `templates/`, then all other files as the walk of the directory meets them (each
//! directory in bytewise order, in place). `Chart.yaml` is made in memory; one in the directory is never read.
//!
//! What `vela addon package` refuses is refused whatever the [`Mode`]; [`Mode::Verify`] also refuses what would
//! be packaged and then lost, misread or rejected, and leaves out what nobody wants in an archive.

use crate::chart;
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
    pub chart: goyaml::Map,
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
    fn refuse(&mut self, code: &'static str, message: impl Into<String>, place: impl Into<Place>) {
        self.found.push(Diagnostic::error(code, message, place));
    }

    fn refuse_with(
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
        let rules = self.rules()?;
        self.keeps_what_identifies(&rules);
        let entries = self.files(&rules);
        if !self.found.is_empty() {
            return None;
        }
        let chart = chart::chart(meta);
        let text = goyaml::to_string(&goyaml::Value::Map(chart.clone()));
        let mut all = vec![PlanEntry {
            path: "Chart.yaml".to_owned(),
            content: Content::Generated(text.into_bytes()),
        }];
        all.extend(entries);
        Some(PackagePlan {
            name: chart::clean(&meta.name),
            version: meta.version.value.clone(),
            chart,
            entries: all,
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
            self.refuse_with("META02", message, at(meta.name.span), help);
        }
        if Version::parse(&meta.version).is_err() {
            let message = format!("`{}` is no version", *meta.version);
            let help = "use MAJOR.MINOR.PATCH, as in `1.2.3` or `1.2.3-beta.1`";
            self.refuse_with("META04", message, at(meta.version.span), help);
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
                self.refuse("PKG07", message, span);
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
            self.refuse_with("PKG07", message, self.place(".helmignore"), help);
        }
    }

    fn files(&mut self, rules: &IgnoreRules) -> Vec<PlanEntry> {
        let mut ranked: [Vec<PlanEntry>; 5] = Default::default();
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
            if self.mode == Mode::Verify {
                self.check_name(entry, &mut folded);
                self.check_size(entry, &mut total);
            }
            let Some(rank) = self.rank(entry) else {
                continue;
            };
            if let Some(place) = ranked.get_mut(rank) {
                place.push(PlanEntry {
                    path: path.to_owned(),
                    content: Content::File(self.tree.world_path(entry)),
                });
            }
        }
        ranked.into_iter().flatten().collect()
    }

    /// Where in the archive a file goes; `None` when it is refused or Helm drops it.
    fn rank(&mut self, entry: &TreeEntry) -> Option<usize> {
        let path = entry.path.as_str();
        match path {
            "Chart.lock" => self.is_yaml(entry).then_some(0),
            "values.yaml" => self.is_yaml(entry).then_some(1),
            "values.schema.json" => self.is_json(entry).then_some(2),
            "requirements.yaml" | "requirements.lock" => {
                // read as a part of Chart.yaml and not kept as files
                self.is_yaml(entry);
                None
            }
            _ if path.starts_with("templates/") => Some(3),
            _ => match path.strip_prefix("charts/") {
                None => Some(4),
                Some(_) if entry.path.extension() == Some("prov") => Some(4),
                Some(rest) if rest.starts_with(['_', '.']) => None,
                Some(_) => {
                    let message =
                        format!("`{path}` lies in `charts/`, which Helm takes for sub-charts");
                    let help = "rename the folder: an addon has no sub-charts";
                    self.refuse_with("PKG08", message, self.tree.world_path(entry), help);
                    None
                }
            },
        }
    }

    fn is_packageable(&mut self, entry: &TreeEntry) -> bool {
        let place = self.tree.world_path(entry);
        if !entry.name_is_utf8 {
            let message = format!("the name of `{}` is not UTF-8", entry.path);
            self.refuse_with("PKG04", message, place, "rename the file");
            return false;
        }
        match entry.kind {
            EntryKind::File => true,
            EntryKind::Symlink => {
                let message = format!("`{}` is a symbolic link", entry.path);
                let help = "copy the file: a link could carry files from outside the addon into the archive";
                self.refuse_with("PKG04", message, place, help);
                false
            }
            EntryKind::Directory | EntryKind::Other => {
                let message = format!("`{}` is no regular file", entry.path);
                self.refuse("PKG04", message, place);
                false
            }
        }
    }

    fn check_name(&mut self, entry: &TreeEntry, folded: &mut BTreeMap<String, String>) {
        let path = entry.path.as_str();
        let place = self.tree.world_path(entry);
        let normal: String = path.nfc().collect();
        if normal != path {
            let message = format!("the name of `{path}` is not in Unicode normal form C");
            self.refuse_with("PKG04", message, place.clone(), "rename the file");
        }
        let drive = path.as_bytes().get(1) == Some(&b':');
        if path.contains('\\') || drive || path.chars().any(char::is_control) {
            let message = format!(
                "the name of `{}` means another file on other systems",
                entry.path
            );
            let help = "use no backslash, drive or control character";
            self.refuse_with("PKG04", message, place.clone(), help);
        }
        if let Some(other) = folded.insert(normal.to_lowercase(), path.to_owned()) {
            let message = format!("`{path}` and `{other}` are one file where case does not count");
            self.refuse_with("PKG04", message, place, "rename one of them");
        }
    }

    fn check_size(&mut self, entry: &TreeEntry, total: &mut u64) {
        let place = self.tree.world_path(entry);
        let before = *total;
        *total += entry.size;
        if entry.size > LARGEST_FILE {
            let message = format!("`{}` has more than 5 MiB", entry.path);
            let help = "Helm 3.17 and later refuse the archive";
            self.refuse_with("PKG03", message, place, help);
        }
        if before <= LARGEST_ADDON && *total > LARGEST_ADDON {
            let message = "the addon has more than 100 MiB";
            let help = "Helm 3.17 and later refuse the archive";
            self.refuse_with("PKG03", message, self.tree.root.clone(), help);
        }
    }

    /// Whether a file is a YAML mapping (or empty); refuses it otherwise.
    fn is_yaml(&mut self, entry: &TreeEntry) -> bool {
        let read = addon_model::read_text(self.world, self.tree, entry, self.sources);
        let Some(file) = read.drain_into(&mut self.found) else {
            return false;
        };
        let stream = goyaml::parse_file(&file.source);
        let failure = match (stream.documents.first(), stream.error) {
            (Some(document), _) => match goyaml::resolve(&document.root) {
                Ok(resolved) => match resolved.tree.data {
                    goyaml::Data::Map(_) | goyaml::Data::Null => return true,
                    _ => Diagnostic::error("PKG08", "", resolved.tree.span),
                },
                Err(error) => Diagnostic::from(error),
            },
            (None, Some(error)) => Diagnostic::from(error),
            (None, None) => return true,
        };
        let mut failure = failure;
        failure.code = "PKG08".into();
        failure.message = format!(
            "Helm reads `{}` as a YAML mapping, which it is not",
            entry.path
        );
        self.found
            .push(failure.help("rename the file: an addon has no values"));
        false
    }

    fn is_json(&mut self, entry: &TreeEntry) -> bool {
        let place = self.tree.world_path(entry);
        let valid = self
            .world
            .read(&place)
            .is_ok_and(|bytes| serde_json::from_slice::<serde::de::IgnoredAny>(&bytes).is_ok());
        if !valid {
            let message = format!("Helm reads `{}` as JSON, which it is not", entry.path);
            self.refuse("PKG08", message, place);
        }
        valid
    }
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
    }) || std::path::Path::new(path).extension() == Some("tgz".as_ref())
}
