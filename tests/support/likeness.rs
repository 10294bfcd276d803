//! How like two pictures are.

use crate::browser::Browser;
use serde_json::Value;

/// The mean over windows of 8 by 8 pixels of luma, every 4 pixels, of what is not blank.
const SIMILARITY: &str = "
    const [png, done] = arguments;
    const bytes = Uint8Array.from(atob(png), (character) => character.charCodeAt(0));
    createImageBitmap(new Blob([bytes], { type: 'image/png' })).then((sent) => {
        const { width, height } = sent;
        const came = ((width, height) => { FIND })(width, height);
        if (!came) { done(0); return; }
        const luma = (source) => {
            const pen = new OffscreenCanvas(width, height).getContext('2d');
            pen.drawImage(source, 0, 0);
            const { data } = pen.getImageData(0, 0, width, height);
            return Float64Array.from({ length: width * height }, (_, at) =>
                0.299 * data[4 * at] + 0.587 * data[4 * at + 1] + 0.114 * data[4 * at + 2]);
        };
        const [a, b] = [luma(sent), luma(came)];
        let [sum, windows] = [0, 0];
        for (let y = 0; y + 8 <= height; y += 4) for (let x = 0; x + 8 <= width; x += 4) {
            let [ma, mb, aa, bb, ab] = [0, 0, 0, 0, 0];
            for (let row = y; row < y + 8; row += 1) for (let at = row * width + x; at < row * width + x + 8; at += 1) {
                ma += a[at]; mb += b[at]; aa += a[at] * a[at]; bb += b[at] * b[at]; ab += a[at] * b[at];
            }
            ma /= 64; mb /= 64;
            const [va, vb, cov] = [aa / 64 - ma * ma, bb / 64 - mb * mb, ab / 64 - ma * mb];
            if (va < 1) continue;
            sum += ((2 * ma * mb + 6.5025) * (2 * cov + 58.5225)) / ((ma * ma + mb * mb + 6.5025) * (va + vb + 58.5225));
            windows += 1;
        }
        done(sum / windows);
    });";

/// The structural similarity (Wang et al., 2004) of a picture (PNG in base64) and the one that `find` gives, pixel on pixel
/// from the upper left: the body of a function of its `width` and `height`. Nothing that it gives is like nothing.
pub async fn similarity(browser: &Browser, shown: &Value, find: &str) -> f64 {
    let found = browser.driver.execute_async(&SIMILARITY.replace("FIND", find), vec![shown.clone()]).await;
    found.ok().and_then(|found| found.json().as_f64()).unwrap_or_default()
}
