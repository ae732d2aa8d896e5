//! The text of an index, put together from pieces that each belong to one version.
//!
//! A registry with 5,000 versions has an index of 2.7 MB, and a publish changes 600 bytes of it. So an entry
//! is turned into text once ([`entry`]), and an index is the concatenation of such pieces under their
//! addons' names ([`document`]): no tree of the whole is ever made.
//!
//! Only helm's own keys occur, because vela rejects a whole registry for one unknown key. `generated` is the
//! time of the latest entry, so that equal registries have equal indexes whenever they are asked.
//!
//! ```yaml
//! apiVersion: v1
//! entries:
//!   fluxcd:
//!   - apiVersion: v2
//!     created: "2026-11-25T05:00:00Z"
//!     …
//! generated: "2026-11-25T05:00:00Z"
//! ```

use goyaml::Value;
use serde_json::{Map, Value as Json};

/// What an entry says besides the fields of `Chart.yaml`.
#[derive(Clone, Copy, Debug)]
pub struct Location<'a> {
    /// When it was published, in seconds since 1970.
    pub created: i64,
    /// The SHA-256 of the archive, in hexadecimal.
    pub digest: &'a str,
    /// Where the archive is, relative to the index.
    pub url: &'a str,
}

/// The fields of an entry, as helm names them.
pub fn fields(chart: &Map<String, Json>, location: Location<'_>) -> Map<String, Json> {
    let mut fields = chart.clone();
    fields.insert("created".to_owned(), timestamp(location.created).into());
    fields.insert("digest".to_owned(), location.digest.into());
    fields.insert("urls".to_owned(), vec![location.url].into());
    fields
}

/// The text of an entry, as it stands below the name of its addon.
pub fn entry(chart: &Map<String, Json>, location: Location<'_>) -> String {
    entry_text(fields(chart, location))
}

/// The text of an entry with these fields, as it stands below the name of its addon.
pub fn entry_text(fields: Map<String, Json>) -> String {
    let value = Value::List(vec![Value::from(&Json::Object(fields))]);
    let text = goyaml::to_string(&value);
    let mut indented = String::with_capacity(text.len() + text.len() / 8);
    for line in text.split_inclusive('\n') {
        if line != "\n" {
            indented.push_str("  ");
        }
        indented.push_str(line);
    }
    indented
}

/// The text of an index. `entries` are the name of an addon and the text of one of its versions, the
/// versions of an addon one after the other, the highest first; `generated` is in seconds since 1970.
pub fn document<'a>(
    entries: impl Iterator<Item = (&'a str, &'a str)>,
    generated: i64,
    size_hint: usize,
) -> String {
    let mut text = String::with_capacity(size_hint + 256);
    text.push_str("apiVersion: v1\nentries:");
    let mut addon = None;
    for (name, entry) in entries {
        if addon != Some(name) {
            if addon.is_none() {
                text.push('\n');
            }
            text.push_str("  ");
            text.push_str(&goyaml::to_string(&Value::String(name.to_owned())).replace('\n', ""));
            text.push_str(":\n");
            addon = Some(name);
        }
        text.push_str(entry);
    }
    if addon.is_none() {
        text.push_str(" {}\n");
    }
    text.push_str("generated: \"");
    text.push_str(&timestamp(generated));
    text.push_str("\"\n");
    text
}

/// Seconds since 1970 in the form of RFC 3339, in UTC. Years 0 to 9999; what is outside is moved to the
/// nearer end.
pub fn timestamp(seconds: i64) -> String {
    const FIRST: i64 = -62_167_219_200;
    const LAST: i64 = 253_402_300_799;
    let seconds = seconds.clamp(FIRST, LAST);
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = civil(days);
    format!(
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z",
        second / 3600,
        second / 60 % 60,
        second % 60
    )
}

/// The date of a day counted from 1970-01-01, by Howard Hinnant's `civil_from_days`: years begin in March, so
/// that the leap day is their last, and 400 years always have 146,097 days.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_are_rfc_3339() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (315_532_800, "1980-01-01T00:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_735_689_599, "2024-12-31T23:59:59Z"),
            (-1, "1969-12-31T23:59:59Z"),
            (i64::MAX, "9999-12-31T23:59:59Z"),
        ] {
            assert_eq!(timestamp(seconds), text);
        }
    }

    #[test]
    fn an_index_is_its_entries_under_their_names() {
        let chart = |name: &str, version: &str| {
            serde_json::json!({
                "apiVersion": "v2", "name": name, "version": version,
                "annotations": {"system.vela": ">=1.9.0"}, "keywords": ["yes", "b: c"],
            })
            .as_object()
            .unwrap()
            .clone()
        };
        let piece = |name: &str, version: &str| {
            let location = Location {
                created: 0,
                digest: "abc",
                url: "charts/x.tgz",
            };
            entry(&chart(name, version), location)
        };
        let pieces = [
            ("a", piece("a", "2.0.0")),
            ("a", piece("a", "1.0")),
            ("b", piece("b", "1.0.0")),
        ];
        let text = document(pieces.iter().map(|(a, b)| (*a, b.as_str())), 60, 0);
        let expected = r#"apiVersion: v1
entries:
  a:
  - annotations:
      system.vela: '>=1.9.0'
    apiVersion: v2
    created: "1970-01-01T00:00:00Z"
    digest: abc
    keywords:
    - "yes"
    - 'b: c'
    name: a
    urls:
    - charts/x.tgz
    version: 2.0.0
"#;
        assert!(text.starts_with(expected), "{text}");
        assert!(
            text.contains("    version: \"1.0\"\n  b:\n  - annotations:"),
            "{text}"
        );
        assert!(text.ends_with("generated: \"1970-01-01T00:01:00Z\"\n"));
        let read = goyaml::from_slice(text.as_bytes()).unwrap();
        let entries = read.get("entries").unwrap();
        assert_eq!(entries.get("a").unwrap().as_list().unwrap().len(), 2);
        assert_eq!(entries.get("b").unwrap().as_list().unwrap().len(), 1);
    }

    #[test]
    fn texts_of_several_lines_stay_what_they_are() {
        for text in [
            "a\nb\n",
            "  lead\n\n x\n",
            "\n\n",
            "x: y\n- z",
            &"long words ".repeat(30),
        ] {
            let mut chart = Map::new();
            chart.insert("description".to_owned(), text.into());
            let location = Location {
                created: 0,
                digest: "",
                url: "u",
            };
            let piece = entry(&chart, location);
            let index = document([("a", piece.as_str())].into_iter(), 0, 0);
            let read = goyaml::from_slice(index.as_bytes()).unwrap();
            let first = &read
                .get("entries")
                .unwrap()
                .get("a")
                .unwrap()
                .as_list()
                .unwrap()[0];
            assert_eq!(
                first.get("description").unwrap().as_str(),
                Some(text),
                "{index}"
            );
        }
    }

    #[test]
    fn an_empty_index_has_an_empty_mapping() {
        let text = document(std::iter::empty(), 0, 0);
        assert_eq!(
            text,
            "apiVersion: v1\nentries: {}\ngenerated: \"1970-01-01T00:00:00Z\"\n"
        );
    }
}
