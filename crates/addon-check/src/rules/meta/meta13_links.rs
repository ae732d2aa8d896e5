//! `icon` and `url` are given, begin with `https://` and name a host that everybody can reach.
//!
//! VelaUX shows the picture and the link to everybody who looks for an addon. A browser does not show a picture over
//! `http://` on a page over `https://`. An `icon` may also be a picture inside the text (`data:image/...`).
//!
//! Bad:
//! ```yaml
//! icon: http://10.0.0.7/logo.png
//! ```
//! Good:
//! ```yaml
//! icon: https://example.org/logo.png
//! url: https://example.org
//! ```

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use core::net::IpAddr;
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "META13",
    title: "`icon` and `url` are public addresses",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "meta/meta13_links.rs",
    source: include_str!("meta13_links.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    let meta = input.addon.meta();
    if input.addon.metadata.files.is_empty() {
        return;
    }
    for (key, address) in [("icon", &meta.icon), ("url", &meta.url)] {
        let place = input.metadata_place(address.span);
        let (message, help) = if address.trim().is_empty() {
            let what = if key == "icon" {
                "a picture"
            } else {
                "the project"
            };
            let help = format!("write the public address of {what} as `{key}`");
            (format!("the addon has no `{key}`"), help)
        } else if key == "icon" && address.starts_with("data:image/") {
            continue;
        } else if let Some(rest) = address.strip_prefix("https://") {
            if is_public(host(rest)) {
                continue;
            }
            let message = format!("`{key}` names a host that others cannot reach");
            (message, "use a public address".to_owned())
        } else {
            let message = format!("`{key}` does not begin with `https://`");
            (message, "use an address with `https://`".to_owned())
        };
        findings.push(RULE.finding(message, place).help(help));
    }
}

/// The host of `user@host:port/path`.
fn host(rest: &str) -> &str {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    match host.strip_prefix('[') {
        Some(inside) => inside.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    }
}

fn is_public(host: &str) -> bool {
    match host.parse::<IpAddr>() {
        Ok(IpAddr::V4(ip)) => {
            !(ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_unspecified())
        }
        Ok(IpAddr::V6(ip)) => {
            !(ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local())
        }
        Err(_) => {
            let private = [".local", ".internal", ".localhost", ".svc"];
            host.contains('.') && !private.iter().any(|end| host.ends_with(end))
        }
    }
}
