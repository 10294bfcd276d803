use super::*;

fn cue(start_ms: u32, end_ms: u32, text: &str) -> Cue {
    Cue { start_ms, end_ms, text: text.to_owned() }
}

fn frames(count: usize) -> Vec<u8> {
    // MPEG 1, layer III, 128 kbit/s, 44.1 kHz: 417 bytes
    let mut frame = vec![0xff, 0xfb, 0x90, 0];
    frame.resize(417, 0);
    frame.repeat(count)
}

#[test]
fn what_is_too_heavy_is_told_with_its_remedy() {
    let said = too_heavy(Kind::Video, 84_000_000).unwrap().replace(NBSP, " ");
    assert!(said.starts_with("Cette vidéo pèse 84 Mo, au plus 20 Mo : exportez-la en 480 lignes"), "{said}");
    assert_eq!(too_heavy(Kind::Video, 20_000_000), None);
    assert_eq!((weight(1_250_000), weight(12)), (format!("1,3{NBSP}Mo"), format!("1{NBSP}ko")));
    for (bytes, said) in [
        (999_000_000, "999 Mo"),
        (999_000_001, "1 Go"),
        (1_210_000_000, "1,3 Go"),
        (1_234_500_000_000, "1\u{202f}234,5 Go"),
    ] {
        assert_eq!(weight(bytes).replace(NBSP, " "), said);
    }
    assert_eq!(length(125_000).replace(NBSP, " "), "2 min 05 s");
}

#[test]
fn names_that_climb_or_say_nothing_are_refused() {
    assert_eq!(name("Plan d’accès (v2).PNG", "webp").as_deref(), Some("plan-d-acces-v2.webp"));
    for refused in ["../course.toml", "a/b.png", "a\\b.png", ".htaccess", "…", "con.png", "COM1.png", &"a".repeat(300)]
    {
        assert_eq!(name(refused, "png"), None, "{refused}");
    }
}

#[test]
fn a_sound_is_measured_to_its_last_byte() {
    let sound = frames(100);
    assert_eq!(examine("mp3", &sound).unwrap().length_ms, Some(2612));
    assert_eq!(
        examine("mp3", &[b"ID3\x04\0\0\0\0\0\x03abc".as_slice(), &sound].concat()).unwrap().length_ms,
        Some(2612)
    );
    let mut tagged = sound.clone();
    tagged.extend(b"TAG".iter().copied().chain(std::iter::repeat_n(b' ', 125)));
    assert!(examine("mp3", &tagged).is_ok());
    for wrong in [[&sound[..], b"<script>alert(1)</script>"].concat(), sound[..1000].to_vec(), b"ID3".to_vec()] {
        assert!(examine("mp3", &wrong).is_err());
    }
}

#[test]
fn no_file_however_wrong_makes_the_readers_fail() {
    for extension in ["mp4", "webm", "ogg", "mp3"] {
        for length in 0..64 {
            let _ = examine(extension, &vec![0xff; length]);
            let _ = examine(extension, &vec![0; length]);
            let _ = examine(extension, &vec![0x1a; length]);
        }
    }
}

#[test]
fn a_transcript_follows_the_pauses_and_is_plain_markdown() {
    let cues = [
        cue(0, 2000, "Bonjour."),
        cue(2000, 4000, "Entrez,\nje vous prie."),
        cue(9000, 9500, "– Merci *beaucoup*."),
        cue(9600, 9900, "# 1 <b>"),
    ];
    assert_eq!(transcript(&cues), "Bonjour. Entrez, je vous prie.\n\n– Merci \\*beaucoup\\*. \\# 1 \\<b\\>\n");
}

#[test]
fn what_a_text_names_is_found() {
    let text = "![Plan](media/plan.svg)\n:::video media/a-b.webm\ncaptions = \"media/a-b.vtt\"\n(media/fin.png.)";
    assert_eq!(named_in(text), ["media/plan.svg", "media/a-b.webm", "media/a-b.vtt", "media/fin.png"]);
}
