//! A browser's connection, as light as can be: load and server share the same cores.

use crate::importing;
use anyhow::{Context as _, bail};
use std::net::{Ipv4Addr, SocketAddr};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

/// What browsers say they accept.
pub const LIKE_A_BROWSER: &str = "gzip, deflate, br, zstd";

/// One keep-alive HTTP/1.1 connection of somebody signed in.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    /// What every request repeats.
    common: String,
    request: Vec<u8>,
    received: Vec<u8>,
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub location: Option<String>,
    /// As it came, compressed or not.
    pub body: Vec<u8>,
}

impl Connection {
    /// Connects as the holder of that session.
    pub async fn open(address: SocketAddr, session: &str, accept_encoding: &str) -> anyhow::Result<Self> {
        Self::over(TcpStream::connect(address).await?, address, session, accept_encoding)
    }

    /// The same, coming from that address of this machine.
    pub async fn open_from(
        source: Ipv4Addr,
        address: SocketAddr,
        session: &str,
        accept_encoding: &str,
    ) -> anyhow::Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.bind((source, 0).into())?;
        Self::over(socket.connect(address).await?, address, session, accept_encoding)
    }

    fn over(stream: TcpStream, address: SocketAddr, session: &str, accept_encoding: &str) -> anyhow::Result<Self> {
        stream.set_nodelay(true)?;
        let common = format!(
            "Host: {address}\r\nCookie: __Host-socle={session}\r\nSec-Fetch-Site: same-origin\r\nAccept-Encoding: {accept_encoding}\r\n"
        );
        Ok(Self { stream, common, request: Vec::new(), received: Vec::new() })
    }

    /// The same, as a system that shows that token.
    #[must_use]
    pub fn with_token(mut self, token: &str) -> Self {
        self.common = format!("{}Authorization: Bearer {token}\r\n", self.common);
        self
    }

    /// The same, saying that header with every request.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.common = format!("{}{name}: {value}\r\n", self.common);
        self
    }

    pub async fn get(&mut self, path: &str) -> anyhow::Result<Reply> {
        self.ask("GET", path, "Accept: text/html\r\n", "").await
    }

    pub async fn post_form(&mut self, path: &str, body: &str) -> anyhow::Result<Reply> {
        self.ask("POST", path, "Content-Type: application/x-www-form-urlencoded\r\n", body).await
    }

    pub async fn post_json(&mut self, path: &str, body: &str) -> anyhow::Result<Reply> {
        self.ask("POST", path, "Accept: application/json\r\nContent-Type: application/json\r\n", body).await
    }

    /// Sends a file to be imported, of that kind.
    pub async fn post_import(&mut self, import: &str, kind: &str, file: &str) -> anyhow::Result<Reply> {
        let body = String::from_utf8(importing::form(import, (kind, ""), file.as_bytes()))?;
        let headers = format!("Content-Type: {}\r\n", importing::FORM);
        self.ask("POST", "/administration/importations", &headers, &body).await
    }

    async fn ask(&mut self, method: &str, path: &str, headers: &str, body: &str) -> anyhow::Result<Reply> {
        self.request.clear();
        let length = body.len().to_string();
        for part in
            [method, " ", path, " HTTP/1.1\r\n", &self.common, headers, "Content-Length: ", &length, "\r\n\r\n", body]
        {
            self.request.extend_from_slice(part.as_bytes());
        }
        self.stream.write_all(&self.request).await?;
        self.reply().await
    }

    async fn reply(&mut self) -> anyhow::Result<Reply> {
        self.received.clear();
        let head_end = loop {
            self.more().await?;
            if let Some(end) = find(&self.received, b"\r\n\r\n") {
                break end + 4;
            }
        };
        let head = std::str::from_utf8(&self.received[..head_end])?;
        let status = head.get(9..12).and_then(|digits| digits.parse().ok()).context("no status line")?;
        let location = header(head, "location").map(ToOwned::to_owned);
        let length = header(head, "content-length").map(str::parse::<usize>).transpose()?;
        let is_chunked = header(head, "transfer-encoding").is_some();
        let body = match length {
            _ if is_chunked => self.chunks(head_end).await?,
            Some(length) => {
                while self.received.len() < head_end + length {
                    self.more().await?;
                }
                self.received[head_end..head_end + length].to_vec()
            }
            None => Vec::new(),
        };
        Ok(Reply { status, location, body })
    }

    async fn chunks(&mut self, mut at: usize) -> anyhow::Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let line_end = loop {
                match find(&self.received[at..], b"\r\n") {
                    Some(end) => break at + end,
                    None => self.more().await?,
                }
            };
            let size = usize::from_str_radix(std::str::from_utf8(&self.received[at..line_end])?, 16)?;
            let (start, end) = (line_end + 2, line_end + 2 + size);
            while self.received.len() < end + 2 {
                self.more().await?;
            }
            body.extend_from_slice(&self.received[start..end]);
            at = end + 2;
            if size == 0 {
                return Ok(body);
            }
        }
    }

    async fn more(&mut self) -> anyhow::Result<()> {
        if self.stream.read_buf(&mut self.received).await? == 0 {
            bail!("the connection was closed");
        }
        Ok(())
    }
}

fn header<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    head.lines().find_map(|line| {
        let (known, value) = line.split_once(':')?;
        known.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}
