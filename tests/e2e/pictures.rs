//! Pictures for eyes: `SOCLE_SCREENSHOTS=folder cargo test -p tests e2e` leaves some there.

use super::browser::{Browser, Script};
use serde_json::json;
use std::path::PathBuf;
use std::process::Command;

/// Takes the whole page on a narrow and on a wide screen, when pictures are asked for.
pub async fn take(browser: &Browser, name: &str) {
    let Some(folder) = std::env::var_os("SOCLE_SCREENSHOTS").map(PathBuf::from) else { return };
    std::fs::create_dir_all(&folder).expect("the folder of pictures");
    let script = if browser.script == Script::On { "" } else { "-without-script" };
    for width in [320, 1280] {
        browser.dress(width, "light").await;
        let size = browser.cdp("Page.getLayoutMetrics", json!({})).await["cssContentSize"].clone();
        browser.screen(width, size["height"].as_u64().expect("a height")).await;
        let picture = browser.driver.screenshot_as_png().await.expect("a picture");
        std::fs::write(folder.join(format!("{name}{script}-{width}.png")), picture).expect("writes");
    }
    browser.cdp("Emulation.clearDeviceMetricsOverride", json!({})).await;
}

/// Keeps a file among the pictures, when they are asked for; says where.
pub fn keep(name: &str, bytes: &[u8]) -> Option<PathBuf> {
    let folder = std::env::var_os("SOCLE_SCREENSHOTS").map(PathBuf::from)?;
    std::fs::create_dir_all(&folder).expect("the folder of pictures");
    std::fs::write(folder.join(name), bytes).expect("writes");
    Some(folder.join(name))
}

/// Keeps a PDF, and draws its pages where `pdftoppm` (poppler-utils) is at hand.
pub fn paper(name: &str, bytes: &[u8]) {
    let Some(file) = keep(&format!("{name}.pdf"), bytes) else { return };
    let drawn = Command::new("pdftoppm").args(["-png", "-r", "80"]).args([&file, &file.with_extension("")]).status();
    eprintln!("{}: {drawn:?}", file.display());
}
