//! `encoding/csv`: records of fields, quoted as Go does.

use crate::go_text::into_text;
use crate::package::{Builder, Outcome, text_kind};
use cue_eval::builtin::{Answer, Call, Failure};
use cue_eval::{Data, Kind};

fn needs_quotes(field: &str) -> bool {
    field == "\\."
        || field.contains([',', '"', '\r', '\n'])
        || field.chars().next().is_some_and(char::is_whitespace)
}

fn encode(c: &mut Call<'_>) -> Outcome {
    let mut out = String::new();
    for record in c.list(0)? {
        for (at, field) in c.elements_of(record)?.into_iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            let text = match c.data_of(field)? {
                Data::String(text) => text.to_string(),
                other => super::json::to_text(&other, super::json::Layout::Compact),
            };
            if needs_quotes(&text) {
                out.push('"');
                out.push_str(&text.replace('"', "\"\""));
                out.push('"');
            } else {
                out.push_str(&text);
            }
        }
        out.push('\n');
    }
    c.charge(out.len())?;
    Ok(out.into())
}

fn decode(text: &str) -> Result<Vec<Vec<String>>, String> {
    let mut records: Vec<Vec<String>> = Vec::new();
    let mut chars = text.chars().peekable();
    while chars.peek().is_some() {
        if chars.next_if_eq(&'\n').is_some() {
            continue;
        }
        let mut record = Vec::new();
        'record: loop {
            let mut field = String::new();
            if chars.next_if_eq(&'"').is_some() {
                loop {
                    match chars.next() {
                        Some('"') if chars.next_if_eq(&'"').is_some() => field.push('"'),
                        Some('"') => break,
                        Some('\r') if chars.peek() == Some(&'\n') => {}
                        Some(c) => field.push(c),
                        None => return Err("unterminated quoted field".to_owned()),
                    }
                }
                chars.next_if_eq(&'\r');
                record.push(field);
                match chars.next() {
                    Some(',') => continue 'record,
                    Some('\n') | None => break 'record,
                    Some(_) => return Err("text behind a quoted field".to_owned()),
                }
            }
            loop {
                match chars.next() {
                    Some(',') => {
                        record.push(field);
                        continue 'record;
                    }
                    Some('\r') if matches!(chars.peek(), Some('\n') | None) => {}
                    Some('\n') | None => {
                        record.push(field);
                        break 'record;
                    }
                    Some('"') => return Err("bare `\"` in a field".to_owned()),
                    Some(c) => field.push(c),
                }
            }
        }
        if records
            .first()
            .is_some_and(|first| first.len() != record.len())
        {
            return Err("wrong number of fields".to_owned());
        }
        records.push(record);
    }
    Ok(records)
}

/// Fills the package.
pub(crate) fn fill(b: &mut Builder) {
    b.function("Encode", &[Kind::TOP], Kind::STRING, encode);
    b.function("Decode", &[text_kind()], Kind::LIST, |c| {
        let source = into_text(c.bytes(0)?.to_vec());
        let records = decode(&source).map_err(Failure::eval)?;
        Ok(Answer::Data(Data::from(records)))
    });
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn quotes_protect_separators() {
        let records = decode("a,\"b,\"\"c\"\"\"\r\n\nd,e\n").unwrap();
        assert_eq!(records, [["a", "b,\"c\""], ["d", "e"]]);
        assert!(decode("a,b\nc\n").is_err());
        assert!(decode("a\"b\n").is_err());
        assert!(decode("\"a").is_err());
    }
}
