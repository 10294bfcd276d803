//! Listening, and stopping without losing a request.

use anyhow::{Context as _, bail};
use axum::Router;
use axum::response::{IntoResponse as _, Redirect};
use axum::routing::get;
use axum_server::tls_rustls::RustlsConfig;
use http::uri::PathAndQuery;
use http::{StatusCode, Uri};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use crate::app::App;
use crate::config::{Mode, Tls};
use crate::error::is_for_machines;
use crate::sharing::Sharing;
use crate::{acme, identity, jobs, router, telemetry, tls};

/// Refuses what must not be put on the internet.
///
/// # Errors
/// In production mode, when demonstration accounts could sign in.
pub async fn check_mode(app: &App) -> anyhow::Result<()> {
    if app.config.mode == Mode::Production {
        if app.relay.is_none() {
            tracing::warn!(
                "SOCLE_SMTP_URL is empty: NO MAIL IS SENT. Invitations to webinars, changes and reminders stay in the \
                 outbox, /administration/courriels"
            );
        }
        let count = identity::store::demonstration_accounts(app).await?;
        if count > 0 {
            bail!(
                "{count} demonstration account(s) can sign in here, with a password that is public: start production on \
                 a data folder or database of its own, or suspend each with `socle account suspend EMAIL`"
            );
        }
    }
    Ok(())
}

/// Where the product is listened for.
#[derive(Debug)]
pub struct Door {
    listener: TcpListener,
    /// With which certificate, and the files that it is in, where it is in files; none for plain HTTP.
    tls: Option<(Option<Tls>, RustlsConfig)>,
    /// Where plain HTTP is answered with the address in HTTPS.
    redirect: Option<TcpListener>,
}

impl Door {
    /// `https://127.0.0.1:443`: what is listened on.
    ///
    /// # Errors
    /// When the system does not tell.
    pub fn url(&self) -> std::io::Result<String> {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        Ok(format!("{scheme}://{}", self.listener.local_addr()?))
    }
}

/// Binds the configured addresses, and reads the certificate where there is one.
///
/// # Errors
/// When an address is taken or not ours, or the certificate cannot be used.
pub async fn bind(app: &App) -> anyhow::Result<Door> {
    let config = &app.config;
    let tls = match (&config.tls, &app.acme) {
        (Some(files), _) => Some((Some(files.clone()), RustlsConfig::from_config(Arc::new(tls::read(files)?)))),
        (None, Some(acme)) => Some((None, RustlsConfig::from_config(Arc::new(acme.server()?)))),
        (None, None) => None,
    };
    let redirect = match config.redirect {
        Some(address) => Some(listen("SOCLE_REDIRECT", address).await?),
        None => None,
    };
    Ok(Door { listener: listen("SOCLE_LISTEN", config.listen).await?, tls, redirect })
}

async fn listen(setting: &str, address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!("{address} cannot be listened on: is another Socle running? {setting} chooses another address")
    })
}

/// Serves until told to stop, then answers what was asked before.
///
/// # Errors
/// When listening fails.
pub async fn serve(app: App, door: Door) -> anyhow::Result<()> {
    // A port that is taken is better known now than when the first trainer begins.
    let direct = door.tls.is_some() || app.config.mode == Mode::Demonstration;
    let pages = door.listener.local_addr()?.port();
    let media = app.rooms.start(&app, direct.then_some(pages)).await?.clone();
    jobs::start(&app);
    let rooms = app.rooms.clone();
    let product = router::router(app.clone()).into_make_service_with_connect_info::<SocketAddr>();
    if let Some(listener) = door.redirect {
        let public_url = app.config.public_url.clone();
        let mut elsewhere = Router::new();
        if app.acme.is_some() {
            elsewhere = elsewhere
                .route(acme::PLAIN, get(acme::answer))
                // As long as HTTPS waits for its certificate, it is told here for what.
                .route("/health/live", get(telemetry::live))
                .route("/health/ready", get(telemetry::ready));
        }
        let elsewhere = elsewhere.with_state(app.clone()).fallback(async move |uri: Uri| {
            // A system that asks here has just sent its token in the clear: it is to be told, not led on.
            if is_for_machines(uri.path()) {
                return (StatusCode::FORBIDDEN, "Only over HTTPS.\n").into_response();
            }
            let path = uri.path_and_query().map_or("/", PathAndQuery::as_str);
            Redirect::permanent(&format!("{public_url}{path}")).into_response()
        });
        tokio::spawn(async move { axum::serve(listener, elsewhere).await });
    }
    let handle = axum_server::Handle::new();
    let (told, sharing) = (handle.clone(), Sharing::new(media));
    let stopping = sharing.clone();
    tokio::spawn(async move {
        told_to_stop().await;
        stopping.stop();
        told.graceful_shutdown(None);
    });
    let listener = door.listener.into_std()?;
    match door.tls {
        None => axum_server::from_tcp(listener)?.map(|http| sharing.with(http)).handle(handle).serve(product).await?,
        Some((files, config)) => {
            if let Some(files) = files {
                tokio::spawn(tls::follow(files, config.clone(), tls::LOOKS));
            }
            let server = axum_server::from_tcp_rustls(listener, config)?.map(|https| sharing.with(https));
            server.handle(handle).serve(product).await?;
        }
    }
    rooms.stop().await;
    app.audit.settle().await;
    tracing::info!("Stopped: every request was answered");
    Ok(())
}

async fn told_to_stop() {
    let mut terminate = match signal(SignalKind::terminate()) {
        Ok(terminate) => terminate,
        Err(error) => {
            tracing::error!(%error, "Cannot hear SIGTERM");
            return std::future::pending().await;
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
    tracing::info!("Told to stop: finishing what was asked");
}
