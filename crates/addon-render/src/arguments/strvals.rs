//! `a.b=1,c={x,y},d[0].e=z`: the language of `key=value` words.
//!
//! Behaves as Helm v3.14.4 `pkg/strvals` (`ParseInto`), which `vela addon enable` hands each of its words to:
//!
//! - `,` separates, `\` takes the next character as it is, `.` goes into a mapping, `[n]` into a list that grows with nulls;
//! - a value in braces is a list of scalars;
//! - `true`, `false`, `null` in any case and integers without a leading zero have their meaning, all else is text:
//!   `1.5`, `007` and `"x"` (with its quotes) are text;
//! - `key=` is the empty text, `key=,` is an error, `key` alone too.
//!
//! A word that goes into a mapping through a scalar crashes in Go and is caught there as `unable to parse key`; here it is
//! an ordinary error.

use crate::tree;
use goyaml::{Data, Entry, Magnitude, Tree};
use source_vocab::{Diagnostic, SourceFile, Span};

/// The largest index of a list.
pub const MAX_INDEX: usize = 65_536;
/// How deep keys may nest.
pub const MAX_DEPTH: usize = 30;

/// Why a word cannot be read.
#[derive(Debug)]
enum Stop {
    /// The text is at its end, which is where every word ends.
    End,
    /// A mistake: what, and at which byte.
    Wrong(String, usize),
}

type Step<T> = Result<T, Stop>;

/// Reads a word into `into`, which is a mapping.
pub(super) fn parse_into(source: &SourceFile, into: &mut Tree) -> Result<(), Box<Diagnostic>> {
    let mut reader = Reader {
        source,
        text: source.text(),
        at: 0,
    };
    loop {
        match reader.key(into, 0) {
            Ok(()) => {}
            Err(Stop::End) => return Ok(()),
            Err(Stop::Wrong(message, at)) => {
                let message = format!("`{}` is no argument: {message}", source.text());
                let found = Diagnostic::error("render/argument", message, source.span_of(at, at))
                    .help("write `key=value`, `key.inner=value`, `key={a,b}` or `key[0]=value`");
                return Err(Box::new(found));
            }
        }
    }
}

struct Reader<'s> {
    source: &'s SourceFile,
    text: &'s str,
    at: usize,
}

