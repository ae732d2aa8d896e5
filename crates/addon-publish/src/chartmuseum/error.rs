//! What can go wrong between a client and a registry.
//!
//! What the network does may be over in a moment and is tried again; what is wrong with a certificate is not.

use reqwest::Url;
use rustls::AlertDescription as Alert;

use super::address::shown;
use super::client::Existing;
use super::credentials::BadCredentials;

/// Why a registry could not be talked to, or what it said no to.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The client cannot be made from its options.
    #[error("{0}")]
    Options(String),
    /// No answer came, after all tries.
    #[error("no answer from {url}: {reason}")]
    NoAnswer {
        /// Which URL, without its query.
        url: String,
        /// What the network said.
        reason: String,
    },
    /// The certificate of the registry is not to be believed.
    #[error("the certificate of {url} is not trusted: {reason}")]
    Untrusted {
        /// Which URL.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The registry wants a certificate of the client, another one than it has shown.
    #[error("{url} does not accept the client's certificate: {reason}")]
    NoIdentity {
        /// Which URL.
        url: String,
        /// What the registry said.
        reason: String,
    },
    /// The registry does not know the user, or does not let them.
    #[error("{url} refuses the credentials ({status}): {message}")]
    Unauthorized {
        /// Which URL.
        url: String,
        /// The status.
        status: u16,
        /// What the server said.
        message: String,
    },
    /// The version is there with other bytes.
    #[error("the version is published with other bytes")]
    Conflict {
        /// What is there.
        existing: Existing,
    },
    /// The registry says no for another reason.
    #[error("{url} answers {status}: {message}")]
    Refused {
        /// Which URL.
        url: String,
        /// The status.
        status: u16,
        /// What the server said.
        message: String,
    },
    /// The registry sends the client elsewhere, where it will not go with an upload.
    #[error("{url} redirects to {to}, and an upload does not follow to another origin")]
    Redirect {
        /// Which URL.
        url: String,
        /// Where to.
        to: String,
    },
    /// An answer is larger than is read.
    #[error("{url} has more than {limit} bytes")]
    TooLarge {
        /// Which URL.
        url: String,
        /// The limit in bytes.
        limit: u64,
    },
}

impl From<BadCredentials> for ClientError {
    fn from(bad: BadCredentials) -> Self {
        Self::Options(bad.0.to_owned())
    }
}

/// Why a request has no answer.
#[derive(Debug)]
pub(super) struct Lost {
    reason: String,
    /// Whether the server cannot have seen the request.
    pub(super) unsent: bool,
    blame: Blame,
}

/// Who is not believed, if that is it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Blame {
    Network,
    Registry,
    Client,
}

impl Lost {
    pub(super) fn of(error: reqwest::Error) -> Self {
        let blame = blame(&error);
        Self {
            unsent: error.is_connect() || error.is_builder() || blame != Blame::Network,
            reason: reason(error),
            blame,
        }
    }

    /// Whether another try ends in the same.
    pub(super) fn is_final(&self) -> bool {
        self.blame != Blame::Network
    }

    /// The error of a request to `url`.
    pub(super) fn at(self, url: &Url) -> ClientError {
        let (url, reason) = (shown(url), self.reason);
        match self.blame {
            Blame::Network => ClientError::NoAnswer { url, reason },
            Blame::Registry => ClientError::Untrusted { url, reason },
            Blame::Client => ClientError::NoIdentity { url, reason },
        }
    }
}

/// Looks for what TLS says among the causes of an error. An alert about certificates is about the client's: with TLS 1.3
/// it comes after the handshake, in answer to the request.
fn blame(error: &reqwest::Error) -> Blame {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        cause = match error.downcast_ref::<std::io::Error>() {
            // the source of an `io::Error` is the source of the error in it, and not that error
            Some(outer) => outer.get_ref().map(|inner| inner as _),
            None => error.source(),
        };
        match error.downcast_ref::<rustls::Error>() {
            Some(rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented) => {
                return Blame::Registry;
            }
            Some(rustls::Error::AlertReceived(
                Alert::CertificateRequired
                | Alert::CertificateExpired
                | Alert::CertificateRevoked
                | Alert::CertificateUnknown
                | Alert::BadCertificate
                | Alert::UnsupportedCertificate
                | Alert::UnknownCA
                | Alert::AccessDenied,
            )) => return Blame::Client,
            _ => {}
        }
    }
    Blame::Network
}

/// The innermost cause of a network error, without its URL, which may hold a token.
pub(super) fn reason(error: reqwest::Error) -> String {
    if error.is_timeout() {
        return "it took too long".to_owned();
    }
    let error = error.without_url();
    let mut cause: &dyn std::error::Error = &error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
