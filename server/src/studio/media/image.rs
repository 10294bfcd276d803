//! Images made anew: as wide as pages show them, upright, without what cameras write in them. What comes out holds points
//! alone, whatever else was hidden in the file.

use crate::course::picture::{Unreadable, decoded};
use domain::studio::medium::weight;
use domain::text::NBSP;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::webp::WebPEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ExtendedColorType, ImageFormat, ImageReader};
use std::io::Cursor;

/// Twice the width of a page's column: sharp on dense screens, and no more.
const WIDEST: u32 = 1440;

/// A drawing as tall as that is cut in several by its author.
const TALLEST: u32 = 4000;

/// From the first, of a hundred; the next where the image would weigh more than it did.
const QUALITIES: [u8; 6] = [82, 72, 60, 48, 32, 16];

/// An image made anew.
#[derive(Debug)]
pub(super) struct Lightened {
    pub(super) bytes: Vec<u8>,
    pub(super) extension: &'static str,
    pub(super) size: (u32, u32),
}

/// Makes an image anew; never heavier than it was.
///
/// # Errors
/// A sentence in French: why it is refused, and the remedy.
pub(super) fn lighten(bytes: &[u8], format: ImageFormat) -> Result<Lightened, String> {
    let damaged = format!(
        "Cette image est abîmée ou n’est pas ce que son début annonce{NBSP}: enregistrez-la de nouveau en JPEG ou en PNG."
    );
    let unreadable = |_| damaged.clone();
    let mut image = decoded(bytes, format).map_err(|why| match why {
        Unreadable::Damaged => damaged.clone(),
        Unreadable::Huge(width, height) => format!(
            "Cette image a {width} × {height} points, ce qui est démesuré{NBSP}: réduisez-la à 3{NBSP}000 points de large."
        ),
    })?;
    if image.width() > WIDEST || image.height() > TALLEST {
        image = image.resize(WIDEST, TALLEST, FilterType::Lanczos3);
    }
    let is_photograph = format == ImageFormat::Jpeg;
    let mut made = encode(&image, is_photograph, bytes.len()).map_err(unreadable)?;
    while made.bytes.len() > bytes.len() && image.width().min(image.height()) > 8 {
        // A small file that was squeezed hard: smaller still, rather than heavier.
        image = image.resize(image.width() * 3 / 4, image.height() * 3 / 4, FilterType::Lanczos3);
        made = encode(&image, is_photograph, bytes.len()).map_err(unreadable)?;
    }
    if made.bytes.len() > bytes.len() {
        let weight = weight(bytes.len() as u64);
        return Err(format!(
            "Cette image de {weight} ne peut pas être relue sans s’alourdir{NBSP}: enregistrez-la de nouveau en PNG."
        ));
    }
    Ok(made)
}

/// Without loss where that is light enough, as for screens and drawings; else as a photograph.
fn encode(image: &DynamicImage, is_photograph: bool, most: usize) -> Result<Lightened, image::ImageError> {
    let size = (image.width(), image.height());
    let exact = if is_photograph { None } else { Some(exactly(image)?) };
    if let Some(exact) = exact.as_ref().filter(|_| image.color().has_alpha()) {
        return Ok(Lightened { bytes: exact.clone(), extension: "webp", size });
    }
    let mut photograph = Vec::new();
    for quality in QUALITIES {
        photograph.clear();
        let rgb = image.to_rgb8();
        JpegEncoder::new_with_quality(&mut photograph, quality).encode_image(&rgb)?;
        if photograph.len() <= most {
            break;
        }
    }
    match exact {
        Some(exact) if exact.len() <= photograph.len() * 3 / 2 => {
            Ok(Lightened { bytes: exact, extension: "webp", size })
        }
        _ => Ok(Lightened { bytes: photograph, extension: "jpg", size }),
    }
}

