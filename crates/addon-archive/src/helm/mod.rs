//! Files as a Helm chart: which of them are packaged, in which order, and which are written anew.
//!
//! `vela addon package` hands the directory to Helm, and Helm does not copy it. It takes some names for itself:
//! `Chart.yaml` and `Chart.lock` are read and written anew, `requirements.yaml` and `requirements.lock` become a part
//! of those, and what lies in `charts/` is a chart of its own, loose or packed, to which all this applies again:
//!
//! ```text
//! charts/sub/requirements.yaml ┐                    charts/sub/Chart.yaml   (written anew)
//! charts/sub/values.yaml       ├─ load ─► chart ──► charts/sub/values.yaml
//! charts/sub/Chart.yaml        ┘                    charts/sub/…            (templates, then the rest)
//! ```
//!
//! As helm v3.14.4 `pkg/chart/loader/load.go` and `pkg/chartutil/save.go`, except that Helm packs several sub-charts in
//! an order that differs from run to run; here it is that of their names.

mod decode;
mod metadata;
mod packed;

use crate::plan::{Content, PlanEntry};
use crate::write::BOM;
use goyaml::{Data, Map, Tree};
use metadata::Metadata;
use source_vocab::{Diagnostic, Outcome, SourceMap, VPath, World};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// How deep charts may lie in charts; an archive can hold itself.
const DEEPEST: usize = 32;

/// A file on its way into the archive.
#[derive(Clone, Debug)]
pub(crate) struct ChartFile {
    /// Its path below the folder of its chart.
    pub(crate) path: String,
    /// What is in it.
    pub(crate) content: Content,
    /// The file of the world that it is or that it lies in.
    pub(crate) origin: VPath,
}

/// A chart as Helm packs it.
#[derive(Debug)]
pub(crate) struct Chart {
    metadata: Metadata,
    lock: Option<String>,
    values: Vec<ChartFile>,
    schema: Option<ChartFile>,
    templates: Vec<ChartFile>,
    files: Vec<ChartFile>,
    charts: Vec<Chart>,
}

impl Chart {
    /// The name.
    pub(crate) fn name(&self) -> &str {
        self.metadata.text("name")
    }

    /// The version, as written.
    pub(crate) fn version(&self) -> &str {
        self.metadata.text("version")
    }

    /// The content of `Chart.yaml`.
    pub(crate) fn fields(&self) -> Map {
        self.metadata.written()
    }

    /// The files of the archive in its order, below `folder` (empty, or ending in a slash).
    pub(crate) fn into_entries(self, folder: &str, entries: &mut Vec<PlanEntry>) {
        let manifest = goyaml::to_string(&self.fields().into());
        let mut made = |name: &str, text: String| {
            entries.push(PlanEntry {
                path: format!("{folder}{name}"),
                content: Content::Generated(text.into_bytes()),
            });
        };
        made("Chart.yaml", manifest);
        if let Some(lock) = self.lock.filter(|_| !self.metadata.is_v1()) {
            made("Chart.lock", lock);
        }
        let files = self.values.into_iter().chain(self.schema);
        let files = files.chain(self.templates).chain(self.files);
        entries.extend(files.map(|file| PlanEntry {
            path: format!("{folder}{}", file.path),
            content: file.content,
        }));
        for chart in self.charts {
            let below = format!("{folder}charts/{}/", chart.name());
            chart.into_entries(&below, entries);
        }
    }
}

type Refusal = Box<Diagnostic>;

/// Reads charts.
pub(crate) struct Loader<'a> {
    world: &'a dyn World,
    sources: &'a mut SourceMap,
    unpacked: u64,
    found: Vec<Diagnostic>,
}

impl<'a> Loader<'a> {
    /// Over the files of `world`.
    pub(crate) fn new(world: &'a dyn World, sources: &'a mut SourceMap) -> Self {
        Self {
            world,
            sources,
            unpacked: 0,
            found: Vec::new(),
        }
    }

    /// The chart of an addon: `fields` are those of its `Chart.yaml`, `files` all others in the order of the walk.
    /// It has no value when Helm refuses it; the findings (`PKG08`) say why and where.
    pub(crate) fn addon(mut self, fields: Map, files: Vec<ChartFile>) -> Outcome<Chart> {
        let chart = self.load(Metadata::new(fields), None, files, 0);
        Outcome {
            value: self.found.is_empty().then_some(chart),
            diagnostics: self.found,
        }
    }

    /// The value, or a finding.
    fn keep<T>(&mut self, result: Result<T, Refusal>) -> Option<T> {
        result.map_err(|refusal| self.found.push(*refusal)).ok()
    }

