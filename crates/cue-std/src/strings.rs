//! `strings`: UTF-8 text. Indices count bytes as in Go, but for the `Runes` functions.

use crate::package::{Builder, Outcome, count, text_kind};
use cue_eval::builtin::{Answer, Call, Failure};
use cue_eval::{Data, Kind};
use std::sync::Arc;

const S: Kind = Kind::STRING;
const I: Kind = Kind::INT;

/// The index of a byte as an int, -1 for none.
fn index(found: Option<usize>) -> Answer {
    found
        .and_then(|at| i64::try_from(at).ok())
        .unwrap_or(-1)
        .into()
}

fn size(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

/// Adds a function of two strings.
fn two(b: &mut Builder, name: &str, result: Kind, body: fn(&str, &str) -> Answer) {
    b.function(name, &[S, S], result, move |c| {
        Ok(body(&c.string(0)?, &c.string(1)?))
    });
}

/// Adds a function of one string.
fn one(b: &mut Builder, name: &str, result: Kind, body: fn(&str) -> Answer) {
    b.function(name, &[S], result, move |c| Ok(body(&c.string(0)?)));
}

fn texts<T: Into<Data>>(parts: impl Iterator<Item = T>) -> Answer {
    Answer::Data(Data::List(parts.map(Into::into).collect()))
}

/// Go's `genSplit`: at most `n` parts (all when negative), each keeping its separator or not.
fn split<'t>(text: &'t str, separator: &str, keep: bool, n: i64) -> Vec<&'t str> {
    if n == 0 {
        return Vec::new();
    }
    let limit = usize::try_from(n).unwrap_or(usize::MAX);
    let mut parts = Vec::new();
    let mut rest = text;
    while parts.len() + 1 < limit {
        let (end, next) = if separator.is_empty() {
            match rest.chars().next() {
                Some(c) if c.len_utf8() < rest.len() => (c.len_utf8(), c.len_utf8()),
                _ => break,
            }
        } else {
            match rest.find(separator) {
                Some(at) => (
                    at + if keep { separator.len() } else { 0 },
                    at + separator.len(),
                ),
                None => break,
            }
        };
        let (Some(part), Some(tail)) = (rest.get(..end), rest.get(next..)) else {
            break;
        };
        parts.push(part);
        rest = tail;
    }
    if !(separator.is_empty() && text.is_empty()) {
        parts.push(rest);
    }
    parts
}

/// Go's `Replace`: the first `n` places, all when negative; an empty `old` is between characters.
fn replace(text: &str, old: &str, new: &str, n: i64) -> String {
    let limit = usize::try_from(n).unwrap_or(usize::MAX);
    if !old.is_empty() {
        return text.replacen(old, new, limit);
    }
    let mut out = String::new();
    let mut done = 0;
    for c in text.chars() {
        if done < limit {
            out.push_str(new);
            done += 1;
        }
        out.push(c);
    }
    if done < limit {
        out.push_str(new);
    }
    out
}

/// Changes the first letter of every word, as cue's `ToTitle` and `ToCamel` do.
fn words(text: &str, change: fn(char) -> String) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    for c in text.chars() {
        if before.is_whitespace() {
            out.push_str(&change(c));
        } else {
            out.push(c);
        }
        before = c;
    }
    out
}

/// The upper case of one character, only when it is one character: Go maps runes, not texts.
fn upper(c: char) -> char {
    let mut mapped = c.to_uppercase();
    match (mapped.next(), mapped.next()) {
        (Some(only), None) => only,
        _ => c,
    }
}

