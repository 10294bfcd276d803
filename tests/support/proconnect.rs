//! ProConnect, as a provider of identity that behaves as it does: npm's oidc-provider, run by Node.js
//! (`tests/proconnect/provider.mjs`); and the product, opened with that way in.

use crate::product::{door, url};
use crate::{Client, Page, Product, workspace};
use serde_json::{Value, json};
use server::app::App;
use server::config;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Mutex;

/// What the product is known by there.
const CLIENT: &str = "socle";
const SECRET: &str = "un secret de plus de trente-deux signes";

/// A SIRET that has its key.
pub const SIRET: &str = "73282932000074";

/// How it signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signs {
    Es256,
    Rs256,
}

/// The provider. It ends when it is dropped.
pub struct Provider {
    /// `http://127.0.0.1:…/api/v2`
    pub issuer: String,
    process: Mutex<Child>,
    _said: BufReader<ChildStdout>,
}

/// The product, with that way in, on the database and the clock of another.
pub struct Door {
    pub app: App,
    pub url: String,
    pub provider: Provider,
}

impl Product {
    /// Opens the product a second time, with a provider of its own whose clock is right.
    pub async fn with_proconnect(&self, signs: Signs) -> Door {
        let listener = door().await;
        let url = url(&listener);
        let provider = Provider::start(&url, signs);
        let mut config = self.app.config.clone();
        config.public_url.clone_from(&url);
        config.proconnect = Some(provider.settings());
        let app = self.served_at(listener, config).await;
        let door = Door { app, url, provider };
        door.tell(json!({ "now": self.app.clock.now().as_millisecond() })).await;
        door
    }
}

impl Provider {
    /// Starts one that knows the product at that address.
    ///
    /// # Panics
    /// Where Node.js or oidc-provider is not there.
    pub fn start(product: &str, signs: Signs) -> Self {
        let client = json!({
            "client_id": CLIENT,
            "client_secret": SECRET,
            "redirect_uris": [format!("{product}/connexion/proconnect/retour")],
            "post_logout_redirect_uris": [format!("{product}/deconnexion/proconnect/retour")],
        });
        let own = workspace().join("target/proconnect/node_modules/.bin/node");
        let mut process = Command::new(if own.exists() { own } else { "node".into() })
            .arg(workspace().join("tests/proconnect/provider.mjs"))
            .arg(workspace().join("target/proconnect/node_modules"))
            .arg(client.to_string())
            .arg(if signs == Signs::Es256 { "ES256" } else { "RS256" })
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Node.js runs; `make setup-tests` installs it");
        let mut said = BufReader::new(process.stdout.take().expect("piped"));
        let mut issuer = String::new();
        said.read_line(&mut issuer).expect("a line");
        assert!(issuer.starts_with("http://"), "oidc-provider did not start; `make setup-tests` fetches it");
        Self { issuer: issuer.trim().to_owned(), process: Mutex::new(process), _said: said }
    }

    /// What the product is set with.
    pub fn settings(&self) -> config::ProConnect {
        config::ProConnect {
            issuer: self.issuer.clone(),
            client_id: CLIENT.to_owned(),
            client_secret: SECRET.to_owned(),
        }
    }

    /// It dies at once, and nobody answers at its address.
    pub fn goes(&self) {
        let mut process = self.process.lock().expect("the process");
        process.kill().expect("it runs");
        process.wait().expect("it ends");
    }

    /// A browser that was never there.
    pub fn browser(&self) -> Client {
        Client::new(self.issuer.strip_suffix("/api/v2").expect("where it is"))
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        let mut process = self.process.lock().expect("the process");
        let _ = process.kill();
        let _ = process.wait();
    }
}

impl Door {
    /// Somebody who is not signed in.
    pub fn stranger(&self) -> Client {
        Client::new(&self.url)
    }

    /// Tells the provider how to behave from now on; what it was asked is counted from there.
    pub async fn tell(&self, what: Value) {
        let told = self.provider.browser().post_json("/api/v2/essai", &what).await;
        assert!(told.status.is_success(), "{}", told.body);
    }

    /// How often that address of the provider was asked since it was told something.
    pub async fn asked(&self, path: &str) -> u64 {
        self.provider.browser().get("/api/v2/essai").await.json()[path].as_u64().unwrap_or(0)
    }

    /// The provider has one account, which it calls `lea`, and says that of it beside.
    pub async fn knows_lea(&self, more: Value) {
        let mut said = json!({
            "email": "lea@exemple.example", "given_name": "Léa", "usual_name": "Perrin", "siret": SIRET, "uid": "42",
            "acr": "eidas1", "amr": ["pwd"],
        });
        let own = said.as_object_mut().expect("an object");
        own.extend(more.as_object().expect("an object").clone());
        own.retain(|_, value| !value.is_null());
        self.tell(json!({ "people": { "lea": said } })).await;
    }

    /// Begins a sign-in, which leads on to `back`: where the browser is led.
    pub async fn begin(&self, client: &Client, back: &str) -> String {
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("back", back).finish();
        let page = client.get(&format!("/connexion/proconnect?{query}")).await;
        page.location.clone().unwrap_or_else(|| panic!("it leads nowhere ({}): {}", page.status, page.text()))
    }

    /// Whoever is led there identifies, or gives up where `who` is nobody; gives the path of the product that they are led
    /// back to.
    pub async fn identify(&self, there: &Client, location: &str, who: &str) -> String {
        let mut page = there.get(&self.path(location)).await;
        loop {
            let Some(location) = page.location.clone() else {
                panic!("led nowhere ({}): {}", page.status, page.text())
            };
            if let Some(path) = location.strip_prefix(&self.url) {
                return path.to_owned();
            }
            let path = self.path(&location);
            page = there.get(&path).await;
            if page.status.is_success() && path.contains("/interaction/") {
                page = there.post(&path, &[("who", who)]).await;
            }
        }
    }

    /// A path of the provider.
    fn path(&self, location: &str) -> String {
        location
            .strip_prefix(self.provider.issuer.strip_suffix("/api/v2").expect("where it is"))
            .unwrap_or(location)
            .to_owned()
    }

    /// The whole way there and back: the answer to the path that the browser is led back to.
    pub async fn sign_in(&self, client: &Client, back: &str) -> Page {
        let location = self.begin(client, back).await;
        let path = self.identify(&self.provider.browser(), &location, "lea").await;
        client.get(&path).await
    }
}
