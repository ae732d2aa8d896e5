//! A client of registries that speak the ChartMuseum API: uploads, downloads, and nothing in between.
//!
//! The requests are those of `helm cm-push` (helm-push v0.10.4 `pkg/chartmuseum/upload.go`) and of
//! `vela addon push`, so that what works with them works here:
//! `POST {context}/api/{repository}/charts[?force]` with the multipart field `chart`, and 201 or 202 for
//! a success. Beyond them:
//!
//! - An answer that got lost is never guessed. Before an upload is repeated, and after a 409, the archive
//!   is read back and its digest compared: the same bytes are a success, whoever sent them.
//! - Repeats are few, spaced with jitter, and only for what may pass (no answer, 429, 5xx).
//! - Credentials go to the host that the user named and nowhere else: an upload does not follow a
//!   redirect to another origin, a download follows it without them.
//! - What a server says is cut to a line and stripped of control characters before it is shown.

mod address;
mod client;
mod credentials;
mod error;
mod retry;

pub use address::{Address, AddressError, Plain};
pub use client::{Client, ClientOptions, Existing, Trust, Uploaded};
pub use credentials::{Credentials, Secret};
pub use error::ClientError;

#[cfg(test)]
mod tests;