    /// Reads the files of one chart.
    fn load(
        &mut self,
        mut metadata: Metadata,
        mut manifest: Option<ChartFile>,
        files: Vec<ChartFile>,
        depth: usize,
    ) -> Chart {
        let mut lock = None;
        let mut values = Vec::new();
        let mut schema = None;
        let mut templates = Vec::new();
        let mut rest = Vec::new();
        let mut below: BTreeMap<String, Vec<ChartFile>> = BTreeMap::new();
        let before = self.found.len();
        for file in files {
            match file.path.as_str() {
                "Chart.yaml" => {}
                "Chart.lock" => {
                    let read = self.lock(&file);
                    lock = self.keep(read).flatten();
                }
                "values.yaml" => {
                    let read = self.mapping(&file);
                    self.keep(read);
                    values.push(file);
                }
                "values.schema.json" => {
                    let read = self.json(&file);
                    self.keep(read);
                    schema = Some(file);
                }
                "requirements.yaml" => {
                    let read = self.add(&mut metadata, &file);
                    self.keep(read);
                    manifest.get_or_insert_with(|| file.clone());
                    if metadata.is_v1() {
                        rest.push(file);
                    }
                }
                "requirements.lock" => {
                    let read = self.lock(&file);
                    lock = self.keep(read).flatten();
                    if metadata.is_v1() {
                        rest.push(file);
                    }
                }
                path if path.starts_with("templates/") => templates.push(file),
                path => match path.strip_prefix("charts/") {
                    Some(inside) if extension(path) != Some("prov") => {
                        let folder = inside.split('/').next().unwrap_or(inside).to_owned();
                        let path = inside.to_owned();
                        let file = ChartFile { path, ..file };
                        below.entry(folder).or_default().push(file);
                    }
                    _ => rest.push(file),
                },
            }
        }
        // a manifest that could not be read is not judged by what it lacks
        if self.found.len() == before
            && let Err(problem) = metadata.validate()
        {
            let name = manifest.as_ref().map_or("Chart.yaml", |file| &file.path);
            let message = format!("Helm refuses the chart: its `{name}` {problem}");
            let place = manifest.map_or_else(VPath::root, |file| file.origin);
            self.keep::<()>(Err(refusal(message, place)));
        }
        let mut charts = Vec::new();
        for (name, files) in below {
            if !name.starts_with(['_', '.']) {
                charts.extend(self.below(&name, files, depth + 1));
            }
        }
        Chart {
            metadata,
            lock,
            values,
            schema,
            templates,
            files: rest,
            charts,
        }
    }

    /// Reads a manifest into what was read before.
    fn add(&mut self, metadata: &mut Metadata, file: &ChartFile) -> Result<(), Refusal> {
        let Some(tree) = self.yaml(file)? else {
            return Ok(());
        };
        metadata
            .read(&tree, &file.path)
            .map_err(|wrong| refusal(wrong.message, wrong.span))
    }

    /// A chart in `charts/`, called `name` there.
    fn below(&mut self, name: &str, files: Vec<ChartFile>, depth: usize) -> Option<Chart> {
        let origin = files.first()?.origin.clone();
        if depth > DEEPEST {
            let message = format!("`charts/{name}` lies more than {DEEPEST} charts deep");
            return self.keep(Err(refusal(message, origin)));
        }
        let files = self.files(name, files);
        let files = self.keep(files)?;
        let mut metadata = Metadata::default();
        let mut manifest = None;
        for file in files.iter().filter(|file| file.path == "Chart.yaml") {
            let read = self.add(&mut metadata, file);
            self.keep(read)?;
            metadata.default_to_v1();
            manifest = Some(file.clone());
        }
        if manifest.is_none() && !files.iter().any(|file| file.path == "requirements.yaml") {
            let message = format!(
                "`charts/{name}` is no chart, but Helm takes everything in `charts/` for one"
            );
            return self.keep(Err(refusal(message, origin)));
        }
        Some(self.load(metadata, manifest, files, depth))
    }

