//! The rules, one file each: a folder for a family of ids, whose `mod.rs` lists them by their id.
//!
//! A new rule is a file with its page, its `RULE` and its check, two lines in the family's `mod.rs`, and a fixture
//! `fixtures/ID.txtar`. The tests fail on a file that is not listed and on a rule without a fixture.

mod api;
mod app;
mod applied;
mod cfg;
mod crd;
mod cue;
mod def;
mod dep;
mod fault;
mod ign;
mod img;
mod k8s;
mod lay;
mod meta;
mod note;
mod object_set;
mod objects;
mod par;
mod pkg;
mod r#ref;
mod reg;
mod ren;
mod sec;
mod secret_name;
mod ui;
mod used_api;
mod ver;
mod view;

use crate::rule::Rule;

pub(crate) use ign::ign01_reason::RULE as IGN01;
pub(crate) use ign::ign02_unused::RULE as IGN02;

/// All families, by their name.
const FAMILIES: &[&[Rule]] = &[
    api::RULES,
    app::RULES,
    cfg::RULES,
    crd::RULES,
    cue::RULES,
    def::RULES,
    dep::RULES,
    ign::RULES,
    img::RULES,
    k8s::RULES,
    lay::RULES,
    meta::RULES,
    note::RULES,
    par::RULES,
    pkg::RULES,
    r#ref::RULES,
    reg::RULES,
    ren::RULES,
    sec::RULES,
    ui::RULES,
    ver::RULES,
    view::RULES,
];

/// All rules, by their id.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    FAMILIES.iter().copied().flatten()
}

/// The rule with an id, in any case.
pub fn find(id: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.id.eq_ignore_ascii_case(id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::Holds;
    use std::collections::BTreeSet;
    use std::path::Path;

    #[test]
    fn rules_stand_by_their_ids_and_have_pages() {
        let rules: Vec<&Rule> = all().collect();
        for pair in rules.windows(2) {
            assert!(pair[0].id < pair[1].id, "{}", pair[1].id);
        }
        for rule in rules {
            let id = rule.id.to_lowercase();
            let family = id.trim_end_matches(|c: char| c.is_ascii_digit());
            assert!(
                rule.file.starts_with(&format!("{family}/{id}_")),
                "{}",
                rule.id
            );
            assert!(!rule.found.is_empty(), "{}", rule.id);
            let page = rule.page();
            assert!(
                page.contains("\nBad:") && page.contains("\nGood:"),
                "{}",
                rule.id
            );
        }
    }

    #[test]
    fn the_releases_of_a_rule_are_a_constraint() {
        for rule in all() {
            if let Holds::KubeVela(range) | Holds::Helm(range) = rule.holds {
                assert!(gosemver::Constraint::parse(range).is_ok(), "{}", rule.id);
            }
        }
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a test lists its own sources")]
    fn every_file_of_a_rule_is_listed() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rules");
        let listed: BTreeSet<&str> = all().map(|rule| rule.file).collect();
        for family in std::fs::read_dir(&root).unwrap() {
            let family = family.unwrap();
            if !family.file_type().unwrap().is_dir() {
                continue;
            }
            for file in std::fs::read_dir(family.path()).unwrap() {
                let name = file.unwrap().file_name().into_string().unwrap();
                let path = format!("{}/{name}", family.file_name().into_string().unwrap());
                assert!(name == "mod.rs" || listed.contains(path.as_str()), "{path}");
            }
        }
    }
}
