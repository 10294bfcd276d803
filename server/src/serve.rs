//! Listening, and stopping without losing a request.

use anyhow::{Context as _, bail};
use std::net::SocketAddr;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use crate::app::App;
use crate::config::Mode;
use crate::{identity, jobs, router};

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

/// Binds the configured address.
///
/// # Errors
/// When the address is taken or not ours.
pub async fn bind(app: &App) -> anyhow::Result<TcpListener> {
    let address = app.config.listen;
    TcpListener::bind(address).await.with_context(|| {
        format!("{address} cannot be listened on: is another Socle running? SOCLE_LISTEN chooses another address")
    })
}

/// Serves until told to stop, then answers what was asked before.
///
/// # Errors
/// When listening fails.
pub async fn serve(app: App, listener: TcpListener) -> anyhow::Result<()> {
    // A port that is taken is better known now than when the first trainer begins.
    app.rooms.media(&app).await?;
    jobs::start(&app);
    let rooms = app.rooms.clone();
    let product = router::router(app.clone()).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, product).with_graceful_shutdown(told_to_stop()).await?;
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
