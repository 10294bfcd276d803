//! One PostgreSQL server for the whole test process, one database a product, dropped with it; and servers of their own, to be
//! killed.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::MetadataExt as _;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock};

/// A PostgreSQL server, started again whenever it stops.
#[derive(Debug)]
pub struct Cluster {
    port: u16,
    /// Where its data are, and what holds it back.
    folder: PathBuf,
    // The server stops when this process's end of its standard input closes, however this process ends.
    _shell: Child,
}

/// A database on the server that is shared, empty at first. It goes when this does: hundreds of scenes, fifteen megabytes
/// each, would fill a disk.
#[derive(Debug)]
pub struct Borrowed {
    /// Its address.
    pub url: String,
}

static SHARED: OnceLock<Cluster> = OnceLock::new();
static DATABASES: AtomicU32 = AtomicU32::new(1);
/// Who drops them, one after the other, while scenes go on.
static DROPPING: OnceLock<Mutex<ChildStdin>> = OnceLock::new();

impl Borrowed {
    /// Makes one.
    pub fn make() -> Self {
        Self { url: SHARED.get_or_init(|| Cluster::start(&[])).new_database() }
    }
}

impl Drop for Borrowed {
    fn drop(&mut self) {
        let Some((server, name)) = self.url.rsplit_once('/') else { return };
        let dropping = DROPPING.get_or_init(|| {
            let mut psql = Command::new("psql");
            // It would complain of the server, which stops when this process does.
            let psql =
                psql.args(["-q", &format!("{server}/postgres")]).stdin(Stdio::piped()).stderr(Stdio::null()).spawn();
            Mutex::new(psql.expect("psql runs").stdin.take().expect("piped"))
        });
        // What is left goes with the server.
        let _ = dropping.lock().map(|mut psql| writeln!(psql, "DROP DATABASE {name} WITH (FORCE);"));
    }
}

impl Cluster {
    /// Starts one, in that environment.
    pub fn start(environment: &[(&str, String)]) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a free port").port();
        let environment: String = environment.iter().map(|(name, value)| format!("{name}='{value}' ")).collect();
        // PostgreSQL refuses to run as root: it then runs as the user that its package made.
        let script = format!(
            r#"set -e
            # Told to stop, it still takes its folder away.
            trap : HUP INT TERM
            bin={}
            dir=$(mktemp -d)
            "$bin/initdb" -D "$dir/data" -A trust -U postgres --no-sync >"$dir/initdb.log" 2>&1
            serve() {{
                until [ -e "$dir/over" ]; do
                    if [ -e "$dir/held" ]; then sleep 0.02; continue; fi
                    {environment}"$bin/postgres" -D "$dir/data" -p {port} -k "$dir" -c listen_addresses=127.0.0.1 -c max_connections=400 >>"$dir/log" 2>&1 </dev/null || sleep 0.1
                done
            }}
            serve &
            until "$bin/pg_isready" -q -h 127.0.0.1 -p {port}; do sleep 0.05; kill -0 $!; done
            echo "$dir"
            read -r _ || true
            touch "$dir/over"
            kill -INT $(head -1 "$dir/data/postmaster.pid") || true
            wait || true
            rm -rf "$dir""#,
            binaries().display()
        );
        let is_root = fs::metadata("/proc/self").map(|me| me.uid() == 0).unwrap_or(false);
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
        let folder = PathBuf::from(line.trim());
        assert!(folder.is_dir(), "PostgreSQL did not start");
        Self { port, folder, _shell: child }
    }

    /// Makes an empty database and returns its URL.
    pub fn new_database(&self) -> String {
        let Self { port, .. } = self;
        let name = format!("socle_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
        let made = Command::new("psql")
            .args(["-h", "127.0.0.1", "-p", &port.to_string(), "-U", "postgres"])
            .args(["-qc", &format!("CREATE DATABASE {name}")])
            .status()
            .expect("psql runs");
        assert!(made.success(), "the database {name} could not be made");
        format!("postgres://postgres@127.0.0.1:{port}/{name}")
    }

    /// The server dies at once, with all who wait for it (an immediate shutdown), and does not come back by itself.
    ///
    /// # Panics
    /// Where it does not run.
    pub fn goes(&self) {
        fs::write(self.folder.join("held"), "").expect("a file");
        let known = fs::read_to_string(self.folder.join("data/postmaster.pid")).expect("it runs");
        let told = Command::new("kill").args(["-QUIT", known.lines().next().expect("a number")]).status();
        assert!(told.expect("kill runs").success(), "it runs");
    }

    /// It is started again.
    ///
    /// # Panics
    /// Where it has not gone.
    pub fn comes_back(&self) {
        fs::remove_file(self.folder.join("held")).expect("it is held");
    }
}

/// Debian keeps each version's programs in a folder of its own.
fn binaries() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = versions.map(|entry| entry.path().join("bin")).filter(|bin| bin.join("initdb").exists()).max();
    newest.unwrap_or_else(|| "/usr/bin".into())
}
