//! A bucket of S3, on a folder: a real server of it, which checks signatures.

use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use s3s_fs::FileSystem;
use std::net::SocketAddr;
use std::path::PathBuf;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};

const NAME: &str = "socle";
const KEY: &str = "AKIDOFTESTS";
const SECRET: &str = "a secret of tests";

/// Stops serving when dropped.
#[derive(Debug)]
pub struct Bucket {
    folder: TempDir,
    pub address: SocketAddr,
    serving: JoinHandle<()>,
}

impl Bucket {
    /// An empty one, served.
    pub async fn open() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join(NAME)).expect("a bucket");
        let files = FileSystem::new(folder.path()).expect("a store");
        let mut service = S3ServiceBuilder::new(files);
        service.set_auth(SimpleAuth::from_single(KEY, SECRET));
        let service = service.build();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("bound");
        let serving = tokio::spawn(async move {
            let mut lines = JoinSet::new();
            while let Ok((line, _)) = listener.accept().await {
                let service = service.clone();
                lines.spawn(async move {
                    // A line that breaks is whoever called's to tell.
                    let _ = Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(line), service).await;
                });
            }
        });
        Self { folder, address, serving }
    }

    /// Settings of a product whose recordings stand there, and that reaches it at that address.
    pub fn settings(at: SocketAddr) -> [(&'static str, String); 6] {
        [
            ("SOCLE_RECORDINGS", format!("s3://{NAME}/enregistrements")),
            ("AWS_ENDPOINT", format!("http://{at}")),
            ("AWS_ALLOW_HTTP", "true".to_owned()),
            ("AWS_REGION", "eu-west-3".to_owned()),
            ("AWS_ACCESS_KEY_ID", KEY.to_owned()),
            ("AWS_SECRET_ACCESS_KEY", SECRET.to_owned()),
        ]
    }

    /// Where that object of recordings is on disk.
    pub fn object(&self, key: &str) -> PathBuf {
        self.folder.path().join(NAME).join("enregistrements").join(key)
    }
}

impl Drop for Bucket {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
