//! Owns the answers, one file for each kind of request; `router` says which path leads here.

pub(crate) mod archive;
pub(crate) mod charts;
pub(crate) mod index;
pub(crate) mod upload;

use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::{Clock, catalogue::Catalogue, intake::Intake, options::Options, pages::Details};

/// What all handlers share.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) catalogue: Catalogue,
    pub(crate) intake: Intake,
    /// Archives are unpacked by at most this many threads at once.
    pub(crate) unpackers: Arc<Semaphore>,
    pub(crate) details: Details,
    pub(crate) options: Options,
    pub(crate) clock: Clock,
}
