//! `socle`: the one binary.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
