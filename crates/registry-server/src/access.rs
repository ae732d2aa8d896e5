//! Owns who may do what: one user with a password, one token, or everybody.
//!
//! The rule: without configured credentials everybody may read and write. With them, writing needs
//! them, and so does reading unless the anonymous read switch is on. `/health` is always open (the
//! router does not ask here).
//!
//! A presented secret is compared through its SHA-256, in constant time: the digests have one length,
//! so neither the length of the true secret nor the first wrong byte shows in the time it takes. Plain
//! SHA-256 is enough because the secret lies in this process's memory anyway; nothing is stored.
//!
//! A browser sends credentials and multipart forms to other sites without asking. So a request that
//! changes something and says it comes from another site (`Sec-Fetch-Site`, `Origin`) is refused even
//! when its credentials are right; command-line clients send neither header.

use std::fmt;

use axum::http::{HeaderMap, StatusCode, header};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest as _, Sha256};
use subtle::{Choice, ConstantTimeEq as _};

use crate::refusal::{Demand, Refusal};

/// Whether requests that only read need credentials where some are configured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AnonymousRead {
    /// They need them.
    #[default]
    Refused,
    /// They do not.
    Allowed,
}

/// What a request does, as far as access is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Intent {
    /// It only reads.
    Read,
    /// It publishes or deletes.
    Write,
}

/// The digest of a secret; shows nothing of it.
#[derive(Clone)]
struct Sealed([u8; 32]);

impl Sealed {
    fn new(secret: &[u8]) -> Self {
        Self(Sha256::digest(secret).into())
    }

    fn opens(&self, presented: &[u8]) -> Choice {
        let presented: [u8; 32] = Sha256::digest(presented).into();
        self.0.ct_eq(&presented)
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}

/// The access rule of a server.
#[derive(Clone, Debug, Default)]
pub struct Access {
    /// `user:password`, as the basic scheme sends it.
    basic: Option<Sealed>,
    token: Option<Sealed>,
    anonymous_read: AnonymousRead,
}

impl Access {
    /// Everybody may read and write.
    pub fn open() -> Self {
        Self::default()
    }

    /// Adds a user with a password (HTTP basic authentication).
    pub fn with_user(mut self, user: &str, password: &str) -> Self {
        self.basic = Some(Sealed::new(format!("{user}:{password}").as_bytes()));
        self
    }

    /// Adds a bearer token.
    pub fn with_token(mut self, token: &str) -> Self {
        self.token = Some(Sealed::new(token.as_bytes()));
        self
    }

    /// Says whether reading needs credentials.
    pub fn with_anonymous_read(mut self, anonymous_read: AnonymousRead) -> Self {
        self.anonymous_read = anonymous_read;
        self
    }

    /// Whether anybody may publish.
    pub fn is_open(&self) -> bool {
        self.basic.is_none() && self.token.is_none()
    }

    /// Lets a request pass or says why not: 401 without the right credentials, 403 for a change that
    /// another web site asks for.
    pub(crate) fn admit(&self, intent: Intent, headers: &HeaderMap) -> Result<(), Refusal> {
        if intent == Intent::Write && comes_from_another_site(headers) {
            return Err(Refusal::new(
                StatusCode::FORBIDDEN,
                "a page of another site may not change this registry",
            ));
        }
        if self.is_open()
            || (intent == Intent::Read && self.anonymous_read == AnonymousRead::Allowed)
        {
            return Ok(());
        }
        if self.recognises(headers) {
            return Ok(());
        }
        let challenge = if self.basic.is_some() {
            r#"Basic realm="addon-pack", charset="UTF-8""#
        } else {
            r#"Bearer realm="addon-pack""#
        };
        Err(Refusal::new(StatusCode::UNAUTHORIZED, "unauthorized")
            .with(Demand::Credentials(challenge)))
    }

    fn recognises(&self, headers: &HeaderMap) -> bool {
        let Some((scheme, value)) = headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split_once(' '))
        else {
            return false;
        };
        let value = value.trim();
        if scheme.eq_ignore_ascii_case("basic") {
            let Ok(pair) = STANDARD.decode(value) else {
                return false;
            };
            // A client that knows only the basic scheme (vela) may send the token as its password.
            let password = pair.splitn(2, |byte| *byte == b':').nth(1).unwrap_or(&[]);
            let by_pair = opens(self.basic.as_ref(), &pair);
            let by_token = opens(self.token.as_ref(), password);
            (by_pair | by_token).into()
        } else if scheme.eq_ignore_ascii_case("bearer") {
            opens(self.token.as_ref(), value.as_bytes()).into()
        } else {
            false
        }
    }
}

