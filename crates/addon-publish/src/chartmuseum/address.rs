//! Where a registry is, and the URLs of its objects.
//!
//! A registry is named by the URL that `helm repo add` takes. Its API lies elsewhere: with the context
//! path `/ctx`, the registry `https://host/ctx/org/repo` has its uploads at
//! `https://host/ctx/api/org/repo/charts` (helm-push v0.10.4 `upload.go`: the path is
//! `join(context, "api", path without context, "charts")`). A query of the URL stays on every request,
//! because some hosts carry a token there, and is never shown.

use std::fmt;

use reqwest::Url;

use super::credentials::{Credentials, Secret};

/// The place of a registry.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    base: Url,
    context: Vec<String>,
}

/// Why a text is not the place of a registry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// It is no URL.
    #[error("it is not a URL: {0}")]
    Url(String),
    /// It is a URL of another kind.
    #[error("its scheme is `{0}`, expected `https` or `http`")]
    Scheme(String),
}

impl Address {
    /// Reads a registry's URL. Credentials in it (`https://user:password@host`) are taken out and given
    /// separately; `cm` as a scheme means `https`, or `http` where `plain` says so.
    ///
    /// # Errors
    /// [`AddressError`] says what is wrong with it; the text itself is not in there, it may hold a password.
    pub fn parse(
        text: &str,
        context_path: &str,
        plain: Plain,
    ) -> Result<(Self, Credentials), AddressError> {
        let text = match (text.strip_prefix("cm://"), plain) {
            (Some(rest), Plain::Https) => format!("https://{rest}"),
            (Some(rest), Plain::Http) => format!("http://{rest}"),
            (None, _) => text.to_owned(),
        };
        let mut base = Url::parse(&text).map_err(|error| AddressError::Url(error.to_string()))?;
        if !matches!(base.scheme(), "http" | "https") {
            return Err(AddressError::Scheme(base.scheme().to_owned()));
        }
        let username = decoded(base.username());
        let password = base.password().map(|text| Secret::new(decoded(text)));
        let credentials = Credentials::choose(Some(username), password, None, None);
        // Neither can fail: the scheme has a host.
        let _ = base.set_username("");
        let _ = base.set_password(None);
        base.set_fragment(None);
        let context: Vec<String> = parts(context_path).map(str::to_owned).collect();
        let address = Self { base, context };
        Ok((address, credentials))
    }

    fn path(&self) -> Vec<String> {
        parts(self.base.path()).map(str::to_owned).collect()
    }

    /// Where archives are uploaded.
    pub(super) fn upload(&self, force: bool) -> Url {
        let path = self.path();
        let repository = path
            .strip_prefix(self.context.as_slice())
            .unwrap_or(path.as_slice());
        let mut url = self.with_path(
            self.context
                .iter()
                .map(String::as_str)
                .chain(["api"])
                .chain(repository.iter().map(String::as_str))
                .chain(["charts"]),
        );
        if force {
            url.query_pairs_mut().append_key_only("force");
        }
        url
    }

    /// Where the object at `relative` is, by the join that vela uses (`path.Join`): always below the base.
    pub fn object(&self, relative: &str) -> Url {
        let path = self.path();
        self.with_path(path.iter().map(String::as_str).chain(parts(relative)))
    }

    fn with_path<Part: AsRef<str>>(&self, parts: impl Iterator<Item = Part>) -> Url {
        let mut url = self.base.clone();
        let path = parts.fold(String::new(), |path, part| path + "/" + part.as_ref());
        url.set_path(if path.is_empty() { "/" } else { &path });
        url
    }

    /// Whether a URL is at the same scheme, host and port.
    pub(super) fn same_origin(&self, url: &Url) -> bool {
        self.base.origin() == url.origin()
    }
}

/// What the scheme `cm` stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plain {
    /// `https`.
    Https,
    /// `http`, as `HELM_REPO_USE_HTTP` asks.
    Http,
}

fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.split('/')
        .filter(|part| !part.is_empty() && *part != ".")
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let hex = (first == b'%')
            .then(|| tail.get(..2))
            .flatten()
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        if let Some(byte) = hex {
            bytes.push(byte);
            rest = tail.get(2..).unwrap_or_default();
        } else {
            bytes.push(first);
            rest = tail;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The URL as people may see it: without query, which may hold a token.
pub(super) fn shown(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.to_string()
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(shown(&self.base).trim_end_matches('/'))
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::{Address, Plain};
    use crate::chartmuseum::{Credentials, Secret};

    fn upload(url: &str, context: &str) -> String {
        let (address, _) = Address::parse(url, context, Plain::Https).unwrap();
        address.upload(false).to_string()
    }

    #[test]
    fn uploads_go_where_helm_push_sends_them() {
        for (url, context, expected) in [
            ("https://h", "", "https://h/api/charts"),
            ("https://h/", "", "https://h/api/charts"),
            (
                "http://h:8080/org/repo/",
                "",
                "http://h:8080/api/org/repo/charts",
            ),
            ("https://h/x/y/z", "/x/y/z", "https://h/x/y/z/api/charts"),
            (
                "https://h/x/y/z/org",
                "x/y/z/",
                "https://h/x/y/z/api/org/charts",
            ),
            ("https://h/org", "/x", "https://h/x/api/org/charts"),
            ("https://h?token=t", "", "https://h/api/charts?token=t"),
            ("cm://h/org", "", "https://h/api/org/charts"),
        ] {
            assert_eq!(upload(url, context), expected, "{url} {context}");
        }
        let (address, _) = Address::parse("cm://h?a=b", "", Plain::Http).unwrap();
        assert_eq!(
            address.upload(true).as_str(),
            "http://h/api/charts?a=b&force"
        );
        assert_eq!(
            address.object("/../charts//./a-1.0.0+b.tgz").as_str(),
            "http://h/charts/a-1.0.0+b.tgz?a=b"
        );
    }

    #[test]
    fn credentials_leave_the_url_and_are_never_shown() {
        let (address, credentials) =
            Address::parse("https://me:p%40ss@h/x?token=secret", "", Plain::Https).unwrap();
        assert_eq!(
            credentials,
            Credentials::Basic {
                username: "me".to_owned(),
                password: Secret::new("p@ss"),
            }
        );
        assert_eq!(address.to_string(), "https://h/x");
        let shown = format!("{address:?} {credentials:?}");
        assert!(
            !shown.contains("p@ss") && !shown.contains("p%40ss"),
            "{shown}"
        );
        assert!(!shown.contains("token"), "{shown}");
    }

    #[test]
    fn other_schemes_are_refused_without_repeating_the_text() {
        for text in [
            "ftp://me:secret@h",
            "me:secret@h",
            "",
            "https://",
            "oci://h/x",
        ] {
            let error = Address::parse(text, "", Plain::Https).unwrap_err();
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }
}
