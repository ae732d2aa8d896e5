//! The XML of `JUnit`, which nearly every CI system shows: a suite for each addon, a case for each rule that found something.
//!
//! A case without a failure stands for what was checked and is fine, so that a suite is never empty: one case named
//! `check`. Warnings fail no build, and are no failures here either: they are the output of their case.

use super::{Subject, region, text};
use source_vocab::{Diagnostic, Severity};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The document. `names` are what the subjects are called, in their order.
pub fn junit(names: &[&str], subjects: &[Subject<'_>]) -> String {
    let suites: Vec<Suite> = names
        .iter()
        .zip(subjects)
        .map(|(name, subject)| Suite::of(name, subject))
        .collect();
    let total = |of: fn(&Suite) -> usize| suites.iter().map(of).sum::<usize>();
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(
        xml,
        "<testsuites name=\"addon-pack check\" tests=\"{}\" failures=\"{}\" errors=\"0\">",
        total(|suite| suite.tests),
        total(|suite| suite.failures)
    );
    for suite in &suites {
        xml.push_str(&suite.xml);
    }
    xml.push_str("</testsuites>\n");
    xml
}

struct Suite {
    tests: usize,
    failures: usize,
    xml: String,
}

impl Suite {
    fn of(name: &str, subject: &Subject<'_>) -> Self {
        let mut rules: BTreeMap<&str, Vec<&Diagnostic>> = BTreeMap::new();
        for found in subject.findings {
            rules.entry(&found.code).or_default().push(found);
        }
        let fails = |found: &&Diagnostic| found.severity == Severity::Error;
        let failures = rules.values().filter(|all| all.iter().any(fails)).count();
        let tests = rules.len().max(1);
        let mut xml = format!(
            "  <testsuite name=\"{}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">\n",
            escaped(name)
        );
        if rules.is_empty() {
            let _ = writeln!(
                xml,
                "    <testcase classname=\"{}\" name=\"check\"/>",
                escaped(name)
            );
        }
        for (rule, all) in rules {
            let _ = writeln!(
                xml,
                "    <testcase classname=\"{}\" name=\"{}\">",
                escaped(name),
                escaped(rule)
            );
            let (errors, others): (Vec<&Diagnostic>, Vec<&Diagnostic>) =
                all.into_iter().partition(fails);
            if let Some(first) = errors.first() {
                let _ = writeln!(
                    xml,
                    "      <failure message=\"{}\" type=\"{}\">{}</failure>",
                    escaped(&first.message),
                    escaped(rule),
                    listed(&errors, subject)
                );
            }
            if !others.is_empty() {
                let _ = writeln!(
                    xml,
                    "      <system-out>{}</system-out>",
                    listed(&others, subject)
                );
            }
            xml.push_str("    </testcase>\n");
        }
        xml.push_str("  </testsuite>\n");
        Self {
            tests,
            failures,
            xml,
        }
    }
}

/// Findings with their places, a paragraph each.
fn listed(findings: &[&Diagnostic], subject: &Subject<'_>) -> String {
    let mut all = Vec::new();
    for found in findings {
        let place =
            region(&found.primary.place, subject.sources, subject.world).map(|region| match region
                .range
            {
                Some((at, _)) => format!("{}:{}:{}: ", region.file, at.line, at.column),
                None => format!("{}: ", region.file),
            });
        let severity = match found.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
        };
        all.push(format!(
            "{}{severity}: {}",
            place.unwrap_or_default(),
            text(found)
        ));
    }
    escaped(&all.join("\n"))
}

/// What XML 1.0 can hold: control characters, which it cannot even escape, become U+FFFD.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push(' '),
            '\u{FFFE}' | '\u{FFFF}' => out.push('\u{FFFD}'),
            c if c.is_control() => out.push('\u{FFFD}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use source_vocab::SourceMap;
    use testkit::MemoryWorld;

    #[test]
    fn errors_fail_warnings_are_output_and_nothing_is_a_case() {
        let mut sources = SourceMap::new();
        let file = sources.add("a/metadata.yaml", "version: <v>\n").unwrap();
        let findings = [
            Diagnostic::error("META04", "`<v>` & \u{1}", file.span_of(9, 12)),
            Diagnostic::warning("META14", "short", file.span_of(0, 1)),
        ];
        let world = MemoryWorld::new();
        let subject = |findings| Subject {
            findings,
            ignored: &[],
            sources: &sources,
            world: &world,
        };
        let xml = junit(&["a", "b"], &[subject(&findings[..]), subject(&[][..])]);
        assert_eq!(
            xml,
            r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="addon-pack check" tests="3" failures="1" errors="0">
  <testsuite name="a" tests="2" failures="1" errors="0">
    <testcase classname="a" name="META04">
      <failure message="`&lt;v&gt;` &amp; �" type="META04">a/metadata.yaml:1:10: error: `&lt;v&gt;` &amp; �</failure>
    </testcase>
    <testcase classname="a" name="META14">
      <system-out>a/metadata.yaml:1:1: warning: short</system-out>
    </testcase>
  </testsuite>
  <testsuite name="b" tests="1" failures="0" errors="0">
    <testcase classname="b" name="check"/>
  </testsuite>
</testsuites>
"#
        );
    }
}
