//! `path`: file paths of Unix, Plan 9 and Windows as texts; no file system is asked.

use crate::package::Builder;
use cue_eval::builtin::{Answer, Call, Failure};
use cue_eval::{Data, Kind};
use std::sync::Arc;

const S: Kind = Kind::STRING;

/// Whose paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Os {
    Unix,
    Windows,
    Plan9,
}

impl Os {
    fn of(c: &mut Call<'_>, index: usize) -> Result<Self, Failure> {
        let name = c.string(index)?;
        Ok(match &*name {
            "windows" => Self::Windows,
            "plan9" => Self::Plan9,
            "unix" | "aix" | "android" | "darwin" | "dragonfly" | "freebsd" | "hurd"
            | "illumos" | "ios" | "js" | "linux" | "nacl" | "netbsd" | "openbsd" | "solaris"
            | "zos" => Self::Unix,
            other => return Err(Failure::eval(format!("unknown operating system `{other}`"))),
        })
    }

    fn separator(self) -> char {
        if self == Self::Windows { '\\' } else { '/' }
    }

    fn list_separator(self) -> char {
        match self {
            Self::Unix => ':',
            Self::Windows => ';',
            Self::Plan9 => '\0',
        }
    }

    fn is_separator(self, c: char) -> bool {
        c == '/' || (self == Self::Windows && c == '\\')
    }

    /// The bytes of a drive letter or a share's name.
    fn volume(self, path: &str) -> usize {
        if self != Self::Windows {
            return 0;
        }
        let bytes = path.as_bytes();
        if let [letter, b':', ..] = bytes
            && letter.is_ascii_alphabetic()
        {
            return 2;
        }
        let slash = |at: usize| bytes.get(at).is_some_and(|b| matches!(b, b'\\' | b'/'));
        if slash(0) && slash(1) && bytes.len() > 4 && !slash(2) && bytes.get(2) != Some(&b'.') {
            let share = (3..bytes.len() - 1).find(|at| slash(*at));
            if let Some(at) = share
                && !slash(at + 1)
                && bytes.get(at + 1) != Some(&b'.')
            {
                return (at + 1..bytes.len())
                    .find(|end| slash(*end))
                    .unwrap_or(bytes.len());
            }
        }
        0
    }

    fn is_absolute(self, path: &str) -> bool {
        match self {
            Self::Unix => path.starts_with('/'),
            Self::Plan9 => path.starts_with('/') || path.starts_with('#'),
            Self::Windows => {
                let volume = self.volume(path);
                volume > 0
                    && path
                        .get(volume..)
                        .and_then(|rest| rest.chars().next())
                        .is_some_and(|c| self.is_separator(c))
            }
        }
    }

    fn with_own_separators(self, path: &str) -> String {
        if self == Self::Windows {
            path.replace('/', "\\")
        } else {
            path.to_owned()
        }
    }

    fn to_slash(self, path: &str) -> String {
        if self == Self::Windows {
            path.replace('\\', "/")
        } else {
            path.to_owned()
        }
    }

    /// The shortest equal path.
    fn clean(self, path: &str) -> String {
        let (volume, rest) = path.split_at(self.volume(path));
        if rest.is_empty() {
            if volume.len() > 1 && volume.as_bytes().get(1) != Some(&b':') {
                return self.with_own_separators(path);
            }
            return format!("{}.", self.with_own_separators(volume));
        }
        let rooted = rest.starts_with(|c| self.is_separator(c));
        let mut parts: Vec<&str> = Vec::new();
        for part in rest.split(|c| self.is_separator(c)) {
            match part {
                "" | "." => {}
                ".." => match parts.last() {
                    Some(&last) if last != ".." => drop(parts.pop()),
                    _ if rooted => {}
                    _ => parts.push(part),
                },
                part => parts.push(part),
            }
        }
        let separator = self.separator().to_string();
        let joined = parts.join(&separator);
        let body = match (rooted, joined.is_empty()) {
            (true, _) => format!("{separator}{joined}"),
            (false, true) => ".".to_owned(),
            (false, false) => joined,
        };
        format!("{}{body}", self.with_own_separators(volume))
    }