    /// The files of a chart in `charts/`, their paths below its folder, unpacked if it is an archive.
    fn files(&mut self, name: &str, files: Vec<ChartFile>) -> Result<Vec<ChartFile>, Refusal> {
        let is_packed = extension(name) == Some("tgz");
        let Some(first) = files.first().filter(|_| is_packed) else {
            // a file that lies in `charts/` itself belongs to no chart
            let inside = |file: ChartFile| {
                let path = file.path.split_once('/')?.1.to_owned();
                Some(ChartFile { path, ..file })
            };
            return Ok(files.into_iter().filter_map(inside).collect());
        };
        let origin = &first.origin;
        if first.path != name {
            let message =
                format!("Helm takes `charts/{name}` for an archive, but it is a directory");
            return Err(refusal(message, origin.clone()));
        }
        let bytes = self.bytes(first)?;
        let unpacked = packed::unpack(&bytes, &mut self.unpacked).map_err(|problem| {
            let message = format!("the sub-chart `charts/{name}` {problem}");
            refusal(message, origin.clone())
        })?;
        let file = |(path, data)| ChartFile {
            path,
            content: Content::Unpacked(data),
            origin: origin.clone(),
        };
        Ok(unpacked.into_iter().map(file).collect())
    }

    /// The bytes of a file without a byte order mark.
    fn bytes<'f>(&self, file: &'f ChartFile) -> Result<Cow<'f, [u8]>, Refusal> {
        match &file.content {
            Content::Generated(data) | Content::Unpacked(data) => Ok(Cow::Borrowed(data)),
            Content::File(path) => {
                let mut data = self
                    .world
                    .read(path)
                    .map_err(|error| refusal(error.to_string(), file.origin.clone()))?;
                if data.starts_with(BOM) {
                    data.drain(..BOM.len());
                }
                Ok(Cow::Owned(data))
            }
        }
    }

    /// The first document of a YAML file; `None` when it has none.
    fn yaml(&mut self, file: &ChartFile) -> Result<Option<Tree>, Refusal> {
        let bytes = self.bytes(file)?;
        let no_text = |error: String| {
            let message = format!(
                "Helm reads `{}` as YAML, but it is no text: {error}",
                file.path
            );
            refusal(message, file.origin.clone())
        };
        let text = goyaml::decode(&bytes).map_err(|error| no_text(error.to_string()))?;
        let shown = self.world.display(&file.origin);
        let name = match file.content {
            Content::Unpacked(_) => format!("{shown}:{}", file.path),
            Content::Generated(_) | Content::File(_) => shown,
        };
        let source = self
            .sources
            .add(name, text.as_ref())
            .map_err(|error| no_text(error.to_string()))?;
        let stream = goyaml::parse_file(&source);
        let broken = |error: Diagnostic| {
            let message = format!("Helm reads `{}` as YAML, which it is not", file.path);
            let mut found = Diagnostic::error("PKG08", message, error.primary.place);
            found.notes.push(error.message);
            Box::new(found.help(HELP))
        };
        match (stream.documents.first(), stream.error) {
            (Some(document), _) => match goyaml::resolve(&document.root) {
                Ok(resolved) => Ok(Some(resolved.tree)),
                Err(error) => Err(broken(error.into())),
            },
            (None, Some(error)) => Err(broken(error.into())),
            (None, None) => Ok(None),
        }
    }

    /// Refuses a `values.yaml` that is no mapping.
    fn mapping(&mut self, file: &ChartFile) -> Result<(), Refusal> {
        match self.yaml(file)? {
            None => Ok(()),
            Some(tree) if matches!(tree.data, Data::Map(_) | Data::Null) => Ok(()),
            Some(tree) => {
                let message = format!(
                    "Helm reads `{}` as a YAML mapping, which it is not",
                    file.path
                );
                let found = Diagnostic::error("PKG08", message, tree.span);
                Err(Box::new(
                    found.help("rename the file: an addon has no values"),
                ))
            }
        }
    }

    fn lock(&mut self, file: &ChartFile) -> Result<Option<String>, Refusal> {
        match self.yaml(file)? {
            None => Ok(None),
            Some(tree) => metadata::lock(&tree, &file.path)
                .map_err(|wrong| refusal(wrong.message, wrong.span)),
        }
    }

    fn json(&self, file: &ChartFile) -> Result<(), Refusal> {
        let bytes = self.bytes(file)?;
        if serde_json::from_slice::<serde::de::IgnoredAny>(&bytes).is_ok() {
            return Ok(());
        }
        let message = format!("Helm reads `{}` as JSON, which it is not", file.path);
        Err(refusal(message, file.origin.clone()))
    }
}

fn extension(path: &str) -> Option<&str> {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map(|(_, extension)| extension)
}

const HELP: &str = "rename the file: Helm reads this name by itself";

fn refusal(message: impl Into<String>, place: impl Into<source_vocab::Place>) -> Refusal {
    Box::new(Diagnostic::error("PKG08", message, place).help(HELP))
}
