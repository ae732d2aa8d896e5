//! The places of a README that are generated: between two comments, each alone in its line.
//!
//! ```markdown
//! ## Parameters
//!
//! <!-- addon-pack:parameters -->
//! …
//! <!-- /addon-pack:parameters -->
//! ```
//! Everything else is the author's and keeps its bytes. Comments in code blocks are examples and no markers; between two
//! markers only the closing one counts, so that nothing that stands there can hide it.

use super::Section;
use source_vocab::{Diagnostic, SourceFile, Span};

/// A place that is generated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Region {
    pub(super) section: Section,
    /// The opening marker.
    pub(super) marker: Span,
    /// What lies between the lines of the markers, in bytes of the text.
    pub(super) from: usize,
    pub(super) to: usize,
}

/// What a README has.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    /// In the order of the text.
    pub(super) regions: Vec<Region>,
    /// Where the headings of sections end, in bytes of the text: the first of each.
    pub(super) headings: Vec<(Section, usize)>,
}

/// A marker's name, and whether it closes.
fn marker(line: &str) -> Option<(&str, bool)> {
    let inside = line
        .trim()
        .strip_prefix("<!--")?
        .strip_suffix("-->")?
        .trim();
    match inside.strip_prefix("addon-pack:") {
        Some(name) => Some((name, false)),
        None => Some((inside.strip_prefix("/addon-pack:")?, true)),
    }
}

/// The fence of a code block: its letter, its length, and whether something stands behind it.
fn fence(line: &str) -> Option<(char, usize, bool)> {
    let text = line.trim_start_matches(' ');
    if line.len() - text.len() > 3 {
        return None;
    }
    let first = text.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let length = text.len() - text.trim_start_matches(first).len();
    let rest = text.get(length..)?.trim();
    (length >= 3 && !(first == '`' && rest.contains('`'))).then_some((
        first,
        length,
        !rest.is_empty(),
    ))
}

/// Finds the places in a README; what is wrong with the markers goes to `found`.
pub(super) fn places(readme: &SourceFile, found: &mut Vec<Diagnostic>) -> Places {
    let mut places = Places::default();
    let mut open: Option<(Section, Span, usize)> = None;
    let mut code: Option<(char, usize)> = None;
    let mut at = 0;
    for line in readme.text().split_inclusive('\n') {
        let (from, to) = (at, at + line.len());
        at = to;
        let span = readme.span_of(from, from + line.trim_end().len());
        let wrong = |message: String, help: &str| {
            Diagnostic::error("docs/marker", message, span).help(help)
        };
        if let Some((section, started, content)) = open {
            match marker(line) {
                Some((name, true)) if name == section.name() => {
                    places.regions.push(Region {
                        section,
                        marker: started,
                        from: content,
                        to: from,
                    });
                    open = None;
                }
                Some((name, _)) => {
                    let message = format!(
                        "the marker `{name}` stands inside `{}`, which is not closed yet",
                        section.name()
                    );
                    found.push(wrong(message, "close each before the next one begins"));
                    // what follows cannot be told apart any more
                    return places;
                }
                None => {}
            }
            continue;
        }
        match (code, fence(line)) {
            (None, Some((letter, length, _))) => code = Some((letter, length)),
            (Some((letter, least)), Some((closing, length, false)))
                if letter == closing && length >= least =>
            {
                code = None;
            }
            _ => {}
        }
        if code.is_some() {
            continue;
        }
        let Some((name, is_closing)) = marker(line) else {
            if let Some(section) = heading(line)
                && !places.headings.iter().any(|(known, _)| *known == section)
            {
                places.headings.push((section, to));
            }
            continue;
        };
        let Some(section) = Section::ALL
            .into_iter()
            .find(|section| section.name() == name)
        else {
            let known = Section::ALL.map(Section::name);
            let near = source_vocab::nearest::nearest(name, known);
            let help = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("there are `{}`", known.join("`, `")),
            };
            found.push(wrong(
                format!("nothing by the name `{name}` can be generated"),
                &help,
            ));
            continue;
        };
        if is_closing {
            found.push(wrong(
                format!("`{name}` is closed and was not opened"),
                &format!("write `{}` before it", section.opening()),
            ));
        } else if places
            .regions
            .iter()
            .any(|region| region.section == section)
        {
            found.push(wrong(
                format!("`{name}` is there already"),
                "keep one of the two",
            ));
            return places;
        } else {
            open = Some((section, span, to));
        }
    }
    if let Some((section, started, _)) = open {
        let message = format!("`{}` is opened and never closed", section.name());
        found.push(
            Diagnostic::error("docs/marker", message, started).help(format!(
                "write `{}` behind what is generated",
                section.closing()
            )),
        );
    }
    places
}

/// The section that a heading is for.
fn heading(line: &str) -> Option<Section> {
    let text = line.trim();
    let title = text.trim_start_matches('#');
    let level = text.len() - title.len();
    let title = title.strip_prefix(' ')?.trim_end_matches('#').trim();
    Section::ALL
        .into_iter()
        .find(|section| (1..=6).contains(&level) && section.title().eq_ignore_ascii_case(title))
}

#[cfg(test)]
mod tests {
    use super::*;
    use source_vocab::SourceMap;

    fn read(text: &str) -> (Vec<(Section, String)>, Vec<String>) {
        let mut sources = SourceMap::new();
        let file = sources.add("README.md", text).unwrap();
        let mut found = Vec::new();
        let places = places(&file, &mut found);
        let regions = places
            .regions
            .iter()
            .map(|region| (region.section, text[region.from..region.to].to_owned()));
        let told = found.iter().map(|one| {
            let source_vocab::Place::Text(span) = one.primary.place else {
                panic!()
            };
            format!(
                "{}: {}",
                sources.line_column(span).unwrap().1.line,
                one.message
            )
        });
        (regions.collect(), told.collect())
    }

    #[test]
    fn what_lies_between_markers_is_found() {
        let (regions, told) = read(
            "# a\n<!-- addon-pack:parameters -->\nx\n```\n<!-- /addon-pack:parameters -->\r\n  <!--addon-pack:images-->\n<!-- /addon-pack:images -->",
        );
        assert_eq!(
            regions,
            [
                (Section::Parameters, "x\n```\n".to_owned()),
                (Section::Images, String::new())
            ]
        );
        assert_eq!(told, Vec::<String>::new());
    }

    #[test]
    fn examples_in_code_are_no_markers() {
        let (regions, told) = read(
            "````md\n```\n<!-- addon-pack:parameters -->\n````\n~~~\n<!-- addon-pack:nope -->\n~~~\n",
        );
        assert_eq!((regions, told), (vec![], vec![]));
    }

    #[test]
    fn wrong_markers_are_told() {
        for (text, wanted) in [
            (
                "<!-- addon-pack:parameters -->\n",
                "1: `parameters` is opened and never closed",
            ),
            (
                "\n<!-- /addon-pack:images -->\n",
                "2: `images` is closed and was not opened",
            ),
            (
                "<!-- addon-pack:image -->\n",
                "1: nothing by the name `image` can be generated",
            ),
            (
                "<!-- addon-pack:images -->\n<!-- addon-pack:parameters -->\n",
                "2: the marker `parameters` stands inside `images`, which is not closed yet",
            ),
            (
                "<!-- addon-pack:images -->\n<!-- /addon-pack:images -->\n<!-- addon-pack:images -->\n",
                "3: `images` is there already",
            ),
        ] {
            assert_eq!(read(text).1, [wanted], "{text}");
        }
    }
}
