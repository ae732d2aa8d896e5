//! SARIF 2.1.0, which code hosts show at the lines of a change and keep from run to run.
//!
//! All rules are listed, with their pages, whether they found something or not, so that a result names its rule by
//! index and a finding that disappears can be told from a rule that did not run. What the author took back is listed
//! as suppressed, with the reason.

use super::{Subject, region, text};
use crate::own::OwnRules;
use crate::rules;
use serde_json::{Map, Value, json};
use source_vocab::{Diagnostic, Place, Severity, SourceMap, World};

/// Who found it.
#[derive(Clone, Copy, Debug)]
pub struct Tool<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its version.
    pub version: &'a str,
    /// Where one reads about it.
    pub url: &'a str,
}

/// The log of one run.
pub fn sarif(tool: Tool<'_>, own: &OwnRules, subjects: &[Subject<'_>]) -> Value {
    let of_own = own.all().iter().map(|rule| {
        let help = rule.help.as_ref().unwrap_or(&rule.title);
        json!({
            "id": rule.id,
            "shortDescription": { "text": rule.title },
            "help": { "text": help },
            "defaultConfiguration": { "level": level(rule.severity) },
        })
    });
    let rules: Vec<Value> = rules::all()
        .map(|rule| {
            json!({
                "id": rule.id,
                "shortDescription": { "text": rule.title },
                "help": { "text": rule.page(), "markdown": rule.page() },
                "helpUri": format!("{}/blob/main/docs/rules/{}.md", tool.url, rule.id),
                "defaultConfiguration": { "level": level(rule.severity) },
                "properties": { "holdsFor": rule.holds.to_string() },
            })
        })
        .chain(of_own)
        .collect();
    let mut results = Vec::new();
    for subject in subjects {
        for found in subject.findings {
            results.push(Value::Object(result(found, own, subject)));
        }
        for ignored in subject.ignored {
            let mut suppressed = result(&ignored.finding, own, subject);
            let suppression = json!([{ "kind": "inSource", "justification": ignored.reason }]);
            suppressed.insert("suppressions".to_owned(), suppression);
            results.push(Value::Object(suppressed));
        }
    }
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": tool.name,
                "version": tool.version,
                "informationUri": tool.url,
                "rules": rules,
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn result(found: &Diagnostic, own: &OwnRules, subject: &Subject<'_>) -> Map<String, Value> {
    let mut result = Map::new();
    let mut put = |key: &str, value: Value| result.insert(key.to_owned(), value);
    put("ruleId", json!(found.code));
    let mut ids = rules::all()
        .map(|rule| rule.id)
        .chain(own.all().iter().map(|rule| rule.id.as_str()));
    if let Some(index) = ids.position(|id| id == found.code) {
        put("ruleIndex", json!(index));
    }
    put("level", json!(level(found.severity)));
    put("message", json!({ "text": text(found) }));
    let location = |place: &Place| location(place, subject.sources, subject.world);
    let primary: Vec<Value> = location(&found.primary.place)
        .map(Value::Object)
        .into_iter()
        .collect();
    put("locations", json!(primary));
    let related: Vec<Value> = found
        .labels
        .iter()
        .filter_map(|label| {
            let mut location = location(&label.place)?;
            location.insert("message".to_owned(), json!({ "text": label.text }));
            Some(Value::Object(location))
        })
        .collect();
    if !related.is_empty() {
        put("relatedLocations", json!(related));
    }
    result
}

fn location(place: &Place, sources: &SourceMap, world: &dyn World) -> Option<Map<String, Value>> {
    let region = region(place, sources, world)?;
    let mut physical = Map::new();
    let uri = json!({ "uri": uri(&region.file) });
    physical.insert("artifactLocation".to_owned(), uri);
    if let Some((start, end)) = region.range {
        physical.insert(
            "region".to_owned(),
            json!({
                "startLine": start.line, "startColumn": start.column,
                "endLine": end.line, "endColumn": end.column,
            }),
        );
    }
    let mut location = Map::new();
    location.insert("physicalLocation".to_owned(), Value::Object(physical));
    Some(location)
}

/// A path as a reference: relative ones stay so, all bytes that a URI does not take are escaped.
fn uri(path: &str) -> String {
    use std::fmt::Write as _;
    let mut uri = String::new();
    if path.starts_with('/') {
        uri.push_str("file://");
    }
    for byte in path.strip_prefix("./").unwrap_or(path).bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=@".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect::Ignored;
    use testkit::MemoryWorld;

    #[test]
    fn results_have_their_rule_and_place_and_what_was_taken_back_says_why() {
        let mut sources = SourceMap::new();
        let file = sources
            .add("./my addon/metadata.yaml", "name: a\nversion: v1\n")
            .unwrap();
        let found = Diagnostic::warning("META05", "a `v`", file.span_of(17, 19))
            .label(file.span_of(0, 4), "of this one");
        let ignored = Ignored {
            finding: found.clone(),
            reason: "as ever".to_owned(),
        };
        let subject = Subject {
            findings: std::slice::from_ref(&found),
            ignored: &[ignored],
            sources: &sources,
            world: &MemoryWorld::new(),
        };
        let tool = Tool {
            name: "addon-pack",
            version: "1.0.0",
            url: "https://example.org/a",
        };
        let log = sarif(tool, &OwnRules::default(), &[subject]);
        let run = &log["runs"][0];
        let result = &run["results"][0];
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(run["tool"]["driver"]["rules"][index]["id"], "META05");
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "my%20addon/metadata.yaml");
        assert_eq!(place["region"]["startLine"], 2);
        assert_eq!(place["region"]["startColumn"], 10);
        assert_eq!(place["region"]["endColumn"], 12);
        assert_eq!(
            result["relatedLocations"][0]["message"]["text"],
            "of this one"
        );
        assert_eq!(result.get("suppressions"), None);
        let suppression = &run["results"][1]["suppressions"][0];
        assert_eq!(suppression["justification"], "as ever");
        assert_eq!(uri("/a/b:c"), "file:///a/b%3Ac");
    }
}
