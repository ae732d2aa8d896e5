//! `check`: what the rules find in addons, in archives, and in folders of addons as a whole.
//!
//! Findings with their lines go to stderr, as with every command; the forms for programs go to stdout. In a run of
//! GitHub Actions the annotations are written besides. Rules of severity info are silent unless they are selected.
//! What cannot be read ends the run, since the answer would not be whole.

use super::against;
use super::archives::ARCHIVE_LIMIT;
use super::check_settings;
use super::findings::{Findings, count, counted};
use super::findings_cache::{self, Cache, Found};
use super::own_rules;
use super::packaging::{Surroundings, addons_at, side_by_side};
use crate::cli::check::{Arguments, Format};
use crate::exit::{CommandResult, Exit, Failure, OrExit as _};
use crate::printer::Printer;
use crate::system::{self, DiskWorld, PathKind};
use addon_archive::untrusted::Limits;
use addon_check::report::{self, Tool};
use addon_check::{Archive, Baseline, Ignored, Neighbours, OwnRules, Selection, Subject};
use serde_json::{Value, json};
use source_vocab::{Diagnostic, EntryKind, Severity, SourceMap, VPath, World, render};
use std::path::{Path, PathBuf};

/// The most bytes of a baseline.
const BASELINE_LIMIT: u64 = 64 << 20;

/// Checks and reports.
///
/// # Errors
/// A failure when a path cannot be read, or a word names no rule.
pub(crate) fn run(arguments: &Arguments, printer: &Printer) -> CommandResult {
    let mut run = Run {
        selection: Selection::default(),
        own: own_rules::read(&arguments.rules, printer)?,
        format: arguments.format,
        annotate: arguments.format == Format::Human
            && system::variable("GITHUB_ACTIONS").is_some_and(|value| value == "true"),
        printer,
        cache: if arguments.no_cache {
            Cache::none()
        } else {
            Cache::of_user()
        },
        checked: Vec::new(),
        addons: 0,
        fix: arguments.fix,
        fixed: 0,
        known: known(arguments)?,
        today: arguments.update_baseline.then(Baseline::default),
        against: arguments.against.clone(),
    };
    for path in &check_settings::paths(arguments, printer)? {
        run.selection = check_settings::selection(arguments, path, &run.own, printer)?;
        run.path(path)?;
    }
    if let (Some(today), Some(file)) = (&run.today, &arguments.baseline) {
        system::write_atomic(file, today.render().as_bytes())?;
        printer.status("Wrote", &format!("what is known into {}", file.display()));
    }
    Ok(run.end(arguments))
}

/// The findings that are known already.
fn known(arguments: &Arguments) -> Result<Baseline, Failure> {
    let Some(file) = arguments
        .baseline
        .as_ref()
        .filter(|_| !arguments.update_baseline)
    else {
        return Ok(Baseline::default());
    };
    let help = "`--update-baseline` writes it anew";
    let broken = |reason: String| {
        let message = format!("`{}`: {reason}", file.display());
        Failure::new(Exit::Usage, message).help(help)
    };
    let bytes =
        system::read_file(file, BASELINE_LIMIT).map_err(|error| broken(error.to_string()))?;
    let text = String::from_utf8(bytes).map_err(|error| broken(error.to_string()))?;
    Baseline::parse(&text).map_err(|error| broken(error.to_string()))
}

/// Something that was checked.
#[derive(Debug)]
struct Checked {
    shown: String,
    findings: Vec<Diagnostic>,
    ignored: Vec<Ignored>,
    sources: SourceMap,
    world: Box<dyn World>,
}

/// A run of the command.
#[derive(Debug)]
struct Run<'a> {
    /// Which findings are wanted of the path that is checked now.
    selection: Selection,
    /// The rules of an organisation.
    own: OwnRules,
    format: Format,
    /// Whether annotations are written besides.
    annotate: bool,
    printer: &'a Printer,
    /// What earlier runs found.
    cache: Cache,
    checked: Vec<Checked>,
    addons: usize,
    /// Whether files are mended before they are checked.
    fix: bool,
    fixed: usize,
    /// What is not shown because it was there before.
    known: Baseline,
    /// What there is today, when it is to become known.
    today: Option<Baseline>,
    /// What the addons are compared with.
    against: Option<PathBuf>,
}

