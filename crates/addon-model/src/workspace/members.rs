//! Which directories of a workspace are addons.
//!
//! A pattern is a path whose components may have `*` (any letters) and `?` (one letter); neither matches a slash nor the
//! dot at the beginning of a hidden name, and links are not followed, so a pattern never leads out of the workspace. What
//! is named without a wildcard has to be there; what a wildcard matches is a member when it has a `metadata.yaml`.
//!
//! The members come in the order of their paths, each once, whatever the order of the patterns.

use super::{WorkspaceFile, inside};
use crate::spanned::Spanned;
use source_vocab::{Diagnostic, EntryKind, Outcome, VPath, World};
use std::collections::BTreeSet;

/// The most members of a workspace, and the most directories that a pattern is compared with.
const MOST: usize = 20_000;

/// What is wrong with a pattern, whatever is on the disk.
pub(super) fn judge(pattern: &Spanned<String>) -> Option<Diagnostic> {
    let wrong = |message: String, help: &str| {
        Some(Diagnostic::error("workspace/pattern", message, pattern.span).help(help))
    };
    if inside(&pattern.value).is_none() {
        let message = format!("`{}` leaves the workspace", pattern.value);
        return wrong(
            message,
            "write a path with slashes that stays below the workspace",
        );
    }
    if pattern.value.contains("**") {
        let message = "`**` stands for no folders here".to_owned();
        return wrong(message, "write a `*` for each folder, as in `addon/*`");
    }
    None
}

impl WorkspaceFile {
    /// The directories of the addons, in the order of their paths. `root` is the workspace in `world`.
    pub fn members(&self, world: &dyn World, root: &VPath) -> Outcome<Vec<VPath>> {
        let mut walk = Walk {
            world,
            root,
            found: BTreeSet::new(),
            listed: 0,
        };
        let mut diagnostics = Vec::new();
        match &self.members {
            None if walk.is_addon(&VPath::root()) => {
                walk.found.insert(VPath::root());
            }
            None => walk.expand(&VPath::root(), &["addon", "*"], Named::ByPattern),
            Some(patterns) => {
                for pattern in patterns {
                    walk.pattern(pattern, &mut diagnostics);
                }
            }
        }
        if walk.listed > MOST {
            let message = format!(
                "the members of the workspace are searched in more than {MOST} directories"
            );
            let place = root.child(super::FILE_NAME);
            let found = Diagnostic::error("workspace/pattern", message, place);
            diagnostics.push(found.help("write patterns that match fewer directories"));
        }
        let is_excluded =
            |member: &VPath| self.exclude.iter().any(|pattern| excludes(pattern, member));
        let members = walk.found.iter().filter(|member| !is_excluded(member));
        Outcome {
            value: Some(members.cloned().collect()),
            diagnostics,
        }
    }
}

/// How a directory came to be named.
#[derive(Clone, Copy, PartialEq)]
enum Named {
    Plainly,
    ByPattern,
}

struct Walk<'a> {
    world: &'a dyn World,
    root: &'a VPath,
    found: BTreeSet<VPath>,
    listed: usize,
}

impl Walk<'_> {
    fn pattern(&mut self, pattern: &Spanned<String>, diagnostics: &mut Vec<Diagnostic>) {
        let Some(path) = inside(&pattern.value) else {
            return;
        };
        let components: Vec<&str> = path.components().collect();
        let named = if pattern.value.contains(['*', '?']) {
            Named::ByPattern
        } else {
            Named::Plainly
        };
        let mut fresh = Walk {
            found: BTreeSet::new(),
            ..*self
        };
        fresh.expand(&VPath::root(), &components, named);
        self.listed = fresh.listed;
        if fresh.found.is_empty() {
            let message = format!("no addon is at `{}`", pattern.value);
            let at = Diagnostic::warning("workspace/no-member", message.clone(), pattern.span);
            diagnostics.push(match named {
                Named::Plainly => Diagnostic::error("workspace/no-member", message, pattern.span)
                    .help("remove the line, or make the addon"),
                Named::ByPattern => at.help("an addon is a directory with a `metadata.yaml`"),
            });
        }
        self.found.append(&mut fresh.found);
    }

    /// Adds the directories below `at` that the components lead to.
    fn expand(&mut self, at: &VPath, components: &[&str], named: Named) {
        let Some((first, rest)) = components.split_first() else {
            if self.found.len() < MOST && (named == Named::Plainly || self.is_addon(at)) {
                self.found.insert(at.clone());
            }
            return;
        };
        self.listed += 1;
        if self.listed > MOST {
            return;
        }
        let listed = self.world.list(&self.root.join(at)).unwrap_or_default();
        for entry in listed {
            if entry.kind == EntryKind::Directory
                && entry.name_is_utf8
                && matches(first, &entry.name)
            {
                self.expand(&at.child(&entry.name), rest, named);
            }
        }
    }

    fn is_addon(&self, at: &VPath) -> bool {
        let listed = self.world.list(&self.root.join(at)).unwrap_or_default();
        listed
            .iter()
            .any(|entry| entry.name == "metadata.yaml" && entry.kind != EntryKind::Directory)
    }
}

