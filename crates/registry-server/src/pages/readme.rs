//! Owns the way from a stranger's README to HTML that may stand on our page.
//!
//! Two walls, because either alone has had holes elsewhere: the Markdown is rendered by pulldown-cmark,
//! whose events are rewritten here, and the HTML that comes out (with whatever raw HTML the README had) goes
//! through ammonia's allow-list. Nothing on the page may be fetched from elsewhere, neither by a visitor nor
//! behind an air gap, so a picture becomes a link that carries its description; the content security
//! policy of the page would not let it load anyway. Headings move down two levels, under the page's own.

use std::borrow::Cow;

use ammonia::{Builder, UrlRelative};
use pulldown_cmark::{
    CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd, TextMergeStream, html,
};

/// The most bytes of a README that are shown.
const SHOWN: usize = 256 << 10;

/// The README as HTML that needs no further escaping.
pub(crate) fn render(markdown: &str) -> String {
    let (shown, cut) = shown_part(markdown);
    let mut options = Options::empty();
    options.insert(Options::ENABLE_TABLES);
    options.insert(Options::ENABLE_STRIKETHROUGH);
    options.insert(Options::ENABLE_TASKLISTS);
    let events = TextMergeStream::new(Parser::new_ext(shown, options)).map(tame);
    let mut unsafe_html = String::with_capacity(shown.len() * 2);
    html::push_html(&mut unsafe_html, events);
    if cut {
        unsafe_html.push_str("<p><em>The rest of this README is too long to be shown.</em></p>");
    }
    clean(&unsafe_html)
}

/// As much as is shown, cut at a character, and whether something was cut.
fn shown_part(markdown: &str) -> (&str, bool) {
    let markdown = markdown.strip_prefix('\u{feff}').unwrap_or(markdown);
    if markdown.len() <= SHOWN {
        return (markdown, false);
    }
    let end = (0..=SHOWN)
        .rev()
        .find(|end| markdown.is_char_boundary(*end))
        .unwrap_or(0);
    (&markdown[..end], true)
}

/// Makes a picture a link and moves a heading down.
fn tame(event: Event<'_>) -> Event<'_> {
    let lower = |level| match level {
        HeadingLevel::H1 => HeadingLevel::H3,
        HeadingLevel::H2 => HeadingLevel::H4,
        HeadingLevel::H3 => HeadingLevel::H5,
        HeadingLevel::H4 | HeadingLevel::H5 | HeadingLevel::H6 => HeadingLevel::H6,
    };
    match event {
        Event::Start(Tag::Image {
            dest_url, title, ..
        }) => Event::Start(Tag::Link {
            link_type: LinkType::Inline,
            dest_url,
            title,
            id: CowStr::Borrowed(""),
        }),
        Event::End(TagEnd::Image) => Event::End(TagEnd::Link),
        Event::Start(Tag::Heading { level, .. }) => Event::Start(Tag::Heading {
            level: lower(level),
            id: None,
            classes: Vec::new(),
            attrs: Vec::new(),
        }),
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(lower(level))),
        other => other,
    }
}

/// Keeps text, structure and outgoing links; drops everything that runs, loads, styles or identifies.
fn clean(unsafe_html: &str) -> String {
    Builder::default()
        .rm_tags(["img", "map", "area"])
        .rm_tag_attributes("a", ["name"])
        .rm_generic_attributes(["title"])
        .url_schemes(["http", "https", "mailto"].into())
        // a relative link would lead into this registry: only the ones within the README are kept
        .url_relative(UrlRelative::Custom(Box::new(within_page)))
        .link_rel(Some("nofollow noopener noreferrer"))
        .clean(unsafe_html)
        .to_string()
}

fn within_page(url: &str) -> Option<Cow<'_, str>> {
    url.starts_with('#').then_some(Cow::Borrowed(url))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_markdown_keeps_its_structure() {
        let html =
            render("# Title\n\nSome *text* and `code`.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n");
        assert!(html.contains("<h3>Title</h3>"), "{html}");
        assert!(html.contains("<em>text</em>") && html.contains("<code>code</code>"));
        assert!(html.contains("<td>2</td>"));
    }

    #[test]
    fn nothing_that_runs_or_loads_gets_through() {
        for (hostile, forbidden) in [
            ("<script>alert(1)</script>", "alert"),
            ("<img src=x onerror=alert(1)>", "onerror"),
            ("![p](https://tracker.example/p.png)", "<img"),
            ("<style>body{background:url(//e)}</style>", "url("),
            ("<iframe src='//e'></iframe>", "iframe"),
            ("[x](javascript:alert(1))", "javascript"),
            ("[x](JaVaScRiPt&#58;alert(1))", "href"),
            ("[x](data:text/html;base64,AAAA)", "data:"),
            ("<a href='/api/charts' ping='//e'>x</a>", "ping"),
            ("<a href='/api/charts'>x</a>", "/api"),
            ("<form action='/api/charts' method=post>", "form"),
            ("<svg><use href='//e#x'/></svg>", "svg"),
            ("<div style='position:fixed' id=x class=y>z</div>", "fixed"),
            ("<link rel=stylesheet href=//e>", "link"),
            ("<meta http-equiv=refresh content=0>", "meta"),
            ("<base href=//e>", "base"),
            (
                "<math><mtext><table><mglyph><style><img src onerror=alert(1)>",
                "onerror",
            ),
        ] {
            let html = render(hostile);
            assert!(!html.contains(forbidden), "{hostile} gave {html}");
        }
    }

    #[test]
    fn a_picture_becomes_a_link_with_its_description() {
        let html = render("![architecture](https://example.org/a.png)");
        assert!(
            html.contains("href=\"https://example.org/a.png\""),
            "{html}"
        );
        assert!(html.contains(">architecture</a>"), "{html}");
        assert!(html.contains("noreferrer"), "{html}");
    }

    #[test]
    fn a_long_readme_is_cut_at_a_character() {
        let html = render(&"ä".repeat(SHOWN));
        assert!(html.contains("too long to be shown"));
        assert!(html.len() < SHOWN + 1000);
    }
}
