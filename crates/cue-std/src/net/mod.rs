//! `net`: addresses, host names and URLs as texts; no network is asked.

mod ip;
mod name;
mod url;

use crate::package::{Builder, failed};
use cue_eval::builtin::{Answer, Failure};
use cue_eval::{Data, Kind};
use url::{Part, Url};

const S: Kind = Kind::STRING;

/// Escapes bytes for the query of a URL.
pub(crate) fn query_escape(bytes: &[u8]) -> Vec<u8> {
    url::escape(bytes, Part::Query).into_bytes()
}

/// Fills the package.
pub(crate) fn fill(b: &mut Builder) {
    ip::fill(b);
    b.function("SplitHostPort", &[S], Kind::LIST, |c| {
        let (host, port) = name::split_host_port(&c.string(0)?).map_err(failed)?;
        Ok(Answer::Data(Data::List(vec![host.into(), port.into()])))
    });
    let top = Kind::TOP;
    b.function("JoinHostPort", &[top, top], S, name::join_host_port);
    b.function("FQDN", &[S], Kind::BOOL, |c| {
        Ok(name::is_fqdn(&c.string(0)?).into())
    });
    for (name, part) in [("PathEscape", Part::Path), ("QueryEscape", Part::Query)] {
        b.function(name, &[S], S, move |c| {
            Ok(url::escape(c.string(0)?.as_bytes(), part).into())
        });
    }
    for (name, part) in [("PathUnescape", Part::Path), ("QueryUnescape", Part::Query)] {
        b.function(name, &[S], S, move |c| {
            url::unescape(&c.string(0)?, part)
                .map(Into::into)
                .ok_or_else(|| Failure::eval("invalid URL escape"))
        });
    }
    b.function("URL", &[S], Kind::BOOL, |c| {
        let text = c.string(0)?;
        match url::parse(&text) {
            Some(_) => Ok(true.into()),
            None => Err(Failure::eval(format!("`{text}` is not a URL"))),
        }
    });
    b.function("AbsURL", &[S], Kind::BOOL, |c| {
        let text = c.string(0)?;
        match url::parse(&text) {
            Some(Url::Absolute) => Ok(true.into()),
            _ => Err(Failure::eval(format!("`{text}` is not an absolute URL"))),
        }
    });
}
