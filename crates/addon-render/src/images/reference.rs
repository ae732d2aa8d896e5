//! The name of a container image, taken apart: `ghcr.io/org/app:1.2@sha256:…`.
//!
//! ```text
//! [registry/]repository[:tag][@digest]
//! ```
//!
//! The first part is a registry when it has a dot, a port or an upper-case letter, or is `localhost`; everything else is a
//! repository of Docker Hub, where a name of one part means `library/NAME`. (The grammar of container runtimes:
//! `github.com/distribution/reference`, `ParseNormalizedNamed`.) What a runtime refuses is refused here.
//!
//! Invariant: [`ImageReference`]'s text, written again, is the text that was read.

use std::fmt;

/// The longest name of a repository, its registry included.
const MAX_NAME: usize = 255;
/// The longest tag.
const MAX_TAG: usize = 128;
/// The registry of names that have none.
const DOCKER_HUB: &str = "docker.io";

/// An image by its name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ImageReference {
    /// The registry, where the text names one: `ghcr.io`, `localhost:5000`.
    pub registry: Option<String>,
    /// The repository as it is written: `org/app`, `nginx`.
    pub repository: String,
    /// The tag, where there is one.
    pub tag: Option<String>,
    /// The digest, where there is one: `sha256:…`.
    pub digest: Option<String>,
}

/// A text is not the name of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadReference {
    /// Nothing, or only a tag or digest.
    #[error("it names no repository")]
    Empty,
    /// `https://…` or another scheme.
    #[error("it begins with a scheme, which an image has not")]
    Scheme,
    /// An upper-case letter in the repository.
    #[error("a repository is written in lower case")]
    UpperCase,
    /// Another character, or a separator where none may be.
    #[error("the repository has a character that none may have")]
    Repository,
    /// The registry is no host.
    #[error("the registry is not the name of a host")]
    Registry,
    /// The tag.
    #[error(
        "a tag has at most 128 letters, digits, `_`, `.` and `-`, and begins with none of the last two"
    )]
    Tag,
    /// The digest.
    #[error(
        "a digest is an algorithm, a colon and at least 32 hexadecimal digits, 64 for `sha256`"
    )]
    Digest,
    /// The name is too long.
    #[error("the name is longer than 255 characters")]
    TooLong,
}

impl ImageReference {
    /// Reads the name of an image.
    ///
    /// # Errors
    /// [`BadReference`] where a container runtime refuses the text (`InvalidImageName`).
    pub fn parse(text: &str) -> Result<Self, BadReference> {
        if text.contains("://") {
            return Err(BadReference::Scheme);
        }
        let (rest, digest) = match text.split_once('@') {
            Some((rest, digest)) if is_digest(digest) => (rest, Some(digest)),
            Some(_) => return Err(BadReference::Digest),
            None => (text, None),
        };
        let name_start = rest.rfind('/').map_or(0, |at| at + 1);
        let tag_at = rest
            .get(name_start..)
            .and_then(|name| name.find(':'))
            .map(|at| name_start + at);
        let (name, tag) = match tag_at {
            Some(at) => (
                rest.get(..at).unwrap_or_default(),
                Some(rest.get(at + 1..).unwrap_or_default()),
            ),
            None => (rest, None),
        };
        if name.is_empty() {
            return Err(BadReference::Empty);
        }
        if tag.is_some_and(|tag| !is_tag(tag)) {
            return Err(BadReference::Tag);
        }
        let (registry, repository) = match name.split_once('/') {
            Some((first, repository)) if is_host_like(first) => (Some(first), repository),
            _ => (None, name),
        };
        if registry.is_some_and(|registry| !is_host(registry)) {
            return Err(BadReference::Registry);
        }
        if repository.is_empty() {
            return Err(BadReference::Empty);
        }
        if repository.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Err(BadReference::UpperCase);
        }
        if !repository.split('/').all(is_path_part) {
            return Err(BadReference::Repository);
        }
        if name.len() > MAX_NAME {
            return Err(BadReference::TooLong);
        }
        Ok(Self {
            registry: registry.map(str::to_owned),
            repository: repository.to_owned(),
            tag: tag.map(str::to_owned),
            digest: digest.map(str::to_owned),
        })
    }

    /// The registry that the image is pulled from: `docker.io` where none is written.
    pub fn registry_or_default(&self) -> &str {
        self.registry.as_deref().unwrap_or(DOCKER_HUB)
    }

    /// The whole name as a registry knows it: `docker.io/library/nginx:1.27`. `latest` is added where there is neither tag
    /// nor digest.
    pub fn normalized(&self) -> String {
        let registry = match self.registry_or_default() {
            "index.docker.io" => DOCKER_HUB,
            registry => registry,
        };
        let library = if registry == DOCKER_HUB && !self.repository.contains('/') {
            "library/"
        } else {
            ""
        };
        let mut text = format!("{registry}/{library}{}", self.repository);
        match (&self.tag, &self.digest) {
            (None, None) => text.push_str(":latest"),
            (Some(tag), _) => {
                text.push(':');
                text.push_str(tag);
            }
            (None, Some(_)) => {}
        }
        if let Some(digest) = &self.digest {
            text.push('@');
            text.push_str(digest);
        }
        text
    }

    /// Whether the text says for good which image it is: a tag that is not `latest`, or a digest.
    pub fn is_fixed(&self) -> bool {
        self.digest.is_some() || self.tag.as_deref().is_some_and(|tag| tag != "latest")
    }
}

impl fmt::Display for ImageReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(registry) = &self.registry {
            write!(f, "{registry}/")?;
        }
        f.write_str(&self.repository)?;
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        if let Some(digest) = &self.digest {
            write!(f, "@{digest}")?;
        }
        Ok(())
    }
}