/// Whether a pattern leaves out a member: it matches the member or a directory above it.
fn excludes(pattern: &Spanned<String>, member: &VPath) -> bool {
    let Some(path) = inside(&pattern.value) else {
        return false;
    };
    let mut components = member.components();
    path.components()
        .all(|wanted| components.next().is_some_and(|name| matches(wanted, name)))
}

/// Whether a component with wildcards matches a name. Of several `*` only the last one has to be tried again.
fn matches(pattern: &str, name: &str) -> bool {
    if name.starts_with('.') && !pattern.starts_with('.') {
        return false;
    }
    let (pattern, name): (Vec<char>, Vec<char>) =
        (pattern.chars().collect(), name.chars().collect());
    let (mut at, mut next) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while at < name.len() {
        match pattern.get(next) {
            Some('*') => {
                star = Some((next, at));
                next += 1;
            }
            Some(wanted) if *wanted == '?' || name.get(at) == Some(wanted) => {
                next += 1;
                at += 1;
            }
            _ => {
                let Some((after, from)) = star else {
                    return false;
                };
                star = Some((after, from + 1));
                next = after + 1;
                at = from + 1;
            }
        }
    }
    pattern.iter().skip(next).all(|rest| *rest == '*')
}

#[cfg(test)]
mod tests {
    use super::*;
    use source_vocab::SourceMap;
    use testkit::MemoryWorld;

    fn members(text: &str, files: &[&str]) -> (Vec<String>, Vec<String>) {
        let world = files
            .iter()
            .fold(MemoryWorld::new(), |world, file| world.file(file, ""));
        let mut sources = SourceMap::new();
        let source = sources.add(super::super::FILE_NAME, text).unwrap();
        let file = WorkspaceFile::read(&source).value.unwrap();
        let outcome = file.members(&world, &VPath::root());
        let names = outcome
            .value
            .unwrap()
            .iter()
            .map(VPath::to_string)
            .collect();
        let told = outcome
            .diagnostics
            .iter()
            .map(|found| found.message.clone())
            .collect();
        (names, told)
    }

    #[test]
    fn patterns_match_addons_in_the_order_of_their_paths() {
        let files = [
            "addon/b/metadata.yaml",
            "addon/a/metadata.yaml",
            "addon/notes/README.md",
            "addon/.hidden/metadata.yaml",
            "more/x-1/metadata.yaml",
            "more/y-1/metadata.yaml",
            "more/x-1/sub/metadata.yaml",
        ];
        let text = "members: [more/x*, addon/*, more/x-?]\nexclude: [addon/b]\n";
        let wanted = ["addon/a", "more/x-1"].map(str::to_owned).to_vec();
        assert_eq!(members(text, &files), (wanted, vec![]));
        let all = members("", &files).0;
        assert_eq!(all, ["addon/a", "addon/b"]);
        let excluded = members("members: ['*/*']\nexclude: [more]\n", &files).0;
        assert_eq!(excluded, ["addon/a", "addon/b"]);
    }

    #[test]
    fn a_workspace_that_is_an_addon_is_its_own_member() {
        assert_eq!(
            members("", &["metadata.yaml", "addon/a/metadata.yaml"]).0,
            ["."]
        );
    }

    #[test]
    fn what_is_not_there_is_told() {
        let (names, told) = members("members: [a, b, 'c*']\n", &["b/x"]);
        assert_eq!(names, ["b"]);
        assert_eq!(told, ["no addon is at `a`", "no addon is at `c*`"]);
    }

    #[test]
    fn wildcards_do_not_take_long() {
        let pattern = "*a".repeat(200) + "b";
        assert!(!matches(&pattern, &"a".repeat(5000)));
        assert!(matches("a*b?c*", "axxbyc"));
        assert!(!matches("*", ".git"));
        assert!(matches(".g*", ".git"));
    }
}
