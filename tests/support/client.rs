//! A browser without a screen: cookies, forms, redirections one at a time.

use reqwest::header::{ACCEPT, COOKIE, LOCATION, ORIGIN, SET_COOKIE};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde_json::Value;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Mutex;
use tokio::net::{TcpSocket, TcpStream};

/// Somebody at a browser.
pub struct Client {
    http: reqwest::Client,
    url: String,
    cookies: Mutex<Vec<(String, String)>>,
    /// Sent as X-Forwarded-For: where they sit.
    address: String,
    /// From where it connects, on this machine.
    seat: Ipv4Addr,
}

/// What came back.
#[derive(Debug)]
pub struct Page {
    pub status: StatusCode,
    pub location: Option<String>,
    pub headers: reqwest::header::HeaderMap,
    pub body: String,
}

impl Client {
    /// A new browser on that site.
    pub fn new(url: &str) -> Self {
        let address = "192.0.2.1".to_owned();
        Self {
            http: browser(None),
            url: url.to_owned(),
            cookies: Mutex::default(),
            address,
            seat: Ipv4Addr::UNSPECIFIED,
        }
    }

    /// The same person on another server of the same product.
    #[must_use]
    pub fn at(&self, url: &str) -> Self {
        Self {
            http: self.http.clone(),
            url: url.to_owned(),
            cookies: Mutex::new(self.cookies.lock().expect("cookies").clone()),
            address: self.address.clone(),
            seat: self.seat,
        }
    }

    /// The same person, whose connections come from that address of this machine.
    #[must_use]
    pub fn sitting_at(mut self, seat: Ipv4Addr) -> Self {
        (self.http, self.seat) = (browser(Some(seat.into())), seat);
        self
    }

    /// A connection of theirs to the site.
    ///
    /// # Errors
    /// Where nobody listens there.
    pub async fn connect(&self) -> std::io::Result<TcpStream> {
        let host = self.url.strip_prefix("http://").expect("plain HTTP");
        if self.seat.is_unspecified() {
            return TcpStream::connect(host).await;
        }
        let socket = TcpSocket::new_v4()?;
        socket.bind((self.seat, 0).into())?;
        socket.connect(host.parse().expect("an address")).await
    }

    /// The same person, asking from another place.
    #[must_use]
    pub fn from_address(mut self, address: &str) -> Self {
        self.address = address.to_owned();
        self
    }

    /// Where the site is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Puts a cookie in the browser's jar.
    pub fn take_cookie(&self, name: &str, value: &str) {
        let mut cookies = self.cookies.lock().expect("cookies");
        cookies.retain(|(known, _)| known != name);
        if !value.is_empty() {
            cookies.push((name.to_owned(), value.to_owned()));
        }
    }

    /// The cookies that the browser holds, as it sends them.
    pub fn cookies(&self) -> String {
        let cookies = self.cookies.lock().expect("cookies");
        cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    /// A request with all that a browser adds.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.bare_request(method, path).header(ORIGIN, &self.url).header("sec-fetch-site", "same-origin")
    }

    /// A request that says nothing of where it comes from.
    pub fn bare_request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.url)).header("x-forwarded-for", &self.address);
        let cookies = self.cookies();
        if cookies.is_empty() { request } else { request.header(COOKIE, cookies) }
    }

    /// Sends it and keeps the cookies that come back.
    pub async fn send(&self, request: RequestBuilder) -> Page {
        let response: Response = request.send().await.expect("an answer");
        for cookie in response.headers().get_all(SET_COOKIE) {
            let pair = cookie.to_str().expect("text").split(';').next().expect("a pair");
            let (name, value) = pair.split_once('=').expect("a pair");
            self.take_cookie(name, value);
        }
        Page {
            status: response.status(),
            location: response.headers().get(LOCATION).map(|value| value.to_str().expect("text").to_owned()),
            headers: response.headers().clone(),
            body: response.text().await.expect("text"),
        }
    }

    pub async fn get(&self, path: &str) -> Page {
        self.send(self.request(Method::GET, path)).await
    }

    /// Posts a form, as without script.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.send(self.request(Method::POST, path).form(fields)).await
    }

    /// Posts JSON, as the page's script does.
    pub async fn post_json(&self, path: &str, body: &Value) -> Page {
        self.send(self.request(Method::POST, path).header(ACCEPT, "application/json").json(body)).await
    }
}

fn browser(seat: Option<IpAddr>) -> reqwest::Client {
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    http.local_address(seat).build().expect("a client")
}

impl Page {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON ({}): {}", self.status, self.body))
    }

    /// The page's words, without its markup.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut inside = false;
        for c in self.body.chars() {
            match c {
                '<' => inside = true,
                '>' => {
                    inside = false;
                    text.push(' ');
                }
                c if !inside => text.push(c),
                _ => {}
            }
        }
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The value of the first field of that name.
    pub fn field(&self, name: &str) -> String {
        field(&self.body, name)
    }
}

/// The value of the first field of that name in a page.
pub fn field(html: &str, name: &str) -> String {
    let at = html.find(&format!("name=\"{name}\"")).unwrap_or_else(|| panic!("no field {name} in {html}"));
    let start = html[..at].rfind('<').expect("a tag");
    let tag = &html[start..start + html[start..].find('>').expect("its end")];
    let value = tag.split_once("value=\"").unwrap_or_else(|| panic!("no value in {tag}")).1;
    value.split('"').next().expect("its end").to_owned()
}
