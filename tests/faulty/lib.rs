//! Faults on order, for a program that is to live through them.
//!
//! Preloaded (`LD_PRELOAD`), it stands between the program and the C library. What it is to do stands in the file that
//! `FAULTY_ORDERS` names, which whoever orders rewrites at any time: 16 bytes, little-endian. The first four say how the
//! disk is (see [`Disk`]), the last eight by how many milliseconds the wall clock is ahead. Only regular files have faults;
//! without that file there are none.

use libc::{
    AT_FDCWD, CLOCK_REALTIME, CLOCK_REALTIME_COARSE, EIO, ENOSPC, EROFS, MAP_FAILED, MAP_SHARED, O_ACCMODE, O_APPEND,
    O_CREAT, O_RDONLY, PROT_READ, RTLD_NEXT, S_IFMT, S_IFREG, SEEK_CUR, SYS_openat, c_char, c_int, c_void, clockid_t,
    iovec, mode_t, off_t, size_t, ssize_t, timespec, timeval, timezone,
};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};

/// How the disk is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Disk {
    /// 0, and whatever is none of the others.
    Well,
    /// 1: no file grows.
    Full,
    /// 2: nothing is written, nothing is opened for writing.
    ReadOnly,
    /// 3: each write takes [`SLOW`].
    Slow,
}

/// Of a slow disk.
const SLOW: timespec = timespec { tv_sec: 0, tv_nsec: 200_000_000 };

#[repr(C)]
struct Orders {
    disk: AtomicU32,
    unused: u32,
    ahead_ms: AtomicI64,
}

static ORDERS: OnceLock<Option<&'static Orders>> = OnceLock::new();

fn orders() -> Option<&'static Orders> {
    *ORDERS.get_or_init(|| {
        // SAFETY: the file stays as long as it is or longer, and is mapped for good. The calls are none of those below.
        unsafe {
            let path = libc::getenv(c"FAULTY_ORDERS".as_ptr());
            if path.is_null() {
                return None;
            }
            let file = libc::syscall(SYS_openat, AT_FDCWD, path, O_RDONLY);
            let file = c_int::try_from(file).ok().filter(|file| *file >= 0)?;
            let map = libc::mmap(std::ptr::null_mut(), size_of::<Orders>(), PROT_READ, MAP_SHARED, file, 0);
            libc::close(file);
            (map != MAP_FAILED).then(|| &*map.cast::<Orders>())
        }
    })
}

fn disk() -> Disk {
    match orders().map_or(0, |orders| orders.disk.load(Ordering::Relaxed)) {
        1 => Disk::Full,
        2 => Disk::ReadOnly,
        3 => Disk::Slow,
        _ => Disk::Well,
    }
}

/// Size of a regular file; none for anything else.
fn size(file: c_int) -> Option<off_t> {
    // SAFETY: `known` is as large as what is written into it.
    unsafe {
        let mut known = std::mem::zeroed::<libc::stat>();
        (libc::fstat(file, &raw mut known) == 0 && known.st_mode & S_IFMT == S_IFREG).then_some(known.st_size)
    }
}

/// Where the next byte goes.
fn place(file: c_int, size: off_t) -> off_t {
    // SAFETY: both only ask.
    unsafe {
        if libc::fcntl(file, libc::F_GETFL) & O_APPEND == O_APPEND { size } else { libc::lseek(file, 0, SEEK_CUR) }
    }
}

/// The error of a write up to that place of a file; it may take its time.
fn written(file: c_int, to: impl FnOnce(off_t) -> off_t) -> Option<c_int> {
    let disk = disk();
    if disk == Disk::Well {
        return None;
    }
    let size = size(file)?;
    match disk {
        Disk::Full => (to(size) > size).then_some(ENOSPC),
        Disk::ReadOnly => Some(EROFS),
        Disk::Slow | Disk::Well => {
            let slow = SLOW;
            // SAFETY: it only waits.
            unsafe { libc::nanosleep(&raw const slow, std::ptr::null_mut()) };
            None
        }
    }
}

/// The error of putting a file on the disk.
fn synced(file: c_int) -> Option<c_int> {
    match disk() {
        Disk::ReadOnly if size(file).is_some() => Some(EIO),
        Disk::Slow => written(file, |size| size),
        _ => None,
    }
}

/// The error of opening a file so, or of changing a folder.
fn opened(flags: c_int) -> Option<c_int> {
    let writes = flags & O_ACCMODE != O_RDONLY || flags & O_CREAT != 0;
    (disk() == Disk::ReadOnly && writes).then_some(EROFS)
}

fn length(parts: *const iovec, many: c_int) -> off_t {
    // SAFETY: the caller hands so many parts over.
    let parts = unsafe { std::slice::from_raw_parts(parts, usize::try_from(many).unwrap_or_default()) };
    parts.iter().map(|part| off(part.iov_len)).sum()
}

fn off(bytes: size_t) -> off_t {
    off_t::try_from(bytes).unwrap_or(off_t::MAX)
}

