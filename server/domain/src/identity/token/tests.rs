use super::*;

fn form(name: &str, scopes: &[&str], days: &str) -> TokenForm {
    TokenForm { name: name.into(), scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(), days: days.into() }
}

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

#[test]
fn a_scope_is_written_as_it_is_read_and_no_two_are_alike() {
    for scope in TokenScope::ALL {
        assert_eq!(scope.to_string().parse(), Ok(scope));
    }
    let all = TokenScopes(TokenScope::ALL.into_iter().collect());
    assert_eq!(all.0.len(), TokenScope::ALL.len());
    assert_eq!(all.to_string().parse(), Ok(all));
    assert_eq!("people:read people:write".parse::<TokenScopes>(), Err(NotAScope("people:write".into())));
}

#[test]
fn a_token_lasts_a_day_to_a_year() {
    let days = |days: &str| read_token(&form(" SIRH ", &["people:read"], days), NOW);
    let token = days("366").unwrap();
    assert_eq!((token.name.as_str(), token.expires_at.as_second()), ("SIRH", 366 * 86_400));
    assert!(days(" 1 ").is_ok());
    for wrong in ["", "0", "-1", "367", "1.5", "un an", "99999999999999999999"] {
        assert_eq!(days(wrong).unwrap_err()[0].0, "days", "{wrong}");
    }
}

#[test]
fn every_problem_of_the_form_is_told_at_once() {
    let fields = |form| read_token(&form, NOW).unwrap_err().into_iter().map(|(field, _)| field).collect::<Vec<_>>();
    assert_eq!(fields(form("", &[], "")), ["name", "scopes", "days"]);
    assert_eq!(fields(form("a\u{7}bc", &["people:read", "anything"], "1")), ["name", "scopes"]);
    assert_eq!(fields(form(&"é".repeat(81), &["people:read"], "1")), ["name"]);
}
