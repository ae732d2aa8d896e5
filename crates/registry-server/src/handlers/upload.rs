//! Owns the writing side of the ChartMuseum API: `POST /api/charts` and `POST /api/prov`.
//!
//! An upload is an archive, raw or as the field `chart` of a form, with or without its provenance in the field
//! `prov`. Everything is checked before anything is written: the archive by `addon_archive::untrusted`, the
//! provenance against that very archive. Names come from inside the archive; file names that the
//! client sends are not looked at.
//!
//! | outcome | status |
//! |---|---|
//! | published; replaced with `?force`; the same bytes with `?force` or `X-If-Exists: same` | 201 |
//! | the version is there, with the same bytes or with others | 409 |
//! | the archive, the form or the provenance is refused | 400 |
//! | the body is too long | 413 |
//!
//! 201 is sent when the registry says the version is on disk and in its view, so whatever is read
//! afterwards has it. Clients of ChartMuseum take only 201 and 202 for a success, so what became of the version is in the
//! body: `{"saved": true}` and, where that applies, `"unchanged": true` or `"replaced": true`.

use std::sync::Arc;

use addon_archive::untrusted;
use addon_publish::{
    registry::{Entry, Package, Policy, PublishError, Published, Registry},
    store::{Create, Replace, StoreError},
};
use axum::{
    body::Body,
    extract::{RawQuery, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use bytes::Bytes;
use serde_json::json;
use source_vocab::Timestamp;
use tokio::task::spawn_blocking;

use super::{App, archive::provenance_key, charts::json_answer};
use crate::{
    form,
    prov::{self, Provenance},
    refusal::Refusal,
};

/// The header that makes a repeated upload of the same bytes a success.
const IF_EXISTS: &str = "x-if-exists";

/// What is to happen when the version is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum IfExists {
    Refuse,
    /// A success if it has the same bytes.
    Same,
    Replace,
}

impl IfExists {
    fn of(query: Option<&str>, headers: &HeaderMap) -> Result<Self, Refusal> {
        let force = query
            .unwrap_or_default()
            .split('&')
            .any(|pair| pair.split('=').next() == Some("force"));
        if force {
            return Ok(Self::Replace);
        }
        match headers.get(IF_EXISTS).map(HeaderValue::as_bytes) {
            None => Ok(Self::Refuse),
            Some(b"same") => Ok(Self::Same),
            Some(_) => Err(Refusal::bad_request("`X-If-Exists` can only be `same`")),
        }
    }

    fn policy(self) -> Policy {
        match self {
            Self::Refuse | Self::Same => Policy::Immutable,
            Self::Replace => Policy::Force,
        }
    }
}

/// What an upload consists of.
#[derive(Debug)]
struct Upload {
    archive: Option<Bytes>,
    provenance: Option<Bytes>,
    /// What ChartMuseum says when the version is there; raw uploads and forms differ.
    exists: &'static str,
}

/// `POST /api/charts`.
pub(crate) async fn charts(
    State(app): State<Arc<App>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let if_exists = IfExists::of(query.as_deref(), &headers)?;
    let received = app.intake.receive(&headers, body).await?;
    let upload = split(&headers, &received.bytes)?;
    store(&app, upload, if_exists).await
}

/// `POST /api/prov`.
pub(crate) async fn provenance(
    State(app): State<Arc<App>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let if_exists = IfExists::of(query.as_deref(), &headers)?;
    let received = app.intake.receive(&headers, body).await?;
    let upload = Upload {
        archive: None,
        provenance: Some(received.bytes.clone()),
        exists: "file already exists",
    };
    store(&app, upload, if_exists).await
}

fn split(headers: &HeaderMap, body: &Bytes) -> Result<Upload, Refusal> {
    let content_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let Some(boundary) = form::boundary(content_type) else {
        return Ok(Upload {
            archive: Some(body.clone()),
            provenance: None,
            exists: "file already exists",
        });
    };
    let refused = |error: form::FormError| Refusal::bad_request(error.to_string());
    let parts = form::parse(&boundary.map_err(refused)?, body).map_err(refused)?;
    let field = |name: &str| {
        parts
            .iter()
            .find(|part| part.name == name)
            .map(|part| part.content.clone())
    };
    let upload = Upload {
        archive: field("chart"),
        provenance: field("prov"),
        exists: "chart already exists",
    };
    if upload.archive.is_none() && upload.provenance.is_none() {
        return Err(Refusal::bad_request(
            "no package or provenance file found in form fields chart and prov",
        ));
    }
    Ok(upload)
}

async fn store(app: &App, upload: Upload, if_exists: IfExists) -> Result<Response, Refusal> {
    let registry = Arc::clone(app.catalogue.registry());
    let limits = untrusted::Limits {
        versions: app.options.versions,
        ..untrusted::Limits::default()
    };
    let created = app.clock.now();
    // The gate is for unpacking only; what waits for the disk does not hold it.
    let gate = Arc::clone(&app.unpackers).acquire_owned().await;
    let stored = spawn_blocking(move || {
        let package = upload.archive.map(|archive| package(archive, &limits));
        let package = package.transpose();
        drop(gate);
        let package = package?;
        let writing = Writing {
            registry: &registry,
            if_exists,
            exists: upload.exists,
        };
        writing.write(package.as_ref(), upload.provenance.as_ref(), created)
    })
    .await
    .map_err(|_| Refusal::internal("the upload could not be stored"))??;
    let mut answer = json!({"saved": true});
    match stored {
        Stored::New => {}
        Stored::Same => answer["unchanged"] = true.into(),
        Stored::Replaced => answer["replaced"] = true.into(),
    }
    Ok(json_answer(StatusCode::CREATED, &answer))
}

/// What became of a version that is there now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stored {
    New,
    /// It was there with these bytes.
    Same,
    /// It was there with other bytes.
    Replaced,
}

