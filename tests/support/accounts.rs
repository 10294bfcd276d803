//! People for tests.

use crate::{Client, Product};
use domain::identity::{Grant, Role, Scope};
use domain::ids::{CourseSlug, PersonId};
use server::app::App;
use server::identity::store::{self, NewPerson};
use server::identity::{password, session};

/// A password that the rules accept.
pub const PASSWORD: &str = "trois moineaux sur le fil du guichet";

/// An account, without a password yet.
pub async fn person(app: &App, first_name: &str, role: Role, scope: Scope) -> PersonId {
    let new = NewPerson {
        email: format!("{}@exemple.example", first_name.to_lowercase()).parse().expect("an address"),
        first_name: first_name.to_owned(),
        last_name: "Durand".to_owned(),
        maison: None,
        grants: vec![Grant::new(role, scope).expect("fits")],
        demonstration: false,
    };
    store::create(app, new).await.expect("an account")
}

impl Product {
    /// An account, without a password yet.
    pub async fn person(&self, first_name: &str, role: Role, scope: Scope) -> PersonId {
        person(&self.app, first_name, role, scope).await
    }

    /// Gives a person a password, without the detour of an invitation.
    pub async fn give_password(&self, person: PersonId) {
        let account = store::account(&self.app, person).await.expect("reads").expect("an account");
        let email = account.email.parse().expect("an address");
        let hash = password::hash_new(PASSWORD.into(), &email, [3; 32]).await.expect("an acceptable password");
        store::set_password(&self.app, person, hash).await.expect("stores");
    }

    /// A browser in which that person is signed in.
    pub async fn signed_in(&self, person: PersonId) -> Client {
        let client = self.stranger();
        client.take_cookie("__Host-socle", &session::open(&self.app, person).await.expect("a session").secret);
        client
    }

    /// An agent at their browser.
    pub async fn agent(&self, first_name: &str) -> Client {
        let person = self.person(first_name, Role::Agent, Scope::Own).await;
        self.signed_in(person).await
    }

    /// The trainer of the course, at their browser.
    pub async fn trainer(&self) -> Client {
        let course: CourseSlug = "mediation-numerique".parse().expect("a slug");
        let person = self.person("Marie", Role::Trainer, Scope::Course(course)).await;
        self.signed_in(person).await
    }

    /// An administrator at their browser.
    pub async fn administrator(&self) -> Client {
        let person = self.person("Alex", Role::Administrator, Scope::Nation).await;
        self.signed_in(person).await
    }
}
