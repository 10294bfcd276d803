//! The ways to a browser: datagrams over UDP, or framed over a TCP connection.

use super::socket::Socket;
use super::stream::{StreamId, Streams, Waited};
use std::cell::{Cell, RefCell, RefMut};
use std::io;
use std::net::SocketAddr;
use std::time::Instant;

/// Where a datagram came from, and where the answer goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Route {
    /// The browser's address, as it is seen here.
    pub address: SocketAddr,
    /// Over which connection; none: over UDP.
    pub stream: Option<StreamId>,
}

impl Route {
    /// Over UDP.
    pub fn datagrams(address: SocketAddr) -> Self {
        Self { address, stream: None }
    }

    /// Over that connection.
    pub fn stream(address: SocketAddr, id: StreamId) -> Self {
        Self { address, stream: Some(id) }
    }
}

/// Both ways.
#[derive(Debug)]
pub struct Transport {
    pub socket: Socket,
    // The media thread alone is here: nothing is borrowed across a call.
    streams: RefCell<Streams>,
    now: Cell<Instant>,
}

impl Transport {
    pub fn new(socket: Socket, streams: Streams, now: Instant) -> Self {
        Self { socket, streams: RefCell::new(streams), now: Cell::new(now) }
    }

    /// The connections.
    pub fn streams(&self) -> RefMut<'_, Streams> {
        self.streams.borrow_mut()
    }

    /// The media clock goes on.
    pub fn tell(&self, now: Instant) {
        self.now.set(now);
    }

    /// Sends packets of `size` bytes each, the last of which may be shorter.
    ///
    /// # Errors
    /// Where the kernel takes no more, or the route leads nowhere: the packets are lost, as on any line.
    pub fn send(&self, packets: &[u8], size: usize, to: Route) -> io::Result<()> {
        match to.stream {
            None => self.socket.send(packets, size, to.address),
            Some(id) => self.streams().send(id, packets, size, self.now.get()),
        }
    }

    /// Whether pictures have to wait there. Over UDP they never do.
    pub fn is_full(&self, to: Route) -> bool {
        to.stream.is_some_and(|id| self.streams().is_full(id))
    }

    /// How long what went there had to wait, and what was dropped for it, since last asked.
    pub fn waited(&self, to: Route) -> Waited {
        to.stream.map(|id| self.streams().waited(id, self.now.get())).unwrap_or_default()
    }
}