fn opens(sealed: Option<&Sealed>, presented: &[u8]) -> Choice {
    sealed.map_or(Choice::from(0), |sealed| sealed.opens(presented))
}

fn comes_from_another_site(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match text("sec-fetch-site") {
        Some("same-origin" | "none") => return false,
        Some(_) => return true,
        None => {}
    }
    let Some(origin) = text("origin") else {
        return false;
    };
    // `http://host:port`; `null` and the like have no host and are of no site of ours
    let host = origin.split_once("://").map(|(_, host)| host);
    host.is_none() || host != text("host")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| {
                (
                    axum::http::HeaderName::from_static(name),
                    value.parse().unwrap(),
                )
            })
            .collect()
    }

    fn basic(pair: &str) -> HeaderMap {
        headers(&[("authorization", &format!("Basic {}", STANDARD.encode(pair)))])
    }

    fn status(access: &Access, intent: Intent, headers: &HeaderMap) -> u16 {
        access
            .admit(intent, headers)
            .map_or_else(|refusal| refusal.status.as_u16(), |()| 200)
    }

    #[test]
    fn without_credentials_everybody_may_do_everything() {
        let access = Access::open();
        assert_eq!(status(&access, Intent::Read, &HeaderMap::new()), 200);
        assert_eq!(status(&access, Intent::Write, &HeaderMap::new()), 200);
    }

    #[test]
    fn a_user_needs_the_whole_pair() {
        let access = Access::open().with_user("ann", "s3:cret");
        assert_eq!(status(&access, Intent::Write, &basic("ann:s3:cret")), 200);
        for wrong in [
            "ann:s3:cre",
            "ann:s3:crett",
            "ann:",
            "ann",
            "",
            "bob:s3:cret",
        ] {
            assert_eq!(
                status(&access, Intent::Write, &basic(wrong)),
                401,
                "{wrong}"
            );
        }
        assert_eq!(status(&access, Intent::Read, &HeaderMap::new()), 401);
    }

    #[test]
    fn a_token_is_taken_as_bearer_or_as_password() {
        let access = Access::open().with_token("t0ken");
        let bearer = |token: &str| headers(&[("authorization", &format!("bearer {token}"))]);
        assert_eq!(status(&access, Intent::Write, &bearer("t0ken")), 200);
        assert_eq!(status(&access, Intent::Write, &bearer("t0ke")), 401);
        assert_eq!(status(&access, Intent::Write, &basic("any:t0ken")), 200);
        assert_eq!(status(&access, Intent::Write, &basic("t0ken")), 401);
    }

    #[test]
    fn anonymous_read_opens_reading_only() {
        let access = Access::open()
            .with_user("a", "b")
            .with_anonymous_read(AnonymousRead::Allowed);
        assert_eq!(status(&access, Intent::Read, &HeaderMap::new()), 200);
        assert_eq!(status(&access, Intent::Write, &HeaderMap::new()), 401);
    }

    #[test]
    fn another_site_may_not_write() {
        let access = Access::open();
        let cross = headers(&[("origin", "https://evil.example"), ("host", "reg:8080")]);
        let same = headers(&[("origin", "http://reg:8080"), ("host", "reg:8080")]);
        let null = headers(&[("origin", "null"), ("host", "reg:8080")]);
        let fetch = headers(&[("sec-fetch-site", "cross-site")]);
        assert_eq!(status(&access, Intent::Write, &cross), 403);
        assert_eq!(status(&access, Intent::Write, &null), 403);
        assert_eq!(status(&access, Intent::Write, &fetch), 403);
        assert_eq!(status(&access, Intent::Write, &same), 200);
        assert_eq!(status(&access, Intent::Read, &cross), 200);
    }

    #[test]
    fn debug_output_has_no_secret() {
        let access = Access::open().with_user("ann", "hunter2").with_token("tok");
        let text = format!("{access:?}");
        assert!(!text.contains("hunter2") && !text.contains("tok\""));
    }
}
