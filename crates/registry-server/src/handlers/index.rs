//! Owns `GET /index.yaml`: what vela and helm read, always all of it.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};

use super::App;
use crate::{
    range::{accepts_gzip, matches_none_of},
    refusal::Refusal,
};

/// The index, compressed for those who can take it (vela can, helm does not ask), or 304.
pub(crate) async fn get(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let snapshot = app.catalogue.snapshot();
    let gzip = accepts_gzip(&headers);
    let index = if gzip {
        app.catalogue.compressed(&snapshot).await?
    } else {
        app.catalogue.index(&snapshot).await?
    };
    let tag = index.etag.to_str().unwrap_or_default();
    let mut response = if matches_none_of(&headers, &[tag]) {
        let mut response = index.text.clone().into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/x-yaml"),
        );
        if gzip {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        response
    } else {
        StatusCode::NOT_MODIFIED.into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::ETAG, index.etag.clone());
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    Ok(response)
}