fn lower(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

fn slice_runes(c: &mut Call<'_>) -> Outcome {
    let text = c.string(0)?;
    let length = text.chars().count();
    let (start, end) = (c.i64(1)?, c.i64(2)?);
    let (Ok(start), Ok(end)) = (usize::try_from(start), usize::try_from(end)) else {
        return Err(Failure::eval("index out of range"));
    };
    if start > length || start > end || end > length {
        return Err(Failure::eval("index out of range"));
    }
    let part: String = text.chars().skip(start).take(end - start).collect();
    Ok(part.into())
}

fn byte_slice(c: &mut Call<'_>) -> Outcome {
    let bytes = c.bytes(0)?;
    let (start, end) = (c.i64(1)?, c.i64(2)?);
    usize::try_from(start)
        .ok()
        .zip(usize::try_from(end).ok())
        .and_then(|(start, end)| bytes.get(start..end))
        .map(|part| Answer::from(part.to_vec()))
        .ok_or_else(|| Failure::eval("index out of range"))
}

fn repeat(c: &mut Call<'_>) -> Outcome {
    let text = c.string(0)?;
    let times = count(c.i64(1)?, "count")?;
    let bytes = text
        .len()
        .checked_mul(times)
        .ok_or_else(|| Failure::eval("the repeated text is too long"))?;
    c.charge(bytes)?;
    Ok(text.repeat(times).into())
}

fn join(c: &mut Call<'_>) -> Outcome {
    let parts = c.strings(0)?;
    let separator = c.string(1)?;
    let bytes: usize = parts.iter().map(|part| part.len() + separator.len()).sum();
    c.charge(bytes)?;
    let parts: Vec<&str> = parts.iter().map(Arc::as_ref).collect();
    Ok(parts.join(&separator).into())
}

/// Fills the package.
pub(crate) fn fill(b: &mut Builder) {
    b.function("ByteAt", &[text_kind(), I], I, |c| {
        let bytes = c.bytes(0)?;
        let at = c.i64(1)?;
        usize::try_from(at)
            .ok()
            .and_then(|at| bytes.get(at))
            .map(|byte| Answer::from(i64::from(*byte)))
            .ok_or_else(|| Failure::eval("index out of range"))
    });
    b.function("ByteSlice", &[text_kind(), I, I], text_kind(), byte_slice);
    one(b, "Runes", Kind::LIST, |text| {
        let runes: Vec<i64> = text.chars().map(|c| i64::from(u32::from(c))).collect();
        Answer::from(runes)
    });
    b.function("MinRunes", &[S, I], Kind::BOOL, |c| {
        let runes = size(c.string(0)?.chars().count());
        Ok((runes >= c.i64(1)?).into())
    });
    b.function("MaxRunes", &[S, I], Kind::BOOL, |c| {
        let runes = size(c.string(0)?.chars().count());
        Ok((runes <= c.i64(1)?).into())
    });
    one(b, "ToTitle", S, |text| {
        words(text, |c| upper(c).to_string()).into()
    });
    one(b, "ToCamel", S, |text| {
        words(text, |c| lower(c).to_string()).into()
    });
    b.function("SliceRunes", &[S, I, I], S, slice_runes);
    two(b, "Compare", I, |a, b| (a.cmp(b) as i64).into());
    two(b, "Count", I, |text, part| {
        let found = if part.is_empty() {
            text.chars().count() + 1
        } else {
            text.matches(part).count()
        };
        size(found).into()
    });
    two(b, "Contains", Kind::BOOL, |text, part| {
        text.contains(part).into()
    });
    two(b, "ContainsAny", Kind::BOOL, |text, set| {
        text.contains(|c| set.contains(c)).into()
    });
    two(b, "Index", I, |text, part| index(text.find(part)));
    two(b, "LastIndex", I, |text, part| index(text.rfind(part)));
    two(b, "IndexAny", I, |text, set| {
        index(text.find(|c| set.contains(c)))
    });
    two(b, "LastIndexAny", I, |text, set| {
        index(text.rfind(|c| set.contains(c)))
    });
    b.function("SplitN", &[S, S, I], Kind::LIST, |c| {
        let n = c.i64(2)?;
        Ok(texts(
            split(&c.string(0)?, &c.string(1)?, false, n).into_iter(),
        ))
    });
    b.function("SplitAfterN", &[S, S, I], Kind::LIST, |c| {
        let n = c.i64(2)?;
        Ok(texts(
            split(&c.string(0)?, &c.string(1)?, true, n).into_iter(),
        ))
    });
    two(b, "Split", Kind::LIST, |text, separator| {
        texts(split(text, separator, false, -1).into_iter())
    });
    two(b, "SplitAfter", Kind::LIST, |text, separator| {
        texts(split(text, separator, true, -1).into_iter())
    });
    one(b, "Fields", Kind::LIST, |text| {
        texts(text.split_whitespace())
    });
    b.function("Join", &[Kind::LIST, S], S, join);
    two(b, "HasPrefix", Kind::BOOL, |text, part| {
        text.starts_with(part).into()
    });
    two(b, "HasSuffix", Kind::BOOL, |text, part| {
        text.ends_with(part).into()
    });
    b.function("Repeat", &[S, I], S, repeat);
    one(b, "ToUpper", S, |text| {
        text.chars().map(upper).collect::<String>().into()
    });
    one(b, "ToLower", S, |text| {
        text.chars().map(lower).collect::<String>().into()
    });
    two(b, "Trim", S, |text, set| {
        text.trim_matches(|c| set.contains(c)).to_owned().into()
    });
    two(b, "TrimLeft", S, |text, set| {
        text.trim_start_matches(|c| set.contains(c))
            .to_owned()
            .into()
    });
    two(b, "TrimRight", S, |text, set| {
        text.trim_end_matches(|c| set.contains(c)).to_owned().into()
    });
    one(b, "TrimSpace", S, |text| text.trim().to_owned().into());
    two(b, "TrimPrefix", S, |text, part| {
        text.strip_prefix(part).unwrap_or(text).to_owned().into()
    });
    two(b, "TrimSuffix", S, |text, part| {
        text.strip_suffix(part).unwrap_or(text).to_owned().into()
    });
    b.function("Replace", &[S, S, S, I], S, |c| {
        let (text, old, new) = (c.string(0)?, c.string(1)?, c.string(2)?);
        let n = c.i64(3)?;
        let places = text.len() / old.len().max(1) + 1;
        c.charge(text.len() + places.saturating_mul(new.len()))?;
        Ok(replace(&text, &old, &new, n).into())
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splitting_is_as_in_go() {
        assert_eq!(split("a,b,c", ",", false, -1), ["a", "b", "c"]);
        assert_eq!(split("a,b,c", ",", true, 2), ["a,", "b,c"]);
        assert_eq!(split("a\u{e9}b", "", false, -1), ["a", "\u{e9}", "b"]);
        assert_eq!(split("abc", "", false, 2), ["a", "bc"]);
        assert_eq!(split("", ",", false, -1), [""]);
        assert!(split("", "", false, -1).is_empty());
        assert!(split("a", ",", false, 0).is_empty());
    }

    #[test]
    fn an_empty_text_is_replaced_between_characters() {
        assert_eq!(replace("ab", "", "-", -1), "-a-b-");
        assert_eq!(replace("ab", "", "-", 2), "-a-b");
        assert_eq!(replace("aaa", "a", "b", 2), "bba");
    }
}
