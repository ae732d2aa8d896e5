//! Owns the reading of `multipart/form-data` (RFC 7578) from a body that is wholly in memory.
//!
//! The body is already bounded by `intake`, so the parts are slices of it: no part is copied, and nothing
//! a form says can make the server hold more than the body. The grammar is that of RFC 2046 5.1.1: an
//! optional preamble, `--boundary` lines that follow a CRLF, a head of header lines and an empty line for
//! each part, and `--boundary--` at the end. Whatever does not follow it is refused: a form that two
//! readers may read differently must not get through.
//!
//! ```text
//! --XX\r\n
//! Content-Disposition: form-data; name="chart"; filename="fluxcd-1.0.0.tgz"\r\n
//! \r\n
//! <bytes>\r\n
//! --XX--\r\n
//! ```

use bytes::Bytes;
use memchr::memmem;

/// The most parts of a form; uploads have two.
const MAX_PARTS: usize = 16;
/// The most bytes of a part's head.
const MAX_HEAD: usize = 8 << 10;

/// A part of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    /// The field's name.
    pub(crate) name: String,
    /// The content.
    pub(crate) content: Bytes,
}

/// Why a body is not a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FormError {
    /// The media type has no usable `boundary`.
    #[error("the multipart form has no valid boundary")]
    Boundary,
    /// The body ends before the closing boundary.
    #[error("the multipart form is truncated")]
    Truncated,
    /// A boundary line is followed by something else than a line end.
    #[error("the multipart form has a malformed boundary line")]
    Delimiter,
    /// The head of a part is too long or no header lines.
    #[error("the multipart form has a malformed part head")]
    Head,
    /// A part has no field name, or more than one.
    #[error("the multipart form has a part without exactly one field name")]
    Name,
    /// A part is encoded.
    #[error("the multipart form has a part with a transfer encoding")]
    Encoded,
    /// There are too many parts.
    #[error("the multipart form has more than {MAX_PARTS} parts")]
    TooMany,
    /// A field comes twice.
    #[error("the multipart form has a field twice")]
    Twice,
}

/// The boundary of a `multipart/form-data` media type; `None` for other media types.
pub(crate) fn boundary(content_type: &str) -> Option<Result<String, FormError>> {
    let (media_type, parameters) = content_type.split_once(';').unwrap_or((content_type, ""));
    if !media_type
        .trim()
        .eq_ignore_ascii_case("multipart/form-data")
    {
        return None;
    }
    let found = parameters_of(parameters)
        .and_then(|parameters| single(&parameters, "boundary"))
        .filter(|boundary| is_boundary(boundary));
    Some(found.ok_or(FormError::Boundary))
}

/// RFC 2046: 1 to 70 characters of a small set, not ending in a space.
fn is_boundary(text: &str) -> bool {
    (1..=70).contains(&text.len())
        && !text.ends_with(' ')
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"'()+_,-./:=? ".contains(&b))
}

/// Splits a body into its parts, in their order; each field at most once.
///
/// # Errors
/// [`FormError`] for a body that departs from the grammar.
pub(crate) fn parse(boundary: &str, body: &Bytes) -> Result<Vec<Part>, FormError> {
    let delimiter = format!("\r\n--{boundary}");
    let finder = memmem::Finder::new(delimiter.as_bytes());
    // The first delimiter may stand at the very start, without its CRLF.
    let mut at = if body.starts_with(&delimiter.as_bytes()[2..]) {
        delimiter.len() - 2
    } else {
        finder.find(body).ok_or(FormError::Truncated)? + delimiter.len()
    };
    let mut parts: Vec<Part> = Vec::new();
    loop {
        let rest = body.get(at..).unwrap_or_default();
        if rest.starts_with(b"--") {
            return Ok(parts);
        }
        // spaces and tabs may pad the boundary line
        let padding = rest
            .iter()
            .take_while(|byte| matches!(byte, b' ' | b'\t'))
            .count();
        if !rest[padding..].starts_with(b"\r\n") {
            return Err(match rest.len() - padding {
                0 | 1 => FormError::Truncated,
                _ => FormError::Delimiter,
            });
        }
        // The CRLF of the boundary line stays in front: an empty head is then CRLF CRLF as well.
        let head_start = at + padding;
        let window = &body[head_start..body.len().min(head_start + MAX_HEAD)];
        let head_length = memmem::find(window, b"\r\n\r\n").ok_or(FormError::Head)?;
        let head = std::str::from_utf8(&window[..head_length]).map_err(|_| FormError::Head)?;
        let name = field_name(head)?;
        let content_start = head_start + head_length + 4;
        // An empty part's delimiter may share its CRLF with the end of the head.
        let length = finder
            .find(&body[content_start - 2..])
            .ok_or(FormError::Truncated)?;
        let content_end = (content_start - 2 + length).max(content_start);
        if parts.len() == MAX_PARTS {
            return Err(FormError::TooMany);
        }
        if parts.iter().any(|part| part.name == name) {
            return Err(FormError::Twice);
        }
        parts.push(Part {
            name,
            content: body.slice(content_start..content_end),
        });
        at = content_start - 2 + length + delimiter.len();
    }
}

