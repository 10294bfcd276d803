//! `socle`: the one binary.

mod cli;

use std::io::Write as _;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, ExitCode};

/// Gives memory back after a crowd, where the system's allocator keeps it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How long the allocator keeps memory that is not used any more, in milliseconds: it looks only while it is asked for
/// more, so that after a crowd it would keep all of it.
const PURGE: (&str, &str) = ("MIMALLOC_PURGE_DELAY", "0");

fn main() -> ExitCode {
    // The allocator reads this once, before `main`: the program begins again with it, as the same process.
    if std::env::var_os(PURGE.0).is_none()
        && let Ok(program) = std::env::current_exe()
    {
        let error = Command::new(program).args(std::env::args_os().skip(1)).env(PURGE.0, PURGE.1).exec();
        let _ = writeln!(std::io::stderr(), "socle: goes on with more memory ({error})");
    }
    // The allocator asks for pages of 2 MB, each whole in memory for its first byte: with many connections that hold
    // little each, that is half of all memory. Where the system refuses, more is used.
    #[cfg(target_os = "linux")]
    let _ = rustix::thread::disable_transparent_huge_pages(true);
    cli::run()
}
