//! The client: one request at a time, repeated where that is safe.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::header::{CONTENT_TYPE, HeaderMap, LOCATION, RETRY_AFTER};
use reqwest::{Certificate, Identity, Method, StatusCode, Url, redirect};

use super::address::{Address, shown};
use super::credentials::Credentials;
use super::error::{ClientError, Lost, reason};
use super::retry::{ATTEMPTS, pause};
use crate::digest::Digest;
use crate::registry::{Package, Policy};

/// How many redirects are followed.
const REDIRECTS: u32 = 5;
/// How long a connection may take to be made.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How much of a refusal is read.
const REFUSAL_LIMIT: u64 = 4096;
/// How much of a refusal is shown.
const SHOWN_LIMIT: usize = 300;

/// How a client connects.
#[derive(Clone, Debug)]
pub struct ClientOptions {
    /// How it authenticates.
    pub credentials: Credentials,
    /// PEM certificates of the authorities to trust, in place of the system's.
    pub authorities: Option<Vec<u8>>,
    /// The PEM certificate and key that the client shows.
    pub identity: Option<Vec<u8>>,
    /// Whose certificates are accepted.
    pub trust: Trust,
    /// How long one request may take.
    pub timeout: Duration,
}

/// Whose certificates are accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// Those that an authority vouches for.
    Verified,
    /// Everybody's. The connection is encrypted, but nobody knows with whom.
    Anybody,
}

impl Default for ClientOptions {
    fn default() -> Self {
        Self {
            credentials: Credentials::Anonymous,
            authorities: None,
            identity: None,
            trust: Trust::Verified,
            timeout: Duration::from_secs(30),
        }
    }
}

/// What is there in place of what was offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Existing {
    /// An archive with these bytes.
    Archive(Digest),
    /// Something that the registry does not hand out.
    Unknown,
}

/// How an upload ended well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Uploaded {
    /// The registry has taken the archive.
    New,
    /// The registry has taken the archive and will show it later (202).
    Later,
    /// The registry had these bytes already.
    Same,
    /// The registry had other bytes, and says that it has replaced them.
    Replaced,
}

/// A client of one registry.
#[derive(Debug)]
pub struct Client {
    address: Address,
    credentials: Option<(reqwest::header::HeaderName, reqwest::header::HeaderValue)>,
    http: reqwest::Client,
    runtime: tokio::runtime::Runtime,
}

/// An answer, read to its end or to a limit.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

enum Attempt {
    Done(Result<Uploaded, ClientError>),
    /// Try again, if there are tries left; else fail with this.
    Again(ClientError, Option<Duration>),
}

