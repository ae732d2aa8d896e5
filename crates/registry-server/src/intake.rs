//! Owns how bytes come in: the body of an upload, bounded in size, time and number.
//!
//! Many uploads at once must not add up to more memory than the server may have, and a slow client must
//! not hold a place for ever. So a body takes a *small* place before its first byte; when it grows beyond
//! [`SMALL_BODY`] it also needs one of the few *large* places. A body waits for a large place while it
//! holds no more than [`SMALL_BODY`] bytes and no large place, so waiting cannot deadlock. Both places
//! are given back when the [`Received`] bytes are dropped, that is, when the archive is stored or refused.
//!
//! A client that is refused in the middle of its body often does not look at the answer before it has
//! sent everything; closing at once would reset the connection and destroy the answer. [`linger`]
//! therefore reads on for a moment and forgets what it reads.

use std::{sync::Arc, time::Duration};

use axum::{
    body::Body,
    http::{HeaderMap, StatusCode, header},
};
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt as _;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, timeout, timeout_at},
};

use crate::{
    options::{Limits, SMALL_BODY},
    refusal::{Demand, Refusal},
};

/// How long the rest of a refused body is read and forgotten.
const LINGER: Duration = Duration::from_secs(5);

/// The places for bodies.
#[derive(Clone, Debug)]
pub(crate) struct Intake {
    small: Arc<Semaphore>,
    large: Arc<Semaphore>,
    limit: usize,
    pause: Duration,
    time: Duration,
}

/// The room reserved for a large body, in bytes: more than an allocator keeps for itself (glibc gives back at once only what is
/// larger than 32 MiB), so the memory of a body is the system's again when the body goes. Pages that no byte reaches cost nothing.
const LARGE_ROOM: usize = 33 << 20;

/// A whole body, and its places.
#[derive(Debug)]
pub(crate) struct Received {
    /// The bytes.
    pub(crate) bytes: Bytes,
    _small: OwnedSemaphorePermit,
    _large: Option<OwnedSemaphorePermit>,
}

impl Intake {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            small: Arc::new(Semaphore::new(limits.small_uploads)),
            large: Arc::new(Semaphore::new(limits.large_uploads)),
            limit: limits.body_bytes,
            pause: limits.body_pause,
            time: limits.body_time,
        }
    }

    /// Reads a body to its end.
    ///
    /// # Errors
    /// 413 beyond the limit, 408 when the client is too slow, 503 when no place becomes free, 400 when
    /// the body breaks off.
    pub(crate) async fn receive(
        &self,
        headers: &HeaderMap,
        mut body: Body,
    ) -> Result<Received, Refusal> {
        match self.receive_from(headers, &mut body).await {
            Ok(received) => Ok(received),
            Err(refusal) => {
                linger(body);
                Err(refusal.with(Demand::Goodbye))
            }
        }
    }

    async fn receive_from(
        &self,
        headers: &HeaderMap,
        body: &mut Body,
    ) -> Result<Received, Refusal> {
        let announced = headers
            .get(header::CONTENT_LENGTH)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.parse::<u64>().ok());
        if announced.is_some_and(|length| length > self.limit as u64) {
            return Err(Refusal::too_large());
        }
        let deadline = Instant::now() + self.time;
        let small = place(&self.small, deadline).await?;
        let mut large = None;
        let mut bytes = BytesMut::new();
        loop {
            let pause = deadline.min(Instant::now() + self.pause);
            let frame = match timeout_at(pause, body.frame()).await {
                Err(_) => {
                    return Err(Refusal::new(
                        StatusCode::REQUEST_TIMEOUT,
                        "the body did not come in time",
                    ));
                }
                Ok(None) => break,
                Ok(Some(Err(_))) => {
                    return Err(Refusal::bad_request(
                        "the body breaks off before its announced end",
                    ));
                }
                Ok(Some(Ok(frame))) => frame,
            };
            let Ok(data) = frame.into_data() else {
                continue; // trailers say nothing to us
            };
            let total = bytes.len() + data.len();
            if total > self.limit {
                return Err(Refusal::too_large());
            }
            if total > SMALL_BODY && large.is_none() {
                large = Some(place(&self.large, deadline).await?);
                let length = announced.and_then(|length| usize::try_from(length).ok());
                let room = length.unwrap_or(0).max(LARGE_ROOM);
                bytes.reserve(room.saturating_sub(bytes.len()));
            }
            bytes.extend_from_slice(&data);
        }
        Ok(Received {
            bytes: bytes.freeze(),
            _small: small,
            _large: large,
        })
    }
}

async fn place(
    places: &Arc<Semaphore>,
    deadline: Instant,
) -> Result<OwnedSemaphorePermit, Refusal> {
    match timeout_at(deadline, Arc::clone(places).acquire_owned()).await {
        Ok(Ok(permit)) => Ok(permit),
        Ok(Err(_)) | Err(_) => Err(Refusal::busy()),
    }
}

/// Reads the rest of a refused body for at most [`LINGER`] and forgets it.
pub(crate) fn linger(mut body: Body) {
    tokio::spawn(async move {
        let rest = async { while let Some(Ok(_)) = body.frame().await {} };
        let _ = timeout(LINGER, rest).await;
    });
}

#[cfg(test)]
mod tests {
    use futures_util::stream;

    use super::*;

    fn intake(change: impl FnOnce(&mut Limits)) -> Intake {
        let mut limits = Limits::default();
        change(&mut limits);
        Intake::new(&limits)
    }

    fn chunks(chunks: Vec<&'static [u8]>) -> Body {
        Body::from_stream(stream::iter(
            chunks.into_iter().map(Ok::<_, std::io::Error>),
        ))
    }

    #[tokio::test]
    async fn a_chunked_body_is_joined() {
        let received = intake(|_| {})
            .receive(&HeaderMap::new(), chunks(vec![b"ab", b"", b"c"]))
            .await
            .unwrap();
        assert_eq!(&received.bytes[..], b"abc");
    }

    #[tokio::test]
    async fn the_limit_counts_announced_and_real_bytes() {
        let intake = intake(|limits| limits.body_bytes = 3);
        let none = HeaderMap::new();
        let fits = intake.receive(&none, chunks(vec![b"ab", b"c"])).await;
        assert!(fits.is_ok());
        let real = intake.receive(&none, chunks(vec![b"ab", b"cd"])).await;
        assert_eq!(real.unwrap_err().status, 413);
        let headers = HeaderMap::from_iter([(header::CONTENT_LENGTH, "4".parse().unwrap())]);
        let announced = intake.receive(&headers, Body::empty()).await;
        assert_eq!(announced.unwrap_err().status, 413);
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_stops_sending_is_refused() {
        let body = Body::from_stream(stream::pending::<Result<Bytes, std::io::Error>>());
        let refusal = intake(|_| {}).receive(&HeaderMap::new(), body).await;
        assert_eq!(refusal.unwrap_err().status, 408);
    }

    #[tokio::test(start_paused = true)]
    async fn places_are_given_back_with_the_bytes() {
        let intake = intake(|limits| limits.small_uploads = 1);
        let first = intake
            .receive(&HeaderMap::new(), chunks(vec![b"a"]))
            .await
            .unwrap();
        let second = intake.receive(&HeaderMap::new(), chunks(vec![b"b"])).await;
        assert_eq!(second.unwrap_err().status, 503);
        drop(first);
        assert!(
            intake
                .receive(&HeaderMap::new(), chunks(vec![b"b"]))
                .await
                .is_ok()
        );
    }
}
