//! DEF: definitions.

mod def01_shape;
mod def02_type;
mod def03_attributes;
mod def04_template;
mod def05_workload;
mod def06_openapi;
mod def07_usage;
mod def08_list;
mod def09_dropped;
pub(in crate::rules) mod def10_patch_list;
mod def11_status;
mod def12_shadowing;
mod def13_conflicts;
mod def14_namespace;
mod def15_two_workloads;
mod def16_version;
mod def17_undeclared;

use crate::input::{CueFile, Input};
use crate::rule::Rule;
use crate::syntax::{Fields, name_of};
use addon_model::{Format, Role};
use cue_syntax::ast::{Decl, LabelName};

/// The rules, by their id.
pub(super) const RULES: &[Rule] = &[
    def01_shape::RULE,
    def02_type::RULE,
    def03_attributes::RULE,
    def04_template::RULE,
    def05_workload::RULE,
    def06_openapi::RULE,
    def07_usage::RULE,
    def08_list::RULE,
    def09_dropped::RULE,
    def10_patch_list::RULE,
    def11_status::RULE,
    def12_shadowing::RULE,
    def13_conflicts::RULE,
    def14_namespace::RULE,
    def15_two_workloads::RULE,
    def16_version::RULE,
    def17_undeclared::RULE,
];

/// The definitions in CUE that can be read.
fn definitions<'i>(input: &'i Input<'_>) -> impl Iterator<Item = &'i CueFile> {
    input
        .cue()
        .iter()
        .filter(|file| file.role == Role::Definition(Format::Cue) && file.parsed.errors.is_empty())
}

/// A file with a definition, as KubeVela takes it apart.
struct Shape<'a> {
    decls: &'a [Decl],
}

impl<'a> Shape<'a> {
    fn of(decls: &'a [Decl]) -> Self {
        Self { decls }
    }

    /// The name of the definition: that of the one field beside `template`.
    fn name(&self) -> Option<String> {
        let mut names = self.decls.iter().filter_map(|decl| match decl {
            Decl::Field(field) => match field.label.name() {
                LabelName::Ident(name) if name.starts_with(['#', '_']) || name == "template" => {
                    None
                }
                _ => name_of(field),
            },
            _ => None,
        });
        let name = names.next()?;
        names.all(|other| other == name).then_some(name)
    }

    /// The word in `type`.
    fn kind(&self) -> Option<String> {
        Fields::at(self.decls, &[&self.name()?, "type"]).text()
    }
}