impl Client {
    /// A client of the registry at `address`. Nothing is sent yet.
    ///
    /// # Errors
    /// [`ClientError::Options`] when a certificate, key or credential cannot be used.
    pub fn new(address: Address, options: &ClientOptions) -> Result<Self, ClientError> {
        // An error says that a provider is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("addon-pack/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(options.timeout);
        if let Some(pem) = &options.authorities {
            let certificates = Certificate::from_pem_bundle(pem)
                .ok()
                .filter(|found| !found.is_empty())
                .ok_or_else(|| ClientError::Options("the CA file has no PEM certificate".into()))?;
            builder = builder.tls_certs_only(certificates);
        }
        if let Some(pem) = &options.identity {
            let identity = Identity::from_pem(pem).map_err(|_| {
                ClientError::Options(
                    "the client certificate and key are not a PEM certificate and its PEM key"
                        .into(),
                )
            })?;
            builder = builder.identity(identity);
        }
        if options.trust == Trust::Anybody {
            builder = builder.tls_danger_accept_invalid_certs(true);
        }
        let http = builder
            .build()
            .map_err(|error| ClientError::Options(reason(error)))?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| ClientError::Options(format!("cannot start: {error}")))?;
        Ok(Self {
            address,
            credentials: options.credentials.header()?,
            http,
            runtime,
        })
    }

    /// The registry.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// Uploads an archive. When this is `Ok`, the registry has these bytes.
    ///
    /// # Errors
    /// [`ClientError`]; after [`ClientError::NoAnswer`] the registry may have them as well.
    pub fn upload(&self, package: &Package, policy: Policy) -> Result<Uploaded, ClientError> {
        self.runtime.block_on(async {
            let mut attempt = 0;
            loop {
                match self.try_upload(package, policy).await {
                    Attempt::Done(result) => return result,
                    Attempt::Again(error, _) if attempt + 1 >= ATTEMPTS => return Err(error),
                    Attempt::Again(_, asked) => {
                        tokio::time::sleep(pause(attempt, asked)).await;
                        attempt += 1;
                    }
                }
            }
        })
    }

    async fn try_upload(&self, package: &Package, policy: Policy) -> Attempt {
        let (content_type, body) = form(package);
        let mut url = self.address.upload(policy == Policy::Force);
        for _ in 0..=REDIRECTS {
            let request = self
                .request(Method::POST, &url)
                .header(CONTENT_TYPE, &content_type)
                // Our own server takes the same bytes again with 201; others do not know the header.
                .header("X-If-Exists", "same")
                .body(body.clone());
            let answer = match receive(request, REFUSAL_LIMIT).await {
                Ok((answer, _)) => answer,
                Err(lost) => {
                    // It may have arrived all the same.
                    if !lost.unsent && self.has(package).await == Some(true) {
                        return Attempt::Done(Ok(Uploaded::New));
                    }
                    return if lost.is_final() {
                        Attempt::Done(Err(lost.at(&url)))
                    } else {
                        Attempt::Again(lost.at(&url), None)
                    };
                }
            };
            match answer.status {
                StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT => {
                    match redirection(&url, &answer.headers) {
                        Some(next) if self.address.same_origin(&next) => url = next,
                        next => return Attempt::Done(Err(stray(&url, next.as_ref()))),
                    }
                }
                status if status.is_redirection() => {
                    let next = redirection(&url, &answer.headers);
                    return Attempt::Done(Err(stray(&url, next.as_ref())));
                }
                _ => return self.judge(&url, &answer, package).await,
            }
        }
        Attempt::Done(Err(ClientError::NoAnswer {
            url: shown(&url),
            reason: format!("more than {REDIRECTS} redirects"),
        }))
    }

    async fn judge(&self, url: &Url, answer: &Answer, package: &Package) -> Attempt {
        let status = answer.status;
        let refused = || ClientError::Refused {
            url: shown(url),
            status: status.as_u16(),
            message: message(status, &answer.body),
        };
        match status {
            StatusCode::CREATED => Attempt::Done(Ok(created(&answer.body))),
            StatusCode::ACCEPTED => Attempt::Done(Ok(Uploaded::Later)),
            StatusCode::CONFLICT => Attempt::Done(match self.existing(package).await {
                Existing::Archive(digest) if digest == package.digest => Ok(Uploaded::Same),
                existing => Err(ClientError::Conflict { existing }),
            }),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                Attempt::Done(Err(ClientError::Unauthorized {
                    url: shown(url),
                    status: status.as_u16(),
                    message: message(status, &answer.body),
                }))
            }
            _ if is_passing(status) => {
                if self.has(package).await == Some(true) {
                    Attempt::Done(Ok(Uploaded::New))
                } else {
                    Attempt::Again(refused(), retry_after(&answer.headers))
                }
            }
            // 200 too: helm-push and vela take nothing but 201 and 202, and a proxy's login page is a 200.
            _ => Attempt::Done(Err(refused())),
        }
    }

    /// Whether the registry has these bytes under the name that they belong under; `None` if it does not
    /// say.
    async fn has(&self, package: &Package) -> Option<bool> {
        match self.existing(package).await {
            Existing::Archive(digest) => Some(digest == package.digest),
            Existing::Unknown => None,
        }
    }

    async fn existing(&self, package: &Package) -> Existing {
        let url = self
            .address
            .object(&format!("charts/{}-{}.tgz", package.name, package.version));
        // More than what was offered is other bytes in any case, and how many does not matter.
        let limit = package.archive.len() as u64 + (1 << 20);
        match self.get(url, limit).await {
            Ok(Some(bytes)) => Existing::Archive(Digest::of(&bytes)),
            Ok(None) | Err(_) => Existing::Unknown,
        }
    }

    /// The object at `relative` below the registry, at most `limit` bytes; `None` if there is none.
    ///
    /// # Errors
    /// [`ClientError`] says why it cannot be had.
    pub fn download(&self, relative: &str, limit: u64) -> Result<Option<Bytes>, ClientError> {
        self.fetch(self.address.object(relative), limit)
    }

    /// The object at an absolute URL, which may be on another host; that host gets no credentials.
    ///
    /// # Errors
    /// [`ClientError`] says why it cannot be had.
    pub fn download_absolute(&self, url: &str, limit: u64) -> Result<Option<Bytes>, ClientError> {
        let parsed = Url::parse(url)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https"))
            .ok_or_else(|| ClientError::Options("expected a URL with http or https".to_owned()))?;
        self.fetch(parsed, limit)
    }

    fn fetch(&self, url: Url, limit: u64) -> Result<Option<Bytes>, ClientError> {
        self.runtime.block_on(self.get(url, limit))
    }

    async fn get(&self, url: Url, limit: u64) -> Result<Option<Bytes>, ClientError> {
        let mut attempt = 0;
        loop {
            let (error, asked) = match self.try_get(url.clone(), limit).await {
                Ok(found) => return Ok(found),
                Err((error, None)) => return Err(error),
                Err((error, Some(asked))) => (error, asked),
            };
            if attempt + 1 >= ATTEMPTS {
                return Err(error);
            }
            tokio::time::sleep(pause(attempt, asked)).await;
            attempt += 1;
        }
    }

    /// One try; an error comes with the wait that is asked for if another try may help.
    async fn try_get(
        &self,
        mut url: Url,
        limit: u64,
    ) -> Result<Option<Bytes>, (ClientError, Option<Option<Duration>>)> {
        for _ in 0..=REDIRECTS {
            let request = self.request(Method::GET, &url);
            let (answer, whole) = receive(request, limit).await.map_err(|lost| {
                let again = (!lost.is_final()).then_some(None);
                (lost.at(&url), again)
            })?;
            let status = answer.status;
            if status.is_redirection() {
                let Some(next) = redirection(&url, &answer.headers) else {
                    return Err((stray(&url, None), None));
                };
                url = next;
                continue;
            }
            let message = || message(status, &answer.body);
            let (url, status_code) = (shown(&url), status.as_u16());
            return match status {
                StatusCode::OK if whole => Ok(Some(answer.body)),
                StatusCode::OK => Err((ClientError::TooLarge { url, limit }, None)),
                StatusCode::NOT_FOUND => Ok(None),
                StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err((
                    ClientError::Unauthorized {
                        url,
                        status: status_code,
                        message: message(),
                    },
                    None,
                )),
                _ => Err((
                    ClientError::Refused {
                        url,
                        status: status_code,
                        message: message(),
                    },
                    is_passing(status).then(|| retry_after(&answer.headers)),
                )),
            };
        }
        let error = ClientError::NoAnswer {
            url: shown(&url),
            reason: format!("more than {REDIRECTS} redirects"),
        };
        Err((error, None))
    }

    /// A request, with the credentials if it goes to the registry itself.
    fn request(&self, method: Method, url: &Url) -> reqwest::RequestBuilder {
        let request = self.http.request(method, url.clone());
        match &self.credentials {
            Some((name, value)) if self.address.same_origin(url) => {
                request.header(name.clone(), value.clone())
            }
            _ => request,
        }
    }
}

