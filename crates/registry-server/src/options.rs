//! Owns what a server can be told: its limits, who may use it, and where it stands.
//!
//! The defaults are those of a small machine that is open to a hostile network: what one client can make
//! the server hold in memory is bounded by the numbers here, not by what the client sends. The sum at its
//! worst: `large_uploads` bodies of `body_bytes`, `small_uploads` bodies of [`SMALL_BODY`], one unpack
//! buffer per `unpackers`, and a few hundred KiB of buffers for each of the `connections`.

use std::time::Duration;

use addon_archive::untrusted::Versions;

use crate::access::Access;

/// An upload up to this many bytes needs no place among the large ones.
pub const SMALL_BODY: usize = 1 << 20;

/// The bounds of a server.
#[derive(Clone, Debug)]
pub struct Limits {
    /// The most bytes of a request's body (ChartMuseum: 20 MiB).
    pub body_bytes: usize,
    /// The most connections at the same time; more wait in the kernel's queue.
    pub connections: usize,
    /// The most uploads held in memory at the same time.
    pub small_uploads: usize,
    /// How many of them may be larger than [`SMALL_BODY`].
    pub large_uploads: usize,
    /// The most archives unpacked at the same time.
    pub unpackers: usize,
    /// The time for the head of a request, and between two requests on a connection.
    pub header_time: Duration,
    /// The longest pause of a client in the middle of a body.
    pub body_pause: Duration,
    /// The time for a whole body.
    pub body_time: Duration,
    /// The longest time in which a client takes nothing of an answer.
    pub stall_time: Duration,
    /// The time that requests get to finish when the server stops.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 20 << 20,
            connections: 1024,
            small_uploads: 24,
            large_uploads: 2,
            unpackers: 2,
            header_time: Duration::from_secs(15),
            body_pause: Duration::from_secs(15),
            body_time: Duration::from_mins(2),
            stall_time: Duration::from_secs(30),
            grace: Duration::from_secs(10),
        }
    }
}

/// A path prefix of all routes: empty, or `/a/b` without a slash at the end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContextPath(String);

/// Why a text is not a context path.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a context path: expected `/name` or `/name/name` of letters, digits, `-`, `_`, `.` and `~`"
)]
pub struct BadContextPath(pub String);

impl ContextPath {
    /// Reads a prefix; slashes at either end do not matter.
    ///
    /// # Errors
    /// [`BadContextPath`] for anything that a URL would have to escape, and for `.` and `..`.
    pub fn parse(text: &str) -> Result<Self, BadContextPath> {
        let trimmed = text.trim_matches('/');
        if trimmed.is_empty() {
            return Ok(Self::default());
        }
        let plain = |segment: &str| {
            !matches!(segment, "" | "." | "..")
                && segment
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"-_.~".contains(&b))
        };
        if trimmed.split('/').all(plain) {
            Ok(Self(format!("/{trimmed}")))
        } else {
            Err(BadContextPath(text.to_owned()))
        }
    }

    /// The prefix as it stands before a route.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a server can be told.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Its bounds.
    pub limits: Limits,
    /// Who may use it.
    pub access: Access,
    /// Whether an upload may have another version in `Chart.yaml` than in `metadata.yaml`.
    pub versions: Versions,
    /// The prefix of its routes.
    pub context_path: ContextPath,
    /// The address that pages show, such as `https://addons.example.org/team`; else what the client asked for.
    pub public_url: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn context_paths() {
        let parsed = |text: &str| ContextPath::parse(text).map(|path| path.0);
        assert_eq!(parsed("").as_deref(), Ok(""));
        assert_eq!(parsed("/").as_deref(), Ok(""));
        assert_eq!(parsed("a").as_deref(), Ok("/a"));
        assert_eq!(parsed("/a/b-2/").as_deref(), Ok("/a/b-2"));
        for bad in ["/a//b", "/..", "/a/./b", "/{x}", "/a b", "/%2e", "/ä"] {
            assert!(parsed(bad).is_err(), "{bad}");
        }
    }
}
