//! What the media thread does for viewers on other nodes, and for viewers here of rooms that are on other nodes.

use super::super::Event;
use super::super::cascade::Cascade;
use super::super::room::{Gone, Room, Wanted};
use super::super::stage::RoomId;
use super::super::track::Want;
use super::{Command, Engine};
use std::sync::atomic::Ordering;
use std::time::Instant;

impl Engine {
    pub(super) fn cascade(&mut self, command: Command, now: Instant) {
        match command {
            Command::Cascade { room, out } => {
                self.rooms.entry(room).or_insert_with(Room::new).cascade = Some(Cascade::new(out));
            }
            Command::Afar { room: id, peer, pictures } => {
                let Some(room) = self.rooms.get_mut(&id) else { return };
                let Some(cascade) = &mut room.cascade else { return };
                match pictures {
                    Some(pictures) => drop(cascade.viewers.insert(peer, pictures)),
                    None => drop(cascade.viewers.remove(&peer)),
                }
                if pictures.is_none() && !room.connections.contains_key(&peer) {
                    self.pulses.remove(id, peer);
                }
                self.tell_stage(id);
            }
            Command::Feed { room, message } => {
                self.feeds.fetch_sub(1, Ordering::Relaxed);
                let fed = self.rooms.get_mut(&room).map(|room| room.feed(&message, now));
                if fed == Some(None) {
                    self.tools.counts.malformed();
                }
            }
            Command::Want { room, wanted: Wanted { seat, layer, urgent, .. } } => {
                let source = self.rooms.get_mut(&room).and_then(|room| room.sources.get_mut(seat)?.as_mut());
                if let Some(track) = source.and_then(|source| source.pictures.get_mut(layer)?.as_mut()) {
                    track.want_keyframe(if urgent { Want::Urgent } else { Want::Patient });
                }
                if let Some(room) = self.rooms.get_mut(&room) {
                    // Asked for in the same round.
                    room.fresh = true;
                }
            }
            _ => {}
        }
    }

    /// Everybody in a room leaves.
    pub(super) fn empty(&mut self, id: RoomId, now: Instant) {
        let peers: Vec<_> = self.rooms.get(&id).into_iter().flat_map(|room| room.connections.keys().copied()).collect();
        for peer in peers {
            self.leave(id, peer, Gone::Left, now);
        }
    }

    /// Tells which keyframes are to be asked of origins.
    pub(super) fn tell_wanted(&mut self) {
        let mut events = Vec::new();
        for (id, room) in &mut self.rooms {
            events.extend(room.wanted.drain(..).map(|wanted| Event::Wanted { room: *id, wanted }));
        }
        for event in events {
            self.tell(event);
        }
    }
}
