//! Owns what people see: plain pages that need no script and load nothing from elsewhere.
//!
//! `/` lists the addons, 50 a page, with a search over names, tags and descriptions; `/addons/<name>` shows
//! one: how to install it, what it needs, its versions and its README. All text goes through askama, which
//! escapes it; the README goes through `readme`. The lines to copy hold only names and versions that the
//! registry has checked and an address that is checked here, so they are safe to paste into a shell.

mod readme;

use std::sync::{Arc, Mutex, PoisonError};

use addon_index::render::timestamp;
use addon_publish::registry::{Entry, View};
use askama::Template;
use axum::{
    extract::{Path, RawQuery, State, rejection::PathRejection},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use goyaml::Value;
use rustc_hash::FxHashMap;
use serde_json::Value as Json;

use crate::{
    catalogue::url,
    handlers::{App, charts::unpacked},
    refusal::Refusal,
};

const ADDONS_PER_PAGE: usize = 50;
const STYLE: &str = include_str!("../../templates/style.css");

/// What every page says about the server.
#[derive(Debug)]
struct Site {
    /// The context path.
    base: String,
    /// The address that clients use.
    url: String,
    /// The name that the registry gets on a control plane.
    registry: &'static str,
    /// The line that adds it.
    add_line: String,
    release: &'static str,
}

impl Site {
    fn new(app: &App, headers: &HeaderMap) -> Self {
        let base = app.options.context_path.as_str().to_owned();
        let url = match &app.options.public_url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None => format!("http://{}{base}", asked_host(headers)),
        };
        let registry = "addons";
        Self {
            add_line: format!("vela addon registry add {registry} --type=helm --endpoint={url}"),
            base,
            url,
            registry,
            release: crate::RELEASE,
        }
    }
}

/// The host that the client asked for, if it is one.
fn asked_host(headers: &HeaderMap) -> &str {
    headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .filter(|host| {
            (1..=255).contains(&host.len())
                && host
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-.:[]".contains(&byte))
        })
        .unwrap_or("localhost")
}

/// An addon in the list.
#[derive(Debug)]
struct Card {
    name: String,
    version: String,
    description: String,
    tags: Vec<String>,
}

#[derive(Debug, Template)]
#[template(path = "list.html")]
struct List {
    site: Site,
    addon_count: usize,
    version_count: usize,
    query: String,
    cards: Vec<Card>,
    previous: Option<String>,
    next: Option<String>,
}

#[derive(Debug)]
struct Row {
    version: String,
    created: String,
    path: String,
    file: String,
    digest: String,
}

#[derive(Clone, Debug)]
struct Dependency {
    name: String,
    range: String,
    /// Whether this registry has it.
    here: bool,
}

#[derive(Debug, Template)]
#[template(path = "addon.html")]
struct Addon {
    site: Site,
    name: String,
    version: String,
    description: String,
    tags: Vec<String>,
    vela: Option<String>,
    kubernetes: Option<String>,
    dependencies: Vec<Dependency>,
    home: Option<String>,
    versions: Vec<Row>,
    readme: Option<String>,
}

/// `GET /`.
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let query = query.unwrap_or_default();
    let words = parameter(&query, "q").unwrap_or_default();
    let page: usize = parameter(&query, "page")
        .and_then(|page| page.parse().ok())
        .filter(|page| *page >= 1)
        .unwrap_or(1);
    let snapshot = app.catalogue.snapshot();
    let view = &snapshot.view;
    let wanted: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
    let shown = |versions: &[Arc<Entry>]| {
        let card = card(promoted(versions)?);
        let text = format!("{} {} {}", card.name, card.description, card.tags.join(" "));
        let text = text.to_lowercase();
        wanted
            .iter()
            .all(|word| text.contains(word))
            .then_some(card)
    };
    let addons = || view.entries().chunk_by(|a, b| a.name() == b.name());
    let mut found: Vec<Card> = addons()
        .filter_map(shown)
        .skip((page - 1).saturating_mul(ADDONS_PER_PAGE))
        .take(ADDONS_PER_PAGE + 1)
        .collect();
    let more = found.len() > ADDONS_PER_PAGE;
    found.truncate(ADDONS_PER_PAGE);
    let site = Site::new(&app, &headers);
    let link = |page: usize| format!("{}/?q={}&page={page}", site.base, escaped(&words));
    let list = List {
        previous: (page > 1).then(|| link(page - 1)),
        next: more.then(|| link(page + 1)),
        addon_count: addons().count(),
        version_count: view.entries().len(),
        query: words,
        cards: found,
        site,
    };
    page_of(&list)
}

