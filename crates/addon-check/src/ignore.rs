//! Findings that an author takes back, with a reason.
//!
//! In a CUE or YAML file, a comment:
//! ```yaml
//! # addon-pack:ignore META13 the project has no picture yet
//! name: fluxcd
//! version: v1.0.0 # addon-pack:ignore META05 every release so far has a v
//! ```
//! A comment on a line of its own is about the next line that is no comment, any other about its own line; one in the
//! first line is also about the file as a whole. For what stands in no file that can have a comment, an annotation in
//! `metadata.yaml` takes back a rule for the whole addon:
//! ```yaml
//! annotations:
//!   addon-pack.dev/ignore: PKG05 the picture is shown by README.md; LAY03 the README is generated
//! ```
//! An ignore without a reason takes nothing back (IGN01), one that no finding needs is told (IGN02). What packaging
//! refuses cannot be taken back: nothing could be packaged all the same.

use crate::inspect::Ignored;
use crate::own::OwnRules;
use crate::rules;
use addon_model::Meta;
use source_vocab::{Diagnostic, Place, SourceFile, SourceMap, Span, VPath};
use std::collections::BTreeSet;

/// What opens an ignore in a comment.
const MARK: &str = "addon-pack:ignore";
/// The annotation that takes back rules for the whole addon.
pub(crate) const ANNOTATION: &str = "addon-pack.dev/ignore";

/// What an ignore is about.
#[derive(Debug, PartialEq, Eq)]
enum Scope {
    /// A line of a file, by its name; with the first line also the file itself.
    Line {
        file: String,
        comment: usize,
        line: usize,
    },
    /// Everything.
    Addon,
}

/// One rule that is taken back.
#[derive(Debug)]
struct Ignore {
    rule: String,
    reason: String,
    scope: Scope,
    span: Span,
    is_used: bool,
}

/// All ignores of an addon.
#[derive(Debug, Default)]
pub(crate) struct Ignores {
    list: Vec<Ignore>,
    /// The ids of an organisation's own rules.
    own: Vec<String>,
    /// What is wrong with some of them.
    broken: Vec<Diagnostic>,
}

impl Ignores {
    /// Reads the comments of all files from number `first`, and the annotation.
    pub(crate) fn read(
        sources: &SourceMap,
        first: usize,
        meta: Option<&Meta>,
        own: &OwnRules,
    ) -> Self {
        let mut ignores = Self {
            own: own.all().iter().map(|rule| rule.id.clone()).collect(),
            ..Self::default()
        };
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        for file in sources.files().iter().skip(first) {
            // a file may have been read twice
            let is_rules = own.files().iter().any(|(name, _)| name == file.name());
            if !is_rules && file.text().contains(MARK) && seen.insert(file.name()) {
                ignores.read_file(file);
            }
        }
        for pair in meta.iter().flat_map(|meta| &meta.annotations.value) {
            if pair.key.value == ANNOTATION {
                for text in pair.value.split(';') {
                    ignores.add(text, pair.value.span, || Scope::Addon);
                }
            }
        }
        ignores
    }

    fn read_file(&mut self, file: &SourceFile) {
        let Some(sign) = comment_sign(file.name()) else {
            return;
        };
        let lines: Vec<&str> = file.text().split('\n').collect();
        let mut start = 0;
        for (at, line) in lines.iter().enumerate() {
            if let Some(mark) = line.find(MARK) {
                let before = line.get(..mark).unwrap_or_default().trim_end();
                if let Some(code) = before.strip_suffix(sign) {
                    let target = if code.trim().is_empty() {
                        let after = lines.iter().enumerate().skip(at + 1);
                        let is_code = |text: &str| !text.is_empty() && !text.starts_with(sign);
                        let next = after.map(|(at, line)| (at, line.trim()));
                        next.filter(|(_, text)| is_code(text))
                            .map(|(at, _)| at)
                            .next()
                            .unwrap_or(at)
                    } else {
                        at
                    };
                    let text = line.get(mark + MARK.len()..).unwrap_or_default();
                    let span = file.span_of(start + mark, start + line.trim_end().len());
                    self.add(text, span, || Scope::Line {
                        file: file.name().to_owned(),
                        comment: at + 1,
                        line: target + 1,
                    });
                }
            }
            start += line.len() + 1;
        }
    }

