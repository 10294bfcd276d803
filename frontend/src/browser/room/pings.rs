//! Pings over a WebSocket: the way there and back, and the server's clock.

use super::super::page;
use super::place;
use js_sys::Promise;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageEvent, WebSocket};

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
    let Some(socket) = place::socket_address(path).and_then(|address| WebSocket::new(&address).ok()) else {
        return Vec::new();
    };
    let pongs = Rc::new(RefCell::new(Vec::new()));
    let (line, heard) = (socket.clone(), Rc::clone(&pongs));
    let waiting = Promise::new(&mut |resolve, _| {
        let say = |line: &WebSocket| {
            let _ = line.send_with_str(&page::now_ms().to_string());
        };
        let opened = line.clone();
        let open = Closure::<dyn FnMut()>::new(move || say(&opened));
        line.set_onopen(Some(open.into_js_value().unchecked_ref()));
        let (again, heard, done) = (line.clone(), Rc::clone(&heard), resolve.clone());
        let hear = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let now = page::now_ms();
            let said = event.data().as_string().unwrap_or_default();
            let numbers =
                said.split_once(' ').and_then(|(server, sent)| Some((server.parse().ok()?, sent.parse().ok()?)));
            let Some((server, sent)): Option<(f64, f64)> = numbers else { return };
            heard.borrow_mut().push(Pong { took: now - sent, skew: server - f64::midpoint(now, sent) });
            if heard.borrow().len() < count {
                say(&again);
            } else {
                let _ = done.call0(&done);
            }
        });
        line.set_onmessage(Some(hear.into_js_value().unchecked_ref()));
        line.set_onclose(Some(&resolve));
        page::call_in(&resolve, patience);
    });
    // Whatever ends the waiting, what counts is what came back.
    let _ = JsFuture::from(waiting).await;
    let _ = socket.close();
    pongs.take()
}
