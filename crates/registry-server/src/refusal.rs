//! Owns how the server says no.
//!
//! Every answer of the API that is not a success is one JSON object, `{"error": "…"}`, with a status
//! that tells whose fault it is. `vela addon push` and `helm cm-push` print the text as it stands, and
//! vela shows at most the first 512 bytes of an answer, so a message is one short sentence.
//!
//! Invariant: a refusal never carries a credential, a path of the machine or the inner error of the
//! storage; what the storage said goes to the log of the caller (see `Observer`).

use std::borrow::Cow;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

/// A refused request: the status, one sentence, and what the client is to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// The HTTP status, 4xx or 5xx.
    pub(crate) status: StatusCode,
    /// The sentence in `{"error": …}`.
    pub(crate) message: Cow<'static, str>,
    /// What the answer demands of the client beyond the sentence.
    pub(crate) demand: Demand,
}

/// A header that goes with a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Demand {
    /// Nothing.
    Nothing,
    /// `WWW-Authenticate`: credentials are needed, as a user with a password or as a token.
    Credentials(&'static str),
    /// `Retry-After`: the same request may succeed after this many seconds.
    Patience(u16),
    /// `Connection: close`: the rest of the request will not be read.
    Goodbye,
}

impl Refusal {
    /// A refusal with this status and sentence.
    pub(crate) fn new(status: StatusCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            status,
            message: message.into(),
            demand: Demand::Nothing,
        }
    }

    /// 400: the request itself is wrong.
    pub(crate) fn bad_request(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    /// 404: there is nothing by this name.
    pub(crate) fn not_found(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::NOT_FOUND, message)
    }

    /// 409: the name and version are taken.
    pub(crate) fn conflict(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::CONFLICT, message)
    }

    /// 500: the fault is on this side; the sentence says what failed, not why.
    pub(crate) fn internal(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, message)
    }

    /// 413: more bytes than an upload may have. ChartMuseum's words, which clients look for.
    pub(crate) fn too_large() -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "request too large").with(Demand::Goodbye)
    }

    /// 503: too much is going on; the same request may succeed in a moment.
    pub(crate) fn busy() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "too many uploads at the same time",
        )
        .with(Demand::Patience(2))
    }

    /// The same refusal with a header for the client.
    pub(crate) fn with(mut self, demand: Demand) -> Self {
        self.demand = demand;
        self
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = serde_json::json!({ "error": self.message }).to_string();
        let mut response = (
            self.status,
            [
                (header::CONTENT_TYPE, "application/json; charset=utf-8"),
                (header::CACHE_CONTROL, "no-store"),
            ],
            body,
        )
            .into_response();
        let headers = response.headers_mut();
        match self.demand {
            Demand::Nothing => {}
            Demand::Credentials(challenge) => {
                headers.insert(
                    header::WWW_AUTHENTICATE,
                    HeaderValue::from_static(challenge),
                );
            }
            Demand::Patience(seconds) => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            }
            Demand::Goodbye => {
                headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
            }
        }
        response
    }
}