impl Run<'_> {
    fn path(&mut self, path: &Path) -> Result<(), Failure> {
        if path == Path::new("-") {
            let bytes = system::read_stdin(ARCHIVE_LIMIT).or_exit(Exit::Input)?;
            self.archive("stdin", None, &bytes);
            return Ok(());
        }
        match system::path_kind(path).or_exit(Exit::Input)? {
            PathKind::Absent => {
                let message = format!("there is nothing at `{}`", path.display());
                let help = "name an addon, a folder of addons, or an archive";
                return Err(Failure::new(Exit::Input, message).help(help));
            }
            PathKind::File => {
                let bytes = system::read_file(path, ARCHIVE_LIMIT).or_exit(Exit::Input)?;
                let name = path.file_name().map(|name| name.to_string_lossy());
                self.archive(&path.display().to_string(), name.as_deref(), &bytes);
                self.compare(path)?;
            }
            PathKind::Directory => {
                let addons = addons_at(path, self.printer)?;
                if addons.iter().any(|addon| addon != path) {
                    self.workspace(path);
                }
                if self.fix {
                    let surroundings = Surroundings::of(&addons);
                    for addon in &addons {
                        self.mend(addon, surroundings.beside(addon))?;
                    }
                }
                self.addons(&addons);
                for addon in &addons {
                    self.compare(addon)?;
                }
            }
        }
        Ok(())
    }

    /// Adds what changed since the version that the addons are compared with.
    fn compare(&mut self, path: &Path) -> Result<(), Failure> {
        let Some(against) = self.against.clone() else {
            return Ok(());
        };
        if let Some(found) = against::compared(path, &against, self.printer)? {
            self.add(Checked {
                shown: path.display().to_string(),
                findings: found.findings,
                ignored: Vec::new(),
                sources: found.new.sources,
                world: found.new.world,
            });
        }
        Ok(())
    }

    /// Mends what can be mended in an addon. A file whose bytes are not its text (another encoding, a mark at its
    /// beginning) is left alone, and so is one behind a link.
    fn mend(&mut self, path: &Path, neighbours: &Neighbours) -> Result<(), Failure> {
        let world = DiskWorld::new(path);
        let directory = path.file_name().map(|name| name.to_string_lossy());
        let mut sources = SourceMap::new();
        let subject = Subject {
            world: &world,
            root: &VPath::root(),
            directory: directory.as_deref(),
            neighbours,
        };
        let found = addon_check::inspect_cases(&subject, &mut sources);
        let texts = addon_check::fixed(&self.selection.of(found.findings), &sources);
        let entries = found.addon.iter().flat_map(|addon| &addon.tree.entries);
        for entry in entries.filter(|entry| entry.kind == EntryKind::File) {
            let name = world.display(&entry.path);
            let Some(mended) = texts.get(&name) else {
                continue;
            };
            let before = world.read(&entry.path).or_exit(Exit::Input)?;
            let is_text = sources
                .files()
                .iter()
                .any(|file| file.name() == name && file.text().as_bytes() == before.as_slice());
            if is_text {
                system::write_atomic(&world.real_path(&entry.path), mended.text.as_bytes())?;
                self.fixed += mended.findings;
            } else {
                self.printer
                    .warning(&format!("`{name}` is not plain UTF-8 and is not mended"));
            }
        }
        Ok(())
    }

    /// Checks addons side by side, as far as it is not known what they hold; shows what was found in their order.
    fn addons(&mut self, addons: &[PathBuf]) {
        let known = side_by_side(addons, 0, |addon| {
            let entry = self.cache.entry(addon, self.own.files());
            let world = DiskWorld::new(addon);
            let found = entry.as_ref().and_then(|entry| Cache::read(entry, &world));
            (entry, found)
        });
        let (mut rest, mut all) = (Vec::new(), Vec::new());
        for (addon, (entry, found)) in addons.iter().zip(known) {
            if found.is_none() {
                rest.push((addon.clone(), entry));
            }
            all.push(found);
        }
        let paths: Vec<PathBuf> = rest.iter().map(|(addon, _)| addon.clone()).collect();
        let surroundings = Surroundings::of(&paths);
        let progress = self.printer.progress("Checking", rest.len() as u64);
        let made = side_by_side(&rest, 0, |(addon, entry)| {
            let found = inspected(addon, surroundings.beside(addon), &self.own, |body| {
                if let Some(entry) = entry {
                    Cache::write(entry, body);
                }
            });
            progress.step(&addon.display().to_string());
            found
        });
        if !rest.is_empty() {
            self.cache.bound();
        }
        drop(progress);
        let mut made = made.into_iter();
        for (addon, known) in addons.iter().zip(all) {
            let found = known.or_else(|| made.next()).unwrap_or_default();
            self.addons += 1;
            self.add(Checked {
                shown: addon.display().to_string(),
                findings: found.findings,
                ignored: found.ignored,
                sources: found.sources,
                world: Box::new(DiskWorld::new(addon)),
            });
        }
    }

    fn archive(&mut self, shown: &str, file_name: Option<&str>, bytes: &[u8]) {
        let archive = Archive {
            shown,
            file_name,
            bytes,
            entry: None,
        };
        let mut sources = SourceMap::new();
        let found = addon_check::inspect_archive(&archive, &Limits::default(), &mut sources);
        self.addons += 1;
        self.add(Checked {
            shown: shown.to_owned(),
            findings: found.findings,
            ignored: found.ignored,
            sources,
            world: Box::new(found.world),
        });
    }

    /// What addons have to do with each other. The members are checked one by one besides.
    fn workspace(&mut self, path: &Path) {
        let world = DiskWorld::new(path);
        let mut sources = SourceMap::new();
        let findings = addon_check::check_workspace(&world, &VPath::root(), &mut sources);
        self.add(Checked {
            shown: path.display().to_string(),
            findings,
            ignored: Vec::new(),
            sources,
            world: Box::new(world),
        });
    }

    /// Shows what was found in one subject, where the form allows that at once.
    fn add(&mut self, mut checked: Checked) {
        checked.findings = self.selection.of(checked.findings);
        checked.findings = self
            .known
            .unknown(checked.findings, &checked.sources, &*checked.world);
        if let Some(today) = &mut self.today {
            today.add(&checked.findings, &checked.sources, &*checked.world);
            checked.findings.clear();
        }
        let Checked {
            findings,
            sources,
            world,
            ..
        } = &checked;
        let show = |path: &VPath| world.display(path);
        for found in findings {
            match self.format {
                Format::Human => {
                    let color = self.printer.stderr_color();
                    self.printer
                        .finding(&render::human(found, sources, &show, color));
                }
                Format::Concise => self.printer.data(&render::concise(found, sources, &show)),
                Format::Github => self.printer.data(&report::github(found, sources, &**world)),
                Format::Json | Format::Sarif | Format::Gitlab | Format::Junit => {}
            }
            if self.annotate {
                self.printer.data(&report::github(found, sources, &**world));
            }
        }
        self.checked.push(checked);
    }

    fn subjects(&self) -> Vec<report::Subject<'_>> {
        self.checked.iter().map(as_subject).collect()
    }

    /// Writes the forms that hold all subjects, and sums up.
    fn end(self, arguments: &Arguments) -> Exit {
        let total = |severity| -> usize {
            let each = self.checked.iter();
            each.map(|one| count(&one.findings, severity)).sum()
        };
        let (errors, warnings) = (total(Severity::Error), total(Severity::Warning));
        match self.format {
            Format::Json => {
                let addons: Vec<Value> = self.checked.iter().map(as_json).collect();
                self.printer.json(&json!({
                    "schemaVersion": 1,
                    "addons": addons,
                    "errors": errors,
                    "warnings": warnings,
                }));
            }
            Format::Sarif => {
                let tool = Tool {
                    name: env!("CARGO_PKG_NAME"),
                    version: env!("CARGO_PKG_VERSION"),
                    url: env!("CARGO_PKG_REPOSITORY"),
                };
                self.printer
                    .json(&report::sarif(tool, &self.own, &self.subjects()));
            }
            Format::Gitlab => self.printer.json(&report::gitlab(&self.subjects())),
            Format::Junit => {
                let names: Vec<&str> = self.checked.iter().map(|one| one.shown.as_str()).collect();
                self.printer.data(&report::junit(&names, &self.subjects()));
            }
            Format::Human | Format::Concise | Format::Github => {}
        }
        let plural = if self.addons == 1 { "" } else { "s" };
        let ignored: usize = self.checked.iter().map(|one| one.ignored.len()).sum();
        let ignored = match ignored {
            0 => String::new(),
            count => format!(" ({count} ignored)"),
        };
        if self.fixed > 0 {
            let plural = if self.fixed == 1 { "" } else { "s" };
            self.printer
                .status("Mended", &format!("{} finding{plural}", self.fixed));
        }
        self.printer.status(
            "Checked",
            &format!(
                "{} addon{plural}: {}{ignored}",
                self.addons,
                counted(errors, warnings)
            ),
        );
        if errors == 0 || arguments.exit_zero {
            Exit::Success
        } else {
            Exit::Findings
        }
    }
}

