//! `socle`: the one binary.

mod cli;

use std::process::ExitCode;

/// Gives memory back after a crowd, where the system's allocator keeps it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // The allocator asks for pages of 2 MB, each whole in memory for its first byte: with many connections that hold
    // little each, that is half of all memory. Where the system refuses, more is used.
    #[cfg(target_os = "linux")]
    let _ = rustix::thread::disable_transparent_huge_pages(true);
    cli::run()
}