/// `GET /addons/<name>`: the version that vela enables when none is named.
pub(crate) async fn addon(
    State(app): State<Arc<App>>,
    name: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let not_found = || Refusal::not_found("no such addon");
    let Path(name) = name.map_err(|_| not_found())?;
    let snapshot = app.catalogue.snapshot();
    let entry = promoted(snapshot.view.addon(&name)).ok_or_else(not_found)?;
    show(&app, &snapshot.view, entry, &headers).await
}

/// `GET /addons/<name>/<version>`.
pub(crate) async fn version(
    State(app): State<Arc<App>>,
    path: Result<Path<(String, String)>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let not_found = || Refusal::not_found("no such version");
    let Path((name, version)) = path.map_err(|_| not_found())?;
    let snapshot = app.catalogue.snapshot();
    let entry = snapshot
        .view
        .version(&name, &version)
        .ok_or_else(not_found)?;
    show(&app, &snapshot.view, entry, &headers).await
}

/// `GET /style.css`.
pub(crate) async fn style() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=3600"),
    ];
    (headers, STYLE).into_response()
}

/// The version that vela enables by itself: the highest that is no prerelease, else the highest.
fn promoted(versions: &[Arc<Entry>]) -> Option<&Arc<Entry>> {
    let bare = |entry: &Entry| {
        let version = entry.version();
        let without_build = version.split('+').next().unwrap_or(version);
        !without_build.contains('-')
    };
    versions
        .iter()
        .find(|entry| bare(entry))
        .or_else(|| versions.first())
}

async fn show(
    app: &App,
    view: &View,
    entry: &Arc<Entry>,
    headers: &HeaderMap,
) -> Result<Response, Refusal> {
    let details = app.details.of(app, entry).await?;
    let chart = |field: &str| text(entry.chart().get(field));
    let system = |key: &str| {
        text(
            entry
                .chart()
                .get("annotations")
                .and_then(|all| all.get(key)),
        )
    };
    let Card {
        name,
        version,
        description,
        tags,
    } = card(entry);
    let dependencies = details.dependencies.iter().map(|dependency| Dependency {
        here: !view.addon(&dependency.name).is_empty(),
        ..dependency.clone()
    });
    let page = Addon {
        site: Site::new(app, headers),
        description,
        tags,
        vela: system("system.vela"),
        kubernetes: system("system.kubernetes"),
        dependencies: dependencies.collect(),
        home: chart("home")
            .filter(|home| home.starts_with("https://") || home.starts_with("http://")),
        versions: view.addon(&name).iter().map(|entry| row(entry)).collect(),
        readme: details.readme.clone(),
        name,
        version,
    };
    page_of(&page)
}

fn row(entry: &Entry) -> Row {
    Row {
        version: entry.version().to_owned(),
        created: timestamp(entry.created().0).chars().take(10).collect(),
        path: url(entry),
        file: entry.file_name().to_owned(),
        digest: entry.digest().to_string(),
    }
}

fn card(entry: &Arc<Entry>) -> Card {
    let keywords = entry.chart().get("keywords").and_then(Json::as_array);
    Card {
        name: entry.name().to_owned(),
        version: entry.version().to_owned(),
        description: text(entry.chart().get("description")).unwrap_or_default(),
        tags: keywords
            .into_iter()
            .flatten()
            .filter_map(|tag| text(Some(tag)))
            .take(12)
            .collect(),
    }
}

fn text(value: Option<&Json>) -> Option<String> {
    value.and_then(Json::as_str).map(str::to_owned)
}

