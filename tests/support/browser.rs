//! A real browser: Chromium, driven over `WebDriver`, with a profile of its own that ends with the test.

use crate::accounts::PASSWORD;
use crate::office::{self, Office};
use crate::{Client, Product};
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;
use thirtyfour::{By, CapabilitiesHelper as _, DesiredCapabilities, WebDriver, WebElement};
use tokio::time::timeout;

/// How long anything may take on a machine that does other things too.
const PATIENCE: Duration = Duration::from_secs(60);

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(40);

/// Runs the driver in a session of its own, and stops all of that session when the pipe to the test
/// closes, however the test ends.
const DRIVER: &str = r#"
    dir=$(mktemp -d)
    export HOME="$dir" TMPDIR="$dir"
    "$@" 2>/dev/null </dev/null &
    exec >&-
    read -r _
    pkill -KILL -s $$ chrom
    wait
    rm -rf "$dir"
"#;

/// Whether a page may run scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Script {
    On,
    Off,
}

/// Somebody's browser, open on the product.
pub struct Browser {
    pub driver: WebDriver,
    pub script: Script,
    url: String,
    process: Child,
    _stdout: BufReader<ChildStdout>,
}

/// A driver, what it says, and the port that it says it listens on; none where it ended before.
#[expect(clippy::zombie_processes, reason = "waited for where it ended, and by whoever drops the browser")]
fn started(driver: &[&str]) -> Option<(Child, BufReader<ChildStdout>, String)> {
    let mut process = Command::new("setsid")
        .args(["sh", "-c", DRIVER, "driver"])
        .args(driver)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("setsid and sh run");
    let mut stdout = BufReader::new(process.stdout.take().expect("piped"));
    loop {
        let mut line = String::new();
        if stdout.read_line(&mut line).expect("a line") == 0 {
            drop(process.stdin.take());
            process.wait().expect("it ends");
            return None;
        }
        if let Some((_, port)) = line.trim_end_matches(['.', '\n']).rsplit_once(" successfully on port ") {
            let port = port.to_owned();
            return Some((process, stdout, port));
        }
    }
}

impl Browser {
    pub async fn open(product: &Product, script: Script) -> Self {
        Self::open_at(&product.url, script, &[]).await
    }

    /// The same on another address, with more switches for Chromium.
    pub async fn open_at(url: &str, script: Script, switches: &[&str]) -> Self {
        Self::driven(&["chromedriver", "--port=0"], "127.0.0.1", url, script, switches).await
    }

    /// The same in an office's network.
    pub async fn open_in(office: &Office, url: &str, script: Script, switches: &[&str]) -> Self {
        let (port, allowed) = (format!("--port={}", office::DRIVER), format!("--allowed-ips={}", office.here));
        let driver = [&office.prefix()[..], &["chromedriver", &port, &allowed, "--allowed-origins=*"]].concat();
        Self::driven(&driver, &office.there.to_string(), url, script, switches).await
    }

    async fn driven(driver: &[&str], host: &str, url: &str, script: Script, switches: &[&str]) -> Self {
        // A driver gives up where another takes the port that it was about to take.
        let (process, stdout, port) =
            (0..3).find_map(|_| started(driver)).expect("chromedriver did not start; `make setup-tests` installs it");
        let mut capabilities = DesiredCapabilities::chrome();
        let javascript = if script == Script::On { 1 } else { 2 };
        let mut options = json!({
            "args": [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--disable-dev-shm-usage", "--disable-crash-reporter", "--hide-scrollbars", "--lang=fr",
                "--force-prefers-reduced-motion",
                "--window-size=1280,900",
            ],
            "prefs": { "profile.managed_default_content_settings.javascript": javascript },
        });
        let args = options["args"].as_array_mut().expect("a list");
        args.extend(switches.iter().map(|switch| json!(switch)));
        capabilities.set("goog:chromeOptions", options).expect("options");
        capabilities.set("goog:loggingPrefs", json!({ "browser": "ALL", "performance": "ALL" })).expect("levels");
        let driver = WebDriver::new(format!("http://{host}:{port}"), capabilities).await.expect("Chromium starts");
        // Its end is the end of the process.
        driver.clone().leak().expect("just opened");
        Self { driver, script, url: url.to_owned(), process, _stdout: stdout }
    }

    pub async fn go(&self, path: &str) {
        self.driver.goto(format!("{}{path}", self.url)).await.unwrap_or_else(|error| panic!("{path}: {error}"));
    }

    /// Where the browser is on the product, without the fragment.
    pub async fn path(&self) -> String {
        let url = self.driver.current_url().await.map(|url| url.to_string()).unwrap_or_default();
        let path = url.strip_prefix(&self.url).unwrap_or(&url);
        path.split('#').next().unwrap_or_default().to_owned()
    }

    /// Looks again and again until that is so.
    pub async fn until(&self, what: &str, so: impl AsyncFn() -> bool) {
        let looking = async {
            while !so().await {
                tokio::time::sleep(PAUSE).await;
            }
        };
        if timeout(PATIENCE, looking).await.is_err() {
            let page: String = self.text("main").await.chars().take(1500).collect();
            let console = self.driver.browser_log().await.unwrap_or_default();
            panic!("waited in vain: {what}\nat {}\nconsole: {console:?}\n{page}", self.path().await);
        }
    }

    pub async fn until_at(&self, start: &str) {
        self.until(&format!("to be at {start}"), async || self.path().await.starts_with(start)).await;
    }

