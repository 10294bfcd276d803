//! From a view to a response: the shell, the security headers, the light mode.

use axum::response::{Html, IntoResponse as _, Response};
use domain::identity::{may_administer, may_begin_course, may_follow_somebody};
use frontend::app::{Bundle, Shell, document};
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, COOKIE};
use http::{HeaderMap, HeaderValue, StatusCode, Uri};
use leptos::IntoView;

use crate::access::Viewer;
use crate::app::App;
use crate::config::Mode;
use crate::error::{Error, Result};
use crate::identity::session;

/// The cookie that remembers the light mode, for a year; it says nothing of the person.
pub const LIGHT_COOKIE: &str = "__Host-socle-allege";

/// What surrounds a page: who looks at it, from where, and how.
#[derive(Debug)]
pub struct Surroundings {
    app: App,
    viewer: Option<Viewer>,
    path: String,
    pub light: bool,
}

impl axum::extract::FromRequestParts<App> for Surroundings {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut http::request::Parts, app: &App) -> Result<Self> {
        let viewer = session::viewer(app, &parts.headers).await?;
        Ok(Self { app: app.clone(), viewer, path: path_of(&parts.uri), light: is_light(&parts.headers) })
    }
}

impl Surroundings {
    /// The same once whoever looked at it has signed out; what is chosen on the page leads back to the first one.
    #[must_use]
    pub fn signed_out(self) -> Self {
        Self { viewer: None, path: "/".to_owned(), ..self }
    }

    /// The page, whole.
    pub fn page(self, title: &str, view: impl IntoView + 'static) -> Response {
        render(&self.app, self.viewer.as_ref(), self.path, self.light, Bundle::Pages, title, view)
    }

    /// The page of the live room: it loads that bundle, and may ask for camera, microphone and screen.
    pub fn room_page(self, title: &str, view: impl IntoView + 'static) -> Response {
        self.with_devices(Bundle::Room, title, view)
    }

    /// A page of trials: it loads that bundle, and may ask for the same.
    pub fn trials_page(self, title: &str, view: impl IntoView + 'static) -> Response {
        self.with_devices(Bundle::Trials, title, view)
    }

    fn with_devices(self, bundle: Bundle, title: &str, view: impl IntoView + 'static) -> Response {
        let mut response = self.page_of(bundle, StatusCode::OK, title, view);
        let policy = "camera=(self), microphone=(self), display-capture=(self), geolocation=()";
        response.headers_mut().insert("permissions-policy", HeaderValue::from_static(policy));
        response
    }

    /// A page of the studio, with its bundle and its style.
    pub fn studio_page(self, status: StatusCode, title: &str, view: impl IntoView + 'static) -> Response {
        self.page_of(Bundle::Studio, status, title, view)
    }

    /// The page of a recording, with its bundle and its style.
    pub fn replay_page(self, status: StatusCode, title: &str, view: impl IntoView + 'static) -> Response {
        self.page_of(Bundle::Replay, status, title, view)
    }

    /// The page, with another status than 200.
    pub fn page_as(self, status: StatusCode, title: &str, view: impl IntoView + 'static) -> Response {
        self.page_of(Bundle::Pages, status, title, view)
    }

    fn page_of(self, bundle: Bundle, status: StatusCode, title: &str, view: impl IntoView + 'static) -> Response {
        let mut response = render(&self.app, self.viewer.as_ref(), self.path, self.light, bundle, title, view);
        *response.status_mut() = status;
        response
    }
}

fn path_of(uri: &Uri) -> String {
    uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str).to_owned()
}

fn is_light(headers: &HeaderMap) -> bool {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .any(|pair| pair.trim().strip_prefix(LIGHT_COOKIE).is_some_and(|rest| rest == "=1"))
}

fn render(
    app: &App,
    viewer: Option<&Viewer>,
    path: String,
    light: bool,
    bundle: Bundle,
    title: &str,
    view: impl IntoView + 'static,
) -> Response {
    let nonce = app.dice.uuid().simple().to_string();
    let shell = Shell {
        title: title.to_owned(),
        viewer: viewer.map(|viewer| frontend::app::Viewer {
            name: viewer.name(),
            follows: may_follow_somebody(
                &viewer.grants,
                app.library.current().iter().map(|published| &published.course.slug),
            ),
            writes: viewer.is_author || may_begin_course(&viewer.grants),
            may_administer: may_administer(&viewer.grants),
        }),
        path,
        nonce: nonce.clone(),
        light,
        bundle,
        assets: app.site.assets().clone(),
        demonstration: app.config.mode == Mode::Demonstration,
        accessibility_status: app.config.facts.accessibility_status.clone(),
    };
    let mut response = Html(document(&shell, view)).into_response();
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    // What a room shows over HTTPS is put together in the browser.
    let media = if bundle == Bundle::Room { "'self' blob:" } else { "'self'" };
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data:; media-src {media}; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// The page of a failure. Where not even the session can be read, it is drawn as for a stranger.
pub async fn error(
    app: &App,
    cookies: &HeaderMap,
    status: StatusCode,
    title: &str,
    said: String,
    path: String,
) -> Response {
    let viewer = session::viewer(app, cookies).await.unwrap_or_default();
    let view = frontend::app::ErrorPage { status: status.as_u16(), title: title.to_owned(), said };
    let view = frontend::app::error_page(view);
    let mut response = render(app, viewer.as_ref(), path, is_light(cookies), Bundle::Pages, title, view);
    *response.status_mut() = status;
    response
}
