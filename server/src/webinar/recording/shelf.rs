//! Where recordings stand once they are whole: a folder, or a bucket of S3.

use anyhow::{Context as _, Result};
use axum::body::Bytes;
use domain::ids::WebinarId;
use futures_util::stream::BoxStream;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use object_store::{
    Error, GetOptions, GetRange, ObjectStore, ObjectStoreExt as _, WriteMultipart, prefix::PrefixStore,
};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::io::AsyncReadExt as _;

/// Parts of a file that are on their way to a bucket at once, and how much is read at a time.
const AT_ONCE: usize = 4;
const READ: usize = 1 << 20;

/// The files of a webinar's recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Film {
    /// The stage, with its sound.
    Stage,
    /// The camera beside the screen.
    Camera,
}

impl Film {
    pub const ALL: [Self; 2] = [Self::Stage, Self::Camera];

    fn name(self) -> &'static str {
        match self {
            Self::Stage => "stage.webm",
            Self::Camera => "camera.webm",
        }
    }
}

/// Where they stand, and where they are written until then.
#[derive(Debug, Clone)]
pub struct Shelf {
    store: Arc<dyn ObjectStore>,
    /// The folder of a shelf that is one: what is written there needs but another name.
    folder: Option<PathBuf>,
    parts: PathBuf,
}

impl Shelf {
    /// The one that the setting names: nothing for a folder of the data folder, `s3://bucket/prefix`, or another folder.
    ///
    /// # Errors
    /// Where the folder cannot be made, or the bucket is not fully named.
    pub fn open(setting: &str, data: &Path) -> Result<Self> {
        // Once a process, for whatever speaks TLS without saying how, as the client of S3 does.
        let _ = tokio_rustls::rustls::crypto::ring::default_provider().install_default();
        let parts = data.join("recordings").join("parts");
        if let Some(place) = setting.strip_prefix("s3://") {
            let store = AmazonS3Builder::from_env().with_url(setting).build().context(
                "SOCLE_RECORDINGS names a bucket that cannot be reached: AWS_REGION, AWS_ACCESS_KEY_ID and \
                 AWS_SECRET_ACCESS_KEY are needed, and AWS_ENDPOINT where it is not Amazon's",
            )?;
            let prefix = place.split_once('/').map_or("", |(_, prefix)| prefix);
            return Ok(Self { store: Arc::new(PrefixStore::new(store, Key::from(prefix))), folder: None, parts });
        }
        let folder = if setting.is_empty() { data.join("recordings") } else { PathBuf::from(setting) };
        let named = || format!("SOCLE_RECORDINGS: the folder {} cannot be used", folder.display());
        std::fs::create_dir_all(&folder).with_context(named)?;
        let store = LocalFileSystem::new_with_prefix(&folder).with_context(named)?;
        let parts = if setting.is_empty() { parts } else { folder.join("parts") };
        Ok(Self { store: Arc::new(store), folder: Some(folder), parts })
    }

    /// Where a file is written until it is whole.
    pub fn part(&self, webinar: WebinarId, film: Film) -> PathBuf {
        self.parts.join(format!("{webinar}.{}", film.name()))
    }

    /// Puts a whole file in its place, and takes it away from where it was written.
    ///
    /// # Errors
    /// Where there is no room, or the bucket cannot be reached: then it is still where it was written.
    pub async fn put(&self, webinar: WebinarId, film: Film) -> Result<()> {
        let written = self.part(webinar, film);
        // Put there before, by a server that stopped before it said so.
        if !tokio::fs::try_exists(&written).await? && self.size(webinar, film).await?.is_some() {
            return Ok(());
        }
        if let Some(folder) = &self.folder {
            let folder = folder.join(webinar.to_string());
            tokio::fs::create_dir_all(&folder).await?;
            tokio::fs::rename(&written, folder.join(film.name())).await?;
            // The new name, too, is to outlast a power cut.
            tokio::fs::File::open(&folder).await?.sync_all().await?;
            return Ok(());
        }
        let mut source = tokio::fs::File::open(&written).await?;
        let mut upload = WriteMultipart::new(self.store.put_multipart(&key(webinar, film)).await?);
        let mut bytes = vec![0; READ];
        loop {
            let length = source.read(&mut bytes).await?;
            if length == 0 {
                break;
            }
            upload.wait_for_capacity(AT_ONCE).await?;
            upload.write(bytes.get(..length).unwrap_or_default());
        }
        upload.finish().await?;
        tokio::fs::remove_file(&written).await?;
        Ok(())
    }

    /// How long a file is; nothing where it is not there.
    ///
    /// # Errors
    /// Where the shelf cannot be reached.
    pub async fn size(&self, webinar: WebinarId, film: Film) -> Result<Option<u64>> {
        match self.store.head(&key(webinar, film)).await {
            Ok(meta) => Ok(Some(meta.size)),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// A part of a file, as it comes.
    ///
    /// # Errors
    /// Where it is not there, or the shelf cannot be reached.
    pub async fn read(
        &self,
        webinar: WebinarId,
        film: Film,
        range: Range<u64>,
    ) -> Result<BoxStream<'static, object_store::Result<Bytes>>> {
        let options = GetOptions { range: Some(GetRange::Bounded(range)), ..GetOptions::default() };
        Ok(self.store.get_opts(&key(webinar, film), options).await?.into_stream())
    }

    /// A part of a file, whole: what there is of it, where the file is shorter.
    ///
    /// # Errors
    /// Where it is not there, begins past the file's end, or the shelf cannot be reached.
    pub async fn part_of(&self, webinar: WebinarId, film: Film, range: Range<u64>) -> Result<Bytes> {
        Ok(self.store.get_range(&key(webinar, film), range).await?)
    }

    /// Takes away all that there is of a webinar, written whole or not. Said twice, it changes nothing.
    ///
    /// # Errors
    /// Where the shelf cannot be reached.
    pub async fn remove(&self, webinar: WebinarId) -> Result<()> {
        for film in Film::ALL {
            match self.store.delete(&key(webinar, film)).await {
                Ok(()) | Err(Error::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
            match tokio::fs::remove_file(self.part(webinar, film)).await {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
                _ => {}
            }
        }
        Ok(())
    }
}

fn key(webinar: WebinarId, film: Film) -> Key {
    Key::from_iter([webinar.to_string().as_str(), film.name()])
}
