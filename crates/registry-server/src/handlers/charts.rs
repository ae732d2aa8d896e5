//! Owns the reading side of the ChartMuseum API, and deletion.
//!
//! Looking up a version is exact (a leading `v` aside), `latest` being the highest; ChartMuseum resolves
//! ranges there, so that a HEAD for `1.0` says a version exists that does not.

use std::sync::Arc;

use addon_archive::untrusted;
use addon_publish::registry::{Entry, PublishError};
use axum::{
    extract::{Path, RawQuery, State, rejection::PathRejection},
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Map, Value, json};
use tokio::task::spawn_blocking;

use super::{App, archive::provenance_key};
use crate::{catalogue::fields, handlers::upload::failed, refusal::Refusal};

type Named = Result<Path<String>, PathRejection>;
type Versioned = Result<Path<(String, String)>, PathRejection>;

/// A JSON answer.
pub(crate) fn json_answer(status: StatusCode, value: &Value) -> Response {
    let content_type = [(header::CONTENT_TYPE, "application/json; charset=utf-8")];
    (status, content_type, value.to_string()).into_response()
}

/// All addons with all versions; `offset` and `limit` count addons.
pub(crate) async fn all(
    State(app): State<Arc<App>>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let query = query.unwrap_or_default();
    let number = |name: &str, least: usize| -> Result<Option<usize>, Refusal> {
        let Some(text) = query
            .split('&')
            .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
        else {
            return Ok(None);
        };
        let parsed = text.parse().ok().filter(|number| *number >= least);
        parsed.map(Some).ok_or_else(|| {
            Refusal::bad_request(format!("`{name}` is not a number of at least {least}"))
        })
    };
    let offset = number("offset", 0)?.unwrap_or(0);
    let limit = number("limit", 1)?.unwrap_or(usize::MAX);
    let snapshot = app.catalogue.snapshot();
    let addons = snapshot
        .view
        .entries()
        .chunk_by(|a, b| a.name() == b.name());
    let charts: Map<String, Value> = addons
        .skip(offset)
        .take(limit)
        .filter_map(|versions| Some((versions.first()?.name().to_owned(), list(versions))))
        .collect();
    Ok(json_answer(StatusCode::OK, &Value::Object(charts)))
}

fn list(versions: &[Arc<Entry>]) -> Value {
    versions
        .iter()
        .map(|entry| Value::Object(fields(entry)))
        .collect()
}

/// All versions of an addon.
pub(crate) async fn addon(State(app): State<Arc<App>>, name: Named) -> Result<Response, Refusal> {
    let Path(name) = name.map_err(|_| Refusal::not_found("chart not found"))?;
    let snapshot = app.catalogue.snapshot();
    match snapshot.view.addon(&name) {
        [] => Err(Refusal::not_found("chart not found")),
        versions => Ok(json_answer(StatusCode::OK, &list(versions))),
    }
}

/// One version.
pub(crate) async fn version(
    State(app): State<Arc<App>>,
    path: Versioned,
) -> Result<Response, Refusal> {
    let entry = find(&app, path)?;
    Ok(json_answer(StatusCode::OK, &Value::Object(fields(&entry))))
}

fn find(app: &App, path: Versioned) -> Result<Arc<Entry>, Refusal> {
    let Path((name, version)) = path.map_err(|_| Refusal::not_found("chart not found"))?;
    let snapshot = app.catalogue.snapshot();
    let versions = snapshot.view.addon(&name);
    let highest = versions
        .first()
        .ok_or_else(|| Refusal::not_found("chart not found"))?;
    if version == "latest" {
        return Ok(Arc::clone(highest));
    }
    let found = snapshot.view.version(&name, &version);
    found.cloned().ok_or_else(|| {
        let shown: String = version.escape_debug().take(80).collect();
        Refusal::not_found(format!("no chart version found for {name}-{shown}"))
    })
}

/// The chart templates of a version (an addon has none, a chart may), and its values.
pub(crate) async fn templates(
    State(app): State<Arc<App>>,
    path: Versioned,
) -> Result<Response, Refusal> {
    let entry = find(&app, path)?;
    let wanted = |path: &str| path.starts_with("templates/") || path == "values.yaml";
    let contents = unpacked(&app, &entry, wanted).await?;
    let templates: Vec<Value> = contents
        .files
        .iter()
        .filter(|file| file.path.starts_with("templates/"))
        .filter_map(|file| {
            let data = STANDARD.encode(file.content.as_deref()?);
            Some(json!({"name": file.path, "data": data}))
        })
        .collect();
    let values = contents
        .content("values.yaml")
        .and_then(|bytes| goyaml::from_slice(bytes).ok())
        .and_then(|values| serde_json::to_value(values).ok());
    let answer = json!({"templates": templates, "values": values});
    Ok(json_answer(StatusCode::OK, &answer))
}

/// The `values.yaml` of a version.
pub(crate) async fn values(
    State(app): State<Arc<App>>,
    path: Versioned,
) -> Result<Response, Refusal> {
    let entry = find(&app, path)?;
    let contents = unpacked(&app, &entry, |path| path == "values.yaml").await?;
    let values = contents
        .content("values.yaml")
        .ok_or_else(|| Refusal::not_found("values.yaml not found"))?
        .to_vec();
    Ok(([(header::CONTENT_TYPE, "application/yaml")], values).into_response())
}

/// Reads files of a published archive.
pub(crate) async fn unpacked(
    app: &App,
    entry: &Arc<Entry>,
    wanted: impl Fn(&str) -> bool + Send + 'static,
) -> Result<untrusted::Contents, Refusal> {
    let download = app.catalogue.archive(entry).await?;
    let turn = Arc::clone(&app.unpackers).acquire_owned().await;
    spawn_blocking(move || {
        let _turn = turn;
        untrusted::read(&download.bytes, &published(), wanted)
    })
    .await
    .ok()
    .and_then(Result::ok)
    .ok_or_else(|| Refusal::internal("the archive could not be read"))
}

/// Takes a version out of the registry, with its provenance.
pub(crate) async fn delete(
    State(app): State<Arc<App>>,
    path: Versioned,
) -> Result<Response, Refusal> {
    let Path((name, version)) = path.map_err(|_| Refusal::not_found("chart not found"))?;
    let registry = Arc::clone(app.catalogue.registry());
    let deleted = spawn_blocking(move || -> Result<bool, PublishError> {
        let deleted = registry.delete(&name, &version)?;
        if let Some(key) = deleted
            .as_ref()
            .and_then(|entry| provenance_key(entry.id().archive_key()))
            && let Some(object) = registry.store().get(&key)?
        {
            registry.store().delete(&key, &object.etag)?;
        }
        Ok(deleted.is_some())
    })
    .await
    .map_err(|_| Refusal::internal("the version could not be deleted"))?
    .map_err(|error| failed(&error))?;
    if deleted {
        Ok(json_answer(StatusCode::OK, &json!({"deleted": true})))
    } else {
        Err(Refusal::not_found("no such version"))
    }
}

/// The bounds of an archive that was taken: whether its versions had to agree was decided then.
fn published() -> untrusted::Limits {
    untrusted::Limits {
        versions: untrusted::Versions::OfChart,
        ..untrusted::Limits::default()
    }
}
