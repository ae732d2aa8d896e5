//! LAY: the layout of the directory.

mod lay01_two_templates;
mod lay02_template;
mod lay03_readme;
mod lay04_prefix;
mod lay05_misspelled;
mod lay06_extension;
mod lay07_documents;
mod lay08_object;
mod lay09_workspace;
mod lay10_two_parameters;
mod lay11_godef;
mod lay12_text;
mod lay13_directory;
mod lay14_readme_commands;
mod lay15_readme_content;
mod lay16_examples;
mod lay17_readme_links;
mod lay18_nothing;

use crate::rule::Rule;

/// The rules, by their id.
pub(super) const RULES: &[Rule] = &[
    lay01_two_templates::RULE,
    lay02_template::RULE,
    lay03_readme::RULE,
    lay04_prefix::RULE,
    lay05_misspelled::RULE,
    lay06_extension::RULE,
    lay07_documents::RULE,
    lay08_object::RULE,
    lay09_workspace::RULE,
    lay10_two_parameters::RULE,
    lay11_godef::RULE,
    lay12_text::RULE,
    lay13_directory::RULE,
    lay14_readme_commands::RULE,
    lay15_readme_content::RULE,
    lay16_examples::RULE,
    lay17_readme_links::RULE,
    lay18_nothing::RULE,
];
