//! Each entry of `dependencies` names one addon, none twice, and not the addon itself.
//!
//! KubeVela enables the dependencies first: an addon that depends on itself is never enabled, an entry without a name is
//! looked for in vain, and an entry that is `null` crashes `vela`. Of two entries with one name both constraints are
//! tried one after the other, so that the second may undo what the first installed. In a folder of addons those that
//! depend on each other in a circle are found, too: none of them can be enabled first.
//!
//! Bad:
//! ```yaml
//! name: fluxcd
//! dependencies:
//!   - name: fluxcd
//! ```
//! Good:
//! ```yaml
//! name: fluxcd
//! dependencies:
//!   - name: cert-manager
//!     version: ">=1.7.0"
//! ```

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use crate::workspace::{Member, Workspace};
use source_vocab::{Diagnostic, Severity, Span};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

pub(super) const RULE: Rule = Rule {
    id: "DEP03",
    title: "each dependency is named once and is another addon",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "dep/dep03_dependencies.rs",
    source: include_str!("dep03_dependencies.rs"),
    found: &[Found::InAddon(check), Found::InWorkspace(circles)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    let meta = input.addon.meta();
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    for (index, dependency) in meta.dependencies.value.iter().enumerate() {
        let Some(dependency) = dependency else {
            let place = input.metadata_place(meta.dependencies.span);
            let message = format!("`dependencies[{index}]` is null, on which `vela` crashes");
            findings.push(RULE.finding(message, place).help("remove the entry"));
            continue;
        };
        let name = &dependency.name;
        let span = if name.is_set() {
            name.span
        } else {
            dependency.span
        };
        let place = input.metadata_place(span);
        if name.is_empty() {
            let message = format!("`dependencies[{index}]` has no name");
            findings.push(
                RULE.finding(message, place)
                    .help("write the name of an addon"),
            );
        } else if name.value == meta.name.value {
            let message = format!("`{}` depends on itself", name.value);
            findings.push(RULE.finding(message, place).help("remove the entry"));
        } else if let Some(first) = seen.insert(name.as_str(), span) {
            let message = format!("the dependency `{}` stands twice", name.value);
            let found = RULE.finding(message, place).label(first, "the first one");
            findings.push(found.help("join the two: `version: \">=1.0.0 <2.0.0\"`"));
        }
    }
}

/// The shortest circle through each addon, each circle once.
fn circles(workspace: &Workspace, findings: &mut Vec<Diagnostic>) {
    let mut members: BTreeMap<&str, &Member> = BTreeMap::new();
    for member in &workspace.members {
        members.entry(member.meta().name.as_str()).or_insert(member);
    }
    let mut told: BTreeSet<&str> = BTreeSet::new();
    for name in members.keys() {
        if told.contains(name) {
            continue;
        }
        let Some(circle) = circle(name, &members) else {
            continue;
        };
        told.extend(circle.iter().map(|(name, _)| *name));
        let names: Vec<String> = circle.iter().map(|(name, _)| format!("`{name}`")).collect();
        let message = format!("{} depend on each other in a circle", names.join(", "));
        let mut places = circle.iter().filter_map(|(name, span)| {
            let member = members.get(name)?;
            Some((format!("`{name}` needs this one"), member.place(*span)))
        });
        let Some((text, place)) = places.next() else {
            continue;
        };
        let mut found = RULE.finding(message, place).at(text);
        for (text, place) in places {
            found = found.label(place, text);
        }
        findings
            .push(found.help("take one of these dependencies out: nothing can be enabled first"));
    }
}

/// The addons on the shortest way from one back to itself, each with the place where it names the next.
fn circle<'a>(
    start: &'a str,
    members: &BTreeMap<&'a str, &'a Member>,
) -> Option<Vec<(&'a str, Span)>> {
    let mut from: BTreeMap<&str, (&str, Span)> = BTreeMap::new();
    let mut next = VecDeque::from([start]);
    while let Some(name) = next.pop_front() {
        for dependency in members.get(name)?.meta().dependencies() {
            let needed = dependency.name.as_str();
            let Some((needed, _)) = members.get_key_value(needed) else {
                continue;
            };
            // an addon that needs itself is told where it is checked alone
            if *needed == name || from.contains_key(needed) {
                continue;
            }
            from.insert(*needed, (name, dependency.name.span));
            if *needed == start {
                return Some(back(start, &from));
            }
            next.push_back(*needed);
        }
    }
    None
}

fn back<'a>(start: &'a str, from: &BTreeMap<&'a str, (&'a str, Span)>) -> Vec<(&'a str, Span)> {
    let mut way = Vec::new();
    let mut at = start;
    while let Some((before, span)) = from.get(at) {
        way.push((*before, *span));
        at = before;
        if at == start {
            break;
        }
    }
    way.reverse();
    way
}
