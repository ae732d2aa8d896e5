//! `.helmignore`, as Helm reads it.
//!
//! One pattern a line; `#` begins a comment. A pattern without a slash is matched against the last component,
//! one with a slash against the whole path, one that begins with a slash too; a slash at the end asks for a
//! directory, and then everything below it is left out. The first pattern that matches decides. `!` is not
//! what git makes of it: it leaves out everything that does *not* match. `**` is refused. As helm v3.14.4
//! `pkg/ignore/rules.go`; the globs are those of Go's `path/filepath.Match`.

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRule {
    /// The line, from 1.
    pub line: usize,
    /// The pattern.
    pub pattern: String,
    /// Why it is refused.
    pub reason: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Against {
    LastComponent,
    WholePath,
}

#[derive(Clone, Debug)]
struct Rule {
    pattern: String,
    negated: bool,
    directories_only: bool,
    against: Against,
}

/// Whether a path is a file or a directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathIs {
    /// A file, or anything else that is no directory.
    File,
    /// A directory.
    Directory,
}

/// The patterns of a `.helmignore`, and the one that Helm always has: dot files of `templates/`.
#[derive(Clone, Debug)]
pub struct IgnoreRules {
    rules: Vec<Rule>,
}

impl Default for IgnoreRules {
    fn default() -> Self {
        let rules = Rule::parse("templates/.?*").into_iter().flatten().collect();
        Self { rules }
    }
}

impl IgnoreRules {
    /// Reads the text of a `.helmignore`.
    ///
    /// # Errors
    /// [`BadRule`] for the first line that Helm refuses.
    pub fn parse(text: &str) -> Result<Self, BadRule> {
        let mut rules = Vec::new();
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        for (index, line) in text.split('\n').enumerate() {
            let rule = Rule::parse(line).map_err(|reason| BadRule {
                line: index + 1,
                pattern: line.trim().to_owned(),
                reason,
            })?;
            rules.extend(rule);
        }
        rules.extend(Self::default().rules);
        Ok(Self { rules })
    }

    /// Whether the file at `path` is left out, by itself or because a directory above it is.
    pub fn leaves_out(&self, path: &str) -> bool {
        let above = path.match_indices('/').map(|(at, _)| &path[..at]);
        above
            .map(|directory| (directory, PathIs::Directory))
            .chain([(path, PathIs::File)])
            .any(|(path, is)| self.matches(path, is))
    }

    /// Whether a rule leaves out exactly this path.
    pub fn matches(&self, path: &str, is: PathIs) -> bool {
        for rule in &self.rules {
            let wrong_kind = rule.directories_only && is == PathIs::File;
            if rule.negated {
                if wrong_kind || !rule.matches(path) {
                    return true;
                }
            } else if !wrong_kind && rule.matches(path) {
                return true;
            }
        }
        false
    }
}

impl Rule {
    fn parse(line: &str) -> Result<Option<Self>, &'static str> {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            return Ok(None);
        }
        if line.contains("**") {
            return Err("`**` is not supported");
        }
        if !is_glob(line) {
            return Err("it is no valid pattern");
        }
        let (negated, pattern) = match line.strip_prefix('!') {
            Some(rest) => (true, rest),
            None => (false, line),
        };
        let (directories_only, pattern) = match pattern.strip_suffix('/') {
            Some(rest) => (true, rest),
            None => (false, pattern),
        };
        let (against, pattern) = match pattern.strip_prefix('/') {
            Some(rest) => (Against::WholePath, rest),
            None if pattern.contains('/') => (Against::WholePath, pattern),
            None => (Against::LastComponent, pattern),
        };
        Ok(Some(Self {
            pattern: pattern.to_owned(),
            negated,
            directories_only,
            against,
        }))
    }

    fn matches(&self, path: &str) -> bool {
        let path = match self.against {
            Against::WholePath => path,
            Against::LastComponent => path.rsplit('/').next().unwrap_or(path),
        };
        let pattern: Vec<char> = self.pattern.chars().collect();
        let name: Vec<char> = path.chars().collect();
        glob(&pattern, &name)
    }
}

/// Whether every class is closed and nothing ends in a backslash.
fn is_glob(pattern: &str) -> bool {
    let chars: Vec<char> = pattern.chars().collect();
    let mut rest = &chars[..];
    while let Some((first, tail)) = rest.split_first() {
        rest = match first {
            '\\' => match tail.split_first() {
                Some((_, tail)) => tail,
                None => return false,
            },
            '[' => match class(tail, '\0') {
                Some((_, tail)) => tail,
                None => return false,
            },
            _ => tail,
        };
    }
    true
}