/// Whether the first part of a name is meant as a host.
fn is_host_like(part: &str) -> bool {
    part == "localhost"
        || part
            .bytes()
            .any(|byte| matches!(byte, b'.' | b':' | b'[') || byte.is_ascii_uppercase())
}

fn is_host(text: &str) -> bool {
    let (host, port) = if let Some(rest) = text.strip_prefix('[') {
        let Some((address, rest)) = rest.split_once(']') else {
            return false;
        };
        let is_address = address.parse::<std::net::Ipv6Addr>().is_ok();
        return is_address && rest.strip_prefix(':').map_or(rest.is_empty(), is_port);
    } else {
        match text.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (text, None),
        }
    };
    let is_label = |label: &str| {
        let inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        !label.is_empty()
            && label.bytes().all(inner)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    host.split('.').all(is_label) && port.is_none_or(is_port)
}

fn is_port(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Lower-case letters and digits, in groups that are separated by `.`, `_`, `__` or dashes.
fn is_path_part(part: &str) -> bool {
    let is_word = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = part.as_bytes();
    if !bytes.first().is_some_and(is_word) || !bytes.last().is_some_and(is_word) {
        return false;
    }
    bytes
        .split(|byte| is_word(byte))
        .filter(|separator| !separator.is_empty())
        .all(|separator| {
            matches!(separator, b"." | b"_" | b"__") || separator.iter().all(|byte| *byte == b'-')
        })
}

fn is_tag(tag: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    tag.len() <= MAX_TAG
        && tag.bytes().next().is_some_and(is_word)
        && tag
            .bytes()
            .all(|byte| is_word(byte) || matches!(byte, b'.' | b'-'))
}

fn is_digest(digest: &str) -> bool {
    let Some((algorithm, hex)) = digest.split_once(':') else {
        return false;
    };
    let is_hex = hex.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_algorithm = algorithm
        .bytes()
        .next()
        .is_some_and(|b| b.is_ascii_alphabetic())
        && algorithm
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'+' | b'.'));
    let fits = match algorithm {
        "sha256" => hex.len() == 64,
        "sha512" => hex.len() == 128,
        _ => hex.len() >= 32,
    };
    is_algorithm && is_hex && fits
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> (Option<String>, String, Option<String>, Option<String>) {
        let read = ImageReference::parse(text).unwrap();
        assert_eq!(read.to_string(), text);
        (read.registry, read.repository, read.tag, read.digest)
    }

    #[test]
    fn a_name_has_up_to_four_parts() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(parts("nginx"), (None, "nginx".into(), None, None));
        assert_eq!(
            parts("org/app:1"),
            (None, "org/app".into(), some("1"), None)
        );
        assert_eq!(
            parts("localhost:5000/a/b__c"),
            (some("localhost:5000"), "a/b__c".into(), None, None)
        );
        let digest = format!("sha256:{}", "a".repeat(64));
        assert_eq!(
            parts(&format!("ghcr.io/org/app:v1.2-rc.1@{digest}")),
            (
                some("ghcr.io"),
                "org/app".into(),
                some("v1.2-rc.1"),
                Some(digest)
            )
        );
        assert_eq!(
            parts("[::1]:80/a"),
            (some("[::1]:80"), "a".into(), None, None)
        );
        assert_eq!(parts("a---b/c.d"), (None, "a---b/c.d".into(), None, None));
    }

    #[test]
    fn what_a_runtime_refuses_is_refused() {
        use BadReference as B;
        for (text, expected) in [
            ("", B::Empty),
            (":1", B::Empty),
            ("ghcr.io/", B::Empty),
            ("https://ghcr.io/a", B::Scheme),
            ("org/App", B::UpperCase),
            ("Nginx", B::UpperCase),
            ("a b", B::Repository),
            ("a/-b", B::Repository),
            ("a___b", B::Repository),
            ("a..b/c", B::Registry),
            ("a//b", B::Repository),
            ("-a.io/b", B::Registry),
            ("ghcr.io:x/b", B::Registry),
            ("nginx:", B::Tag),
            ("nginx:.1", B::Tag),
            ("nginx:1:2", B::Tag),
            ("nginx@sha256:1", B::Digest),
            ("nginx@1.2", B::Digest),
        ] {
            assert_eq!(ImageReference::parse(text), Err(expected), "{text}");
        }
        let long = "a".repeat(256);
        assert_eq!(ImageReference::parse(&long), Err(B::TooLong));
        let tag = format!("a:{}", "1".repeat(129));
        assert_eq!(ImageReference::parse(&tag), Err(B::Tag));
    }

    #[test]
    fn docker_hub_is_where_names_without_a_registry_are() {
        let normalized = |text: &str| ImageReference::parse(text).unwrap().normalized();
        assert_eq!(normalized("nginx"), "docker.io/library/nginx:latest");
        assert_eq!(normalized("org/app:1"), "docker.io/org/app:1");
        assert_eq!(
            normalized("index.docker.io/nginx:1"),
            "docker.io/library/nginx:1"
        );
        assert_eq!(normalized("quay.io/app"), "quay.io/app:latest");
        let digest = format!("sha256:{}", "0".repeat(64));
        let text = format!("quay.io/app@{digest}");
        assert_eq!(normalized(&text), text);
    }

    #[test]
    fn only_a_tag_that_stays_or_a_digest_says_which_image_it_is() {
        let is_fixed = |text: &str| ImageReference::parse(text).unwrap().is_fixed();
        let digest = format!("a:latest@sha256:{}", "0".repeat(64));
        assert!(is_fixed("a:1") && is_fixed(&digest));
        assert!(!is_fixed("a") && !is_fixed("a:latest"));
    }
}
