//! One port for pages and media: what a connection begins with says which. TLS begins with a record of a handshake (0x16),
//! HTTP with a letter; media with the length of its first datagram, of at most 1,500 bytes, whose first byte is 0 to 5.

use crate::webinar::media::Media;
use axum_server::accept::Accept;
use std::future::Future;
use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::timeout;

/// A connection has so long to say its first byte.
const FIRST_WORD: Duration = Duration::from_secs(15);

/// Hands connections that begin as media does to the media core.
#[derive(Debug, Clone)]
pub struct Sharing {
    media: Media,
    stopping: Arc<watch::Sender<bool>>,
}

/// What serves the other connections of a port.
#[derive(Debug, Clone)]
pub struct Shared<A> {
    sharing: Sharing,
    pages: A,
}

impl Sharing {
    pub fn new(media: Media) -> Self {
        Self { media, stopping: Arc::new(watch::Sender::new(false)) }
    }

    /// A port that serves these pages.
    pub fn with<A>(self, pages: A) -> Shared<A> {
        Shared { sharing: self, pages }
    }

    /// Whoever has said nothing yet is not waited for any more.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// The connection, if it is one for pages.
    ///
    /// # Errors
    /// Where it is for media, which has it now, or says nothing in time.
    async fn sort(&self, stream: TcpStream) -> io::Result<TcpStream> {
        let mut stopping = self.stopping.subscribe();
        let mut first = [0];
        let peeked = tokio::select! {
            peeked = timeout(FIRST_WORD, stream.peek(&mut first)) => peeked?,
            _ = stopping.wait_for(|stopping| *stopping) => return Err(ErrorKind::ConnectionAborted.into()),
        };
        if peeked? > 0 && matches!(first, [0..=5]) {
            self.media.adopt(stream.into_std()?);
            return Err(io::Error::other("a connection for media"));
        }
        Ok(stream)
    }
}

impl<A, S> Accept<TcpStream, S> for Shared<A>
where
    A: Accept<TcpStream, S, Future: Send> + Clone + Send + Sync + 'static,
    S: Send + 'static,
{
    type Stream = A::Stream;
    type Service = A::Service;
    type Future = Pin<Box<dyn Future<Output = io::Result<(A::Stream, A::Service)>> + Send>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let Self { sharing, pages } = self.clone();
        Box::pin(async move { pages.accept(sharing.sort(stream).await?, service).await })
    }
}