/// Functions of the C library, each with what may stand in its way.
macro_rules! between {
    ($($(#[$meta:meta])* fn $name:ident($($arg:ident: $kind:ty),*) -> $out:ty { $fault:expr })*) => {$(
        $(#[$meta])*
        /// # Safety
        /// That of the function of the C library of this name.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name($($arg: $kind),*) -> $out {
            static REAL: OnceLock<unsafe extern "C" fn($($kind),*) -> $out> = OnceLock::new();
            let fault: Option<c_int> = $fault;
            // SAFETY: the name is that of a function of this signature, and is handed what it was called with.
            unsafe {
                if let Some(error) = fault {
                    *libc::__errno_location() = error;
                    return -1;
                }
                let real = REAL.get_or_init(|| {
                    let found = libc::dlsym(RTLD_NEXT, concat!(stringify!($name), "\0").as_ptr().cast());
                    std::mem::transmute::<*mut c_void, unsafe extern "C" fn($($kind),*) -> $out>(found)
                });
                real($($arg),*)
            }
        }
    )*};
}

between! {
    fn write(file: c_int, bytes: *const c_void, many: size_t) -> ssize_t {
        written(file, |size| place(file, size).saturating_add(off(many)))
    }
    fn pwrite(file: c_int, bytes: *const c_void, many: size_t, at: off_t) -> ssize_t {
        written(file, |_| at.saturating_add(off(many)))
    }
    fn pwrite64(file: c_int, bytes: *const c_void, many: size_t, at: off_t) -> ssize_t {
        written(file, |_| at.saturating_add(off(many)))
    }
    fn writev(file: c_int, parts: *const iovec, many: c_int) -> ssize_t {
        written(file, |size| place(file, size).saturating_add(length(parts, many)))
    }
    fn pwritev(file: c_int, parts: *const iovec, many: c_int, at: off_t) -> ssize_t {
        written(file, |_| at.saturating_add(length(parts, many)))
    }
    fn pwritev64(file: c_int, parts: *const iovec, many: c_int, at: off_t) -> ssize_t {
        written(file, |_| at.saturating_add(length(parts, many)))
    }
    fn ftruncate(file: c_int, to: off_t) -> c_int { written(file, |_| to) }
    fn ftruncate64(file: c_int, to: off_t) -> c_int { written(file, |_| to) }
    fn fsync(file: c_int) -> c_int { synced(file) }
    fn fdatasync(file: c_int) -> c_int { synced(file) }
    // The mode is there where the flags say so: handed on as it came.
    fn open(path: *const c_char, flags: c_int, mode: mode_t) -> c_int { opened(flags) }
    fn open64(path: *const c_char, flags: c_int, mode: mode_t) -> c_int { opened(flags) }
    fn openat(folder: c_int, path: *const c_char, flags: c_int, mode: mode_t) -> c_int { opened(flags) }
    fn openat64(folder: c_int, path: *const c_char, flags: c_int, mode: mode_t) -> c_int { opened(flags) }
    fn mkdir(path: *const c_char, mode: mode_t) -> c_int { opened(O_CREAT) }
    fn rename(from: *const c_char, to: *const c_char) -> c_int { opened(O_CREAT) }
    fn unlink(path: *const c_char) -> c_int { opened(O_CREAT) }
}

fn ahead() -> i64 {
    orders().map_or(0, |orders| orders.ahead_ms.load(Ordering::Relaxed))
}

/// The clock, ahead or behind.
///
/// # Safety
/// That of the function of the C library of this name.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn clock_gettime(clock: clockid_t, now: *mut timespec) -> c_int {
    // SAFETY: the kernel writes where the caller says; it is read where it was written.
    unsafe {
        // The kernel's own, and no search by name: whoever searches may look at the clock.
        let told = c_int::try_from(libc::syscall(libc::SYS_clock_gettime, clock, now)).unwrap_or(-1);
        if told == 0 && matches!(clock, CLOCK_REALTIME | CLOCK_REALTIME_COARSE) {
            let ahead = ahead();
            let nanoseconds = (*now).tv_nsec + ahead.rem_euclid(1000) * 1_000_000;
            (*now).tv_sec += ahead.div_euclid(1000) + nanoseconds / 1_000_000_000;
            (*now).tv_nsec = nanoseconds % 1_000_000_000;
        }
        told
    }
}

/// The clock, ahead or behind.
///
/// # Safety
/// That of the function of the C library of this name.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gettimeofday(now: *mut timeval, _zone: *mut timezone) -> c_int {
    let mut told = timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `told` is ours; `now` is the caller's, and written only where there is one.
    unsafe {
        if clock_gettime(CLOCK_REALTIME, &raw mut told) != 0 {
            return -1;
        }
        if !now.is_null() {
            (*now).tv_sec = told.tv_sec;
            (*now).tv_usec = told.tv_nsec / 1000;
        }
    }
    0
}