/// Reads a class whose `[` has been read; whether it holds `c`, and what follows it.
fn class(pattern: &[char], c: char) -> Option<(bool, &[char])> {
    let (negated, mut rest) = match pattern.split_first() {
        Some(('^', tail)) => (true, tail),
        _ => (false, pattern),
    };
    let mut found = false;
    let mut ranges = 0;
    loop {
        if let Some((']', tail)) = rest.split_first().filter(|_| ranges > 0) {
            return Some((found != negated, tail));
        }
        let (low, tail) = class_char(rest)?;
        rest = tail;
        let mut high = low;
        if let Some(('-', tail)) = rest.split_first() {
            let (c, tail) = class_char(tail)?;
            high = c;
            rest = tail;
        }
        found |= low <= c && c <= high;
        ranges += 1;
    }
}

fn class_char(pattern: &[char]) -> Option<(char, &[char])> {
    let (first, tail) = pattern.split_first()?;
    let (c, tail) = match first {
        '-' | ']' => return None,
        '\\' => tail.split_first()?,
        _ => (first, tail),
    };
    // a class must go on: at least its bracket follows
    (!tail.is_empty()).then_some((*c, tail))
}

/// Go's `filepath.Match`: `*` and `?` do not match a slash.
fn glob(pattern: &[char], name: &[char]) -> bool {
    let (mut p, mut n) = (0, 0);
    // where to go on when the last `*` takes one character more
    let mut retry: Option<(usize, usize)> = None;
    loop {
        let step = match (pattern.get(p), name.get(n)) {
            (None, None) => return true,
            (Some('*'), _) => {
                retry = Some((p + 1, n));
                Some((p + 1, n))
            }
            (Some('?'), Some(c)) if *c != '/' => Some((p + 1, n + 1)),
            (Some('['), Some(c)) => {
                let tail = pattern.get(p + 1..).unwrap_or_default();
                class(tail, *c)
                    .filter(|(found, _)| *found)
                    .map(|(_, rest)| (pattern.len() - rest.len(), n + 1))
            }
            (Some('\\'), Some(c)) if pattern.get(p + 1) == Some(c) => Some((p + 2, n + 1)),
            (Some(literal), Some(c)) if literal == c && !matches!(literal, '?' | '[' | '\\') => {
                Some((p + 1, n + 1))
            }
            _ => None,
        };
        match (step, retry) {
            (Some(next), _) => (p, n) = next,
            (None, Some((after, from))) => {
                if name.get(from).is_none_or(|c| *c == '/') {
                    return false;
                }
                retry = Some((after, from + 1));
                (p, n) = (after, from + 1);
            }
            (None, None) => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left_out(rules: &str, path: &str) -> bool {
        IgnoreRules::parse(rules).unwrap().leaves_out(path)
    }

    #[test]
    fn patterns_match_the_name_or_the_whole_path() {
        assert!(left_out("*.md", "a/b.md") && !left_out("*.md", "a/b.mdx"));
        assert!(left_out("a/*.md", "a/b.md") && !left_out("a/*.md", "x/a/b.md"));
        assert!(left_out("/b.md", "b.md") && !left_out("/b.md", "a/b.md"));
        assert!(left_out("docs/", "docs/x/y") && left_out("docs/", "a/docs/y"));
        assert!(!left_out("docs/", "docs"));
        assert!(left_out("a[0-9^]?", "a5x") && !left_out("a[^0-9]", "a5"));
        assert!(left_out("a\\*b", "a*b") && !left_out("a\\*b", "axb"));
    }

    #[test]
    fn dot_files_of_templates_are_always_left_out() {
        assert!(left_out("", "templates/.x") && !left_out("", "templates/x"));
        assert!(!left_out("", ".git/config"));
    }

    #[test]
    fn a_negated_pattern_leaves_out_what_does_not_match() {
        assert!(left_out("!*.yaml", "a.cue") && !left_out("!*.yaml", "a.yaml"));
    }

    #[test]
    fn bad_patterns_are_refused_with_their_line() {
        let bad = IgnoreRules::parse("a\n# c\n**/x\n").unwrap_err();
        assert_eq!((bad.line, bad.pattern.as_str()), (3, "**/x"));
        assert!(IgnoreRules::parse("[a").is_err() && IgnoreRules::parse("a\\").is_err());
        assert!(IgnoreRules::parse("[]a]").is_err());
    }
}
