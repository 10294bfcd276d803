//! Another system, which shows a token.

use crate::{Client, Page, Product};
use domain::identity::{TokenForm, read_token};
use domain::ids::TokenId;
use reqwest::Method;
use reqwest::header::AUTHORIZATION;
use server::app::App;
use server::token::store;

/// A token, whole and in its two parts.
#[derive(Debug, Clone)]
pub struct Token {
    pub whole: String,
    pub user: String,
    pub password: String,
}

impl Token {
    /// As most systems show it.
    pub fn bearer(&self) -> String {
        format!("Bearer {}", self.whole)
    }

    /// As xAPI's clients show it.
    pub fn basic(&self) -> String {
        use base64::Engine as _;
        let pair = format!("{}:{}", self.user, self.password);
        format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(pair))
    }
}

/// A token for these scopes, good for a month.
pub async fn token(app: &App, scopes: &[&str]) -> Token {
    let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
    let form = TokenForm { name: "Un système".into(), scopes, days: "30".into() };
    let id = TokenId(app.dice.uuid());
    let new = read_token(&form, app.clock.now()).expect("a token");
    let secret = store::create(app, None, id, new).await.expect("stores").expect("made now");
    Token { whole: store::whole(id, &secret), user: id.0.simple().to_string(), password: secret }
}

impl Product {
    /// A token for these scopes, good for a month.
    pub async fn token(&self, scopes: &[&str]) -> Token {
        token(&self.app, scopes).await
    }

    /// What a system with that token reads there.
    pub async fn read_by(&self, token: &Token, path: &str) -> Page {
        let stranger: Client = self.stranger();
        stranger.send(stranger.bare_request(Method::GET, path).header(AUTHORIZATION, token.bearer())).await
    }
}
