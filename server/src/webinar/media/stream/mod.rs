//! Media over TCP (RFC 6544: the server is the passive side), for networks that let no UDP out: one listener for
//! everybody, in the media thread, and connections that another port of this server hands over.
//!
//! A connection is nobody's until its first datagram is a check that a peer's credentials prove; it has five seconds
//! for that. What is limited is what proved nothing: the others are as many as there are peers.

pub mod framing;
mod queue;

pub use framing::{Inbox, LONGEST};
pub use queue::Waited;

use mio::event::Event;
use mio::net::{TcpListener, TcpStream};
use mio::{Interest, Registry, Token};
use queue::Queue;
use rustix::net::{SendFlags, send};
use socket2::SockRef;
use std::collections::{BTreeMap, HashMap};
use std::io::{self, ErrorKind, Read as _};
use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

/// A connection has so long to prove whose it is.
const PROOF: Duration = Duration::from_secs(5);
/// Connections that have proved nothing yet: from one address (an office behind one router), and in all.
const UNPROVEN: (usize, usize) = (256, 1024);
/// Bytes that the kernel may keep unsent: what is there already goes before any sound.
const UNSENT: u32 = 8192;
/// Connections taken in one round.
const ACCEPTED: usize = 64;

/// Of a connection; never given twice. It is its token in the thread's poll.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamId(usize);

impl StreamId {
    /// Those below are the thread's own tokens.
    const FIRST: usize = 16;

    /// The connection that something happened to.
    pub fn of(event: &Event) -> Option<Self> {
        let Token(number) = event.token();
        (number >= Self::FIRST).then_some(Self(number))
    }
}

/// One connection.
#[derive(Debug)]
struct Stream {
    socket: TcpStream,
    from: SocketAddr,
    inbox: Inbox,
    queue: Queue,
}

/// All connections.
#[derive(Debug)]
pub struct Streams {
    listener: Option<TcpListener>,
    registry: Registry,
    open: HashMap<StreamId, Stream>,
    /// Those that proved nothing yet, the oldest first.
    unproven: BTreeMap<StreamId, (IpAddr, Instant)>,
    next: usize,
}

impl Streams {
    /// Listens there; nowhere: takes only what is handed over.
    ///
    /// # Errors
    /// Where the port is taken or not allowed.
    pub fn bind(address: Option<SocketAddr>, registry: Registry, token: Token) -> io::Result<Self> {
        let mut listener = address.map(TcpListener::bind).transpose()?;
        if let Some(listener) = &mut listener {
            registry.register(listener, token, Interest::READABLE)?;
        }
        Ok(Self { listener, registry, open: HashMap::new(), unproven: BTreeMap::new(), next: StreamId::FIRST })
    }

    /// Where it listens.
    pub fn address(&self) -> Option<SocketAddr> {
        self.listener.as_ref().and_then(|listener| listener.local_addr().ok())
    }

    /// Takes the connections that wait. Gives how many were refused.
    pub fn accept(&mut self, now: Instant) -> usize {
        let mut refused = 0;
        for _ in 0..ACCEPTED {
            let Some(accepted) = self.listener.as_ref().map(TcpListener::accept) else { break };
            match accepted {
                Ok((socket, from)) => refused += usize::from(!self.admit(socket, from, now)),
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                // The other side gave up meanwhile, or there are no descriptors left: the next tick tries again.
                Err(error) => {
                    tracing::debug!(%error, "a media connection could not be accepted");
                    break;
                }
            }
        }
        refused
    }

    /// Takes a connection that another port accepted. Gives whether it did.
    pub fn adopt(&mut self, socket: std::net::TcpStream, now: Instant) -> bool {
        let Ok(from) = socket.peer_addr() else { return false };
        socket.set_nonblocking(true).is_ok() && self.admit(TcpStream::from_std(socket), from, now)
    }