/// What a run of characters ended in.
struct Run {
    text: String,
    /// The character that ended it; `None` at the end of the text.
    stop: Option<char>,
    /// Where it began and ended.
    from: usize,
    to: usize,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<char> {
        let c = self.text.get(self.at..)?.chars().next()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn peek(&self) -> Option<char> {
        self.text.get(self.at..)?.chars().next()
    }

    fn wrong<T>(&self, message: impl Into<String>) -> Step<T> {
        Err(Stop::Wrong(message.into(), self.at))
    }

    /// Characters up to one of `stops`, which is consumed.
    fn until(&mut self, stops: &[char]) -> Run {
        let from = self.at;
        let mut text = String::new();
        loop {
            let to = self.at;
            match self.next() {
                None => {
                    return Run {
                        text,
                        stop: None,
                        from,
                        to,
                    };
                }
                Some(c) if stops.contains(&c) => {
                    return Run {
                        text,
                        stop: Some(c),
                        from,
                        to,
                    };
                }
                Some('\\') => match self.next() {
                    Some(c) => text.push(c),
                    None => {
                        return Run {
                            text,
                            stop: None,
                            from,
                            to: self.at,
                        };
                    }
                },
                Some(c) => text.push(c),
            }
        }
    }

    fn span(&self, run: &Run) -> Span {
        self.source.span_of(run.from, run.to)
    }

    /// One key with its value, put into the mapping `into`.
    fn key(&mut self, into: &mut Tree, depth: usize) -> Step<()> {
        let run = self.until(&['=', '[', ',', '.']);
        let (name, span) = (run.text.as_str(), self.span(&run));
        match run.stop {
            None if name.is_empty() => Err(Stop::End),
            None => self.wrong(format!("the key `{name}` has no value")),
            Some('[') => {
                let index = self.index()?;
                let mut items = match into.get(name).map(|known| &known.data) {
                    None => Vec::new(),
                    Some(Data::List(items)) => items.clone(),
                    Some(_) => return self.wrong(format!("`{name}` is no list")),
                };
                let read = self.item(&mut items, index, depth);
                if let Ok(()) | Err(Stop::End) = read {
                    put(into, name, span, tree::list(items));
                }
                read
            }
            Some('=') => {
                let (value, ended) = self.value()?;
                put(into, name, span, value);
                if ended { Err(Stop::End) } else { Ok(()) }
            }
            Some(',') => self.wrong(format!("the key `{name}` has no value")),
            _ => {
                let depth = depth + 1;
                if depth > MAX_DEPTH {
                    return self.wrong(format!("keys may nest {MAX_DEPTH} deep"));
                }
                let mut inner = match into.get(name) {
                    None => tree::detached(Data::Map(Vec::new())),
                    Some(known) if matches!(known.data, Data::Map(_)) => known.clone(),
                    Some(_) => return self.wrong(format!("`{name}` is no mapping")),
                };
                let read = self.key(&mut inner, depth);
                if inner.entries().is_empty() {
                    if read.is_ok() {
                        return self.wrong(format!("`{name}` has no value"));
                    }
                } else {
                    put(into, name, span, inner);
                }
                read
            }
        }
    }

    /// What stands behind `=`, and whether the text ends with it.
    fn value(&mut self) -> Step<(Tree, bool)> {
        match self.peek() {
            None => {
                let place = self.source.span_of(self.at, self.at);
                Ok((tree::text("", place), true))
            }
            Some('{') => {
                let from = self.at;
                self.next();
                let items = self.braces()?;
                let span = self.source.span_of(from, self.at);
                if self.peek() == Some(',') {
                    self.next();
                }
                let data = Data::List(items);
                Ok((Tree { span, data }, false))
            }
            Some(_) => {
                let run = self.until(&[',']);
                Ok((self.scalar(&run), false))
            }
        }
    }

    fn braces(&mut self) -> Step<Vec<Tree>> {
        let mut items = Vec::new();
        loop {
            let run = self.until(&[',', '}']);
            if run.stop.is_none() {
                return self.wrong("a list must end with `}`");
            }
            items.push(self.scalar(&run));
            if run.stop == Some('}') {
                return Ok(items);
            }
        }
    }

    fn scalar(&self, run: &Run) -> Tree {
        let text = run.text.as_str();
        let is = |word: &str| text.eq_ignore_ascii_case(word);
        let data = if is("true") {
            Data::Bool(true)
        } else if is("false") {
            Data::Bool(false)
        } else if is("null") {
            Data::Null
        } else if text == "0" {
            Data::Number(Magnitude::Int(0))
        } else if !text.starts_with('0')
            && let Ok(number) = text.parse::<i64>()
        {
            Data::Number(Magnitude::Int(number))
        } else {
            Data::String(text.into())
        };
        Tree {
            span: self.span(run),
            data,
        }
    }

    /// `n]`.
    fn index(&mut self) -> Step<usize> {
        let run = self.until(&[']']);
        if run.stop.is_none() {
            return self.wrong("an index must end with `]`");
        }
        match run.text.parse::<i64>() {
            Ok(number) if number < 0 => self.wrong(format!("the index {number} is negative")),
            Ok(number) => match usize::try_from(number) {
                Ok(index) if index <= MAX_INDEX => Ok(index),
                _ => self.wrong(format!("the index {number} is larger than {MAX_INDEX}")),
            },
            Err(_) => self.wrong(format!("`{}` is no index", run.text)),
        }
    }

    /// What stands behind `[n]`, put into the list at `index`.
    fn item(&mut self, items: &mut Vec<Tree>, index: usize, depth: usize) -> Step<()> {
        let run = self.until(&['[', '.', '=']);
        if !run.text.is_empty() {
            return self.wrong(format!("`{}` cannot stand behind an index", run.text));
        }
        match run.stop {
            None => Err(Stop::End),
            Some('=') => {
                let (value, ended) = self.value()?;
                *place(items, index) = value;
                if ended { Err(Stop::End) } else { Ok(()) }
            }
            Some('[') => {
                let next = self.index()?;
                let mut inner = match items.get(index).map(|known| &known.data) {
                    None | Some(Data::Null) => Vec::new(),
                    Some(Data::List(inner)) => inner.clone(),
                    Some(_) => return self.wrong("the element is no list"),
                };
                self.item(&mut inner, next, depth)?;
                *place(items, index) = tree::list(inner);
                Ok(())
            }
            _ => {
                if depth > MAX_DEPTH {
                    return self.wrong(format!("keys may nest {MAX_DEPTH} deep"));
                }
                // what was there and is no mapping is forgotten
                let mut inner = match items.get(index) {
                    Some(known) if matches!(known.data, Data::Map(_)) => known.clone(),
                    _ => tree::detached(Data::Map(Vec::new())),
                };
                self.key(&mut inner, depth + 1)?;
                *place(items, index) = inner;
                Ok(())
            }
        }
    }
}

/// The element at `index`; the list grows with nulls.
fn place(items: &mut Vec<Tree>, index: usize) -> &mut Tree {
    if items.len() <= index {
        items.resize_with(index + 1, || tree::detached(Data::Null));
    }
    &mut items[index]
}

/// Sets a key; an empty one is not set.
fn put(into: &mut Tree, name: &str, span: Span, value: Tree) {
    if name.is_empty() {
        return;
    }
    let entries = tree::entries_mut(into);
    match entries.iter_mut().find(|entry| &*entry.key == name) {
        Some(entry) => {
            entry.key_span = span;
            entry.value = value;
        }
        None => entries.push(Entry {
            key: name.into(),
            key_span: span,
            value,
        }),
    }
}

#[cfg(test)]
mod tests {
    use source_vocab::SourceMap;

