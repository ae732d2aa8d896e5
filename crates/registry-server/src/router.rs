//! Owns which path leads where, who may go there, and the headers that every answer has.
//!
//! | path | what |
//! |---|---|
//! | `/` · `/addons/<name>[/<version>]` · `/style.css` | pages |
//! | `/index.yaml` · `/charts/<file>` | what clients install from |
//! | `/api/charts…` · `/api/prov` | ChartMuseum's API |
//! | `/health` · `/info` | is it there, which release is it |
//!
//! All of it stands below the context path, if there is one. Access is decided by the method alone, before a
//! handler sees the request; only `/health` is open to everybody.

use std::{
    hash::{BuildHasher as _, RandomState},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use serde_json::json;

use crate::{
    access::Intent,
    handlers::{App, archive, charts, index, upload},
    intake::linger,
    pages,
    refusal::Refusal,
};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// All routes of a server.
pub(crate) fn router(app: Arc<App>) -> Router {
    let prefix = app.options.context_path.as_str().to_owned();
    let at = |route: &str| format!("{prefix}{route}");
    let mut routes = Router::new()
        .route(&at("/"), get(pages::list))
        .route(&at("/addons/{name}"), get(pages::addon))
        .route(&at("/addons/{name}/{version}"), get(pages::version))
        .route(&at("/style.css"), get(pages::style))
        .route(&at("/index.yaml"), get(index::get))
        .route(&at("/charts/{file}"), get(archive::get))
        .route(&at("/api/charts"), get(charts::all).post(upload::charts))
        .route(&at("/api/prov"), post(upload::provenance))
        .route(&at("/api/charts/{name}"), get(charts::addon))
        .route(
            &at("/api/charts/{name}/{version}"),
            get(charts::version).delete(charts::delete),
        )
        .route(
            &at("/api/charts/{name}/{version}/templates"),
            get(charts::templates),
        )
        .route(
            &at("/api/charts/{name}/{version}/values"),
            get(charts::values),
        )
        .route(&at("/health"), get(health))
        .route(&at("/info"), get(info));
    if !prefix.is_empty() {
        routes = routes.route(&prefix, get(pages::list));
    }
    routes
        .fallback(not_found)
        .method_not_allowed_fallback(not_allowed)
        .layer(from_fn_with_state(Arc::clone(&app), admit))
        .layer(from_fn_with_state(Nonce::new(), dress))
        .with_state(app)
}

async fn health() -> Response {
    charts::json_answer(StatusCode::OK, &json!({"healthy": true}))
}

async fn info() -> Response {
    charts::json_answer(StatusCode::OK, &json!({"version": crate::RELEASE}))
}

async fn not_found() -> Refusal {
    Refusal::not_found("not found")
}

async fn not_allowed() -> Refusal {
    Refusal::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "this path does not know the method",
    )
}

/// Lets a request through to its handler, or refuses it.
async fn admit(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let intent = match *request.method() {
        Method::GET | Method::HEAD | Method::OPTIONS => Intent::Read,
        _ => Intent::Write,
    };
    let prefix = app.options.context_path.as_str();
    let open = request.uri().path().strip_prefix(prefix) == Some("/health");
    if open {
        return next.run(request).await;
    }
    match app.options.access.admit(intent, request.headers()) {
        Ok(()) => next.run(request).await,
        Err(refusal) => {
            let body = request.into_body();
            if hyper::body::Body::is_end_stream(&body) {
                return refusal.into_response();
            }
            linger(body);
            let mut response = refusal.into_response();
            response
                .headers_mut()
                .insert(header::CONNECTION, HeaderValue::from_static("close"));
            response
        }
    }
}

/// Gives every answer its request id and the headers that keep browsers from harm.
async fn dress(State(nonce): State<Nonce>, request: Request, next: Next) -> Response {
    let id = asked_id(request.headers()).unwrap_or_else(|| nonce.next());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(REQUEST_ID, id);
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; \
             base-uri 'none'; frame-ancestors 'none'",
        ),
    );
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    );
    response
}

/// The id that the client gave the request, if it is short and plain.
fn asked_id(headers: &HeaderMap) -> Option<HeaderValue> {
    let id = headers.get(REQUEST_ID)?;
    let plain = (1..=128).contains(&id.len())
        && id
            .as_bytes()
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.:/+=".contains(byte));
    plain.then(|| id.clone())
}

/// Makes ids: a number that this process drew at its start, and a count.
#[derive(Clone, Debug)]
struct Nonce {
    start: u64,
    count: Arc<AtomicU64>,
}

impl Nonce {
    fn new() -> Self {
        Self {
            start: RandomState::new().hash_one(0_u8),
            count: Arc::default(),
        }
    }

    fn next(&self) -> HeaderValue {
        let count = self.count.fetch_add(1, Ordering::Relaxed);
        HeaderValue::from_str(&format!("{:016x}-{count}", self.start))
            .unwrap_or_else(|_| HeaderValue::from_static("unknown"))
    }
}
