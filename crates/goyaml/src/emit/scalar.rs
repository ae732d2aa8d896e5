//! Which presentations a text allows: libyaml's scalar analysis.
//!
//! The character classes are libyaml's, oddities included: characters outside the Basic
//! Multilingual Plane count as unprintable (so an emoji is escaped), and U+2028 and U+2029 are
//! line breaks. Sources: sigs.k8s.io/yaml v1.4.0 `goyaml.v2/emitterc.go` and `yamlprivateh.go`.

/// What may be done with a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "four independent answers")]
pub(crate) struct Analysis {
    pub(crate) multiline: bool,
    pub(crate) plain_allowed: bool,
    pub(crate) single_quoted_allowed: bool,
    pub(crate) block_allowed: bool,
}

/// Whether a tab alone forbids a block: so it is in goyaml.v2, not in yaml.v3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tabs {
    Unprintable,
    QuotedInLine,
}

pub(crate) fn is_break(c: char) -> bool {
    matches!(c, '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

pub(crate) fn is_printable(c: char) -> bool {
    matches!(c,
        '\n' | ' '..='~' | '\u{A0}'..='\u{D7FF}' | '\u{E000}'..='\u{FEFE}' | '\u{FF00}'..='\u{FFFD}')
}

fn is_blank_or_end(c: Option<char>) -> bool {
    c.is_none_or(|c| matches!(c, ' ' | '\t'))
}

impl Analysis {
    pub(crate) fn of(text: &str, tabs: Tabs) -> Self {
        if text.is_empty() {
            return Self {
                multiline: false,
                plain_allowed: true,
                single_quoted_allowed: true,
                block_allowed: false,
            };
        }
        let mut indicators = text.starts_with("---") || text.starts_with("...");
        let (mut line_breaks, mut special, mut tab) = (false, false, false);
        let (mut break_space, mut space_break) = (false, false);
        let (mut previous_space, mut previous_break) = (false, false);
        let mut after_blank = true;
        let mut chars = text.chars().peekable();
        let mut first = true;
        while let Some(c) = chars.next() {
            let before_blank = is_blank_or_end(chars.peek().copied());
            indicators |= match c {
                ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%'
                | '@' | '`' => first,
                '?' | '-' => first && before_blank,
                ':' => before_blank,
                '#' => after_blank,
                _ => false,
            };
            if c == '\t' && tabs == Tabs::QuotedInLine {
                tab = true;
            } else if !is_printable(c) {
                special = true;
            }
            if c == ' ' {
                break_space |= previous_break;
                (previous_space, previous_break) = (true, false);
            } else if is_break(c) {
                line_breaks = true;
                space_break |= previous_space;
                (previous_space, previous_break) = (false, true);
            } else {
                (previous_space, previous_break) = (false, false);
            }
            after_blank = c == ' ' || c == '\t' || c == '\0' || is_break(c);
            first = false;
        }
        let edge = |c: char| c == ' ' || is_break(c);
        let trailing_space = text.ends_with(' ');
        let at_edge = text.starts_with(edge) || text.ends_with(edge);
        let unquotable = break_space || space_break || tab || special;
        Self {
            multiline: line_breaks,
            plain_allowed: !(at_edge || unquotable || line_breaks || indicators),
            single_quoted_allowed: !unquotable,
            block_allowed: !(trailing_space || space_break || special),
        }
    }
}