fn exactly(image: &DynamicImage) -> Result<Vec<u8>, image::ImageError> {
    let mut bytes = Vec::new();
    let encoder = WebPEncoder::new_lossless(&mut bytes);
    if image.color().has_alpha() {
        encoder.encode(&image.to_rgba8(), image.width(), image.height(), ExtendedColorType::Rgba8)?;
    } else {
        encoder.encode(&image.to_rgb8(), image.width(), image.height(), ExtendedColorType::Rgb8)?;
    }
    Ok(bytes)
}

/// The width and the height of an image that is known to be sound.
pub(super) fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?.into_dimensions().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{ImageBuffer, Rgb, Rgba};

    /// A noisy photograph, of that size.
    fn photograph(width: u32, height: u32, quality: u8) -> Vec<u8> {
        let image = ImageBuffer::from_fn(width, height, |x, y| {
            let noise = u8::try_from((x * 7919 + y * 104_729) % 64).unwrap();
            Rgb([u8::try_from(x % 192).unwrap() + noise, u8::try_from(y % 192).unwrap() + noise, noise])
        });
        let mut bytes = Vec::new();
        JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(&image).unwrap();
        bytes
    }

    /// The same with what a camera writes: held sideways, and where it was taken.
    fn sideways(jpeg: &[u8]) -> Vec<u8> {
        let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0".to_vec();
        exif.extend_from_slice(b"GPS 48.8566 2.3522");
        let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
        [&jpeg[..2], &[0xff, 0xe1], &length, &exif, &jpeg[2..]].concat()
    }

    #[test]
    fn a_photograph_comes_out_upright_narrow_enough_and_tells_nothing_of_where_it_was_taken() {
        let sent = sideways(&photograph(1600, 400, 90));
        let made = lighten(&sent, ImageFormat::Jpeg).unwrap();
        assert_eq!((made.extension, made.size), ("jpg", (400, 1600)));
        assert!(made.bytes.len() <= sent.len() && !made.bytes.windows(3).any(|part| part == b"GPS"));
        let wide = lighten(&photograph(3000, 300, 90), ImageFormat::Jpeg).unwrap();
        assert_eq!(wide.size, (1440, 144));
    }

    #[test]
    fn a_transparent_image_stays_transparent_and_a_polyglot_loses_its_other_tongue() {
        let image: ImageBuffer<Rgba<u8>, _> =
            ImageBuffer::from_fn(64, 64, |x, _| Rgba([200, 30, 30, u8::try_from(x).unwrap()]));
        let mut bytes = Vec::new();
        image.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).unwrap();
        bytes.extend_from_slice(b"<script>alert(1)</script>PK\x03\x04");
        let made = lighten(&bytes, ImageFormat::Png).unwrap();
        assert_eq!((made.extension, size(&made.bytes)), ("webp", Some((64, 64))));
        assert!(!made.bytes.windows(6).any(|part| part == b"script"));
    }

    #[test]
    fn whatever_is_sent_never_comes_out_heavier() {
        for (width, quality) in [(40, 5), (200, 10), (600, 30), (1600, 95)] {
            let sent = photograph(width, width / 2, quality);
            let made = lighten(&sent, ImageFormat::Jpeg).unwrap();
            assert!(made.bytes.len() <= sent.len(), "{} > {}", made.bytes.len(), sent.len());
        }
    }

    #[test]
    fn bombs_and_files_cut_short_are_refused() {
        // a PNG that says it has 60 000 points by 60 000
        let mut bomb = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\xea\x60\0\0\xea\x60\x08\x02\0\0\0".to_vec();
        bomb.extend_from_slice(&[0; 64]);
        assert!(lighten(&bomb, ImageFormat::Png).is_err());
        let sent = photograph(300, 200, 80);
        assert!(lighten(&sent[..40], ImageFormat::Jpeg).is_err());
        assert!(lighten(b"GIF89a", ImageFormat::Png).is_err());
    }
}
