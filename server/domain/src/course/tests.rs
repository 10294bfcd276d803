use super::with_media_base;

#[test]
fn images_are_served_under_the_version() {
    let html = "<img src=\"media:///media/x.svg\" alt=\"\">";
    let served = "<img src=\"/media/socle/3/media/x.svg\" alt=\"\">";
    assert_eq!(with_media_base(html, "/media/socle/3"), served);
    assert_eq!(with_media_base(html, "/media/socle/3/"), served);
}
