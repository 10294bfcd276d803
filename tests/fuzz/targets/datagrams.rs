//! Any bytes as what comes over the media port: connectivity checks, descriptors of pictures, redundant sound.
#![no_main]

use libfuzzer_sys::fuzz_target;
use server::webinar::media::codec::Codec;
use server::webinar::media::ice::Check;
use server::webinar::media::picture::{Descriptor, Shift};
use server::webinar::media::redundancy::blocks;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(check) = Check::read(bytes) {
        let _ = check.nominates();
    }
    if let Some(blocks) = blocks(bytes, 111) {
        let sound: usize = blocks.iter().map(|(_, block)| block.len()).sum();
        assert!(sound < bytes.len(), "{sound} bytes of sound in {}", bytes.len());
    }
    for descriptor in Codec::ALL.into_iter().filter_map(|codec| Descriptor::read(codec, bytes)) {
        let mut copy = bytes.to_vec();
        descriptor.rewrite(&mut copy, Shift::default());
        assert_eq!(copy, bytes, "what is not shifted is not changed");
    }
});
