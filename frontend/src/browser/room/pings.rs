//! Pings over a WebSocket: the way there and back, and the server's clock.

use super::super::page;
use super::exchange::{Next, converse};
use std::cell::RefCell;
use std::rc::Rc;

/// One ping that came back.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Pong {
    /// Milliseconds there and back.
    pub(crate) took: f64,
    /// The server's clock less this computer's, in milliseconds.
    pub(crate) skew: f64,
}

/// Sends so many pings, one after the other, and gives those that came back within that patience in all.
pub(crate) async fn ping(path: &str, count: usize, patience: u32) -> Vec<Pong> {
    let pongs = Rc::new(RefCell::new(Vec::new()));
    let heard = Rc::clone(&pongs);
    converse(path, patience, move |said| {
        let now = page::now_ms();
        if let Some(said) = said {
            let numbers =
                said.split_once(' ').and_then(|(server, sent)| Some((server.parse().ok()?, sent.parse().ok()?)));
            let Some((server, sent)): Option<(f64, f64)> = numbers else { return Next::Wait };
            heard.borrow_mut().push(Pong { took: now - sent, skew: server - f64::midpoint(now, sent) });
        }
        if heard.borrow().len() < count { Next::Say(now.to_string()) } else { Next::Done }
    })
    .await;
    pongs.take()
}