    fn join(self, parts: &[Arc<str>]) -> String {
        let filled: Vec<&str> = parts
            .iter()
            .map(Arc::as_ref)
            .skip_while(|part| part.is_empty())
            .collect();
        let Some((first, rest)) = filled.split_first() else {
            return String::new();
        };
        if self != Self::Windows {
            return self.clean(&filled.join("/"));
        }
        if first.len() == 2 && first.ends_with(':') {
            let at = rest
                .iter()
                .position(|part| !part.is_empty())
                .unwrap_or(rest.len());
            let rest = rest.get(at..).unwrap_or_default().join("\\");
            return self.clean(&format!("{first}{rest}"));
        }
        let joined = self.clean(&filled.join("\\"));
        let is_share = |path: &str| self.volume(path) > 2;
        let head = self.clean(first);
        if !is_share(&joined) || is_share(&head) {
            return joined;
        }
        // parts that name no share each must not make one together
        let tail = self.clean(&rest.join("\\"));
        let separator = if head.ends_with('\\') { "" } else { "\\" };
        format!("{head}{separator}{tail}")
    }

    fn split(self, path: &str) -> (&str, &str) {
        let volume = self.volume(path);
        let at = path
            .char_indices()
            .rev()
            .find(|(at, c)| *at >= volume && self.is_separator(*c))
            .map_or(volume, |(at, _)| at + 1);
        path.split_at(at)
    }

    fn extension(self, path: &str) -> &str {
        let name = path
            .rsplit(|c| self.is_separator(c))
            .next()
            .unwrap_or_default();
        name.rfind('.')
            .and_then(|at| name.get(at..))
            .unwrap_or_default()
    }

    fn base(self, path: &str) -> String {
        if path.is_empty() {
            return ".".to_owned();
        }
        let path = path.trim_end_matches(|c| self.is_separator(c));
        let path = path.get(self.volume(path)..).unwrap_or_default();
        let name = path
            .rsplit(|c| self.is_separator(c))
            .next()
            .unwrap_or_default();
        if name.is_empty() {
            self.separator().to_string()
        } else {
            name.to_owned()
        }
    }

    fn directory(self, path: &str) -> String {
        let (directory, _) = self.split(path);
        let (volume, rest) = directory.split_at(self.volume(directory));
        let rest = self.clean(rest);
        if rest == "." && volume.len() > 2 {
            return volume.to_owned();
        }
        format!("{volume}{rest}")
    }

    fn relative(self, base: &str, target: &str) -> Option<String> {
        let (base, target) = (self.clean(base), self.clean(target));
        let same = |a: &str, b: &str| {
            if self == Self::Windows {
                a.eq_ignore_ascii_case(b)
            } else {
                a == b
            }
        };
        if same(&base, &target) {
            return Some(".".to_owned());
        }
        let (base_volume, base_rest) = base.split_at(self.volume(&base));
        let (target_volume, target_rest) = target.split_at(self.volume(&target));
        let base_rest = if base_rest == "." { "" } else { base_rest };
        let rooted = |path: &str| path.starts_with(self.separator());
        if rooted(base_rest) != rooted(target_rest) || !same(base_volume, target_volume) {
            return None;
        }
        let parts = |path: &str| -> Vec<String> {
            path.split(self.separator())
                .filter(|part| !part.is_empty())
                .map(str::to_owned)
                .collect()
        };
        let (base, target) = (parts(base_rest), parts(target_rest));
        let shared = base
            .iter()
            .zip(&target)
            .take_while(|(a, b)| same(a, b))
            .count();
        let up = base.get(shared..).unwrap_or_default();
        if up.iter().any(|part| part == "..") {
            return None;
        }
        let mut out: Vec<&str> = up.iter().map(|_| "..").collect();
        out.extend(target.iter().skip(shared).map(String::as_str));
        Some(out.join(&self.separator().to_string()))
    }
}

