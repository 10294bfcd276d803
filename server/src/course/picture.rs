//! Images of published courses as each browser can use them best: as wide as its screen, and in WebP where it reads it.
//!
//! Made once, at the first request, and kept in the data folder under `cache/images`, which may be removed at any time.
//! The file that the author brought is what is served to whoever asks for nothing else.

use super::media::stored;
use crate::app::App;
use crate::error::Result;
use axum::body::Bytes;
use domain::course::WIDTHS;
use http::HeaderMap;
use http::header::ACCEPT;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits};
use std::io::Cursor;
use std::path::Path;
use tokio::sync::Semaphore;
use webp::{Encoder, PixelLayout};

/// Points of the largest image that is decoded; a photograph of today has half as many.
const MOST_POINTS: u64 = 40_000_000;

/// Bytes that decoding may take.
const MOST_MEMORY: u64 = 256 * 1024 * 1024;

/// Of photographs, and of what was brought without loss, of a hundred.
const PHOTOGRAPH: f32 = 78.0;
const DRAWING: f32 = 90.0;
const JPEG: u8 = 80;

/// One is made at a time: the rest of the machine is for those who read.
static MAKING: Semaphore = Semaphore::const_new(1);

/// Why an image cannot be decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unreadable {
    Damaged,
    /// Its width and its height, in points.
    Huge(u32, u32),
}

/// The points of an image, upright.
///
/// # Errors
/// It is damaged, or larger than anything that a page shows.
pub(crate) fn decoded(bytes: &[u8], format: ImageFormat) -> Result<DynamicImage, Unreadable> {
    let damaged = |_| Unreadable::Damaged;
    let (width, height) = ImageReader::with_format(Cursor::new(bytes), format).into_dimensions().map_err(damaged)?;
    let points = u64::from(width) * u64::from(height);
    if points > MOST_POINTS || points == 0 {
        return Err(Unreadable::Huge(width, height));
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(damaged)?;
    let orientation = decoder.orientation().map_err(damaged)?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(damaged)?;
    image.apply_orientation(orientation);
    Ok(image)
}

/// How an image is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Asked {
    /// Its own width where there is none.
    width: Option<u32>,
    is_webp_read: bool,
}

impl Asked {
    /// What a browser asks for; a width that is none of [`WIDTHS`] is no width.
    pub(super) fn of(headers: &HeaderMap, width: Option<&str>) -> Self {
        let width = width.and_then(|width| width.parse().ok()).filter(|width| WIDTHS.contains(width));
        let accepts = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
        Self { width, is_webp_read: accepts.flat_map(|value| value.split(',')).any(|kind| kind.trim() == "image/webp") }
    }

    /// In what it is made; none where the file itself is the answer.
    fn format(self, own: ImageFormat) -> Option<ImageFormat> {
        match (own, self.width) {
            // Brought in WebP, it is not made anew at its own width.
            (ImageFormat::WebP, None) => None,
            _ if self.is_webp_read => Some(ImageFormat::WebP),
            (ImageFormat::Jpeg | ImageFormat::Png, Some(_)) => Some(own),
            _ => None,
        }
    }
}

/// The image of that digest as it was asked for, and its type; its own file where nothing is better.
///
/// # Errors
/// There are no such bytes, or the database fails.
pub(super) async fn fitted(app: &App, digest: String, own: ImageFormat, asked: Asked) -> Result<(Bytes, &'static str)> {
    let Some(format) = asked.format(own) else { return Ok((stored(app, digest).await?, own.to_mime_type())) };
    let extension = format.extensions_str().first().copied().unwrap_or_default();
    let width = asked.width.map_or_else(|| "whole".to_owned(), |width| width.to_string());
    let path = app.config.data.join("cache/images").join(format!("{digest}-{width}.{extension}"));
    let found = match tokio::fs::read(&path).await {
        Ok(found) => found,
        Err(_) => make(app, &path, digest.clone(), (own, format, asked.width)).await?,
    };
    // An empty file says that there is nothing better than the file itself.
    if found.is_empty() {
        return Ok((stored(app, digest).await?, own.to_mime_type()));
    }
    Ok((Bytes::from(found), format.to_mime_type()))
}

/// Makes an image and keeps it there: nothing where it would weigh more than what it is made of.
async fn make(
    app: &App,
    path: &Path,
    digest: String,
    (own, format, width): (ImageFormat, ImageFormat, Option<u32>),
) -> Result<Vec<u8>> {
    let _turn = MAKING.acquire().await;
    // Somebody had it made meanwhile.
    if let Ok(found) = tokio::fs::read(path).await {
        return Ok(found);
    }
    let source = stored(app, digest).await?;
    let weight = source.len();
    let made = tokio::task::spawn_blocking(move || made(&source, own, format, width)).await;
    let made = made.ok().flatten().filter(|made| made.len() < weight).unwrap_or_default();
    let scratch = path.with_extension(app.dice.uuid().to_string());
    if let Err(error) = keep(&scratch, path, &made).await {
        tracing::warn!(%error, path = %path.display(), "an image is not kept, and will be made again");
    }
    Ok(made)
}

