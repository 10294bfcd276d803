//! The other end of SMTP: a relay that takes mails over a socket (RFC 5321), keeps them, and fails as it is told to.

use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// How it behaves with each mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    Takes,
    /// « Try again later » to the recipient.
    Busy,
    /// « No such user » to the recipient.
    Refuses,
    /// Hangs up once the whole mail came, without a word.
    HangsUp,
}

/// A mail that came.
#[derive(Debug, Clone)]
pub struct Taken {
    pub from: String,
    pub to: String,
    /// Headers and body, lines ended by `\n`.
    pub data: String,
}

/// A relay on a port of its own.
pub struct SmtpRelay {
    pub port: u16,
    mood: Arc<Mutex<Mood>>,
    taken: Arc<Mutex<Vec<Taken>>>,
}

impl SmtpRelay {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let relay = Self { port, mood: Arc::new(Mutex::new(Mood::Takes)), taken: Arc::default() };
        let (mood, taken) = (Arc::clone(&relay.mood), Arc::clone(&relay.taken));
        tokio::spawn(async move {
            while let Ok((line, _)) = listener.accept().await {
                tokio::spawn(converse(line, Arc::clone(&mood), Arc::clone(&taken)));
            }
        });
        relay
    }

    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    pub fn becomes(&self, mood: Mood) {
        *self.mood.lock().expect("alive") = mood;
    }

    /// Every mail that came, in order.
    pub fn taken(&self) -> Vec<Taken> {
        self.taken.lock().expect("alive").clone()
    }
}

impl Taken {
    /// The value of a header, unfolded, its words decoded where they are encoded (RFC 2047, base64 or Q in UTF-8).
    pub fn header(&self, name: &str) -> String {
        let head = self.data.split("\n\n").next().expect("headers").replace("\n ", " ").replace("\n\t", " ");
        let line = head.lines().find(|line| line.to_lowercase().starts_with(&format!("{}:", name.to_lowercase())));
        let value = line.unwrap_or_else(|| panic!("no {name} in {head}")).split_once(':').expect("a value").1.trim();
        decoded_words(value)
    }

    /// The parts' bodies, decoded from quoted-printable, base64 or nothing, each with its `Content-Type`.
    pub fn parts(&self) -> Vec<(String, String)> {
        let mut parts = Vec::new();
        collect(&self.data, &mut parts);
        parts
    }

    pub fn part(&self, kind: &str) -> String {
        let parts = self.parts();
        let found = parts.iter().find(|(of, _)| of.starts_with(kind));
        found.unwrap_or_else(|| panic!("no {kind} among {parts:?}")).1.clone()
    }
}

fn collect(entity: &str, parts: &mut Vec<(String, String)>) {
    let (head, body) = entity.split_once("\n\n").unwrap_or((entity, ""));
    let head = head.replace("\n ", " ").replace("\n\t", " ");
    let header = |name: &str| {
        let line = head.lines().find(|line| line.to_lowercase().starts_with(name));
        line.and_then(|line| line.split_once(':')).map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
    };
    let kind = header("content-type:");
    if let Some(boundary) = kind.split("boundary=\"").nth(1).and_then(|rest| rest.split('"').next()) {
        for part in body.split(&format!("--{boundary}")).skip(1) {
            if !part.starts_with("--") {
                collect(part.trim_start_matches('\n'), parts);
            }
        }
        return;
    }
    let text = match header("content-transfer-encoding:").as_str() {
        "quoted-printable" => quoted_printable(body),
        "base64" => String::from_utf8(base64(&body.replace('\n', ""))).expect("UTF-8"),
        _ => body.to_owned(),
    };
    parts.push((kind, text));
}

