//! Findings that were there before anybody looked: known, not shown, and not to become more.
//!
//! A finding is known by its file, its rule and its message, not by its line, since lines move when something else
//! changes. What is known twice covers two findings of the kind; a third is shown. The file is JSON with one entry a
//! line and sorted, so that a change of it can be read:
//! ```json
//! {"schemaVersion": 1, "findings": [
//! {"file":"addons/a/metadata.yaml","code":"META05","message":"the version `v1.0.0` begins with `v`","count":1}
//! ]}
//! ```

use crate::report::place_name;
use serde_json::{Value, json};
use source_vocab::{Diagnostic, SourceMap, World};
use std::collections::BTreeMap;

/// File, code and message.
type Key = (String, String, String);

/// Known findings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    known: BTreeMap<Key, u64>,
}

/// A text is no baseline.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the baseline cannot be read: {0}")]
pub struct BadBaseline(pub String);

fn key(found: &Diagnostic, sources: &SourceMap, world: &dyn World) -> Key {
    (
        place_name(&found.primary.place, sources, world).unwrap_or_default(),
        found.code.to_string(),
        found.message.clone(),
    )
}

impl Baseline {
    /// Reads the text of a baseline.
    ///
    /// # Errors
    /// [`BadBaseline`] says why it is none.
    pub fn parse(text: &str) -> Result<Self, BadBaseline> {
        let bad = |reason: &str| BadBaseline(reason.to_owned());
        let value: Value =
            serde_json::from_str(text).map_err(|error| BadBaseline(error.to_string()))?;
        if value.get("schemaVersion").and_then(Value::as_u64) != Some(1) {
            return Err(bad("expected `schemaVersion` 1"));
        }
        let list = value.get("findings").and_then(Value::as_array);
        let mut known = BTreeMap::new();
        for item in list.ok_or_else(|| bad("expected a list `findings`"))? {
            let text = |name: &str| item.get(name).and_then(Value::as_str).map(str::to_owned);
            let count = item.get("count").and_then(Value::as_u64);
            match (text("file"), text("code"), text("message"), count) {
                (Some(file), Some(code), Some(message), Some(count)) => {
                    let all: &mut u64 = known.entry((file, code, message)).or_default();
                    *all = all.saturating_add(count);
                }
                _ => return Err(bad("a finding needs `file`, `code`, `message` and `count`")),
            }
        }
        Ok(Self { known })
    }

    /// The text of the baseline.
    pub fn render(&self) -> String {
        let mut text = String::from("{\"schemaVersion\": 1, \"findings\": [");
        for (at, ((file, code, message), count)) in self.known.iter().enumerate() {
            let item = json!({"file": file, "code": code, "message": message, "count": count});
            text.push_str(if at == 0 { "\n" } else { ",\n" });
            text.push_str(&item.to_string());
        }
        text.push_str("\n]}\n");
        text
    }

    /// Makes findings known.
    pub fn add(&mut self, findings: &[Diagnostic], sources: &SourceMap, world: &dyn World) {
        for found in findings {
            *self.known.entry(key(found, sources, world)).or_default() += 1;
        }
    }

    /// Gives the findings that are not known. Each that is known is used up by it.
    pub fn unknown(
        &mut self,
        findings: Vec<Diagnostic>,
        sources: &SourceMap,
        world: &dyn World,
    ) -> Vec<Diagnostic> {
        let mut is_new = |found: &Diagnostic| match self.known.get_mut(&key(found, sources, world))
        {
            Some(count) if *count > 0 => {
                *count -= 1;
                false
            }
            _ => true,
        };
        findings.into_iter().filter(|found| is_new(found)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use source_vocab::VPath;
    use testkit::MemoryWorld;

    #[test]
    fn what_is_known_is_not_told_again_as_often_as_it_is_known() {
        let (sources, world) = (SourceMap::new(), MemoryWorld::new());
        let found = |message: &str| {
            Diagnostic::warning("META05", message, VPath::parse("a/b.yaml").unwrap())
        };
        let mut baseline = Baseline::default();
        baseline.add(
            &[found("one"), found("one \"2\"\n"), found("one")],
            &sources,
            &world,
        );
        let text = baseline.render();
        assert_eq!(text.lines().count(), 4, "{text}");
        let mut read = Baseline::parse(&text).unwrap();
        assert_eq!(read, baseline);
        let new = read.unknown(
            vec![found("one"), found("two"), found("one"), found("one")],
            &sources,
            &world,
        );
        let messages: Vec<&str> = new.iter().map(|found| found.message.as_str()).collect();
        assert_eq!(messages, ["two", "one"]);
        assert_eq!(
            Baseline::parse(&Baseline::default().render()).unwrap(),
            Baseline::default()
        );
        for bad in ["", "{}", "[]", "{\"schemaVersion\":1,\"findings\":[{}]}"] {
            assert!(Baseline::parse(bad).is_err(), "{bad}");
        }
    }
}
