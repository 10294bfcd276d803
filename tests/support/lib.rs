//! The product, started for a test on a database of its own, and people who use it over HTTP.

pub mod accounts;
pub mod answerer;
pub mod answers;
pub mod authenticator;
pub mod authority;
pub mod balancer;
pub mod bridge;
pub mod browser;
pub mod bucket;
pub mod certificate;
pub mod classroom;
pub mod client;
pub mod cohorts;
pub mod completing;
pub mod dice;
pub mod direct;
pub mod footage;
pub mod guest;
pub mod held;
pub mod http;
pub mod importing;
pub mod likeness;
pub mod line;
pub mod machine;
pub mod meeting;
pub mod nation;
pub mod nats;
pub mod office;
pub mod peer;
pub mod postgres;
pub mod proconnect;
pub mod product;
pub mod protection;
pub mod proxy;
pub mod receiver;
pub mod relay;
pub mod replays;
pub mod served;
pub mod studio;
pub mod thin_line;
pub mod waiting;
pub mod webinars;

pub use client::{Client, Page};
pub use product::{Database, Product, workspace};

/// Runs one async test on SQLite and on PostgreSQL: `on_both!(sentence, |product| async move { … });`
#[macro_export]
macro_rules! on_both {
    ($name:ident, |$product:ident| $scene:expr) => {
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            async fn scene($product: $crate::Product) {
                $scene.await
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                scene($crate::Product::start($crate::Database::Sqlite).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                scene($crate::Product::start($crate::Database::Postgres).await).await;
            }
        }
    };
}
