//! `html`: escaping of the five characters that matter in HTML.

use crate::package::Builder;
use cue_eval::Kind;
use quick_xml::escape::resolve_html5_entity;

/// Escapes `<`, `>`, `&`, `'` and `"`.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '\'' => out.push_str("&#39;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&#34;"),
            c => out.push(c),
        }
    }
    out
}

/// Names that stand for their character without a semicolon too.
const LEGACY: &str = "\
    AElig AMP Aacute Acirc Agrave Aring Atilde Auml COPY Ccedil ETH Eacute Ecirc Egrave Euml \
    GT Iacute Icirc Igrave Iuml LT Ntilde Oacute Ocirc Ograve Oslash Otilde Ouml QUOT REG \
    THORN Uacute Ucirc Ugrave Uuml Yacute aacute acirc acute aelig agrave amp aring atilde \
    auml brvbar ccedil cedil cent copy curren deg divide eacute ecirc egrave eth euml frac12 \
    frac14 frac34 gt iacute icirc iexcl igrave iquest iuml laquo lt macr micro middot nbsp \
    not ntilde oacute ocirc ograve ordf ordm oslash otilde ouml para plusmn pound quot raquo \
    reg sect shy sup1 sup2 sup3 szlig thorn times uacute ucirc ugrave uml uuml yacute yen \
    yuml";

/// The longest of [`LEGACY`].
const LONGEST_LEGACY: usize = 6;

/// Reads character references: named ones of HTML 5, and numbered ones.
pub(crate) fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, tail) = rest.split_at(at);
        out.push_str(before);
        let tail = tail.get(1..).unwrap_or_default();
        rest = match tail.strip_prefix('#') {
            Some(number) => numbered(number, &mut out),
            None => named(tail, &mut out),
        }
        .unwrap_or_else(|| {
            out.push('&');
            tail
        });
    }
    out.push_str(rest);
    out
}

/// The character of a number, and what follows; a semicolon may be left out.
fn numbered<'t>(text: &'t str, out: &mut String) -> Option<&'t str> {
    let (radix, digits) = match text.strip_prefix(['x', 'X']) {
        Some(digits) => (16, digits),
        None => (10, text),
    };
    let length = digits
        .find(|c: char| !c.is_digit(radix))
        .unwrap_or(digits.len());
    let (number, after) = digits.split_at(length);
    let after = after.strip_prefix(';').unwrap_or(after);
    // nothing but the sign is no reference, though a sign and an `x` with its semicolon is
    if text.len() - after.len() < 2 {
        return None;
    }
    let code = number.chars().fold(0u32, |code, digit| {
        let digit = digit.to_digit(radix).unwrap_or_default();
        code.saturating_mul(radix).saturating_add(digit)
    });
    out.push(match code {
        0 => char::REPLACEMENT_CHARACTER,
        0x80..=0x9f => windows_1252(code),
        code => char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER),
    });
    Some(after)
}

/// What old pages mean by the numbers of control characters.
fn windows_1252(code: u32) -> char {
    const MEANT: &str = "\u{20ac}\u{81}\u{201a}\u{192}\u{201e}\u{2026}\u{2020}\u{2021}\u{2c6}\u{2030}\
        \u{160}\u{2039}\u{152}\u{8d}\u{17d}\u{8f}\u{90}\u{2018}\u{2019}\u{201c}\u{201d}\u{2022}\u{2013}\
        \u{2014}\u{2dc}\u{2122}\u{161}\u{203a}\u{153}\u{9d}\u{17e}\u{178}";
    let at = usize::try_from(code.saturating_sub(0x80)).unwrap_or(0);
    MEANT.chars().nth(at).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// The text of a name, and what follows: the whole name, or the longest old one it starts with.
fn named<'t>(text: &'t str, out: &mut String) -> Option<&'t str> {
    let length = text
        .find(|c: char| !c.is_ascii_alphanumeric())
        .unwrap_or(text.len());
    let (name, after) = text.split_at(length);
    if let Some(after) = after.strip_prefix(';')
        && let Some(found) = resolve_html5_entity(name)
    {
        out.push_str(found);
        return Some(after);
    }
    let most = name.len().min(LONGEST_LEGACY);
    (2..=most).rev().find_map(|length| {
        let (old, after) = text.split_at_checked(length)?;
        LEGACY.split(' ').find(|known| *known == old)?;
        out.push_str(resolve_html5_entity(old)?);
        Some(after)
    })
}

/// Fills the package.
pub(crate) fn fill(b: &mut Builder) {
    let s = Kind::STRING;
    b.function("Escape", &[s], s, |c| Ok(escape(&c.string(0)?).into()));
    b.function("Unescape", &[s], s, |c| Ok(unescape(&c.string(0)?).into()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escaping_is_undone() {
        let text = "<a href=\"x\">Tom & 'Jerry'</a>";
        assert_eq!(unescape(&escape(text)), text);
        assert_eq!(unescape("&#x41;&unknown;&"), "A&unknown;&");
    }

    // expected texts are those of cue v0.14.1
    #[test]
    fn references_of_all_kinds() {
        for (text, want) in [
            ("&eacute;&hellip;&notin;", "\u{e9}\u{2026}\u{2209}"),
            ("&copy &ampx&notit;", "\u{a9} &x\u{ac}it;"),
            ("&#x80;&#0;&#xd800;&#65", "\u{20ac}\u{fffd}\u{fffd}A"),
            ("&#;&#x;& &;", "&#;\u{fffd}& &;"),
        ] {
            assert_eq!(unescape(text), want, "{text}");
        }
    }
}
