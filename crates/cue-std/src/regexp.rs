//! `regexp`: Go's regular expressions; the translation is in `goregexp`.

use crate::package::{Builder, Outcome, failed};
use cue_eval::builtin::{Answer, Call, Failure};
use cue_eval::{Data, Kind};
use goregexp::{compile, quote_meta};
use regex::bytes::{Captures, Regex};
use std::sync::Arc;

const S: Kind = Kind::STRING;
const I: Kind = Kind::INT;

fn no_match() -> Failure {
    Failure::eval("no match")
}

/// The compiled pattern and the text of a call.
fn operands(c: &mut Call<'_>) -> Result<(Regex, Arc<str>), Failure> {
    let pattern = c.string(0)?;
    let regex = compile(&pattern).map_err(failed)?;
    Ok((regex, c.string(1)?))
}

fn text(bytes: &[u8]) -> Data {
    Data::from(String::from_utf8_lossy(bytes).into_owned())
}

/// Whether a match is one of characters: an empty one may lie between the bytes of one.
fn is_of_chars(subject: &str, start: usize) -> bool {
    subject.is_char_boundary(start)
}

fn limit(n: i64) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

fn groups(found: &Captures<'_>) -> Data {
    Data::List(
        found
            .iter()
            .map(|group| text(group.map(|group| group.as_bytes()).unwrap_or_default()))
            .collect(),
    )
}

/// The named groups, which are a map in Go: in the order of their names.
fn named(regex: &Regex, found: &Captures<'_>) -> Data {
    let mut fields: Vec<(Arc<str>, Data)> = regex
        .capture_names()
        .enumerate()
        .filter_map(|(at, name)| {
            let group = found.get(at).map(|group| group.as_bytes());
            Some((Arc::from(name?), text(group.unwrap_or_default())))
        })
        .collect();
    fields.sort_by(|(left, _), (right, _)| left.cmp(right));
    Data::Struct(fields)
}

/// Go's template for replacements: `$1`, `${name}`, `$$`; the longest name counts.
fn expand(regex: &Regex, found: &Captures<'_>, template: &str, out: &mut Vec<u8>) {
    let mut rest = template;
    while let Some(at) = rest.find('$') {
        let (before, after) = rest.split_at(at);
        out.extend_from_slice(before.as_bytes());
        let after = after.strip_prefix('$').unwrap_or_default();
        if let Some(tail) = after.strip_prefix('$') {
            out.push(b'$');
            rest = tail;
            continue;
        }
        let is_name = |c: char| c == '_' || c.is_alphanumeric();
        let (name, tail) = match after.strip_prefix('{') {
            Some(braced) => match braced.split_once('}') {
                Some((name, tail)) => (name, tail),
                None => ("", ""),
            },
            None => {
                let end = after.find(|c| !is_name(c)).unwrap_or(after.len());
                after.split_at(end)
            }
        };
        if name.is_empty() || !name.chars().all(is_name) {
            out.push(b'$');
            rest = after;
            continue;
        }
        let group = match name.parse::<usize>() {
            Ok(index) => found.get(index),
            Err(_) => regex
                .capture_names()
                .position(|known| known == Some(name))
                .and_then(|index| found.get(index)),
        };
        out.extend_from_slice(group.map(|group| group.as_bytes()).unwrap_or_default());
        rest = tail;
    }
    out.extend_from_slice(rest.as_bytes());
}

/// The subject of a call with all matches replaced.
fn replace_all(c: &mut Call<'_>, with: impl Fn(&Regex, &Captures<'_>, &mut Vec<u8>)) -> Outcome {
    let (regex, subject) = operands(c)?;
    let mut out = Vec::new();
    let mut last = 0;
    for found in regex.captures_iter(subject.as_bytes()) {
        let Some(whole) = found.get(0) else { continue };
        if !is_of_chars(&subject, whole.start()) {
            continue;
        }
        let before = out.len();
        let between = subject.as_bytes().get(last..whole.start());
        out.extend_from_slice(between.unwrap_or_default());
        with(&regex, &found, &mut out);
        last = whole.end();
        c.charge(out.len() - before)?;
    }
    out.extend_from_slice(subject.as_bytes().get(last..).unwrap_or_default());
    Ok(Answer::Data(text(&out)))
}