/// Whether two stars follow each other outside of a class; the reference has no meaning for them.
fn has_double_star(os: Os, pattern: &str) -> bool {
    let mut chars = pattern.chars().peekable();
    let mut in_class = false;
    while let Some(c) = chars.next() {
        match c {
            '\\' if os != Os::Windows => {
                chars.next();
            }
            '[' => in_class = true,
            ']' => in_class = false,
            '*' if !in_class && chars.peek() == Some(&'*') => return true,
            _ => {}
        }
    }
    false
}

/// Go's `filepath.Match`; `None` for a malformed pattern.
fn matches(os: Os, pattern: &str, name: &str) -> Option<bool> {
    if has_double_star(os, pattern) {
        return None;
    }
    let pattern: Vec<char> = pattern.chars().collect();
    let name: Vec<char> = name.chars().collect();
    let escapes = os != Os::Windows;
    // one character of the pattern against one of the name: how much pattern it takes
    let single = |at: usize, c: Option<char>| -> Option<(usize, bool)> {
        match pattern.get(at)? {
            '?' => Some((1, c.is_some_and(|c| c != os.separator()))),
            '[' => {
                let mut index = at + 1;
                let negated = pattern.get(index) == Some(&'^');
                index += usize::from(negated);
                let mut hit = false;
                let mut ranges = 0;
                loop {
                    if pattern.get(index) == Some(&']') && ranges > 0 {
                        break;
                    }
                    let mut bound = || -> Option<char> {
                        let mut found = *pattern.get(index)?;
                        if matches!(found, '-' | ']') {
                            return None;
                        }
                        if found == '\\' && escapes {
                            index += 1;
                            found = *pattern.get(index)?;
                        }
                        index += 1;
                        Some(found)
                    };
                    let low = bound()?;
                    let high = if pattern.get(index) == Some(&'-') {
                        index += 1;
                        let mut found = *pattern.get(index)?;
                        if matches!(found, '-' | ']') {
                            return None;
                        }
                        if found == '\\' && escapes {
                            index += 1;
                            found = *pattern.get(index)?;
                        }
                        index += 1;
                        found
                    } else {
                        low
                    };
                    hit |= c.is_some_and(|c| (low..=high).contains(&c));
                    ranges += 1;
                }
                let ok = c.is_some_and(|c| c != os.separator()) && hit != negated;
                Some((index + 1 - at, ok))
            }
            '\\' if escapes => {
                let wanted = *pattern.get(at + 1)?;
                Some((2, c == Some(wanted)))
            }
            wanted => Some((1, c == Some(*wanted))),
        }
    };
    // the whole pattern must be well formed, whatever the name is
    let mut at = 0;
    while at < pattern.len() {
        at += if pattern.get(at) == Some(&'*') {
            1
        } else {
            single(at, None)?.0
        };
    }
    let (mut p, mut n) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    loop {
        if pattern.get(p) == Some(&'*') {
            star = Some((p + 1, n));
            p += 1;
            continue;
        }
        if p == pattern.len() && n == name.len() {
            return Some(true);
        }
        if p < pattern.len() && n < name.len() {
            let (length, ok) = single(p, name.get(n).copied())?;
            if ok {
                p += length;
                n += 1;
                continue;
            }
        }
        // let the last star take one character more
        match star {
            Some((after, taken)) if name.get(taken).is_some_and(|c| *c != os.separator()) => {
                star = Some((after, taken + 1));
                p = after;
                n = taken + 1;
            }
            _ => return Some(false),
        }
    }
}

fn on_path(b: &mut Builder, name: &str, default: &str, result: Kind, body: fn(Os, &str) -> Answer) {
    b.function_with_default(name, &[S, S], Data::from(default), result, move |c| {
        let os = Os::of(c, 1)?;
        Ok(body(os, &c.string(0)?))
    });
}

