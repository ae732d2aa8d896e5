//! Owns the parts of RFC 9110 that answers with a body need: entity tags and byte ranges.
//!
//! Both are pure functions of header values. A range that is malformed or has several parts is ignored, as
//! the RFC allows, and the whole is sent; only a well-formed one that lies outside is 416.

use axum::http::{HeaderMap, header};

/// Which bytes to send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Selection {
    /// All.
    Whole,
    /// From `first` to `last`, both included.
    Part {
        /// Offset of the first byte.
        first: u64,
        /// Offset of the last byte.
        last: u64,
    },
    /// The range lies outside.
    Outside,
}

/// What the `Range` and `If-Range` headers select of `length` bytes that have this strong entity tag.
pub(crate) fn select(headers: &HeaderMap, etag: &str, length: u64) -> Selection {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(range) = text(header::RANGE.as_str()) else {
        return Selection::Whole;
    };
    // A date in If-Range never equals our tag: the whole is the safe answer.
    if text(header::IF_RANGE.as_str()).is_some_and(|condition| condition.trim() != etag) {
        return Selection::Whole;
    }
    parse(range, length).unwrap_or(Selection::Whole)
}

fn parse(range: &str, length: u64) -> Option<Selection> {
    let (unit, set) = range.trim().split_once('=')?;
    if !unit.trim().eq_ignore_ascii_case("bytes") || set.contains(',') {
        return None;
    }
    let (first, last) = set.trim().split_once('-')?;
    let number = |text: &str| -> Option<u64> {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        // more digits than fit are a position beyond every end
        digits.then(|| text.parse().unwrap_or(u64::MAX))
    };
    let (first, last) = match (first, last) {
        ("", suffix) => {
            let suffix = number(suffix)?;
            if suffix == 0 || length == 0 {
                return Some(Selection::Outside);
            }
            (length.saturating_sub(suffix), length - 1)
        }
        (first, "") => (number(first)?, length.saturating_sub(1)),
        (first, last) => {
            let (first, last) = (number(first)?, number(last)?);
            if last < first {
                return None;
            }
            (first, last.min(length.saturating_sub(1)))
        }
    };
    Some(if first >= length {
        Selection::Outside
    } else {
        Selection::Part { first, last }
    })
}

/// Whether `If-None-Match` names one of these entity tags (weak comparison, as the RFC asks for it).
pub(crate) fn matches_none_of(headers: &HeaderMap, etags: &[&str]) -> bool {
    !headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|tag| tag == "*" || etags.contains(&tag.strip_prefix("W/").unwrap_or(tag)))
}

/// Whether `Accept-Encoding` takes gzip: named with a weight above zero, or not named and `*` is.
pub(crate) fn accepts_gzip(headers: &HeaderMap) -> bool {
    let mut any = false;
    for item in headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
    {
        let mut parameters = item.split(';').map(str::trim);
        let coding = parameters.next().unwrap_or_default();
        let wanted = !parameters.any(|parameter| {
            parameter
                .strip_prefix("q=")
                .is_some_and(|weight| weight.bytes().all(|byte| matches!(byte, b'0' | b'.')))
        });
        if coding.eq_ignore_ascii_case("gzip") || coding.eq_ignore_ascii_case("x-gzip") {
            return wanted;
        }
        any |= coding == "*" && wanted;
    }
    any
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(axum::http::HeaderName, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.clone(), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn ranges() {
        let part = |first, last| Selection::Part { first, last };
        for (range, length, expected) in [
            ("bytes=0-0", 10, part(0, 0)),
            ("bytes=2-5", 10, part(2, 5)),
            ("bytes=2-", 10, part(2, 9)),
            ("bytes=-3", 10, part(7, 9)),
            ("bytes=-30", 10, part(0, 9)),
            ("bytes=8-99", 10, part(8, 9)),
            ("Bytes = 8-9", 10, part(8, 9)),
            ("bytes=10-", 10, Selection::Outside),
            ("bytes=99999999999999999999999-", 10, Selection::Outside),
            ("bytes=-0", 10, Selection::Outside),
            ("bytes=0-0", 0, Selection::Outside),
            ("bytes=5-2", 10, Selection::Whole),
            ("bytes=0-1,3-4", 10, Selection::Whole),
            ("bytes=a-b", 10, Selection::Whole),
            ("bytes=+1-2", 10, Selection::Whole),
            ("bytes=-", 10, Selection::Whole),
            ("items=0-1", 10, Selection::Whole),
        ] {
            let headers = headers(&[(header::RANGE, range)]);
            assert_eq!(select(&headers, "\"t\"", length), expected, "{range}");
        }
    }

    #[test]
    fn a_range_of_another_representation_is_not_cut() {
        let of =
            |condition| headers(&[(header::RANGE, "bytes=0-1"), (header::IF_RANGE, condition)]);
        let part = Selection::Part { first: 0, last: 1 };
        assert_eq!(select(&of("\"t\""), "\"t\"", 9), part);
        assert_eq!(select(&of("\"u\""), "\"t\"", 9), Selection::Whole);
        assert_eq!(select(&of("W/\"t\""), "\"t\"", 9), Selection::Whole);
        let date = of("Wed, 25 Nov 2026 00:00:00 GMT");
        assert_eq!(select(&date, "\"t\"", 9), Selection::Whole);
    }

    #[test]
    fn entity_tags_are_compared_weakly() {
        let none = |value| {
            matches_none_of(
                &headers(&[(header::IF_NONE_MATCH, value)]),
                &["\"a\"", "\"b\""],
            )
        };
        assert!(matches_none_of(&HeaderMap::new(), &["\"a\""]));
        assert!(none("\"c\""));
        assert!(none("a"));
        for value in ["\"a\"", "W/\"b\"", "\"c\", \"a\"", "*"] {
            assert!(!none(value), "{value}");
        }
    }

    #[test]
    fn gzip_is_sent_to_those_who_ask() {
        let accepts = |value| accepts_gzip(&headers(&[(header::ACCEPT_ENCODING, value)]));
        assert!(!accepts_gzip(&HeaderMap::new()));
        for value in [
            "gzip",
            "br, GZIP;q=0.5",
            "*",
            "deflate, gzip",
            "identity;q=0, *",
        ] {
            assert!(accepts(value), "{value}");
        }
        for value in [
            "",
            "br",
            "gzip;q=0",
            "gzip; q=0.000, *",
            "identity",
            "*;q=0",
        ] {
            assert!(!accepts(value), "{value}");
        }
    }
}
