//! The rules, one file each, in the order of their ids.

mod app02_application;
mod dep03_dependencies;
mod lay01_two_templates;
mod lay02_template;
mod lay03_readme;
mod lay04_prefix;
mod lay05_misspelled;
mod lay06_extension;
mod lay07_documents;
mod lay08_object;
mod lay10_two_parameters;
mod lay11_godef;
mod lay12_text;
mod lay13_directory;
mod meta01_file;
mod meta02_name;
mod meta03_reserved_name;
mod meta04_version;
mod meta05_leading_v;
mod meta06_directory;
mod meta07_unknown_key;
mod meta08_need_namespace;
mod meta09_deploy_to;
mod meta10_system_vela;
mod meta11_constraint;
mod meta12_vendor_versions;
mod meta13_links;
mod meta14_description;
mod meta15_invisible;
mod pkg03_size;
mod pkg04_entries;
mod pkg05_junk;
mod pkg07_helmignore;
mod pkg08_helm_files;
mod reg01_index;
mod reg02_archives;
mod reg05_foreign_host;
mod sec04_secret;

use crate::rule::Rule;

/// All rules, by their id.
pub const ALL: &[Rule] = &[
    app02_application::RULE,
    dep03_dependencies::RULE,
    lay01_two_templates::RULE,
    lay02_template::RULE,
    lay03_readme::RULE,
    lay04_prefix::RULE,
    lay05_misspelled::RULE,
    lay06_extension::RULE,
    lay07_documents::RULE,
    lay08_object::RULE,
    lay10_two_parameters::RULE,
    lay11_godef::RULE,
    lay12_text::RULE,
    lay13_directory::RULE,
    meta01_file::RULE,
    meta02_name::RULE,
    meta03_reserved_name::RULE,
    meta04_version::RULE,
    meta05_leading_v::RULE,
    meta06_directory::RULE,
    meta07_unknown_key::RULE,
    meta08_need_namespace::RULE,
    meta09_deploy_to::RULE,
    meta10_system_vela::RULE,
    meta11_constraint::RULE,
    meta12_vendor_versions::RULE,
    meta13_links::RULE,
    meta14_description::RULE,
    meta15_invisible::RULE,
    pkg03_size::RULE,
    pkg04_entries::RULE,
    pkg05_junk::RULE,
    pkg07_helmignore::RULE,
    pkg08_helm_files::RULE,
    reg01_index::RULE,
    reg02_archives::RULE,
    reg05_foreign_host::RULE,
    sec04_secret::RULE,
];

/// The rule with an id, in any case.
pub fn find(id: &str) -> Option<&'static Rule> {
    ALL.iter().find(|rule| rule.id.eq_ignore_ascii_case(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_stand_by_their_ids_and_have_pages() {
        for pair in ALL.windows(2) {
            assert!(pair[0].id < pair[1].id, "{}", pair[1].id);
        }
        for rule in ALL {
            assert!(
                rule.file.starts_with(&rule.id.to_lowercase()),
                "{}",
                rule.id
            );
            let page = rule.page();
            assert!(
                page.contains("\nBad:") && page.contains("\nGood:"),
                "{}",
                rule.id
            );
        }
    }
}
