use super::*;
use proptest::prelude::*;
use std::collections::BTreeSet;

#[test]
fn there_are_a_hundred_and_one_departements_each_of_its_own_code_and_name() {
    assert_eq!(DEPARTEMENTS.len(), 101);
    assert_eq!(DEPARTEMENTS.iter().map(|d| d.code).collect::<BTreeSet<_>>().len(), 101);
    assert_eq!(DEPARTEMENTS.iter().map(|d| d.name).collect::<BTreeSet<_>>().len(), 101);
    let metropolitan = (1..=95).filter(|n| *n != 20).map(|n| format!("{n:02}"));
    let others = ["2A", "2B", "971", "972", "973", "974", "976"].map(str::to_owned);
    assert!(metropolitan.chain(others).all(|code| departement(&code).is_some()));
}

#[test]
fn the_six_departements_of_the_pilot_of_2019_are_where_they_are() {
    let names = ["08", "14", "65", "35", "84", "85"].map(|code| departement(code).unwrap().name);
    assert_eq!(names, ["Ardennes", "Calvados", "Hautes-Pyrénées", "Ille-et-Vilaine", "Vaucluse", "Vendée"]);
}

#[test]
fn a_code_that_is_no_departement_is_refused() {
    for code in ["", "20", "96", "975", "2a", "1", "00"] {
        assert_eq!(code.parse::<DepartementCode>(), Err(NotADepartement(code.to_owned())));
    }
    assert_eq!("2A".parse::<DepartementCode>().unwrap().name(), "Corse-du-Sud");
}

#[test]
fn a_siret_is_fourteen_digits_with_its_key() {
    let siret: Siret = "732 829 320 00074".parse().unwrap();
    assert_eq!((siret.as_str(), siret.siren()), ("73282932000074", "732829320"));
    assert_eq!("73282932000075".parse::<Siret>(), Err(NotASiret::WrongKey));
    for text in ["", "7328293200007", "732829320000745", "7328293200007X", "٧3282932000074", "732-829-320-00074"] {
        assert_eq!(text.parse::<Siret>(), Err(NotASiret::WrongLength), "{text}");
    }
}

#[test]
fn la_poste_is_numbered_in_its_own_way() {
    assert!("35600000000048".parse::<Siret>().is_ok(), "its seat has the ordinary key");
    assert!("35600000000015".parse::<Siret>().is_ok(), "a post office whose digits sum to a multiple of five");
    assert_eq!("35600000000016".parse::<Siret>(), Err(NotASiret::WrongKey));
}

proptest! {
    #[test]
    fn a_siret_with_one_wrong_digit_is_refused(place in 0..14usize, step in 1..10u8) {
        let mut digits = b"73282932000074".to_owned();
        digits[place] = b'0' + (digits[place] - b'0' + step) % 10;
        let text = String::from_utf8(digits.to_vec()).unwrap();
        prop_assert_eq!(text.parse::<Siret>(), Err(NotASiret::WrongKey));
    }
}
