//! `icon` is the address of the picture itself.
//!
//! The page of a file in a repository (`github.com/.../blob/...`) is no picture, and neither is the page of a project: VelaUX
//! shows a broken one.
//!
//! Bad:
//! ```yaml
//! icon: https://github.com/fluxcd/flux/blob/master/docs/logo.png
//! ```
//! Good:
//! ```yaml
//! icon: https://raw.githubusercontent.com/fluxcd/flux/master/docs/logo.png
//! ```

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "META20",
    title: "`icon` is the address of a picture",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "meta/meta20_icon.rs",
    source: include_str!("meta20_icon.rs"),
    found: &[Found::InAddon(check)],
};

/// Endings of pages.
const PAGES: [&str; 4] = [".html", ".htm", ".md", "/"];

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    let meta = input.addon.meta();
    let icon = meta.icon.trim();
    let Some(rest) = icon
        .strip_prefix("https://")
        .or_else(|| icon.strip_prefix("http://"))
    else {
        return;
    };
    let bare = rest.split(['?', '#']).next().unwrap_or_default();
    let query = rest.get(bare.len()..).unwrap_or_default();
    let is_raw = query.contains("raw=true") || query.contains("raw=1");
    let (host, path) = bare.split_once('/').unwrap_or((bare, ""));
    let message = if (path.contains("/blob/") || path.contains("/-/blob/")) && !is_raw {
        "`icon` is the page about a file, not the picture".to_owned()
    } else if path.is_empty()
        || PAGES
            .iter()
            .any(|end| bare.to_ascii_lowercase().ends_with(end))
    {
        format!("`icon` is a page of `{host}`, not a picture")
    } else if !meta.url.is_empty() && icon == meta.url.trim() {
        "`icon` is the address that `url` is".to_owned()
    } else {
        return;
    };
    let help = match host {
        "github.com" => "use the address below `raw.githubusercontent.com`",
        _ => "use the address of the picture itself",
    };
    findings.push(
        RULE.finding(message, input.metadata_place(meta.icon.span))
            .help(help),
    );
}
