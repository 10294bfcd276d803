use super::with_media_base;

#[test]
fn images_are_served_under_the_version() {
    let html = "<img src=\"media:///media/x.svg\" alt=\"\">";
    let served = "<img src=\"/media/socle/3/media/x.svg\" alt=\"\">";
    assert_eq!(with_media_base(html, "/media/socle/3"), served);
    assert_eq!(with_media_base(html, "/media/socle/3/"), served);
}

#[test]
fn a_wide_photograph_can_be_had_narrower_and_a_narrow_one_is_itself() {
    let html =
        |width: u32| format!("<p>a</p><img src=\"media:///media/x.jpg\" width=\"{width}\" height=\"9\" alt=\"\">");
    let served = with_media_base(&html(1440), "/m");
    let set = "srcset=\"/m/media/x.jpg?largeur=480 480w, /m/media/x.jpg?largeur=960 960w, /m/media/x.jpg 1440w\"";
    assert!(served.contains(set) && served.contains("src=\"/m/media/x.jpg\" srcset"), "{served}");
    assert!(with_media_base(&html(700), "/m").contains("?largeur=480 480w, /m/media/x.jpg 700w"));
    assert_eq!(with_media_base(&html(480), "/m"), html(480).replace("media:///", "/m/"));
}
