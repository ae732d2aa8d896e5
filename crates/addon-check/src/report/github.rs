//! Annotations of GitHub Actions: a line on stdout that the runner shows at the line of the file.

use super::{region, text};
use source_vocab::{Diagnostic, Severity, SourceMap, World};
use std::fmt::Write as _;

/// One finding as `::error file=…,line=…::message`, ending in a line feed.
pub fn github(found: &Diagnostic, sources: &SourceMap, world: &dyn World) -> String {
    let command = match found.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let mut line = format!("::{command} title={}", property(&found.code));
    if let Some(region) = region(&found.primary.place, sources, world) {
        let _ = write!(line, ",file={}", property(&region.file));
        if let Some((start, end)) = region.range {
            let _ = write!(line, ",line={},endLine={}", start.line, end.line);
            // columns are shown only within one line
            if start.line == end.line {
                let _ = write!(line, ",col={},endColumn={}", start.column, end.column);
            }
        }
    }
    let _ = writeln!(line, "::{}", data(&text(found)));
    line
}

/// What cannot stand in the message of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// What cannot stand in a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use source_vocab::{SourceMap, VPath};
    use testkit::MemoryWorld;

    #[test]
    fn places_and_texts_are_escaped() {
        let mut sources = SourceMap::new();
        let file = sources
            .add("a,b/metadata.yaml", "# é\nn: \u{e9}x\n")
            .unwrap();
        let world = MemoryWorld::new();
        // `x`, the second character of the value, which is the third byte
        let found =
            Diagnostic::warning("META05", "100% `v`", file.span_of(10, 11)).help("write\n`1`");
        assert_eq!(
            github(&found, &sources, &world),
            "::warning title=META05,file=a%2Cb/metadata.yaml,line=2,endLine=2,col=5,endColumn=6::100%25 `v`%0Ahelp: write%0A`1`\n"
        );
        let found = Diagnostic::error("LAY03", "none", VPath::parse("README.md").unwrap());
        assert_eq!(
            github(&found, &sources, &world),
            "::error title=LAY03,file=README.md::none\n"
        );
    }
}