    fn read(words: &[&str]) -> Result<String, String> {
        let mut sources = SourceMap::new();
        let mut arguments = crate::Arguments::default();
        for word in words {
            arguments
                .add_word(word, &mut sources)
                .map_err(|found| found.message)?;
        }
        let json = serde_json::Value::from(&arguments.tree().to_value());
        Ok(json.to_string())
    }

    #[test]
    fn values_have_their_types() {
        for (word, json) in [
            ("a=1", r#"{"a":1}"#),
            ("a=-1", r#"{"a":-1}"#),
            ("a=0", r#"{"a":0}"#),
            ("a=007", r#"{"a":"007"}"#),
            ("a=1.5", r#"{"a":"1.5"}"#),
            ("a=TRUE", r#"{"a":true}"#),
            ("a=null", r#"{"a":null}"#),
            ("a=", r#"{"a":""}"#),
            ("a=\"x\"", r#"{"a":"\"x\""}"#),
            ("a=9223372036854775808", r#"{"a":"9223372036854775808"}"#),
            ("a=x\\,y", r#"{"a":"x,y"}"#),
            ("a\\.b=1", r#"{"a.b":1}"#),
            ("a=x=y", r#"{"a":"x=y"}"#),
            ("a=1,b=2", r#"{"a":1,"b":2}"#),
            ("a={1,x,true},b=2", r#"{"a":[1,"x",true],"b":2}"#),
            ("a={}", r#"{"a":[""]}"#),
            ("a.b.c=1", r#"{"a":{"b":{"c":1}}}"#),
            ("a[1]=x", r#"{"a":[null,"x"]}"#),
            ("a[0].b=1,a[0].c=2", r#"{"a":[{"b":1,"c":2}]}"#),
            ("a[0][1]=x", r#"{"a":[[null,"x"]]}"#),
            ("", "{}"),
            ("=1", "{}"),
        ] {
            assert_eq!(read(&[word]).as_deref(), Ok(json), "{word}");
        }
    }

    #[test]
    fn words_add_to_each_other() {
        assert_eq!(
            read(&["a.b=1", "a.c=2", "a.b=3"]).as_deref(),
            Ok(r#"{"a":{"b":3,"c":2}}"#)
        );
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (word, message) in [
            ("a", "the key `a` has no value"),
            ("a,b=1", "the key `a` has no value"),
            ("a={1", "a list must end with `}`"),
            ("a[x]=1", "`x` is no index"),
            ("a[-1]=1", "the index -1 is negative"),
            ("a[70000]=1", "the index 70000 is larger than 65536"),
            ("a[0]x=1", "`x` cannot stand behind an index"),
            ("a=1,a.b=2", "`a` is no mapping"),
            ("a=1,a[0]=2", "`a` is no list"),
        ] {
            let found = read(&[word]).unwrap_err();
            assert_eq!(found, format!("`{word}` is no argument: {message}"));
        }
        let deep = format!("{}=1", vec!["a"; 40].join("."));
        assert!(read(&[&deep]).unwrap_err().ends_with("30 deep"));
    }
}
