//! The line to the authority: answers are bounded in time and in length, and no redirection is followed.

use crate::config;
use anyhow::Context as _;
use axum::body::{Body, Bytes, to_bytes};
use http::{Request, Response};
use instant_acme::{BodyWrapper, BytesResponse, Error, HttpClient};
use reqwest::Certificate;
use reqwest::redirect::Policy;
use std::pin::Pin;
use std::time::Duration;

/// How long one answer may take, and octets of the largest that is read.
const PATIENCE: Duration = Duration::from_secs(30);
const LARGEST: usize = 256 * 1024;

/// The client of the house.
#[derive(Debug, Clone)]
pub(super) struct Line(reqwest::Client);

impl Line {
    /// # Errors
    /// When its root certificate cannot be read.
    pub(super) fn of(settings: &config::Acme) -> anyhow::Result<Self> {
        let mut line = reqwest::Client::builder()
            .https_only(true)
            .redirect(Policy::none())
            .connect_timeout(PATIENCE)
            .timeout(PATIENCE)
            .user_agent("Socle");
        if let Some(root) = &settings.root {
            let named = || format!("SOCLE_ACME_ROOT names {}, which cannot be read as PEM", root.display());
            let roots = Certificate::from_pem_bundle(&std::fs::read(root).with_context(named)?).with_context(named)?;
            anyhow::ensure!(!roots.is_empty(), "SOCLE_ACME_ROOT names {}, which holds no certificate", root.display());
            line = line.tls_certs_merge(roots);
        }
        Ok(Self(line.build()?))
    }
}

impl HttpClient for Line {
    fn request(
        &self,
        request: Request<BodyWrapper<Bytes>>,
    ) -> Pin<Box<dyn Future<Output = Result<BytesResponse, Error>> + Send>> {
        let client = self.0.clone();
        Box::pin(async move {
            let other = |error: axum::Error| Error::Other(Box::new(error));
            let (parts, body) = request.into_parts();
            let body = to_bytes(Body::new(body), LARGEST).await.map_err(other)?;
            let request = Request::from_parts(parts, body);
            let request = reqwest::Request::try_from(request).map_err(|error| Error::Other(Box::new(error)))?;
            let answer = client.execute(request).await.map_err(|error| Error::Other(Box::new(error)))?;
            let (parts, body) = Response::<reqwest::Body>::from(answer).into_parts();
            let body = to_bytes(Body::new(body), LARGEST).await.map_err(other)?;
            Ok(BytesResponse { parts, body: Box::new(body) })
        })
    }
}
