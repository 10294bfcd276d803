//! What is kept in the data folder, for the owner of the process alone: the key of the account, and the certificate with its
//! key. Another authority, or another name, has files of its own.

use sha2::{Digest as _, Sha256};
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

/// In the data folder.
const FOLDER: &str = "acme";

/// More than what is written.
const ROOM: usize = 64 * 1024;

#[derive(Debug, Clone)]
pub(super) struct Kept {
    folder: PathBuf,
    account: String,
    certificate: String,
}

impl Kept {
    pub(super) fn of(data: &Path, directory: &str, name: &str) -> Self {
        let digest = Sha256::digest(directory);
        let authority = hex::encode(digest.get(..4).unwrap_or_default());
        Self {
            folder: data.join(FOLDER),
            account: format!("{authority}-account.json"),
            certificate: format!("{authority}-{name}.pem"),
        }
    }

    /// What takes a disk's time is done beside.
    pub(super) async fn beside<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> io::Result<T> + Send + 'static,
    ) -> io::Result<T> {
        let kept = self.clone();
        tokio::task::spawn_blocking(move || work(&kept)).await.map_err(io::Error::other)?
    }

    pub(super) fn account(&self) -> io::Result<Option<Vec<u8>>> {
        self.read(&self.account)
    }

    pub(super) fn keep_account(&self, account: &[u8]) -> io::Result<()> {
        self.write(&self.account, account)
    }

    /// The authority does not know it.
    pub(super) fn forget_account(&self) -> io::Result<()> {
        std::fs::remove_file(self.folder.join(&self.account))
    }

    /// The certificate, those that lead to its authority, and its key, in PEM.
    pub(super) fn certificate(&self) -> io::Result<Option<Vec<u8>>> {
        self.read(&self.certificate)
    }

    pub(super) fn keep_certificate(&self, pem: &[u8]) -> io::Result<()> {
        self.write(&self.certificate, pem)
    }

    /// Makes sure that what comes can be kept: authorities count what they give.
    pub(super) fn check(&self) -> io::Result<()> {
        self.write("room", &vec![b'-'; ROOM])?;
        std::fs::remove_file(self.folder.join("room"))
    }

    fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        match std::fs::read(self.folder.join(name)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Whole and on disk, or not at all.
    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(&self.folder)?;
        let (path, made) = (self.folder.join(name), self.folder.join(format!(".{name}.made")));
        // One that a killed process left may be of another mode, or not ours to write.
        let _ = std::fs::remove_file(&made);
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&made)?;
        let written = file.write_all(bytes).and_then(|()| file.sync_all()).and_then(|()| std::fs::rename(&made, path));
        if written.is_err() {
            let _ = std::fs::remove_file(&made);
        }
        written?;
        File::open(&self.folder)?.sync_all()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn what_is_kept_is_for_its_owner_alone_and_of_one_authority_and_name() {
        let data = std::env::temp_dir().join(format!("socle-acme-{}", std::process::id()));
        let kept = Kept::of(&data, "https://ca.example/dir", "socle.example");
        assert!(kept.certificate().unwrap().is_none() && kept.account().unwrap().is_none());
        kept.check().unwrap();
        for text in ["first", "second"] {
            kept.keep_certificate(text.as_bytes()).unwrap();
            assert_eq!(kept.certificate().unwrap().as_deref(), Some(text.as_bytes()));
        }
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&kept.folder), 0o700);
        let files: Vec<PathBuf> = kept.folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
        assert_eq!(files.iter().map(|path| mode(path)).collect::<Vec<_>>(), [0o600], "{files:?}");
        for (directory, name) in
            [("https://ca.example/dir", "autre.example"), ("https://autre.example", "socle.example")]
        {
            assert!(Kept::of(&data, directory, name).certificate().unwrap().is_none());
        }
        std::fs::remove_dir_all(&data).unwrap();
    }
}
