//! From the tree of `metadata.yaml` to [`Meta`], as Go's `encoding/json` would put it there.
//!
//! * Keys match field names in any case; an exact match is preferred, and when several keys
//!   name one field the bytewise last of them wins, since the JSON in between is sorted.
//! * A number or boolean becomes a string where one is wanted.
//! * `null` leaves a field as it is.
//! * Anything else of the wrong type fails the whole file. All such places are found, Go names
//!   the first.
//!
//! Decoding adds to a [`Meta`] that may have been filled already: KubeVela reads every file whose
//! name begins with `metadata.yaml` into one value.

use crate::Spanned;
use crate::meta::{CaseVariant, Dependency, DeployTo, Meta, Pair, SystemRequirements, UnknownKey};
use goyaml::{Data, Entry, Tree};
use source_vocab::{Diagnostic, Place, Span};

/// Collects what decoding finds besides values.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(crate) wrong_types: Vec<Diagnostic>,
    pub(crate) unknown: Vec<UnknownKey>,
    pub(crate) case_variants: Vec<CaseVariant>,
}

impl Findings {
    /// Brings findings into the order of their places; decoding goes by the order of keys.
    pub(crate) fn sort(&mut self) {
        self.wrong_types
            .sort_by_key(|found| match found.primary.place {
                Place::Text(span) => span,
                Place::Path(_) | Place::Nowhere => Span::DETACHED,
            });
        self.unknown.sort_by_key(|found| found.span);
        self.case_variants.sort_by_key(|found| found.span);
    }

    fn wrong(&mut self, field: &str, expected: &str, found: &Tree) {
        let message = format!("`{field}` must be {expected}, found {}", kind(found));
        let finding = Diagnostic::error("META01", message, found.span);
        self.wrong_types
            .push(finding.help(format!("write {expected} here")));
    }
}

fn kind(tree: &Tree) -> &'static str {
    match tree.data {
        Data::Null => "null",
        Data::Bool(_) => "a boolean",
        Data::Number(_) => "a number",
        Data::String(_) => "a string",
        Data::List(_) => "a list",
        Data::Map(_) => "a mapping",
    }
}

const META: &[&str] = &[
    "name",
    "version",
    "description",
    "icon",
    "url",
    "tags",
    "uxPlugins",
    "deployTo",
    "dependencies",
    "needNamespace",
    "invisible",
    "system",
    "annotations",
];
const DEPLOY_TO: &[&str] = &["runtime_cluster", "disableControlPlane", "runtimeCluster"];
const DEPENDENCY: &[&str] = &["name", "version"];
const SYSTEM: &[&str] = &["vela", "kubernetes"];

/// The names of the fields of `metadata.yaml`.
pub fn field_names() -> &'static [&'static str] {
    META
}

/// Whether two keys are the same to `encoding/json`: ASCII letters in any case, and the two
/// other characters that fold to one (`ſ` to `s`, the Kelvin sign to `k`).
pub fn folds_equal(a: &str, b: &str) -> bool {
    let fold = |c: char| match c {
        '\u{17F}' => 's',
        '\u{212A}' => 'k',
        c => c.to_ascii_lowercase(),
    };
    a.chars().map(fold).eq(b.chars().map(fold))
}

/// The entries with the field each one sets, in the order in which they are set.
fn fields<'t>(
    tree: &'t Tree,
    names: &[&'static str],
    within: &str,
    findings: &mut Findings,
) -> Vec<(&'static str, &'t Entry)> {
    let mut entries: Vec<&Entry> = tree.entries().iter().collect();
    entries.sort_by(|a, b| a.key.as_bytes().cmp(b.key.as_bytes()));
    let mut found = Vec::new();
    for entry in entries {
        let exact = names.iter().find(|name| **name == &*entry.key);
        let field = exact.or_else(|| names.iter().find(|name| folds_equal(name, &entry.key)));
        let Some(&field) = field else {
            findings.unknown.push(UnknownKey {
                within: within.to_owned(),
                key: entry.key.as_ref().to_owned(),
                span: entry.key_span,
            });
            continue;
        };
        if exact.is_none() {
            findings.case_variants.push(CaseVariant {
                written: entry.key.as_ref().to_owned(),
                field,
                span: entry.key_span,
            });
        }
        found.push((field, entry));
    }
    found
}

/// Decodes the root of a metadata file into `meta`.
pub(crate) fn decode(root: &Tree, meta: &mut Meta, findings: &mut Findings) {
    match root.data {
        Data::Null => return,
        Data::Map(_) => {}
        _ => return findings.wrong("metadata.yaml", "a mapping", root),
    }
    for (field, entry) in fields(root, META, "", findings) {
        let value = &entry.value;
        if value.data == Data::Null {
            match field {
                "deployTo" => meta.deploy_to = None,
                "system" => meta.system = None,
                "tags" => meta.tags = Spanned::default(),
                "uxPlugins" => meta.ux_plugins = Spanned::default(),
                "dependencies" => meta.dependencies = Spanned::default(),
                "needNamespace" => meta.need_namespace = Spanned::default(),
                "annotations" => meta.annotations = Spanned::default(),
                _ => {}
            }
            continue;
        }
        match field {
            "name" => string(value, field, &mut meta.name, findings),
            "version" => string(value, field, &mut meta.version, findings),
            "description" => string(value, field, &mut meta.description, findings),
            "icon" => string(value, field, &mut meta.icon, findings),
            "url" => string(value, field, &mut meta.url, findings),
            "invisible" => boolean(value, field, &mut meta.invisible, findings),
            "tags" => strings(value, field, &mut meta.tags, findings),
            "needNamespace" => strings(value, field, &mut meta.need_namespace, findings),
            "uxPlugins" => pairs(value, field, &mut meta.ux_plugins, findings),
            "annotations" => pairs(value, field, &mut meta.annotations, findings),
            "dependencies" => dependencies(value, &mut meta.dependencies, findings),
            "deployTo" => deploy_to(value, &mut meta.deploy_to, findings),
            _ => system(value, &mut meta.system, findings),
        }
    }
}

