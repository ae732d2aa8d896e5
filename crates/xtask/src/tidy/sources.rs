//! What a source file must look like, line by line.
//!
//! - a Rust file has at most [`LONGEST`] lines, unless it is generated, and opens with `//!`: what
//!   it owns and why;
//! - an open end is written with the number of its issue, as in `TODO(#12)`;
//! - no path of somebody's machine and no host of a package index stands in any text;
//! - the pure CUE crates do not name the file system, threads, clocks or sockets.

use super::Problem;
use super::tree::TextFile;

/// Lines of a Rust file, at the very most; 600 is a reason to split.
const LONGEST: usize = 800;

/// Crates that are functions of their input alone, and what they must not name.
const PURE: &[&str] = &[
    "crates/cue-syntax/src",
    "crates/cue-eval/src",
    "crates/cue-std/src",
];
const IMPURE: &[&str] = &["std::fs", "std::thread", "std::time", "std::net"];

/// Openings of absolute paths that only exist on somebody's machine. Written in two parts, so that
/// this list does not find itself.
const MACHINE_PATHS: &[&str] = &[
    concat!("/ro", "ot/"),
    concat!("/wo", "rk/"),
    concat!("/ho", "me/"),
    concat!("/tm", "p/"),
    concat!("/Use", "rs/"),
    concat!("C:\\Use", "rs"),
];
/// Hosts of package indexes.
const INDEX_HOSTS: &[&str] = &[
    concat!("crates", ".io"),
    concat!("proxy.", "golang.org"),
    concat!("registry.", "npmjs.org"),
];
/// The files that cargo and its tools write or read with such a host in it.
const MAY_NAME_HOSTS: &[&str] = &["Cargo.lock", "fuzz/Cargo.lock", "deny.toml"];

/// Appends what is wrong with `file`.
pub(crate) fn check(file: &TextFile, problems: &mut Vec<Problem>) {
    let mut found = |line: usize, message: String| {
        problems.push(Problem {
            file: file.path.clone(),
            line,
            message,
        });
    };
    let is_rust = std::path::Path::new(&file.path)
        .extension()
        .is_some_and(|extension| extension == "rs");
    if is_rust {
        let lines = file.text.lines().count();
        if lines > LONGEST && !is_generated(&file.text) {
            found(0, format!("has {lines} lines, expected at most {LONGEST}"));
        }
        if !file.text.starts_with("//!") {
            found(1, "expected `//!` and what this file owns".to_owned());
        }
    }
    let is_pure = PURE.iter().any(|folder| file.path.starts_with(folder));
    let may_name_hosts = MAY_NAME_HOSTS.contains(&file.path.as_str());
    for (index, line) in file.text.lines().enumerate() {
        let number = index + 1;
        if is_rust && let Some(word) = open_end(line) {
            found(number, format!("`{word}` without the number of an issue"));
        }
        if is_rust && is_pure && !line.trim_start().starts_with("//") {
            for name in IMPURE.iter().filter(|name| line.contains(*name)) {
                found(number, format!("a pure crate must not use `{name}`"));
            }
        }
        for path in MACHINE_PATHS.iter().filter(|path| names_path(line, path)) {
            found(number, format!("`{path}` is a path of one machine"));
        }
        if !may_name_hosts {
            for host in INDEX_HOSTS.iter().filter(|host| line.contains(*host)) {
                found(number, format!("`{host}` is a package index"));
            }
        }
    }
}

/// Whether the opening of a file says that a program wrote it.
fn is_generated(text: &str) -> bool {
    text.lines()
        .take_while(|line| line.starts_with("//"))
        .any(|line| line.contains("@generated"))
}

/// A marker of unfinished work in a comment that names no issue.
fn open_end(line: &str) -> Option<&'static str> {
    let comment = line.split_once("//")?.1;
    [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("XX", "X"),
    ]
    .into_iter()
    .find(|word| {
        comment.match_indices(word).any(|(at, _)| {
            let before = comment[..at].chars().next_back();
            let after = &comment[at + word.len()..];
            let is_word = !before.is_some_and(char::is_alphanumeric)
                && !after.starts_with(char::is_alphanumeric);
            is_word && !after.starts_with("(#")
        })
    })
}

/// Whether the absolute `path` stands in the line, and not the tail of a longer one
/// (`example.org/work:v1`, `src/root/a`).
fn names_path(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        !line[..at]
            .chars()
            .next_back()
            .is_some_and(|before| before.is_alphanumeric() || "._-/~}*{$".contains(before))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(path: &str, text: &str) -> Vec<(usize, String)> {
        let mut problems = Vec::new();
        let file = TextFile {
            path: path.to_owned(),
            text: text.to_owned(),
        };
        check(&file, &mut problems);
        problems
            .into_iter()
            .map(|problem| (problem.line, problem.message))
            .collect()
    }

    #[test]
    fn a_long_file_without_an_opening_is_told() {
        let long = "fn f() {}\n".repeat(801);
        let found = messages("src/a.rs", &long);
        assert_eq!(found[0].1, "has 801 lines, expected at most 800");
        assert_eq!(found[1].0, 1);
        assert_eq!(messages("docs/a.md", &long), []);
        let generated = format!("//! A table, @generated by a program.\n{long}");
        assert_eq!(messages("src/a.rs", &generated), []);
    }

    #[test]
    fn open_ends_need_a_number() {
        let open = concat!("//! x\n// TO", "DO: later\n// TO", "DO(#7): later\n");
        assert_eq!(messages("src/a.rs", open).len(), 1);
        assert_eq!(messages("src/a.rs", open)[0].0, 2);
        assert_eq!(messages("src/a.rs", "//! x\nlet toDO = 1; // aTODOb\n"), []);
    }

    #[test]
    fn machine_paths_are_told_and_addresses_are_not() {
        let path = concat!("see /wo", "rk/main\n");
        assert_eq!(messages("docs/a.md", path).len(), 1);
        assert_eq!(
            messages("docs/a.md", "quay.io/work/x\nhttps://a/work/\n"),
            []
        );
    }

    #[test]
    fn a_pure_crate_names_no_clock() {
        let text = "//! x\n// std::time is far\nuse std::time::Instant;\n";
        assert_eq!(messages("crates/cue-eval/src/a.rs", text)[0].0, 3);
        assert_eq!(messages("crates/goyaml/src/a.rs", text), []);
    }
}
