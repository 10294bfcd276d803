use super::*;
use crate::ids::{CourseSlug, MaisonId, PersonId};
use proptest::prelude::*;

const LEA: PersonId = PersonId(1);
const VIEWER: PersonId = PersonId(2);

fn course(slug: &str) -> CourseSlug {
    slug.parse().unwrap()
}

/// Léa works at maison 12, in the Ardennes, and follows one course.
fn lea() -> Subject {
    Subject {
        person: LEA,
        maison: Some((MaisonId(12), "08".parse().unwrap())),
        courses: [course("mediation-numerique")].into(),
    }
}

fn grant(role: Role, scope: &str) -> Vec<Grant> {
    vec![Grant::new(role, scope.parse().unwrap()).unwrap()]
}

fn sees_lea(grants: &[Grant]) -> bool {
    may_see_record(grants, VIEWER, &lea())
}

#[test]
fn everybody_sees_their_own_record() {
    assert!(may_see_record(&[], LEA, &lea()));
    assert!(may_see_course_record(&[], LEA, &lea(), &course("autre")));
}

#[test]
fn a_record_is_seen_by_those_who_follow_its_agent_and_nobody_else() {
    assert!(sees_lea(&grant(Role::Trainer, "course:mediation-numerique")));
    assert!(sees_lea(&grant(Role::MaisonManager, "maison:12")));
    assert!(sees_lea(&grant(Role::DepartmentPilot, "departement:08")));
    assert!(sees_lea(&grant(Role::NationalPilot, "nation")));
    assert!(sees_lea(&grant(Role::Administrator, "nation")));

    assert!(!sees_lea(&[]));
    assert!(!sees_lea(&grant(Role::Agent, "own")));
    assert!(!sees_lea(&grant(Role::Trainer, "course:autre")));
    assert!(!sees_lea(&grant(Role::MaisonManager, "maison:13")));
    assert!(!sees_lea(&grant(Role::DepartmentPilot, "departement:14")));
}

#[test]
fn an_agent_without_a_maison_is_followed_by_the_nation_only() {
    let subject = Subject { maison: None, ..lea() };
    assert!(!may_see_record(&grant(Role::MaisonManager, "maison:12"), VIEWER, &subject));
    assert!(!may_see_record(&grant(Role::DepartmentPilot, "departement:08"), VIEWER, &subject));
    assert!(may_see_record(&grant(Role::NationalPilot, "nation"), VIEWER, &subject));
}

#[test]
fn a_trainer_sees_their_own_course_in_a_record_and_no_other() {
    let trainer = grant(Role::Trainer, "course:mediation-numerique");
    let mut subject = lea();
    subject.courses.insert(course("autre"));
    assert!(may_see_course_record(&trainer, VIEWER, &subject, &course("mediation-numerique")));
    assert!(!may_see_course_record(&trainer, VIEWER, &subject, &course("autre")));
    subject.courses.remove(&course("mediation-numerique"));
    assert!(!may_see_course_record(&trainer, VIEWER, &subject, &course("mediation-numerique")));
}

#[test]
fn courses_are_published_by_their_trainers_and_the_administrators() {
    let slug = course("mediation-numerique");
    assert!(may_publish(&grant(Role::Trainer, "course:mediation-numerique"), &slug));
    assert!(may_publish(&grant(Role::Administrator, "nation"), &slug));
    assert!(!may_publish(&grant(Role::Trainer, "course:autre"), &slug));
    assert!(!may_publish(&grant(Role::NationalPilot, "nation"), &slug));
}

#[test]
fn those_who_follow_a_course_are_known_to_its_trainers_and_to_the_nation() {
    let slug = course("mediation-numerique");
    assert!(may_follow_course(&grant(Role::Trainer, "course:mediation-numerique"), &slug));
    assert!(may_follow_course(&grant(Role::NationalPilot, "nation"), &slug));
    assert!(!may_follow_course(&grant(Role::Trainer, "course:autre"), &slug));
    assert!(!may_follow_course(&grant(Role::DepartmentPilot, "departement:08"), &slug));
}

#[test]
fn only_administrators_administer() {
    assert!(may_administer(&grant(Role::Administrator, "nation")));
    assert!(!may_administer(&grant(Role::NationalPilot, "nation")));
}

#[test]
fn follow_up_widens_from_the_maison_to_the_nation() {
    let (maison, ardennes) = (MaisonId(12), "08".parse().unwrap());
    let manager = grant(Role::MaisonManager, "maison:12");
    let pilot = grant(Role::DepartmentPilot, "departement:08");
    let national = grant(Role::NationalPilot, "nation");
    let opens = |grants: &[Grant]| {
        let departement = may_follow_departement(grants, ardennes);
        (may_follow_maison(grants, maison, ardennes), departement, may_follow_nation(grants))
    };
    assert_eq!(opens(&manager), (true, false, false));
    assert_eq!(opens(&pilot), (true, true, false));
    assert_eq!(opens(&national), (true, true, true));
    assert_eq!(opens(&grant(Role::DepartmentPilot, "departement:14")), (false, false, false));
    assert_eq!(opens(&grant(Role::Trainer, "course:mediation-numerique")), (false, false, false));
}

