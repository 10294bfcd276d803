//! One PostgreSQL server for the whole test process, one database a product.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

struct Server {
    port: u16,
    // The server stops when this process's end of its standard input closes, however this process ends.
    _shell: Child,
}

static SERVER: OnceLock<Server> = OnceLock::new();
static DATABASES: AtomicU32 = AtomicU32::new(1);

/// Makes an empty database and returns its URL.
pub fn new_database() -> String {
    let port = SERVER.get_or_init(start).port;
    let name = format!("socle_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
    let made = Command::new("psql")
        .args(["-h", "127.0.0.1", "-p", &port.to_string(), "-U", "postgres", "-qc", &format!("CREATE DATABASE {name}")])
        .status()
        .expect("psql runs");
    assert!(made.success(), "the database {name} could not be made");
    format!("postgres://postgres@127.0.0.1:{port}/{name}")
}

fn start() -> Server {
    let port = TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a free port").port();
    // PostgreSQL refuses to run as root: it then runs as the user that its package made.
    let script = format!(
        r#"set -e
        bin={}
        dir=$(mktemp -d)
        "$bin/initdb" -D "$dir/data" -A trust -U postgres --no-sync >"$dir/initdb.log" 2>&1
        "$bin/postgres" -D "$dir/data" -p {port} -k "$dir" -c listen_addresses=127.0.0.1 -c max_connections=400 >"$dir/log" 2>&1 </dev/null &
        server=$!
        until "$bin/pg_isready" -q -h 127.0.0.1 -p {port}; do sleep 0.05; kill -0 $server; done
        echo ready
        read -r _ || true
        kill -INT $server
        wait $server || true
        rm -rf "$dir""#,
        binaries().display()
    );
    let is_root =
        std::fs::metadata("/proc/self").map(|me| std::os::unix::fs::MetadataExt::uid(&me) == 0).unwrap_or(false);
    let mut command = if is_root {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--", "sh", "-c", &script]);
        command
    } else {
        let mut command = Command::new("sh");
        command.args(["-c", &script]);
        command
    };
    let mut child = command.current_dir("/").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("a shell");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("a line");
    assert_eq!(line.trim(), "ready", "PostgreSQL did not start");
    Server { port, _shell: child }
}

/// Debian keeps each version's programs in a folder of its own.
fn binaries() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = versions.map(|entry| entry.path().join("bin")).filter(|bin| bin.join("initdb").exists()).max();
    newest.unwrap_or_else(|| "/usr/bin".into())
}
