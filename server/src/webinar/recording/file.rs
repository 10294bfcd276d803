//! The file that a recording is written to: begun or taken up again, added to, completed.

use domain::webinar::recording::read::{self, PEEK, Step};
use domain::webinar::recording::survey::Survey;
use domain::webinar::recording::{Block, HEAD_ROOM, Head, Layout, Muxer, Track};
use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use tokio::sync::mpsc;

/// A cluster is no longer.
pub(super) const CLUSTER: u64 = 64 << 20;
/// The name of the copy that a file is completed in beside it, while it is made.
const MADE: &str = "making";

/// What is asked of who writes.
#[derive(Debug)]
pub enum Write {
    /// Adds a whole cluster.
    Cluster(Vec<u8>),
    /// Puts on disk what was added.
    Sync,
}

/// What a completed file comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Completed {
    /// Milliseconds.
    pub length: u64,
    pub bytes: u64,
    pub has_camera: bool,
}

/// Adds to the file whatever comes, until nobody can send any more. A file that is there goes on after its last whole
/// cluster. Blocks: for a thread of its own.
///
/// # Errors
/// When the disk is full, or fails. What is whole in the file stays.
pub fn write(path: &Path, began: i64, mut coming: mpsc::Receiver<Write>) -> io::Result<()> {
    let mut file = open(path, began)?;
    let mut dirty = false;
    while let Some(write) = coming.blocking_recv() {
        match write {
            Write::Cluster(bytes) => {
                file.write_all(&bytes)?;
                dirty = true;
            }
            Write::Sync if dirty => {
                file.sync_data()?;
                dirty = false;
            }
            Write::Sync => {}
        }
    }
    file.sync_all()
}

fn open(path: &Path, began: i64) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
    if let Some((_, _, end)) = look(&file, Track::Stage)? {
        file.set_len(end)?;
        return Ok(file);
    }
    if file.metadata()?.len() > 0 {
        file.set_len(0)?;
    }
    file.write_all(&Head { tracks: &Track::ALL, began, size: None, completed: true }.write())?;
    file.sync_all()?;
    if let Some(folder) = path.parent() {
        File::open(folder)?.sync_all()?;
    }
    Ok(file)
}

/// Completes a recording in place: takes away what its last moment left half written, fills in its head. Nothing where
/// nothing was recorded. Said twice, it changes nothing.
///
/// # Errors
/// When the disk fails.
pub fn complete(path: &Path, leads: Track) -> io::Result<Option<Completed>> {
    let file = match OpenOptions::new().read(true).write(true).open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        file => file?,
    };
    let Some((layout, survey, end)) = look(&file, leads)? else { return Ok(None) };
    if survey.is_empty() {
        return Ok(None);
    }
    file.set_len(end)?;
    for (at, bytes) in survey.complete(&layout, end) {
        file.write_all_at(&bytes, at)?;
    }
    file.sync_all()?;
    Ok(Some(Completed { length: survey.length(), bytes: end, has_camera: survey.has(Track::Camera) }))
}

/// Makes, of a completed recording, the file of its camera alone: the same frames at the same times.
///
/// # Errors
/// When the disk is full, or fails.
pub fn camera(from: &Path, to: &Path, began: i64) -> io::Result<Option<Completed>> {
    let source = File::open(from)?;
    let made = to.with_extension(MADE);
    let mut out = io::BufWriter::new(File::create(&made)?);
    out.write_all(&Head { tracks: &[Track::Camera], began, size: None, completed: true }.write())?;
    let mut muxer = Muxer::new(Track::Camera, 0);
    let number = u64::from(Track::Camera.number());
    let walked = walk(&source, |_, bytes| {
        for told in read::cluster(bytes).unwrap_or_default().into_iter().filter(|told| told.track == number) {
            let (time, keyframe, data) = (told.time, told.keyframe, told.data.to_vec());
            muxer.push(Block { track: Track::Camera, time, keyframe, data });
            for chunk in muxer.advance(time) {
                out.write_all(&chunk.bytes)?;
            }
        }
        Ok(())
    });
    walked?;
    for chunk in muxer.finish() {
        out.write_all(&chunk.bytes)?;
    }
    out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
    let completed = complete(&made, Track::Camera)?;
    std::fs::rename(&made, to)?;
    Ok(completed)
}

/// What is whole in a file, and where that ends. Nothing where it has no head.
fn look(file: &File, leads: Track) -> io::Result<Option<(Layout, Survey, u64)>> {
    let mut head = vec![0; HEAD_ROOM];
    let length = fill(file, &mut head, 0)?;
    let Some(layout) = Layout::read(head.get(..length).unwrap_or_default()) else { return Ok(None) };
    let (mut survey, mut end) = (Survey::default(), layout.end as u64);
    walk_from(file, end, |place, bytes| {
        let Some(blocks) = read::cluster(bytes) else { return Ok(false) };
        survey.take(place, &blocks, leads);
        end = place + bytes.len() as u64;
        Ok(true)
    })?;
    Ok(Some((layout, survey, end)))
}

fn walk(file: &File, mut each: impl FnMut(u64, &[u8]) -> io::Result<()>) -> io::Result<()> {
    let mut head = vec![0; HEAD_ROOM];
    let length = fill(file, &mut head, 0)?;
    let layout = Layout::read(head.get(..length).unwrap_or_default());
    let layout = layout.ok_or_else(|| io::Error::new(ErrorKind::InvalidData, "the recording has no head"))?;
    walk_from(file, layout.end as u64, |place, bytes| each(place, bytes).map(|()| true))
}

/// Shows each whole cluster from there on, with its place, as long as `each` wants more.
fn walk_from(file: &File, from: u64, mut each: impl FnMut(u64, &[u8]) -> io::Result<bool>) -> io::Result<()> {
    let mut place = from;
    let mut bytes = Vec::new();
    loop {
        let mut peek = [0; PEEK];
        let length = fill(file, &mut peek, place)?;
        let size = match Step::read(peek.get(..length).unwrap_or_default()) {
            Step::Cluster(size) if size <= CLUSTER => size,
            Step::Other(size) => {
                place += size;
                continue;
            }
            Step::Cluster(_) | Step::End => return Ok(()),
        };
        bytes.resize(usize::try_from(size).unwrap_or_default(), 0);
        if fill(file, &mut bytes, place)? < bytes.len() || !each(place, &bytes)? {
            return Ok(());
        }
        place += size;
    }
}

/// Reads what there is from there on; gives how much that is.
fn fill(file: &File, into: &mut [u8], from: u64) -> io::Result<usize> {
    let mut length = 0;
    while let Some(rest) = into.get_mut(length..).filter(|rest| !rest.is_empty()) {
        match file.read_at(rest, from + length as u64) {
            Ok(0) => break,
            Ok(more) => length += more,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(length)
}
