//! `socle`: the one binary.

mod cli;

use std::io::Write as _;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, ExitCode};

/// Gives memory back after a crowd, where the system's allocator keeps it; SQLite's memory is of it too.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// Where the allocator reads how it is to work, once, before `main`.
const ALLOCATION: &str = "MALLOC_CONF";

fn main() -> ExitCode {
    // The program begins again with it, as the same process.
    if std::env::var_os(ALLOCATION).is_none()
        && let Ok(program) = std::env::current_exe()
    {
        let error = Command::new(program).args(std::env::args_os().skip(1)).env(ALLOCATION, allocation()).exec();
        let _ = writeln!(std::io::stderr(), "socle: goes on with more memory ({error})");
    }
    // The allocator asks for pages of 2 MB, each whole in memory for its first byte: with many connections that hold
    // little each, that is half of all memory. Where the system refuses, more is used.
    #[cfg(target_os = "linux")]
    let _ = rustix::thread::disable_transparent_huge_pages(true);
    cli::run()
}

/// A place to allocate from for each processor, for which there is a thread each; what is not used any more goes back to the
/// system at once, since after a crowd nothing would ask for it to be looked at.
fn allocation() -> String {
    let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    format!("narenas:{processors},dirty_decay_ms:0,muzzy_decay_ms:0")
}
