//! Owns `GET /charts/<file>`: archives and their provenance files.
//!
//! An archive is `application/gzip` and is never said to be *encoded* in gzip: a client that undoes an
//! encoding would store a tar under the name of a tgz. A published archive never changes, so whoever has
//! one may keep it for good. (After a forced replacement the tag differs; a cache does not ask for it, so
//! `?force` is not for public registries.)

use std::{
    convert::Infallible,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use addon_publish::store::Key;
use axum::{
    body::Body,
    extract::{Path, State, rejection::PathRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use bytes::Bytes;
use hyper::body::{Frame, SizeHint};
use tokio::{sync::OwnedSemaphorePermit, task::spawn_blocking};

use super::App;
use crate::{
    range::{Selection, matches_none_of, select},
    refusal::Refusal,
};

const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// An archive, a part of it, its provenance, or 304.
pub(crate) async fn get(
    State(app): State<Arc<App>>,
    file: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let not_found = || Refusal::not_found("object not found");
    let Path(file) = file.map_err(|_| not_found())?;
    let snapshot = app.catalogue.snapshot();
    if let Some(archive) = file.strip_suffix(".prov") {
        let entry = snapshot.view.file(archive).ok_or_else(not_found)?;
        let key = provenance_key(entry.id().archive_key()).ok_or_else(not_found)?;
        return provenance(&app, key).await;
    }
    let entry = snapshot.view.file(&file).ok_or_else(not_found)?;
    let tag = format!("\"{}\"", entry.digest());
    let mut response = if !matches_none_of(&headers, &[&tag]) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        match select(&headers, &tag, entry.size()) {
            Selection::Outside => {
                let refusal = Refusal::new(
                    StatusCode::RANGE_NOT_SATISFIABLE,
                    "the range lies outside of the archive",
                );
                let mut response = refusal.into_response();
                let range = format!("bytes */{}", entry.size());
                insert(response.headers_mut(), header::CONTENT_RANGE, &range);
                return Ok(response);
            }
            Selection::Whole => {
                let download = app.catalogue.archive(entry).await?;
                typed(body(download.bytes, download.share))
            }
            Selection::Part { first, last } => {
                let download = app.catalogue.archive(entry).await?;
                let length = download.bytes.len();
                let from = usize::try_from(first).map_or(length, |from| from.min(length));
                let to = usize::try_from(last).map_or(length, |last| (last + 1).min(length));
                let part = download.bytes.slice(from..to.max(from));
                let mut response = typed(body(part, download.share));
                *response.status_mut() = StatusCode::PARTIAL_CONTENT;
                let range = format!("bytes {first}-{last}/{length}");
                insert(response.headers_mut(), header::CONTENT_RANGE, &range);
                response
            }
        }
    };
    let headers = response.headers_mut();
    insert(headers, header::ETAG, &tag);
    headers.insert(header::CACHE_CONTROL, FOREVER);
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    Ok(response)
}

/// The key of the provenance file that belongs to an archive.
pub(crate) fn provenance_key(archive: &Key) -> Option<Key> {
    Key::new(format!("{archive}.prov")).ok()
}

async fn provenance(app: &App, key: Key) -> Result<Response, Refusal> {
    let store = Arc::clone(app.catalogue.registry().store());
    let bytes = spawn_blocking(move || store.read(&key))
        .await
        .ok()
        .and_then(Result::ok)
        .ok_or_else(|| Refusal::internal("the provenance file could not be read"))?
        .ok_or_else(|| Refusal::not_found("object not found"))?;
    let content_type = [(header::CONTENT_TYPE, "application/pgp-signature")];
    Ok((content_type, bytes).into_response())
}

fn typed(body: Body) -> Response {
    let content_type = [(header::CONTENT_TYPE, "application/gzip")];
    (content_type, body).into_response()
}

fn insert(headers: &mut HeaderMap, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// Small bytes go out as they are; large ones in slices, with their share held to the last slice.
fn body(bytes: Bytes, share: Option<OwnedSemaphorePermit>) -> Body {
    match share {
        None => Body::from(bytes),
        Some(share) => Body::new(Slices {
            rest: bytes,
            _share: share,
        }),
    }
}

#[derive(Debug)]
struct Slices {
    rest: Bytes,
    _share: OwnedSemaphorePermit,
}

impl hyper::body::Body for Slices {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let count = self.rest.len().min(128 << 10);
        if count == 0 {
            return Poll::Ready(None);
        }
        let slice = self.rest.split_to(count);
        Poll::Ready(Some(Ok(Frame::data(slice))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.rest.len() as u64)
    }
}
