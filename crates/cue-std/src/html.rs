//! `html`: escaping of the five characters that matter in HTML.

use crate::package::Builder;
use cue_eval::Kind;

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

/// Reads the escapes of [`escape`], and numbered ones.
pub(crate) fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, tail) = rest.split_at(at);
        out.push_str(before);
        let Some((entity, after)) = tail
            .strip_prefix('&')
            .and_then(|tail| tail.split_once(';'))
            .filter(|(entity, _)| entity.len() < 12)
        else {
            out.push('&');
            rest = tail.get(1..).unwrap_or_default();
            continue;
        };
        let c = match entity {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            "nbsp" => Some('\u{a0}'),
            entity => entity.strip_prefix('#').and_then(|number| {
                let code = match number.strip_prefix(['x', 'X']) {
                    Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                    None => number.parse().ok()?,
                };
                char::from_u32(code)
            }),
        };
        match c {
            Some(c) => {
                out.push(c);
                rest = after;
            }
            None => {
                out.push('&');
                rest = tail.get(1..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    out
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
}
