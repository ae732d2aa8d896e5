//! What proves to a registry who is publishing, in a form that cannot be printed by accident.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{AUTHORIZATION, HeaderName, HeaderValue};

/// A password or token. Its `Debug` form says nothing, and it has no other.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes a password or token.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// How a client authenticates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Credentials {
    /// It does not.
    #[default]
    Anonymous,
    /// With a user name and a password.
    Basic {
        /// The user name.
        username: String,
        /// The password.
        password: Secret,
    },
    /// With a token in `Authorization: Bearer`.
    Bearer(Secret),
    /// With a token in a header of another name.
    Header {
        /// The name of the header.
        name: String,
        /// The token.
        token: Secret,
    },
}

impl Credentials {
    /// Chooses as helm-push does: a user name with a password wins over a token, and a token goes into
    /// `header` if there is one. Empty texts count as absent.
    pub fn choose(
        username: Option<String>,
        password: Option<Secret>,
        token: Option<Secret>,
        header: Option<String>,
    ) -> Self {
        let username = username.filter(|text| !text.is_empty());
        let password = password.filter(|secret| !secret.is_empty());
        let token = token.filter(|secret| !secret.is_empty());
        let header = header.filter(|text| !text.is_empty());
        match (username, password, token, header) {
            (Some(username), Some(password), _, _) => Self::Basic { username, password },
            (_, _, Some(token), Some(name)) => Self::Header { name, token },
            (_, _, Some(token), None) => Self::Bearer(token),
            _ => Self::Anonymous,
        }
    }

    /// The header of a request, marked so that no log shows it; `None` when there is none to send.
    pub(super) fn header(&self) -> Result<Option<(HeaderName, HeaderValue)>, BadCredentials> {
        let (name, text) = match self {
            Self::Anonymous => return Ok(None),
            Self::Basic { username, password } => {
                if username.contains(':') {
                    return Err(BadCredentials("a user name cannot have a `:` in it"));
                }
                let pair = format!("{username}:{}", password.expose());
                (AUTHORIZATION, format!("Basic {}", STANDARD.encode(pair)))
            }
            Self::Bearer(token) => (AUTHORIZATION, format!("Bearer {}", token.expose())),
            Self::Header { name, token } => (
                HeaderName::from_bytes(name.as_bytes())
                    .map_err(|_| BadCredentials("the name of the authentication header is none"))?,
                token.expose().to_owned(),
            ),
        };
        let mut value = HeaderValue::from_str(&text)
            .map_err(|_| BadCredentials("the token has characters that a header cannot carry"))?;
        value.set_sensitive(true);
        Ok(Some((name, value)))
    }
}

/// Credentials that no request can carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(super) struct BadCredentials(pub(super) &'static str);