fn page_of(template: &impl Template) -> Result<Response, Refusal> {
    let html = template
        .render()
        .map_err(|_| Refusal::internal("the page could not be made"))?;
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    Ok((StatusCode::OK, headers, html).into_response())
}

/// What a page needs from inside an archive.
#[derive(Debug)]
struct Detail {
    readme: Option<String>,
    dependencies: Vec<Dependency>,
}

/// The details of the archives that were looked at last, by digest.
#[derive(Debug, Default)]
pub(crate) struct Details(Mutex<FxHashMap<String, Arc<Detail>>>);

/// How many details are kept.
const KEPT: usize = 64;

impl Details {
    async fn of(&self, app: &App, entry: &Arc<Entry>) -> Result<Arc<Detail>, Refusal> {
        let digest = entry.digest().as_str();
        let known = |details: &Self| {
            let kept = details.0.lock().unwrap_or_else(PoisonError::into_inner);
            kept.get(digest).map(Arc::clone)
        };
        if let Some(detail) = known(self) {
            return Ok(detail);
        }
        let wanted = |path: &str| matches!(path, "README.md" | "readme.md");
        let contents = unpacked(app, entry, wanted).await?;
        let detail = tokio::task::spawn_blocking(move || {
            let readme = contents
                .content("README.md")
                .or_else(|| contents.content("readme.md"))
                .map(|bytes| readme::render(&String::from_utf8_lossy(bytes)));
            Detail {
                readme,
                dependencies: dependencies(contents.content("metadata.yaml")),
            }
        })
        .await
        .map_err(|_| Refusal::internal("the page could not be made"))?;
        let detail = Arc::new(detail);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(digest.to_owned(), Arc::clone(&detail));
        Ok(detail)
    }
}

fn dependencies(metadata: Option<&[u8]>) -> Vec<Dependency> {
    let metadata = metadata.and_then(|bytes| goyaml::from_slice(bytes).ok());
    let listed = metadata
        .as_ref()
        .and_then(|metadata| metadata.get("dependencies"))
        .and_then(Value::as_list);
    let field = |value: &Value, name: &str| {
        let text = value.get(name).and_then(Value::as_str);
        text.unwrap_or_default().to_owned()
    };
    listed
        .into_iter()
        .flatten()
        .map(|dependency| Dependency {
            name: field(dependency, "name"),
            range: field(dependency, "version"),
            here: false,
        })
        .filter(|dependency| !dependency.name.is_empty())
        .take(100)
        .collect()
}

/// The value of a parameter of a query string, decoded.
fn parameter(query: &str, name: &str) -> Option<String> {
    let value = query
        .split('&')
        .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))?;
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
                let high = digit(rest.next())?;
                let low = digit(rest.next())?;
                bytes.push(u8::try_from(high * 16 + low).ok()?);
            }
            other => bytes.push(other),
        }
    }
    let text = String::from_utf8_lossy(&bytes);
    Some(text.chars().take(200).collect())
}

/// Text as it stands in a query string.
fn escaped(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::new(), |mut escaped, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            let _ = write!(escaped, "%{byte:02X}");
        }
        escaped
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn query_parameters_are_decoded() {
        assert_eq!(parameter("q=a+b%20c&page=2", "q").as_deref(), Some("a b c"));
        assert_eq!(parameter("q=a&page=2", "page").as_deref(), Some("2"));
        assert_eq!(parameter("q=%C3%A4", "q").as_deref(), Some("ä"));
        assert_eq!(parameter("q=%4", "q"), None);
        assert_eq!(parameter("query=x", "q"), None);
        assert_eq!(escaped("a b&ä"), "a%20b%26%C3%A4");
    }

    #[test]
    fn a_host_that_is_none_is_not_shown() {
        let host = |value: &str| {
            let headers = HeaderMap::from_iter([(header::HOST, value.parse().unwrap())]);
            asked_host(&headers).to_owned()
        };
        assert_eq!(host("addons.example.org:8080"), "addons.example.org:8080");
        assert_eq!(host("x;rm -rf /"), "localhost");
        assert_eq!(host("$(id)"), "localhost");
    }
}