/// What is found in an addon, with no more texts than it points into; `keep` gets it as the cache has it.
fn inspected(path: &Path, neighbours: &Neighbours, own: &OwnRules, keep: impl Fn(&Value)) -> Found {
    let world = DiskWorld::new(path);
    let directory = path.file_name().map(|name| name.to_string_lossy());
    let mut sources = SourceMap::new();
    let subject = Subject {
        world: &world,
        root: &VPath::root(),
        directory: directory.as_deref(),
        neighbours,
    };
    let found = addon_check::inspect_with(&subject, own, &mut sources);
    let whole = Found {
        findings: found.findings,
        ignored: found.ignored,
        sources,
    };
    let entries = found.addon.iter().flat_map(|addon| &addon.tree.entries);
    let paths: Vec<&VPath> = entries.map(|entry| &entry.path).collect();
    let body = findings_cache::encode(&whole, &paths, &world);
    match findings_cache::decode(&body, &world) {
        Some(found) => {
            keep(&body);
            found
        }
        // a file changed under our hands
        None => whole,
    }
}

fn as_json(checked: &Checked) -> Value {
    let findings = |list: &[Diagnostic]| {
        Findings {
            list,
            sources: &checked.sources,
            world: &*checked.world,
        }
        .json()
    };
    let ignored: Vec<Value> = checked
        .ignored
        .iter()
        .map(|ignored| {
            let mut value = findings(std::slice::from_ref(&ignored.finding))
                .pop()
                .unwrap_or_default();
            value["reason"] = json!(ignored.reason);
            value
        })
        .collect();
    json!({
        "path": checked.shown,
        "findings": findings(&checked.findings),
        "ignored": ignored,
    })
}

fn as_subject(checked: &Checked) -> report::Subject<'_> {
    report::Subject {
        findings: &checked.findings,
        ignored: &checked.ignored,
        sources: &checked.sources,
        world: &*checked.world,
    }
}