/// Fills the package.
pub(crate) fn fill(b: &mut Builder) {
    b.function("Find", &[S, S], S, |c| {
        let (regex, subject) = operands(c)?;
        let found = regex.find(subject.as_bytes()).ok_or_else(no_match)?;
        Ok(Answer::Data(text(found.as_bytes())))
    });
    b.function("FindAll", &[S, S, I], Kind::LIST, |c| {
        let (regex, subject) = operands(c)?;
        let found: Vec<Data> = regex
            .find_iter(subject.as_bytes())
            .filter(|found| is_of_chars(&subject, found.start()))
            .take(limit(c.i64(2)?))
            .map(|found| text(found.as_bytes()))
            .collect();
        if found.is_empty() {
            return Err(no_match());
        }
        Ok(Answer::Data(Data::List(found)))
    });
    b.function("FindSubmatch", &[S, S], Kind::LIST, |c| {
        let (regex, subject) = operands(c)?;
        let found = regex.captures(subject.as_bytes()).ok_or_else(no_match)?;
        Ok(Answer::Data(groups(&found)))
    });
    b.function("FindAllSubmatch", &[S, S, I], Kind::LIST, |c| {
        let (regex, subject) = operands(c)?;
        let found: Vec<Data> = regex
            .captures_iter(subject.as_bytes())
            .filter(|found| {
                found
                    .get(0)
                    .is_some_and(|whole| is_of_chars(&subject, whole.start()))
            })
            .take(limit(c.i64(2)?))
            .map(|found| groups(&found))
            .collect();
        if found.is_empty() {
            return Err(no_match());
        }
        Ok(Answer::Data(Data::List(found)))
    });
    b.function("FindNamedSubmatch", &[S, S], Kind::STRUCT, |c| {
        let (regex, subject) = operands(c)?;
        let found = regex.captures(subject.as_bytes()).ok_or_else(no_match)?;
        Ok(Answer::Data(named(&regex, &found)))
    });
    b.function("FindAllNamedSubmatch", &[S, S, I], Kind::LIST, |c| {
        let (regex, subject) = operands(c)?;
        let found: Vec<Data> = regex
            .captures_iter(subject.as_bytes())
            .filter(|found| {
                found
                    .get(0)
                    .is_some_and(|whole| is_of_chars(&subject, whole.start()))
            })
            .take(limit(c.i64(2)?))
            .map(|found| named(&regex, &found))
            .collect();
        if found.is_empty() {
            return Err(no_match());
        }
        Ok(Answer::Data(Data::List(found)))
    });
    b.function("ReplaceAll", &[S, S, S], S, |c| {
        let template = c.string(2)?;
        replace_all(c, |regex, found, out| expand(regex, found, &template, out))
    });
    b.function("ReplaceAllLiteral", &[S, S, S], S, |c| {
        let with = c.string(2)?;
        replace_all(c, |_, _, out| out.extend_from_slice(with.as_bytes()))
    });
    b.function("Valid", &[S], Kind::BOOL, |c| {
        let pattern = c.string(0)?;
        compile(&pattern).map_err(failed)?;
        Ok(true.into())
    });
    b.function("Match", &[S, S], Kind::BOOL, |c| {
        let (regex, subject) = operands(c)?;
        Ok(regex.is_match(subject.as_bytes()).into())
    });
    b.function("QuoteMeta", &[S], S, |c| {
        Ok(quote_meta(&c.string(0)?).into())
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(pattern: &str, subject: &str, template: &str) -> String {
        let regex = compile(pattern).unwrap();
        let found = regex.captures(subject.as_bytes()).unwrap();
        let mut out = Vec::new();
        expand(&regex, &found, template, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn templates_name_groups() {
        assert_eq!(expanded("(a)(?P<n>b)", "ab", "<$1-${n}>"), "<a-b>");
        assert_eq!(expanded("(a)", "a", "$1x"), "");
        assert_eq!(expanded("(a)", "a", "${1}x$$ $"), "ax$ $");
    }
}
