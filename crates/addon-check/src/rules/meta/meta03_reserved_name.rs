//! The name has at most 57 characters, and no file or folder that KubeVela knows begins with it.
//!
//! The Application is called `addon-NAME` and its name becomes a label, which has room for 63 characters. In a Helm
//! registry the files lie in a folder with the addon's name, and KubeVela takes each path that begins with the name
//! for one inside that folder already: of an addon called `view` the files below `views/` are lost.
//!
//! Bad:
//! ```yaml
//! name: view
//! ```
//! Good:
//! ```yaml
//! name: log-view
//! ```

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use addon_model::Pattern;
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "META03",
    title: "`name` is short and begins no reserved name",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "meta/meta03_reserved_name.rs",
    source: include_str!("meta03_reserved_name.rs"),
    found: &[Found::InAddon(check)],
};

/// `addon-` and the name must fit into a label.
const LONGEST: usize = 57;

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    let name = &input.addon.meta().name;
    let place = input.metadata_place(name.span);
    if name.len() > LONGEST {
        let message = format!(
            "the name has {} characters, expected at most {LONGEST}",
            name.chars().count()
        );
        let help = "use a shorter name: `addon-` and the name become a label";
        findings.push(RULE.finding(message, place).help(help));
    } else if let Some(pattern) = Pattern::ALL
        .iter()
        .find(|pattern| !name.is_empty() && pattern.name().starts_with(name.as_str()))
    {
        let message = format!(
            "`{pattern}` begins with the addon's name `{}` and is misread in Helm registries",
            name.value
        );
        findings.push(RULE.finding(message, place).help("use another name"));
    }
}