fn any_scope() -> impl Strategy<Value = Scope> {
    prop_oneof![
        Just(Scope::Own),
        Just(Scope::Nation),
        "[a-z]{1,8}".prop_map(|slug| Scope::Course(slug.parse().unwrap())),
        any::<i64>().prop_map(|id| Scope::Maison(MaisonId(id))),
        prop::sample::select(&crate::place::DEPARTEMENTS[..]).prop_map(|d| Scope::Departement((&d).into())),
    ]
}

proptest! {
    #[test]
    fn a_scope_reads_back_from_its_text(scope in any_scope()) {
        prop_assert_eq!(scope.to_string().parse(), Ok(scope));
    }

    #[test]
    fn a_role_held_over_a_scope_that_does_not_fit_it_opens_nothing(
        role in prop::sample::select(&Role::ALL[..]), scope in any_scope()
    ) {
        if let Err(Misfit { role, scope }) = Grant::new(role, scope) {
            let forged = [Grant { role, scope }];
            let slug = course("mediation-numerique");
            prop_assert!(!sees_lea(&forged) && !may_administer(&forged) && !may_publish(&forged, &slug));
            prop_assert!(!may_follow_nation(&forged));
        }
    }

    #[test]
    fn an_email_reads_back_from_its_text(text in "[ ]?[a-zA-Z]{1,5}(\\.[a-z0-9]{1,4})?@[A-Za-z]{1,5}\\.fr ?") {
        let email: Email = text.parse().unwrap();
        prop_assert_eq!(email.as_str(), text.trim().to_lowercase());
        prop_assert_eq!(email.as_str().parse(), Ok(email));
    }
}

#[test]
fn each_role_fits_one_kind_of_scope() {
    let scopes: Vec<Scope> =
        ["own", "course:caf", "maison:1", "departement:08", "nation"].map(|s| s.parse().unwrap()).into();
    for role in Role::ALL {
        assert_eq!(scopes.iter().filter(|scope| role.fits(scope)).count(), 1, "{role}");
        assert_eq!(role.as_str().parse(), Ok(role));
        assert_eq!(serde_json::to_string(&role).unwrap(), format!("\"{role}\""));
    }
}

#[test]
fn texts_that_are_no_scope_are_refused() {
    for text in ["", "course:", "course:É", "maison:x", "departement:20", "nation:1", "own:", "Nation"] {
        assert_eq!(text.parse::<Scope>(), Err(NotAGrant(text.to_owned())));
    }
}

#[test]
fn texts_that_are_no_email_are_refused() {
    for text in [
        "",
        "lea",
        "lea@",
        "@mairie.fr",
        "lea@mairie",
        "le a@mairie.fr",
        "lea@@mairie.fr",
        "lea@mairie..fr",
        "a.@b.fr",
        "lea@-b.fr",
        "<lea@b.fr>",
        "lea@b.fr\nbcc:x@y.fr",
    ] {
        assert_eq!(text.parse::<Email>(), Err(NotAnEmail), "{text}");
    }
    assert!(format!("{}@b.fr", "a".repeat(65)).parse::<Email>().is_err());
}

#[test]
fn a_name_has_two_parts_and_tidy_spaces() {
    let name = PersonName::new(" Marie  Claire ", "de\u{a0}La Tour").unwrap();
    assert_eq!(name.to_string(), "Marie Claire de La Tour");
    assert_eq!((name.given(), name.family()), ("Marie Claire", "de La Tour"));
    assert_eq!(PersonName::new("", "Martin"), Err(NotAName));
    assert_eq!(PersonName::new("Léa", &"x".repeat(101)), Err(NotAName));
    assert_eq!(PersonName::new("L\u{0}éa", "Martin"), Err(NotAName));
    assert!(serde_json::from_str::<PersonName>(r#"{"given":" ","family":"x"}"#).is_err());
}

fn check(password: &str) -> Result<(), PasswordProblem> {
    let email = "francoise.martin@mairie.fr".parse().unwrap();
    check_password(password, &email, &|password| password == "azertyuiop123")
}

#[test]
fn a_long_password_will_do_whatever_it_is_made_of() {
    assert_eq!(check("cheval agrafe soleil"), Ok(()));
    assert_eq!(check("éééééééééééé"), Ok(()));
    assert_eq!(check(&"mot ".repeat(64)), Ok(()));
}

#[test]
fn a_password_is_counted_in_characters() {
    assert_eq!(check("ééééééééééé"), Err(PasswordProblem::TooShort));
    assert_eq!(check(&"x".repeat(257)), Err(PasswordProblem::TooLong));
}

#[test]
fn common_passwords_are_refused_in_any_case() {
    assert_eq!(check("AzertyUiop123"), Err(PasswordProblem::Common));
}

#[test]
fn a_password_is_not_the_email() {
    assert_eq!(check("Francoise.Martin"), Err(PasswordProblem::IsEmail));
    assert_eq!(check("francoise.martin@MAIRIE.fr"), Err(PasswordProblem::IsEmail));
}
