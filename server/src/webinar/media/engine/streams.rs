//! TCP connections, as the thread tends them: what comes over them is taken as datagrams are.

use super::super::LISTENER;
use super::super::counts::Refusal;
use super::super::stream::StreamId;
use super::super::transport::Route;
use super::{Engine, ROUNDS, Whom};
use mio::Events;
use std::net::TcpStream;
use std::time::Instant;

/// Bytes of one read.
const READ: usize = 16_384;

impl Engine {
    /// Takes what came over connections, and sends what waited for room. Gives whether there may be more.
    pub(super) fn stream(&mut self, events: &Events, now: Instant) -> bool {
        let mut readable = std::mem::take(&mut self.unread);
        for event in events {
            if event.token() == LISTENER {
                self.accept(now);
            }
            let Some(id) = StreamId::of(event) else { continue };
            if event.is_writable() && self.tools.transport.streams().flush(id, now).is_err() {
                self.lose(id);
            }
            if event.is_readable() {
                readable.push(id);
            }
        }
        for id in readable {
            if !self.read(id, now) {
                self.lose(id);
            }
        }
        !self.unread.is_empty()
    }

    /// Looks at those that have proved nothing, and whether there is room for others now.
    pub(super) fn tend_streams(&mut self, now: Instant) {
        let late = self.tools.transport.streams().expire(now);
        (0..late).for_each(|_| self.tools.counts.refuse(Refusal::Stream));
        self.accept(now);
    }

    fn accept(&mut self, now: Instant) {
        let refused = self.tools.transport.streams().accept(now);
        (0..refused).for_each(|_| self.tools.counts.refuse(Refusal::Stream));
    }

    /// Takes over a connection that another port accepted.
    pub(super) fn adopt(&mut self, stream: TcpStream, now: Instant) {
        if !self.tools.transport.streams().adopt(stream, now) {
            self.tools.counts.refuse(Refusal::Stream);
        }
    }

    /// Takes what came over a connection. Gives whether it is to be kept.
    fn read(&mut self, id: StreamId, now: Instant) -> bool {
        let Some((from, mut inbox)) = self.tools.transport.streams().suspend(id) else { return true };
        let route = Route::stream(from, id);
        let mut buffer = [0; READ];
        for _ in 0..ROUNDS {
            let read = self.tools.transport.streams().read(id, &mut buffer);
            match read {
                Ok(Some(length)) => inbox.receive(buffer.get(..length).unwrap_or_default()),
                Ok(None) => {
                    self.tools.transport.streams().resume(id, inbox);
                    return true;
                }
                Err(_) => return false,
            }
            loop {
                let Ok(datagram) = inbox.datagram() else {
                    self.tools.counts.refuse(Refusal::Stream);
                    return false;
                };
                let Some(datagram) = datagram else { break };
                self.take(route, datagram, now);
                // Whoever proves nothing with the first word, or has just left, is not listened to.
                if !self.routes.contains_key(&route) {
                    return false;
                }
            }
        }
        self.tools.transport.streams().resume(id, inbox);
        self.unread.push(id);
        true
    }

    /// A connection has ended: what went over it goes nowhere until its browser checks again.
    fn lose(&mut self, id: StreamId) {
        self.tools.transport.streams().close(id);
        let lost: Vec<(Route, Whom)> = self
            .routes
            .iter()
            .filter(|(route, _)| route.stream == Some(id))
            .map(|(route, whom)| (*route, *whom))
            .collect();
        for (route, whom) in lost {
            self.routes.remove(&route);
            self.detach(Some(whom), route);
        }
    }

    /// Somebody's media does not go that way any more.
    pub(super) fn detach(&mut self, whom: Option<Whom>, route: Route) {
        let connection = whom.and_then(|(room, peer)| self.rooms.get_mut(&room)?.connections.get_mut(&peer));
        if let Some(connection) = connection.filter(|connection| connection.remote == Some(route)) {
            connection.remote = None;
        }
    }

    /// Forgets routes, and closes the connections among them.
    pub(super) fn forget(&mut self, which: impl Fn(Route, Whom) -> bool) {
        let mut streams = self.tools.transport.streams();
        self.routes.retain(|route, whom| {
            let forgotten = which(*route, *whom);
            if let Some(id) = route.stream.filter(|_| forgotten) {
                streams.close(id);
            }
            !forgotten
        });
    }
}
