//! Any bytes as what comes over the media port: connectivity checks, descriptors of pictures, redundant sound, datagrams framed on
//! a stream.
#![no_main]

use libfuzzer_sys::fuzz_target;
use server::webinar::media::codec::Codec;
use server::webinar::media::ice::Check;
use server::webinar::media::framing::Inbox;
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
    let cut = bytes.first().map_or(1, |first| usize::from(*first) + 1);
    assert_eq!(framed(bytes, cut), framed(bytes, bytes.len().max(1)), "however the stream is cut");
});

/// The datagrams of a stream that comes in such pieces, and whether it was understood to its end.
fn framed(stream: &[u8], piece: usize) -> (Vec<Vec<u8>>, bool) {
    let (mut inbox, mut datagrams) = (Inbox::default(), Vec::new());
    for piece in stream.chunks(piece) {
        inbox.receive(piece);
        loop {
            match inbox.datagram() {
                Ok(Some(datagram)) => datagrams.push(datagram.to_vec()),
                Ok(None) => break,
                Err(_) => return (datagrams, false),
            }
        }
    }
    (datagrams, true)
}
