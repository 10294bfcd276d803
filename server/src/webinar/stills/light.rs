//! A still made light enough for a line of 64 kbit/s, and no less sharp than that asks for.

use image::imageops::FilterType;
use image::{DynamicImage, RgbImage};
use webp::{Encoder, PixelLayout};

/// Bytes of a still where that can be: five seconds of such a line, beside sound.
const LIGHT: usize = 16_000;

/// How a still is made.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Rung {
    /// Every point stays; of each colour, shades that are so far apart of 256 (1: all). Pages of text need few, and are a
    /// quarter as heavy without the faint ones that their way through a film leaves around letters.
    Text { shades: u8 },
    /// With loss, of a hundred; its sides in quarters.
    Photograph { quality: f32, quarters: u32 },
}

/// The sharpest first; what the last one makes is sent whatever it weighs.
const LADDER: [Rung; 9] = [
    Rung::Text { shades: 1 },
    Rung::Text { shades: 8 },
    Rung::Text { shades: 16 },
    Rung::Text { shades: 32 },
    Rung::Photograph { quality: 60.0, quarters: 4 },
    Rung::Photograph { quality: 30.0, quarters: 4 },
    Rung::Photograph { quality: 40.0, quarters: 3 },
    Rung::Photograph { quality: 15.0, quarters: 3 },
    Rung::Photograph { quality: 15.0, quarters: 2 },
];

/// The image in WebP, and the rung that it took. The last one's is where to begin: one sharper is tried, since what was too
/// heavy a moment ago may be light enough now.
pub fn lightened(image: &DynamicImage, last: usize) -> (Vec<u8>, usize) {
    let image = image.to_rgb8();
    let mut rung = last.saturating_sub(1).min(LADDER.len() - 1);
    loop {
        let made = made(&image, LADDER[rung]);
        if made.len() <= LIGHT || rung + 1 == LADDER.len() {
            return (made, rung);
        }
        rung += 1;
    }
}

fn made(image: &RgbImage, rung: Rung) -> Vec<u8> {
    match rung {
        Rung::Text { shades } => {
            let mut image = image.clone();
            image.iter_mut().for_each(|shade| *shade = kept(*shade, shades));
            encoder(&image).encode_lossless().to_vec()
        }
        Rung::Photograph { quality, quarters: 4 } => encoder(image).encode(quality).to_vec(),
        Rung::Photograph { quality, quarters } => {
            let side = |side: u32| (side * quarters / 4).max(1);
            let (width, height) = (side(image.width()), side(image.height()));
            encoder(&image::imageops::resize(image, width, height, FilterType::Triangle)).encode(quality).to_vec()
        }
    }
}

fn encoder(image: &RgbImage) -> Encoder<'_> {
    Encoder::new(image.as_raw(), PixelLayout::Rgb, image.width(), image.height())
}

/// The shade that is kept in the place of each.
fn kept(shade: u8, apart: u8) -> u8 {
    let apart = u16::from(apart);
    let nearest = (u16::from(shade) + apart / 2) / apart * apart;
    u8::try_from(nearest).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{ImageFormat, Rgb};

    /// Lines of something like letters, each point of which is off by up to that much.
    fn page(noise: u8) -> DynamicImage {
        let mut dice = 1_u32;
        DynamicImage::ImageRgb8(RgbImage::from_fn(1280, 720, |x, y| {
            dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let off = if noise == 0 { 0 } else { u8::try_from((dice >> 16) % u32::from(noise)).unwrap_or(0) };
            let ink = y % 36 < 16 && (x / 3 * 7 + x / 11) % 5 < 2;
            Rgb([if ink { 20 + off } else { 255 - off }; 3])
        }))
    }

    fn read(bytes: &[u8]) -> RgbImage {
        image::load_from_memory_with_format(bytes, ImageFormat::WebP).expect("WebP").to_rgb8()
    }

    #[test]
    fn a_page_of_text_stays_as_it_is_and_one_with_faint_shades_loses_these_alone() {
        let (made, rung) = lightened(&page(0), 0);
        assert!(made.len() <= LIGHT && rung == 0, "{} bytes at {rung}", made.len());
        assert_eq!(read(&made), page(0).to_rgb8());
        let (made, rung) = lightened(&page(8), 0);
        assert!(made.len() <= LIGHT, "{}", made.len());
        assert!(matches!(LADDER[rung], Rung::Text { shades } if shades > 1), "{rung}");
        let differs = read(&made).iter().zip(page(8).to_rgb8().iter()).map(|(a, b)| a.abs_diff(*b)).max();
        assert!(differs <= Some(16), "{differs:?}");
    }

    #[test]
    fn a_photograph_is_made_as_light_as_it_can_be_and_the_next_one_is_tried_sharper() {
        let noise = page(235);
        let (made, rung) = lightened(&noise, 0);
        assert_eq!((rung, read(&made).width()), (LADDER.len() - 1, 640), "nothing helps, and it is sent all the same");
        let blank = DynamicImage::new_rgb8(1280, 720);
        let (made, rung) = lightened(&blank, rung);
        assert_eq!((rung, read(&made).width()), (LADDER.len() - 2, 960), "one step at a time");
    }

    #[test]
    fn black_stays_black_white_stays_white_and_what_is_between_moves_little() {
        for apart in [1, 8, 16, 32] {
            assert_eq!((kept(0, apart), kept(255, apart)), (0, 255));
            assert!((0..=255_u8).all(|shade| kept(shade, apart).abs_diff(shade) <= apart / 2), "{apart}");
        }
    }
}