    fn admit(&mut self, mut socket: TcpStream, from: SocketAddr, now: Instant) -> bool {
        let ip = from.ip().to_canonical();
        let (an_address, in_all) = UNPROVEN;
        let same = self.unproven.values().filter(|(known, _)| *known == ip).count();
        if same >= an_address || self.unproven.len() >= in_all {
            return false;
        }
        let id = StreamId(self.next);
        // A packet that waits for the next is late; and what the kernel keeps cannot be overtaken.
        let ready = socket.set_nodelay(true).is_ok()
            && SockRef::from(&socket).set_tcp_notsent_lowat(UNSENT).is_ok()
            && self.registry.register(&mut socket, Token(id.0), Interest::READABLE | Interest::WRITABLE).is_ok();
        if ready {
            self.next += 1;
            self.unproven.insert(id, (ip, now));
            self.open.insert(id, Stream { socket, from, inbox: Inbox::default(), queue: Queue::default() });
        }
        ready
    }

    /// A peer's credentials proved whose it is.
    pub fn proved(&mut self, id: StreamId) {
        self.unproven.remove(&id);
    }

    /// Closes those that did not prove in time whose they are. Gives how many.
    pub fn expire(&mut self, now: Instant) -> usize {
        let late = self.unproven.iter().take_while(|(_, (_, since))| now > *since + PROOF);
        let late: Vec<StreamId> = late.map(|(id, _)| *id).collect();
        for id in &late {
            self.close(*id);
        }
        late.len()
    }

    /// Closes a connection, with what waits for it.
    pub fn close(&mut self, id: StreamId) {
        self.unproven.remove(&id);
        self.open.remove(&id);
    }

    /// Whom it comes from, and what came over it that was not taken, to be given back by [`Self::resume`].
    pub fn suspend(&mut self, id: StreamId) -> Option<(SocketAddr, Inbox)> {
        let stream = self.open.get_mut(&id)?;
        Some((stream.from, std::mem::take(&mut stream.inbox)))
    }

    /// Gives back what was not taken.
    pub fn resume(&mut self, id: StreamId, inbox: Inbox) {
        if let Some(stream) = self.open.get_mut(&id) {
            stream.inbox = inbox;
        }
    }

    /// Reads what is there into the buffer: how many bytes; nothing where there is nothing more for now.
    ///
    /// # Errors
    /// At its end, or where it is broken or closed.
    pub fn read(&mut self, id: StreamId, buffer: &mut [u8]) -> io::Result<Option<usize>> {
        let stream = self.open.get_mut(&id).ok_or(ErrorKind::NotConnected)?;
        loop {
            match stream.socket.read(buffer) {
                Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
                Ok(length) => return Ok(Some(length)),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(None),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Sends datagrams of `size` bytes each, the last of which may be shorter, or lets them wait.
    ///
    /// # Errors
    /// Where the connection is broken or closed: the datagrams are lost.
    pub fn send(&mut self, id: StreamId, datagrams: &[u8], size: usize, now: Instant) -> io::Result<()> {
        let stream = self.open.get_mut(&id).ok_or(ErrorKind::NotConnected)?;
        for datagram in datagrams.chunks(size.max(1)) {
            stream.queue.push(datagram, now);
        }
        stream.flush(now)
    }

    /// The line has room again.
    ///
    /// # Errors
    /// Where the connection is broken or closed.
    pub fn flush(&mut self, id: StreamId, now: Instant) -> io::Result<()> {
        self.open.get_mut(&id).map_or(Ok(()), |stream| stream.flush(now))
    }

    /// Whether no more pictures are to be written for now.
    pub fn is_full(&self, id: StreamId) -> bool {
        self.open.get(&id).is_some_and(|stream| stream.queue.is_full())
    }

    /// How its queue did since last asked.
    pub fn waited(&mut self, id: StreamId, now: Instant) -> Waited {
        self.open.get_mut(&id).map(|stream| stream.queue.waited(now)).unwrap_or_default()
    }
}

impl Stream {
    fn flush(&mut self, now: Instant) -> io::Result<()> {
        let socket = &self.socket;
        // The end of a record keeps the kernel from adding to what it already has: only then does its limit on unsent
        // bytes hold (Linux, tcp_sendmsg).
        self.queue.flush(now, |bytes| Ok(send(socket, bytes, SendFlags::EOR | SendFlags::NOSIGNAL)?))
    }
}