    /// Reads `RULE reason`, or `RULE,RULE reason`.
    fn add(&mut self, text: &str, span: Span, scope: impl Fn() -> Scope) {
        let text = text.trim();
        let (ids, reason) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let mut broken = |message: String, help: &str| {
            let rule = &rules::IGN01;
            self.broken.push(rule.finding(message, span).help(help));
        };
        if ids.is_empty() {
            broken(
                "an ignore names no rule".to_owned(),
                "write the rule's id and a reason behind it",
            );
            return;
        }
        if reason.trim().is_empty() {
            broken(
                format!("the ignore of `{ids}` has no reason and takes nothing back"),
                "write the reason behind the id",
            );
            return;
        }
        for id in ids.split(',').filter(|id| !id.is_empty()) {
            let built_in = rules::find(id).map(|rule| rule.id.to_owned());
            let own = self.own.iter().find(|own| own.eq_ignore_ascii_case(id));
            match built_in.or_else(|| own.cloned()) {
                None => self.broken.push(
                    rules::IGN01
                        .finding(format!("there is no rule `{id}`"), span)
                        .help("`addon-pack explain` lists all rules"),
                ),
                Some(rule) => self.list.push(Ignore {
                    rule,
                    reason: reason.trim().to_owned(),
                    scope: scope(),
                    span,
                    is_used: false,
                }),
            }
        }
    }

    /// Takes findings back; gives those that stay and those that are taken back. `show` gives the name of a file.
    pub(crate) fn take_back(
        &mut self,
        findings: Vec<Diagnostic>,
        sources: &SourceMap,
        show: &dyn Fn(&VPath) -> String,
    ) -> (Vec<Diagnostic>, Vec<Ignored>) {
        let (mut stay, mut ignored) = (Vec::new(), Vec::new());
        for finding in findings {
            let of_this = self.list.iter_mut().find(|ignore| {
                ignore.rule == finding.code
                    && ignore.scope.holds(&finding.primary.place, sources, show)
            });
            match of_this {
                Some(ignore) => {
                    ignore.is_used = true;
                    let reason = ignore.reason.clone();
                    ignored.push(Ignored { finding, reason });
                }
                None => stay.push(finding),
            }
        }
        (stay, ignored)
    }

    /// What is wrong with the ignores themselves. `also` are findings that cannot be taken back.
    pub(crate) fn findings(self, also: &[Diagnostic]) -> Vec<Diagnostic> {
        let mut findings = self.broken;
        for ignore in self.list.iter().filter(|ignore| !ignore.is_used) {
            let message = if also.iter().any(|found| found.code == ignore.rule) {
                format!(
                    "`{}` keeps the addon from being packaged and cannot be ignored",
                    ignore.rule
                )
            } else {
                format!(
                    "there is no finding of `{}` to be ignored here",
                    ignore.rule
                )
            };
            findings.push(
                rules::IGN02
                    .finding(message, ignore.span)
                    .help("remove the ignore"),
            );
        }
        findings
    }
}

impl Scope {
    fn holds(&self, place: &Place, sources: &SourceMap, show: &dyn Fn(&VPath) -> String) -> bool {
        let Self::Line {
            file,
            comment,
            line,
        } = self
        else {
            return true;
        };
        match place {
            Place::Text(span) => sources
                .line_column(*span)
                .is_some_and(|(name, at)| name == file && at.line == *line),
            Place::Path(path) => *comment == 1 && show(path) == *file,
            Place::Nowhere => false,
        }
    }
}

/// What opens a comment in a file, by its name.
fn comment_sign(name: &str) -> Option<&'static str> {
    let end = name.rsplit(['/', '.']).next().unwrap_or_default();
    match end {
        "cue" => Some("//"),
        "yaml" | "yml" | "helmignore" => Some("#"),
        _ => None,
    }
}