/// Sends a request and reads the answer up to `limit` bytes; also says whether that was all.
async fn receive(request: reqwest::RequestBuilder, limit: u64) -> Result<(Answer, bool), Lost> {
    let mut response = request.send().await.map_err(Lost::of)?;
    let mut body = BytesMut::new();
    let mut whole = true;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    while let Some(chunk) = response.chunk().await.map_err(Lost::of)? {
        let room = limit - body.len();
        if chunk.len() > room {
            body.extend_from_slice(chunk.get(..room).unwrap_or_default());
            whole = false;
            break;
        }
        body.extend_from_slice(&chunk);
    }
    let answer = Answer {
        status: response.status(),
        headers: response.headers().clone(),
        body: body.freeze(),
    };
    Ok((answer, whole))
}

/// What a 201 means. Our own server says more than ChartMuseum's `{"saved": true}`.
fn created(body: &[u8]) -> Uploaded {
    let told = serde_json::from_slice::<serde_json::Value>(body).unwrap_or_default();
    let is = |key: &str| told.get(key).and_then(serde_json::Value::as_bool) == Some(true);
    if is("unchanged") {
        Uploaded::Same
    } else if is("replaced") {
        Uploaded::Replaced
    } else {
        Uploaded::New
    }
}

/// The body of an upload. The boundary is the digest of the archive, which cannot occur in it.
fn form(package: &Package) -> (String, Bytes) {
    let boundary = &package.digest;
    let mut body = BytesMut::with_capacity(package.archive.len() + 512);
    body.extend_from_slice(
        format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"chart\"; filename=\"{}-{}.tgz\"\r\n\
             Content-Type: application/gzip\r\n\r\n",
            package.name, package.version
        )
        .as_bytes(),
    );
    body.extend_from_slice(&package.archive);
    body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
    (
        format!("multipart/form-data; boundary={boundary}"),
        body.freeze(),
    )
}

/// Whether a status may be another one a little later.
fn is_passing(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::TOO_MANY_REQUESTS
            | StatusCode::REQUEST_TIMEOUT
            | StatusCode::INTERNAL_SERVER_ERROR
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT
    )
}

fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?.parse().ok()?;
    Some(Duration::from_secs(seconds))
}

fn redirection(from: &Url, headers: &HeaderMap) -> Option<Url> {
    let location = headers.get(LOCATION)?.to_str().ok()?;
    let to = from.join(location).ok()?;
    matches!(to.scheme(), "http" | "https").then_some(to)
}

fn stray(url: &Url, to: Option<&Url>) -> ClientError {
    ClientError::Redirect {
        url: shown(url),
        to: to.map_or_else(|| "nowhere".to_owned(), shown),
    }
}

/// What a server says about a refusal: `{"error": …}`, or the first line of a text.
fn message(status: StatusCode, body: &[u8]) -> String {
    let told = serde_json::from_slice::<serde_json::Value>(body)
        .ok()
        .and_then(|value| Some(value.get("error")?.as_str()?.to_owned()));
    let text = told.unwrap_or_else(|| {
        let text = String::from_utf8_lossy(body);
        text.lines().next().unwrap_or_default().to_owned()
    });
    let text: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(SHOWN_LIMIT)
        .collect();
    match text.trim() {
        "" => status.canonical_reason().unwrap_or("no reason").to_owned(),
        text => text.to_owned(),
    }
}