fn decoded_words(value: &str) -> String {
    let mut out = String::new();
    let mut rest = value;
    while let Some((before, after)) = rest.split_once("=?utf-8?") {
        if out.is_empty() || !before.trim().is_empty() {
            out.push_str(before);
        }
        let (encoding, after) = after.split_once('?').expect("an encoding");
        let (word, after) = after.split_once("?=").expect("an end");
        match encoding {
            "b" | "B" => out.push_str(&String::from_utf8(base64(word)).expect("UTF-8")),
            _ => out.push_str(&quoted_printable(&word.replace('_', " "))),
        }
        rest = after;
    }
    out + rest
}

fn quoted_printable(text: &str) -> String {
    let bytes = text.replace("=\n", "").into_bytes();
    let mut out = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b'=' {
            let code = std::str::from_utf8(&bytes[at + 1..at + 3]).expect("ASCII");
            out.push(u8::from_str_radix(code, 16).expect("a byte"));
            at += 3;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8(out).expect("UTF-8")
}

fn base64(text: &str) -> Vec<u8> {
    const SIGNS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = Vec::new();
    let (mut bits, mut held) = (0_u32, 0);
    for sign in text.bytes().filter(|sign| *sign != b'=') {
        let value = SIGNS.iter().position(|known| *known == sign).expect("base64");
        bits = bits << 6 | u32::try_from(value).expect("six bits");
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push(u8::try_from(bits >> held & 0xff).expect("a byte"));
        }
    }
    out
}

async fn converse(line: TcpStream, mood: Arc<Mutex<Mood>>, taken: Arc<Mutex<Vec<Taken>>>) {
    let mut line = BufReader::new(line);
    let (mut from, mut to, mut heard) = (String::new(), String::new(), String::new());
    let mut answer = "220 relay.example ESMTP\r\n".to_owned();
    loop {
        if line.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
        heard.clear();
        if line.read_line(&mut heard).await.unwrap_or(0) == 0 {
            return;
        }
        let mood = *mood.lock().expect("alive");
        let word = heard.split_whitespace().next().unwrap_or_default().to_uppercase();
        answer = match word.as_str() {
            "EHLO" => "250-relay.example\r\n250-8BITMIME\r\n250 SIZE 1000000\r\n".to_owned(),
            "HELO" | "NOOP" | "RSET" => "250 ok\r\n".to_owned(),
            "MAIL" => {
                from = address(&heard);
                "250 ok\r\n".to_owned()
            }
            "RCPT" => {
                to = address(&heard);
                match mood {
                    Mood::Busy => "451 4.3.0 mailbox busy, try again later\r\n".to_owned(),
                    Mood::Refuses => "550 5.1.1 no such user here\r\n".to_owned(),
                    Mood::Takes | Mood::HangsUp => "250 ok\r\n".to_owned(),
                }
            }
            "DATA" => {
                if line.write_all(b"354 go on\r\n").await.is_err() {
                    return;
                }
                let Some(data) = read_data(&mut line).await else { return };
                taken.lock().expect("alive").push(Taken { from: from.clone(), to: to.clone(), data });
                if mood == Mood::HangsUp {
                    return;
                }
                "250 taken\r\n".to_owned()
            }
            "QUIT" => {
                let _ = line.write_all(b"221 bye\r\n").await;
                return;
            }
            _ => "502 not known here\r\n".to_owned(),
        };
    }
}

/// Lines until a lone dot, with dots at the start of lines undone (RFC 5321, §4.5.2).
async fn read_data(line: &mut BufReader<TcpStream>) -> Option<String> {
    let mut data = String::new();
    loop {
        let mut heard = String::new();
        if line.read_line(&mut heard).await.ok()? == 0 {
            return None;
        }
        assert!(heard.ends_with("\r\n"), "lines end by CR LF: {heard:?}");
        assert!(heard.len() <= 1000, "a line is too long for SMTP: {heard:?}");
        let text = heard.trim_end_matches("\r\n");
        if text == "." {
            return Some(data);
        }
        data.push_str(text.strip_prefix('.').unwrap_or(text));
        data.push('\n');
    }
}

fn address(heard: &str) -> String {
    heard.split(['<', '>']).nth(1).unwrap_or_default().to_owned()
}
