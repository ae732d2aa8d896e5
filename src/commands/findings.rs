//! Findings on the terminal, and in JSON.

use crate::printer::Printer;
use serde_json::Value;
use source_vocab::{Diagnostic, Severity, SourceMap, World, render};

/// Findings of one input, with what is needed to show their places.
#[derive(Debug)]
pub(crate) struct Findings<'a> {
    pub(crate) list: &'a [Diagnostic],
    pub(crate) sources: &'a SourceMap,
    pub(crate) world: &'a dyn World,
}

impl Findings<'_> {
    /// Shows those that are at least as bad as `mildest` on stderr, each with a code frame.
    pub(crate) fn show(&self, mildest: Severity, printer: &Printer) {
        let path = |path: &source_vocab::VPath| self.world.display(path);
        for found in self.list.iter().filter(|found| found.severity >= mildest) {
            let text = render::human(found, self.sources, &path, printer.stderr_color());
            printer.finding(&text);
        }
    }

    /// The same as JSON.
    pub(crate) fn json(&self) -> Vec<Value> {
        let path = |path: &source_vocab::VPath| self.world.display(path);
        self.list
            .iter()
            .map(|found| render::json(found, self.sources, &path))
            .collect()
    }
}

/// How many findings have a severity.
pub(crate) fn count(list: &[Diagnostic], severity: Severity) -> usize {
    list.iter()
        .filter(|found| found.severity == severity)
        .count()
}

/// Says how to see warnings that were counted but not shown.
pub(crate) fn hint(warnings: usize, printer: &Printer) {
    if warnings > 0 {
        printer.note("help: `addon-pack check` shows the warnings");
    }
}

/// `3 errors, 1 warning`, without what there is none of.
pub(crate) fn counted(errors: usize, warnings: usize) -> String {
    let many = |count: usize, word: &str| {
        let plural = if count == 1 { "" } else { "s" };
        (count > 0).then(|| format!("{count} {word}{plural}"))
    };
    let parts: Vec<String> = [many(errors, "error"), many(warnings, "warning")]
        .into_iter()
        .flatten()
        .collect();
    if parts.is_empty() {
        "no findings".to_owned()
    } else {
        parts.join(", ")
    }
}
