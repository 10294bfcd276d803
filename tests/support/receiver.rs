//! A system that is told of what happens: takes messages over HTTP, and answers as it is told to.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::IntoResponse;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use std::sync::{Arc, Mutex};
use tokio::sync::watch;

/// A message that came.
#[derive(Debug, Clone)]
pub struct Message {
    pub headers: HeaderMap,
    pub body: String,
}

/// How it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    Answers(u16),
    /// Sends whoever asks elsewhere: to its own `/elsewhere`.
    Redirects,
    /// Takes what comes and answers once its mood changes.
    Hangs,
}

/// The system.
pub struct Receiver {
    pub url: String,
    taken: Arc<Mutex<Vec<Message>>>,
    mood: watch::Sender<Mood>,
}

#[derive(Clone)]
struct Desk {
    taken: Arc<Mutex<Vec<Message>>>,
    mood: watch::Receiver<Mood>,
}

impl Receiver {
    /// One that answers 204.
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/socle", listener.local_addr().expect("an address"));
        let (mood, told) = watch::channel(Mood::Answers(204));
        let taken = Arc::default();
        let desk = Desk { taken: Arc::clone(&taken), mood: told };
        let system = Router::new().fallback(take).with_state(desk);
        tokio::spawn(async move { axum::serve(listener, system).await });
        Self { url, taken, mood }
    }

    pub fn becomes(&self, mood: Mood) {
        self.mood.send_replace(mood);
    }

    /// What came, in order.
    pub fn taken(&self) -> Vec<Message> {
        self.taken.lock().expect("messages").clone()
    }

    /// Until so many came.
    pub async fn until_taken(&self, count: usize) {
        while self.taken().len() < count {
            tokio::task::yield_now().await;
        }
    }
}

impl Message {
    pub fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().expect("text")
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).expect("JSON")
    }
}

async fn take(State(mut desk): State<Desk>, headers: HeaderMap, body: Bytes) -> axum::response::Response {
    let body = String::from_utf8(body.to_vec()).expect("text");
    desk.taken.lock().expect("messages").push(Message { headers, body });
    let mood = *desk.mood.wait_for(|mood| *mood != Mood::Hangs).await.expect("a mood");
    match mood {
        Mood::Answers(status) => StatusCode::from_u16(status).expect("a status").into_response(),
        Mood::Redirects => (StatusCode::TEMPORARY_REDIRECT, [("location", "/elsewhere")]).into_response(),
        Mood::Hangs => unreachable!("it was waited for"),
    }
}