fn string(tree: &Tree, field: &str, into: &mut Spanned<String>, findings: &mut Findings) {
    match tree.coerced() {
        Some(text) => *into = Spanned::new(text.into_owned(), tree.span),
        None if tree.data == Data::Null => {}
        None => findings.wrong(field, "a string", tree),
    }
}

fn boolean(tree: &Tree, field: &str, into: &mut Spanned<bool>, findings: &mut Findings) {
    match tree.data {
        Data::Bool(value) => *into = Spanned::new(value, tree.span),
        Data::Null => {}
        _ => findings.wrong(field, "`true` or `false`", tree),
    }
}

fn strings(
    tree: &Tree,
    field: &str,
    into: &mut Spanned<Vec<Spanned<String>>>,
    findings: &mut Findings,
) {
    let Data::List(items) = &tree.data else {
        return findings.wrong(field, "a list of strings", tree);
    };
    let mut list = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let mut text = Spanned::new(String::new(), item.span);
        string(item, &format!("{field}[{index}]"), &mut text, findings);
        list.push(text);
    }
    *into = Spanned::new(list, tree.span);
}

fn pairs(tree: &Tree, field: &str, into: &mut Spanned<Vec<Pair>>, findings: &mut Findings) {
    let Data::Map(entries) = &tree.data else {
        return findings.wrong(field, "a mapping of strings", tree);
    };
    into.span = tree.span;
    for entry in entries {
        let mut value = Spanned::new(String::new(), entry.value.span);
        string(
            &entry.value,
            &format!("{field}.{}", entry.key),
            &mut value,
            findings,
        );
        let key = Spanned::new(entry.key.as_ref().to_owned(), entry.key_span);
        let at = into
            .value
            .binary_search_by(|pair| pair.key.value.as_bytes().cmp(key.value.as_bytes()));
        match at {
            Ok(at) => into.value[at] = Pair { key, value },
            Err(at) => into.value.insert(at, Pair { key, value }),
        }
    }
}

fn dependencies(
    tree: &Tree,
    into: &mut Spanned<Vec<Option<Spanned<Dependency>>>>,
    findings: &mut Findings,
) {
    let Data::List(items) = &tree.data else {
        return findings.wrong(
            "dependencies",
            "a list of mappings with `name` and `version`",
            tree,
        );
    };
    let mut list = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let within = format!("dependencies[{index}]");
        match item.data {
            Data::Null => {
                list.push(None);
                continue;
            }
            Data::Map(_) => {}
            _ => {
                findings.wrong(&within, "a mapping with `name` and `version`", item);
                continue;
            }
        }
        let mut dependency = Dependency::default();
        for (field, entry) in fields(item, DEPENDENCY, &within, findings) {
            let name = format!("{within}.{field}");
            match field {
                "name" => string(&entry.value, &name, &mut dependency.name, findings),
                _ => string(&entry.value, &name, &mut dependency.version, findings),
            }
        }
        list.push(Some(Spanned::new(dependency, item.span)));
    }
    *into = Spanned::new(list, tree.span);
}

fn deploy_to(tree: &Tree, into: &mut Option<Spanned<DeployTo>>, findings: &mut Findings) {
    let Data::Map(_) = tree.data else {
        return findings.wrong("deployTo", "a mapping", tree);
    };
    let target = into.get_or_insert_with(Spanned::default);
    target.span = tree.span;
    for (field, entry) in fields(tree, DEPLOY_TO, "deployTo", findings) {
        let name = format!("deployTo.{field}");
        let place = match field {
            "runtime_cluster" => &mut target.value.legacy_runtime_cluster,
            "disableControlPlane" => &mut target.value.disable_control_plane,
            _ => &mut target.value.runtime_cluster,
        };
        boolean(&entry.value, &name, place, findings);
    }
}

fn system(tree: &Tree, into: &mut Option<Spanned<SystemRequirements>>, findings: &mut Findings) {
    let Data::Map(_) = tree.data else {
        return findings.wrong("system", "a mapping with `vela` and `kubernetes`", tree);
    };
    let target = into.get_or_insert_with(Spanned::default);
    target.span = tree.span;
    for (field, entry) in fields(tree, SYSTEM, "system", findings) {
        let name = format!("system.{field}");
        let place = match field {
            "vela" => &mut target.value.vela,
            _ => &mut target.value.kubernetes,
        };
        string(&entry.value, &name, place, findings);
    }
}
