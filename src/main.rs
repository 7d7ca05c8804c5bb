//! The command `xuewei`.

use std::process::ExitCode;

fn main() -> ExitCode {
    xuewei::cli::main()
}