    pub async fn until_text(&self, css: &str, words: &str) {
        self.until(&format!("« {words} » in {css}"), async || self.text(css).await.contains(words)).await;
    }

    pub async fn all(&self, css: &str) -> Vec<WebElement> {
        self.driver.find_all(By::Css(css)).await.unwrap_or_default()
    }

    /// The words of the first such element, as they are seen; none where there is none.
    pub async fn text(&self, css: &str) -> String {
        let Ok(element) = self.driver.find(By::Css(css)).await else { return String::new() };
        element.text().await.unwrap_or_default().replace(['\u{a0}', '\u{202f}'], " ")
    }

    /// Clicks on the first such element, as soon as it can be.
    pub async fn click(&self, css: &str) {
        let click = async || {
            let found = self.driver.find(By::Css(css)).await?;
            if found.click().await.is_ok() {
                return Ok(());
            }
            // The driver brings it to the edge of the window, where what stays at the top of the page lies over it.
            found.scroll_into_view().await?;
            found.click().await
        };
        self.until(&format!("to click on {css}"), async || click().await.is_ok()).await;
    }

    /// Presses the first button that begins with these words, as soon as it can be.
    pub async fn press(&self, words: &str) {
        // What a button says to screen readers beside may follow.
        let path = format!("//button[starts-with(normalize-space(translate(., '\u{a0}', ' ')), \"{words}\")]");
        let press = async || {
            for button in self.driver.find_all(By::XPath(&path)).await.unwrap_or_default() {
                // Those in a panel that is not shown cannot be pressed.
                if button.click().await.is_ok() {
                    return true;
                }
            }
            false
        };
        self.until(&format!("to press « {words} »"), async || press().await).await;
    }

    pub async fn type_in(&self, css: &str, text: &str) {
        let field = self.driver.find(By::Css(css)).await.unwrap_or_else(|error| panic!("{css}: {error}"));
        field.clear().await.expect("an empty field");
        field.send_keys(text).await.expect("types");
    }

    /// What a script in the page returns; nothing while the page is being left.
    pub async fn look(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.driver.execute(script, arguments).await.map(|found| found.json().clone()).unwrap_or_default()
    }

    pub async fn cdp(&self, method: &str, parameters: Value) -> Value {
        self.driver.cdp().send_raw(method, parameters).await.unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    /// Cuts the line of this tab, or mends it.
    pub async fn cut_line(&self, cut: bool) {
        self.cdp("Network.enable", json!({})).await;
        let conditions = json!({ "offline": cut, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        self.cdp("Network.emulateNetworkConditions", conditions).await;
    }

    pub async fn screen(&self, width: u32, height: u64) {
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.cdp("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    /// The screen's width, and the scheme that the person prefers; nothing moves.
    pub async fn dress(&self, width: u32, scheme: &str) {
        self.screen(width, 900).await;
        let features = json!([
            { "name": "prefers-color-scheme", "value": scheme },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ]);
        self.cdp("Emulation.setEmulatedMedia", json!({ "features": features })).await;
    }

    /// Signs in by the form.
    pub async fn sign_in(&self, email: &str) {
        self.go("/connexion").await;
        self.type_in("[name=email]", email).await;
        self.type_in("[name=password]", PASSWORD).await;
        self.click("main form button").await;
        self.until_text("h1", "Bonjour").await;
    }

    /// Goes on as that client: its cookies replace the browser's.
    pub async fn become_client(&self, client: &Client) {
        self.cdp("Network.clearBrowserCookies", json!({})).await;
        for cookie in client.cookies().split("; ").filter(|cookie| !cookie.is_empty()) {
            let (name, value) = cookie.split_once('=').expect("a pair");
            let cookie = json!({ "name": name, "value": value, "url": self.url, "path": "/", "secure": true });
            assert_eq!(self.cdp("Network.setCookie", cookie).await["success"], true, "{name}");
        }
    }

    /// Asserts that pages complained of nothing and asked nobody else for anything.
    /// `expected` is what may be complained of.
    pub async fn assert_quiet(&self, expected: Option<&str>) {
        self.assert_quiet_with(expected, &self.url).await;
    }

    /// The same where the browser was led to another site too, and back.
    pub async fn assert_quiet_with(&self, expected: Option<&str>, other: &str) {
        let log = self.driver.browser_log().await.expect("the console");
        let complaints = log.iter().filter(|entry| matches!(entry.level.as_str(), "SEVERE" | "WARNING"));
        let unexpected = complaints.filter(|entry| expected.is_none_or(|words| !entry.message.contains(words)));
        assert_eq!(unexpected.map(|entry| &entry.message).collect::<Vec<_>>(), Vec::<&String>::new());
        let mut seen = 0;
        for entry in self.driver.get_log("performance").await.expect("the network") {
            let event: Value = serde_json::from_str(&entry.message).expect("JSON");
            if event["message"]["method"] != "Network.requestWillBeSent" {
                continue;
            }
            let url = event["message"]["params"]["request"]["url"].as_str().expect("a URL");
            let local = ["data:", "blob:", "chrome-error:", "about:"].iter().any(|scheme| url.starts_with(scheme));
            let own = [&*self.url, other].iter().any(|site| url.starts_with(&format!("{site}/")));
            assert!(local || own, "a page asked for {url}");
            seen += 1;
        }
        assert!(seen > 5, "requests are seen");
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        // The script waits for what it stopped.
        let _ = self.process.wait();
    }
}
