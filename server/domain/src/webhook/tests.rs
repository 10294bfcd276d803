use super::*;
use proptest::prelude::*;
use std::net::{IpAddr, Ipv4Addr};

#[test]
fn only_what_the_internet_routes_to_is_public() {
    for public in ["8.8.8.8", "100.63.255.255", "172.32.0.1", "192.0.1.1", "2a01:e0a::1", "2001:4860:4860::8888"] {
        assert!(is_public(public.parse().unwrap()), "{public}");
    }
    for hidden in [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.168.1.1",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::a00:1",
        "fe80::1",
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "3fff::1",
    ] {
        assert!(!is_public(hidden.parse().unwrap()), "{hidden}");
    }
}

#[test]
fn an_address_is_taken_apart() {
    let address = Address::read(" https://Hooks.Exemple.fr/socle?a=1 ", false).unwrap();
    assert_eq!((address.host.as_str(), address.port, address.path.as_str()), ("hooks.exemple.fr", 443, "/socle?a=1"));
    assert_eq!(
        (address.authority(), address.to_string()),
        ("hooks.exemple.fr".into(), "https://Hooks.Exemple.fr/socle?a=1".into())
    );
    let address = Address::read("https://[2a01:e0a::1]:8443?x", false).unwrap();
    assert_eq!((address.authority().as_str(), address.path.as_str()), ("[2a01:e0a::1]:8443", "/?x"));
    let address = Address::read("http://127.0.0.1:3001/x", true).unwrap();
    assert!(
        !address.secure && address.allows("127.0.0.1".parse().unwrap()) && !address.allows("10.0.0.1".parse().unwrap())
    );
}

#[test]
fn what_is_no_public_https_address_is_refused() {
    for malformed in [
        "",
        "exemple.fr",
        "http://exemple.fr/",
        "ftp://exemple.fr/",
        "https://",
        "https:///x",
        "https://a:b@exemple.fr/",
        "https://exemple.fr:0/",
        "https://exemple.fr:70000/",
        "https://exemple.fr/#x",
        "https://exemple.fr/a b",
        "https://exemple.fr/é",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://0x7f000001/",
        "https://exemple.fr\\@10.0.0.1/",
        "https://[::1/",
        "https://[1.2.3.4]/",
    ] {
        let read = Address::read(malformed, false);
        assert!(read.is_err(), "{malformed}: {read:?}");
    }
    for private in [
        "https://localhost/",
        "https://a.localhost/",
        "https://10.0.0.1/",
        "https://[::1]/",
        "https://169.254.169.254/latest",
    ] {
        assert_eq!(Address::read(private, false), Err(NotAnAddress::Private), "{private}");
    }
    assert!(Address::read("http://exemple.fr/", true).is_err(), "without TLS nothing leaves the machine");
    assert!(Address::read("https://192.168.1.1/", true).is_err());
    assert!(Address::read(&format!("https://exemple.fr/{}", "x".repeat(500)), false).is_err());
}

proptest! {
    #[test]
    fn whatever_is_typed_an_address_never_names_a_private_machine(text in "https://[0-9a-fx.:\\[\\]@/]{0,24}") {
        if let Ok(address) = Address::read(&text, false) {
            prop_assert!(address.host.parse::<IpAddr>().map_or(true, is_public), "{}", address.host);
            // Nor one that an old resolver would read as an address.
            let last = address.host.rsplit('.').next().unwrap_or_default();
            prop_assert!(!last.starts_with(|sign: char| sign.is_ascii_digit()) || address.host.parse::<IpAddr>().is_ok());
        }
    }

    #[test]
    fn a_mapped_address_is_as_public_as_what_it_maps(bits: u32) {
        let v4 = Ipv4Addr::from(bits);
        prop_assert_eq!(is_public(v4.into()), is_public(v4.to_ipv6_mapped().into()));
    }
}

#[test]
fn a_message_holds_identifiers_and_no_name() {
    let at = "2026-12-01T08:30:00Z".parse().unwrap();
    let fact = Fact::ChapterRead {
        course: "mediation".parse().unwrap(),
        version: 1,
        chapter: "accueil".parse().unwrap(),
        minutes: 20,
        suffices: true,
    };
    let event = Event::FactRecorded { person: PersonId(7), seq: 3, fact: &fact };
    let message: Value = serde_json::from_str(&event.message(at)).unwrap();
    assert_eq!(message["type"], "fact.recorded");
    assert_eq!(message["timestamp"], "2026-12-01T08:30:00Z");
    assert_eq!(message["data"], json!({ "person": 7, "seq": 3, "kind": "chapter-read", "course": "mediation" }));
    assert_eq!((Event::Trial.kind(), Event::Trial.name()), (None, "webhook.trial"));
}

#[test]
fn every_problem_of_the_form_is_told_at_once() {
    let fields = |url: &str, kinds: &[&str]| {
        let form = WebhookForm { url: url.into(), kinds: kinds.iter().map(|kind| (*kind).to_owned()).collect() };
        read_webhook(&form, false).map_err(|wrong| wrong.into_iter().map(|(field, _)| field).collect::<Vec<_>>())
    };
    assert_eq!(fields("", &[]), Err(vec!["url", "kinds"]));
    assert_eq!(fields("https://exemple.fr", &["fact.forgotten"]), Err(vec!["kinds"]));
    let all = Kind::ALL.map(Kind::as_str);
    assert_eq!(fields("https://exemple.fr", &all).map(|new| new.kinds.len()), Ok(5));
}
