//! The other nodes, as they say that they are there.

use super::message::{PROTOCOL, Present};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::Instant;
use uuid::Uuid;

/// A node that has said nothing for so long is gone: it says something every second.
pub const GONE: Duration = Duration::from_secs(4);
/// Nodes that are remembered at most.
const MANY: usize = 200;

/// Those that were heard.
#[derive(Debug, Default)]
pub struct Nodes {
    known: BTreeMap<String, Known>,
    /// When each last told of those that it serves of a stage.
    told: BTreeMap<(Uuid, String), Instant>,
}

#[derive(Debug)]
struct Known {
    peers: u32,
    /// Viewers that were sent there since it said how many it serves.
    sent: u32,
    heard: Instant,
}

impl Nodes {
    /// A node says something.
    pub fn hear(&mut self, said: Present, now: Instant) {
        self.known.retain(|_, known| now < known.heard + GONE);
        if said.leaving || said.protocol != PROTOCOL {
            self.known.remove(&said.node);
        } else if self.known.len() < MANY || self.known.contains_key(&said.node) {
            self.known.insert(said.node, Known { peers: said.peers, sent: 0, heard: now });
        }
    }

    /// Whether that node was heard of late.
    pub fn lives(&self, node: &str, now: Instant) -> bool {
        self.known.get(node).is_some_and(|known| now < known.heard + GONE)
    }

    /// A node tells of those that it serves of a stage.
    pub fn tell(&mut self, stage: Uuid, node: &str, now: Instant) {
        if self.known.contains_key(node) {
            self.told.retain(|_, told| now < *told + GONE);
            self.told.insert((stage, node.to_owned()), now);
        }
    }

    /// Whether it did so of late.
    pub fn tells(&self, stage: Uuid, node: &str, now: Instant) -> bool {
        self.told.get(&(stage, node.to_owned())).is_some_and(|told| now < *told + GONE)
    }

    /// Those that live, those with the fewest browsers first.
    pub fn living(&self, now: Instant) -> Vec<(String, u32)> {
        let living = self.known.iter().filter(|(_, known)| now < known.heard + GONE);
        let mut living: Vec<_> = living.map(|(node, known)| (node.clone(), known.peers + known.sent)).collect();
        living.sort_by_key(|(_, peers)| *peers);
        living
    }

    /// A viewer is sent to that node.
    pub fn send(&mut self, node: &str) {
        if let Some(known) = self.known.get_mut(node) {
            known.sent += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn present(node: &str, peers: u32) -> Present {
        Present { node: node.to_owned(), protocol: PROTOCOL, peers, leaving: false }
    }

    #[tokio::test]
    async fn viewers_are_spread_and_who_is_silent_or_leaves_gets_none() {
        let (mut nodes, now) = (Nodes::default(), Instant::now());
        nodes.hear(present("b", 3), now);
        nodes.hear(present("c", 4), now);
        nodes.hear(Present { protocol: PROTOCOL + 1, ..present("d", 0) }, now);
        let mut sent = String::new();
        for _ in 0..5 {
            let (node, _) = nodes.living(now).remove(0);
            nodes.send(&node);
            sent += &node;
        }
        assert_eq!(sent, "bbcbc");
        nodes.hear(present("b", 9), now + GONE / 2);
        assert_eq!(nodes.living(now + GONE), [("b".to_owned(), 9)]);
        assert!(nodes.lives("b", now + GONE) && !nodes.lives("c", now + GONE));
        let stage = Uuid::from_u128(1);
        nodes.tell(stage, "b", now + GONE);
        nodes.tell(stage, "x", now + GONE);
        assert!(nodes.tells(stage, "b", now + GONE) && !nodes.tells(stage, "b", now + GONE * 2));
        assert!(!nodes.tells(stage, "x", now + GONE), "nobody that is known");
        nodes.hear(Present { leaving: true, ..present("b", 9) }, now + GONE);
        assert!(nodes.living(now + GONE).is_empty());
    }
}
