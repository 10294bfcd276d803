//! Messages in several parts (Communication 1.5.2): statements first, then what is attached to them.

use crate::error::{Error, Result};
use axum::body::Bytes;
use domain::xapi::{Part, Problem};
use http::header::CONTENT_TYPE;
use multer::Multipart;
use std::convert::Infallible;

/// The header that says what a part is: the SHA-2 of its content.
const HASH: &str = "x-experience-api-hash";
const ENCODING: &str = "content-transfer-encoding";

/// The boundary of a `multipart/mixed`; none for any other type.
#[must_use]
pub fn boundary(content_type: &str) -> Option<Result<String>> {
    let (kind, parameters) = content_type.split_once(';').unwrap_or((content_type, ""));
    if !kind.trim().eq_ignore_ascii_case("multipart/mixed") {
        return None;
    }
    let boundary = parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("boundary").then(|| value.trim().trim_matches('"').to_owned())
    });
    let good = boundary.filter(|boundary| (1..=70).contains(&boundary.len()));
    Some(good.ok_or_else(|| wrong("Content-Type", "le paramètre boundary est attendu (RFC 2046 §5.1.1).")))
}

fn wrong(place: &str, remedy: &str) -> Error {
    Error::BadRequest(Problem::new(remedy).within(place).to_string())
}

/// The first part, which is JSON, and the others.
///
/// # Errors
/// [`Error::BadRequest`] where it is no such message.
pub async fn read(boundary: &str, content: Bytes) -> Result<(Bytes, Vec<Part>)> {
    let malformed = |_| wrong("contenu", "ce n’est pas un message multipart/mixed bien formé (RFC 2046).");
    let stream = futures_util::stream::once(async move { Ok::<_, Infallible>(content) });
    let mut message = Multipart::new(stream, boundary);
    let (mut first, mut parts) = (None, Vec::new());
    while let Some(field) = message.next_field().await.map_err(malformed)? {
        let header = |name: &str| field.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let kind = header(CONTENT_TYPE.as_str());
        if first.is_none() {
            let json = kind.as_deref().and_then(|kind| kind.split(';').next());
            if !json.is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json")) {
                return Err(wrong(
                    "première partie",
                    "son Content-Type est application/json\u{a0}: ce sont les déclarations.",
                ));
            }
            first = Some(field.bytes().await.map_err(malformed)?);
            continue;
        }
        let place = format!("pièce jointe n°\u{a0}{}", parts.len() + 1);
        let binary = header(ENCODING).is_some_and(|encoding| encoding.trim().eq_ignore_ascii_case("binary"));
        if !binary {
            return Err(wrong(&place, "son en-tête Content-Transfer-Encoding est binary."));
        }
        let hash = header(HASH).ok_or_else(|| wrong(&place, "son en-tête X-Experience-API-Hash est obligatoire."))?;
        let content = field.bytes().await.map_err(malformed)?.to_vec();
        parts.push(Part { hash: hash.trim().to_owned(), content_type: kind, content });
    }
    let first = first.ok_or_else(|| wrong("contenu", "une première partie est attendue\u{a0}: les déclarations."))?;
    Ok((first, parts))
}

/// Writes a message: statements, and what is attached to them.
#[must_use]
pub fn write(boundary: &str, statements: &str, parts: &[Part]) -> Vec<u8> {
    let mut message = format!("--{boundary}\r\nContent-Type: application/json\r\n\r\n{statements}\r\n").into_bytes();
    for part in parts {
        let kind = part.content_type.as_deref().unwrap_or("application/octet-stream");
        let head = format!(
            "--{boundary}\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: binary\r\nX-Experience-API-Hash: {}\r\n\r\n",
            part.hash
        );
        message.extend_from_slice(head.as_bytes());
        message.extend_from_slice(&part.content);
        message.extend_from_slice(b"\r\n");
    }
    message.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    message
}