/// Fills the package.
pub(crate) fn fill(b: &mut Builder) {
    for (name, value) in [("Unix", "unix"), ("Windows", "windows"), ("Plan9", "plan9")] {
        b.constant(name, value);
    }
    on_path(b, "Split", "unix", Kind::LIST, |os, path| {
        let (directory, file) = os.split(path);
        Answer::Data(Data::List(vec![directory.into(), file.into()]))
    });
    b.function("SplitList", &[S, S], Kind::LIST, |c| {
        let os = Os::of(c, 1)?;
        let path = c.string(0)?;
        if path.is_empty() {
            return Ok(Answer::Data(Data::List(Vec::new())));
        }
        let mut parts = vec![String::new()];
        let mut quoted = false;
        for ch in path.chars() {
            match ch {
                '"' if os == Os::Windows => quoted = !quoted,
                ch if ch == os.list_separator() && !quoted => parts.push(String::new()),
                ch => {
                    if let Some(last) = parts.last_mut() {
                        last.push(ch);
                    }
                }
            }
        }
        Ok(Answer::Data(Data::from(parts)))
    });
    b.function_with_default("Join", &[Kind::LIST, S], Data::from("unix"), S, |c| {
        let os = Os::of(c, 1)?;
        Ok(os.join(&c.strings(0)?).into())
    });
    b.function_with_default("Match", &[S, S, S], Data::from("unix"), Kind::BOOL, |c| {
        let os = Os::of(c, 2)?;
        matches(os, &c.string(0)?, &c.string(1)?)
            .map(Into::into)
            .ok_or_else(|| Failure::eval("syntax error in pattern"))
    });
    on_path(b, "Clean", "unix", S, |os, path| os.clean(path).into());
    b.function("ToSlash", &[S, S], S, |c| {
        let os = Os::of(c, 1)?;
        Ok(os.to_slash(&c.string(0)?).into())
    });
    b.function("FromSlash", &[S, S], S, |c| {
        let os = Os::of(c, 1)?;
        Ok(os.with_own_separators(&c.string(0)?).into())
    });
    on_path(b, "Ext", "unix", S, |os, path| {
        os.extension(path).to_owned().into()
    });
    b.function_with_default("Resolve", &[S, S, S], Data::from("unix"), S, |c| {
        let os = Os::of(c, 2)?;
        let (directory, sub) = (c.string(0)?, c.string(1)?);
        if os.is_absolute(&sub) {
            return Ok(os.clean(&sub).into());
        }
        Ok(os.join(&[os.clean(&directory).into(), sub]).into())
    });
    b.function_with_default("Rel", &[S, S, S], Data::from("unix"), S, |c| {
        let os = Os::of(c, 2)?;
        let (base, target) = (c.string(0)?, c.string(1)?);
        os.relative(&base, &target)
            .map(Into::into)
            .ok_or_else(|| Failure::eval(format!("cannot make `{target}` relative to `{base}`")))
    });
    on_path(b, "Base", "unix", S, |os, path| os.base(path).into());
    on_path(b, "Dir", "unix", S, |os, path| os.directory(path).into());
    on_path(b, "IsAbs", "unix", Kind::BOOL, |os, path| {
        os.is_absolute(path).into()
    });
    on_path(b, "VolumeName", "windows", S, |os, path| {
        path.get(..os.volume(path))
            .unwrap_or_default()
            .to_owned()
            .into()
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cleaning_is_lexical() {
        for (path, clean) in [
            ("", "."),
            ("a//b/../c/.", "a/c"),
            ("/../a", "/a"),
            ("../../x", "../../x"),
            ("/", "/"),
        ] {
            assert_eq!(Os::Unix.clean(path), clean);
        }
        assert_eq!(Os::Windows.clean("c:/a/../b"), "c:\\b");
        assert_eq!(Os::Windows.volume("\\\\host\\share\\x"), 12);
        assert_eq!(Os::Unix.relative("/a/b", "/a/c/d").unwrap(), "../c/d");
        assert_eq!(Os::Unix.directory("/a/b"), "/a");
    }

    #[test]
    fn stars_stop_at_separators() {
        let unix = |pattern, name| matches(Os::Unix, pattern, name);
        assert_eq!(unix("*.go", "foo.go"), Some(true));
        assert_eq!(unix("*", "a/b"), Some(false));
        assert_eq!(unix("a[b-d]?", "acz"), Some(true));
        assert_eq!(unix("[^a]", "b"), Some(true));
        assert_eq!(unix("a\\*", "a*"), Some(true));
        assert_eq!(unix("[", "a"), None);
        assert_eq!(unix("a*b*c", "axxbyyc"), Some(true));
    }
}