async fn keep(scratch: &Path, path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        tokio::fs::create_dir_all(folder).await?;
    }
    tokio::fs::write(scratch, bytes).await?;
    tokio::fs::rename(scratch, path).await
}

/// Nothing where it cannot be made, or is narrower already.
fn made(bytes: &[u8], own: ImageFormat, format: ImageFormat, width: Option<u32>) -> Option<Vec<u8>> {
    let mut image = decoded(bytes, own).ok()?;
    if let Some(width) = width {
        if image.width() <= width {
            return None;
        }
        image = image.resize(width, u32::MAX, FilterType::Lanczos3);
    }
    let mut out = Vec::new();
    match format {
        ImageFormat::WebP => return Some(in_webp(&image, own == ImageFormat::Jpeg)),
        ImageFormat::Jpeg => JpegEncoder::new_with_quality(&mut out, JPEG).encode_image(&image.to_rgb8()).ok()?,
        other => image.write_to(&mut Cursor::new(&mut out), other).ok()?,
    }
    Some(out)
}

/// What was brought without loss stays so where that weighs less: letters on flat colours.
fn in_webp(image: &DynamicImage, is_photograph: bool) -> Vec<u8> {
    let (width, height, has_alpha) = (image.width(), image.height(), image.color().has_alpha());
    let points = if has_alpha { image.to_rgba8().into_raw() } else { image.to_rgb8().into_raw() };
    let layout = if has_alpha { PixelLayout::Rgba } else { PixelLayout::Rgb };
    let encoder = || Encoder::new(&points, layout, width, height);
    if is_photograph {
        return encoder().encode(PHOTOGRAPH).to_vec();
    }
    let (exact, close) = (encoder().encode_lossless().to_vec(), encoder().encode(DRAWING).to_vec());
    if exact.len() <= close.len() { exact } else { close }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{ImageBuffer, Rgb};

    fn photograph(width: u32) -> Vec<u8> {
        let image = ImageBuffer::from_fn(width, width / 2, |x, y| {
            let noise = u8::try_from((x * 7919 + y * 104_729) % 32).unwrap();
            Rgb([u8::try_from(x % 192).unwrap() + noise, u8::try_from(y % 192).unwrap() + noise, noise])
        });
        let mut bytes = Vec::new();
        JpegEncoder::new_with_quality(&mut bytes, 85).encode_image(&image).unwrap();
        bytes
    }

    #[test]
    fn an_image_is_as_wide_as_asked_and_in_what_is_read() {
        let bytes = photograph(1440);
        let narrow = made(&bytes, ImageFormat::Jpeg, ImageFormat::WebP, Some(480)).unwrap();
        let seen = decoded(&narrow, ImageFormat::WebP).unwrap();
        assert_eq!((seen.width(), seen.height()), (480, 240));
        assert!(narrow.len() * 4 < bytes.len(), "{} of {}", narrow.len(), bytes.len());
        let whole = made(&bytes, ImageFormat::Jpeg, ImageFormat::WebP, None).unwrap();
        assert!(whole.len() < bytes.len(), "{} of {}", whole.len(), bytes.len());
        assert_eq!(made(&photograph(400), ImageFormat::Jpeg, ImageFormat::Jpeg, Some(480)), None);
        assert_eq!(made(b"\xff\xd8\xff", ImageFormat::Jpeg, ImageFormat::WebP, Some(480)), None);
    }

    #[test]
    fn a_browser_that_reads_no_webp_and_a_width_that_nobody_makes_get_what_there_is() {
        let of = |accept: &'static str, width| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT, accept.parse().unwrap());
            Asked::of(&headers, width)
        };
        let read = "image/avif,image/webp,*/*;q=0.8";
        assert_eq!(of(read, Some("480")).format(ImageFormat::Jpeg), Some(ImageFormat::WebP));
        assert_eq!(of("*/*", Some("960")).format(ImageFormat::Png), Some(ImageFormat::Png));
        assert_eq!(of("*/*", None).format(ImageFormat::Png), None);
        assert_eq!(of("*/*", Some("480")).format(ImageFormat::WebP), None);
        for odd in ["481", "0", "-480", "4294967776", "", "480px"] {
            assert_eq!(of("*/*", Some(odd)).width, None, "{odd}");
        }
    }
}