fn package(archive: Bytes, limits: &untrusted::Limits) -> Result<Package, Refusal> {
    let contents = untrusted::read(&archive, limits, |_| false)
        .map_err(|refused| Refusal::bad_request(refused.to_string()))?;
    let mut package = Package::new(contents.name, contents.version, archive, contents.chart);
    package.content_digest = addon_publish::Digest::parse(&contents.content_digest).ok();
    Ok(package)
}

/// One upload on its way into the registry.
struct Writing<'a> {
    registry: &'a Registry,
    if_exists: IfExists,
    exists: &'static str,
}

impl Writing<'_> {
    fn write(
        &self,
        package: Option<&Package>,
        provenance: Option<&Bytes>,
        created: Timestamp,
    ) -> Result<Stored, Refusal> {
        let about = provenance
            .map(|bytes| prov::parse(bytes).map_err(Refusal::bad_request))
            .transpose()?;
        let (entry, stored) = match (package, &about) {
            (Some(package), about) => {
                if let Some(about) = about {
                    let digest = package.digest.as_str();
                    belongs(about, &package.name, &package.version, digest)?;
                }
                self.publish(package, about.is_some(), created)?
            }
            (None, Some(about)) => {
                let view = self.registry.view();
                let entry = view
                    .addon(&about.name)
                    .iter()
                    .find(|entry| entry.version() == about.version)
                    .ok_or_else(|| {
                        Refusal::bad_request("the provenance file is about no published version")
                    })?;
                belongs(
                    about,
                    entry.name(),
                    entry.version(),
                    entry.digest().as_str(),
                )?;
                (Arc::clone(entry), Stored::New)
            }
            (None, None) => return Err(Refusal::bad_request("there is nothing to store")),
        };
        if let Some(bytes) = provenance {
            self.store_provenance(&entry, bytes)?;
        }
        Ok(stored)
    }

    fn publish(
        &self,
        package: &Package,
        with_provenance: bool,
        created: Timestamp,
    ) -> Result<(Arc<Entry>, Stored), Refusal> {
        let published = self
            .registry
            .publish(package, self.if_exists.policy(), created)
            .map_err(|error| match error {
                PublishError::VersionConflict { .. }
                | PublishError::Deleted { .. }
                | PublishError::FileTaken { .. } => {
                    Refusal::conflict(format!("{}: {error}", self.exists))
                }
                other => failed(&other),
            })?;
        if matches!(published, Published::Same(_)) && self.if_exists == IfExists::Refuse {
            return Err(Refusal::conflict(format!(
                "{}: {} {} has the same bytes",
                self.exists, package.name, package.version
            )));
        }
        if matches!(published, Published::Replaced(_)) && !with_provenance {
            // what proved the old bytes proves nothing about the new ones
            forget_provenance(self.registry, published.entry()).map_err(unstored)?;
        }
        let stored = match published {
            Published::New(_) | Published::Completed(_) => Stored::New,
            Published::Same(_) => Stored::Same,
            Published::Replaced(_) => Stored::Replaced,
        };
        Ok((Arc::clone(published.entry()), stored))
    }

    fn store_provenance(&self, entry: &Entry, bytes: &Bytes) -> Result<(), Refusal> {
        let key = provenance_key(entry.id().archive_key())
            .ok_or_else(|| Refusal::bad_request("the version has too long a name"))?;
        let store = self.registry.store();
        // Replacing can lose a race; then the next look decides.
        for _ in 0..8 {
            if let Create::Created(_) = store.create(&key, bytes).map_err(unstored)? {
                return Ok(());
            }
            let Some(present) = store.get(&key).map_err(unstored)? else {
                continue;
            };
            match self.if_exists {
                IfExists::Same if present.bytes == *bytes => return Ok(()),
                IfExists::Refuse | IfExists::Same => {
                    return Err(Refusal::conflict(self.exists));
                }
                IfExists::Replace => {
                    let replaced = store.replace(&key, bytes, &present.etag);
                    if let Replace::Replaced(_) = replaced.map_err(unstored)? {
                        return Ok(());
                    }
                }
            }
        }
        Err(Refusal::busy())
    }
}

fn belongs(about: &Provenance, name: &str, version: &str, digest: &str) -> Result<(), Refusal> {
    if about.name == name && about.version == version && about.digest == digest {
        Ok(())
    } else {
        Err(Refusal::bad_request(
            "the provenance file is about another archive",
        ))
    }
}

fn forget_provenance(registry: &Registry, entry: &Entry) -> Result<(), StoreError> {
    if let Some(key) = provenance_key(entry.id().archive_key())
        && let Some(object) = registry.store().get(&key)?
    {
        registry.store().delete(&key, &object.etag)?;
    }
    Ok(())
}

fn unstored(error: StoreError) -> Refusal {
    failed(&error.into())
}

/// What a client may know of a failure of the store: that there was one.
pub(crate) fn failed(error: &PublishError) -> Refusal {
    match error {
        PublishError::Id(_) => Refusal::bad_request(error.to_string()),
        _ => {
            tracing::error!(%error, "the store failed");
            Refusal::internal("the registry could not be written")
        }
    }
}