fn field_name(head: &str) -> Result<String, FormError> {
    let mut name = None;
    for line in head.split("\r\n").filter(|line| !line.is_empty()) {
        let (key, value) = line.split_once(':').ok_or(FormError::Head)?;
        if key.eq_ignore_ascii_case("content-disposition") {
            let (kind, parameters) = value.split_once(';').ok_or(FormError::Name)?;
            if name.is_some() || !kind.trim().eq_ignore_ascii_case("form-data") {
                return Err(FormError::Name);
            }
            let parameters = parameters_of(parameters).ok_or(FormError::Head)?;
            name = Some(single(&parameters, "name").ok_or(FormError::Name)?);
        } else if key.eq_ignore_ascii_case("content-transfer-encoding")
            && !["binary", "8bit", "7bit"]
                .iter()
                .any(|plain| value.trim().eq_ignore_ascii_case(plain))
        {
            return Err(FormError::Encoded);
        }
    }
    name.ok_or(FormError::Name)
}

/// The value of a parameter that occurs exactly once.
fn single(parameters: &[(String, String)], key: &str) -> Option<String> {
    let mut found = parameters.iter().filter(|(name, _)| name == key);
    let (_, value) = found.next()?;
    found.next().is_none().then(|| value.clone())
}

/// `a=b; c="d;e"`: the parameters of a header value, names in lower case; `None` when malformed.
fn parameters_of(text: &str) -> Option<Vec<(String, String)>> {
    let mut parameters = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (name, after) = rest.split_once('=')?;
        let (value, after) = match after.strip_prefix('"') {
            Some(quoted) => unquote(quoted)?,
            None => {
                let end = after.find(';').unwrap_or(after.len());
                (after[..end].trim().to_owned(), &after[end..])
            }
        };
        parameters.push((name.trim().to_ascii_lowercase(), value));
        let after = after.trim_start();
        rest = if after.is_empty() {
            after
        } else {
            after.strip_prefix(';')?.trim_start()
        };
    }
    Some(parameters)
}

