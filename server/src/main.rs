//! `socle`: the one binary.

mod cli;

use std::process::ExitCode;

/// Gives memory back after a crowd, where the system's allocator keeps it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::run()
}