/// The text up to the closing quote, and what follows the quote.
fn unquote(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Some((value, &text[at + 1..])),
            // Only the quote and the backslash are escaped; browsers send Windows paths unescaped.
            '\\' if text[at + 1..].starts_with(['"', '\\']) => {
                value.extend(characters.next().map(|(_, escaped)| escaped));
            }
            other => value.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(body: &str) -> Result<Vec<(String, String)>, FormError> {
        let text = |bytes: &Bytes| String::from_utf8(bytes.to_vec()).unwrap();
        parse("XX", &Bytes::copy_from_slice(body.as_bytes())).map(|parts| {
            parts
                .into_iter()
                .map(|part| (part.name.clone(), text(&part.content)))
                .collect()
        })
    }

    fn part(name: &str, content: &str) -> String {
        format!("--XX\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{content}\r\n")
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs
            .iter()
            .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
            .collect()
    }

    #[test]
    fn parts_are_split_and_keep_their_bytes() {
        let body = part("chart", "a\r\n--X\r\n\r\nb") + &part("prov", "") + "--XX--\r\n";
        assert_eq!(
            form(&body).unwrap(),
            pairs(&[("chart", "a\r\n--X\r\n\r\nb"), ("prov", "")])
        );
    }

    #[test]
    fn preamble_padding_and_epilogue_are_allowed() {
        let body = format!(
            "hello\r\n{}--XX-- \r\nbye",
            part("chart", "x").replacen("--XX\r\n", "--XX \t\r\n", 1)
        );
        assert_eq!(form(&body).unwrap(), pairs(&[("chart", "x")]));
    }

    #[test]
    fn an_empty_part_may_lack_its_own_line_end() {
        let body = "--XX\r\nContent-Disposition: form-data; name=chart\r\n\r\n--XX--";
        assert_eq!(form(body).unwrap(), pairs(&[("chart", "")]));
    }

    #[test]
    fn what_departs_from_the_grammar_is_refused() {
        let good = part("chart", "x");
        let cases: &[(&str, String, FormError)] = &[
            ("nothing", String::new(), FormError::Truncated),
            (
                "no boundary",
                "a=b&c=d".repeat(100),
                FormError::Truncated,
            ),
            ("no end", good.clone(), FormError::Truncated),
            ("half an end", format!("{good}--XX"), FormError::Truncated),
            (
                "longer boundary",
                format!("{good}--XXY\r\n--XX--"),
                FormError::Delimiter,
            ),
            (
                "no name",
                "--XX\r\nContent-Type: a/b\r\n\r\nx\r\n--XX--".to_owned(),
                FormError::Name,
            ),
            (
                "two names",
                "--XX\r\nContent-Disposition: form-data; name=\"a\"; name=\"b\"\r\n\r\nx\r\n--XX--"
                    .to_owned(),
                FormError::Name,
            ),
            (
                "two dispositions",
                "--XX\r\nContent-Disposition: form-data; name=a\r\ncontent-disposition: form-data; name=b\r\n\r\nx\r\n--XX--"
                    .to_owned(),
                FormError::Name,
            ),
            (
                "no head",
                "--XX\r\n\r\nx\r\n--XX--".to_owned(),
                FormError::Name,
            ),
            (
                "endless head",
                format!("--XX\r\nX: {}\r\n\r\nx\r\n--XX--", "a".repeat(MAX_HEAD)),
                FormError::Head,
            ),
            (
                "base64",
                good.replace("\r\n\r\n", "\r\nContent-Transfer-Encoding: base64\r\n\r\n") + "--XX--",
                FormError::Encoded,
            ),
            (
                "twice",
                format!("{good}{}--XX--", part("chart", "y")),
                FormError::Twice,
            ),
            (
                "many",
                (0..17).map(|i| part(&format!("f{i}"), "")).collect::<String>() + "--XX--",
                FormError::TooMany,
            ),
        ];
        for (title, body, error) in cases {
            assert_eq!(form(body), Err(*error), "{title}");
        }
    }

    #[test]
    fn boundaries() {
        let of = |text: &str| boundary(text).map(Result::ok);
        let some = |text: &str| Some(Some(text.to_owned()));
        assert_eq!(of("application/gzip"), None);
        assert_eq!(of("multipart/form-data; boundary=abc"), some("abc"));
        assert_eq!(
            of("Multipart/Form-Data; charset=utf-8; Boundary=\"a b\""),
            some("a b")
        );
        for bad in [
            "multipart/form-data",
            "multipart/form-data; boundary=",
            "multipart/form-data; boundary=\"a",
            "multipart/form-data; boundary=a; boundary=b",
            "multipart/form-data; boundary=\"a \"",
            "multipart/form-data; boundary=a\u{e4}",
        ] {
            assert_eq!(of(bad), Some(None), "{bad}");
        }
        let long = format!("multipart/form-data; boundary={}", "a".repeat(71));
        assert_eq!(of(&long), Some(None));
    }

    #[test]
    fn any_cut_of_a_form_is_an_error_and_no_panic() {
        let whole = part("chart", "x\r\ny") + &part("prov", "z") + "--XX--";
        for end in 0..whole.len() {
            assert!(form(&whole[..end]).is_err(), "{end}");
        }
    }
}
