use super::*;
use crate::ids::PersonId;

fn course() -> CourseSlug {
    "mediation-numerique".parse().unwrap()
}

fn grant(role: Role, scope: &str) -> Vec<Grant> {
    vec![Grant::new(role, scope.parse().unwrap()).unwrap()]
}

fn code(code: &str) -> DepartementCode {
    code.parse().unwrap()
}

/// What is seen of France, the Ardennes, the Calvados, a maison of each.
fn seen(grants: &[Grant]) -> [Option<Sight>; 5] {
    [
        Territory::Nation,
        Territory::Departement(code("08")),
        Territory::Departement(code("14")),
        Territory::Maison(MaisonId(8), code("08")),
        Territory::Maison(MaisonId(14), code("14")),
    ]
    .map(|territory| sight(grants, &course(), territory))
}

#[test]
fn each_role_sees_what_its_scope_allows() {
    use Sight::{Figures, People};
    for role in [Role::NationalPilot, Role::Administrator] {
        assert_eq!(seen(&grant(role, "nation")), [Some(People); 5]);
    }
    let pilot = grant(Role::DepartmentPilot, "departement:08");
    assert_eq!(seen(&pilot), [Some(Figures), Some(People), None, Some(People), None]);
    let manager = grant(Role::MaisonManager, "maison:8");
    assert_eq!(seen(&manager), [Some(Figures), None, None, Some(People), None]);
    assert_eq!(seen(&grant(Role::Trainer, "course:mediation-numerique")), [Some(Figures); 5]);
    assert_eq!(seen(&grant(Role::Trainer, "course:autre")), [None; 5]);
    assert_eq!(seen(&grant(Role::Agent, "own")), [None; 5]);
    assert_eq!(seen(&[]), [None; 5]);
}

#[test]
fn two_roles_open_what_each_opens() {
    let mut grants = grant(Role::DepartmentPilot, "departement:08");
    grants.extend(grant(Role::MaisonManager, "maison:14"));
    grants.extend(grant(Role::Agent, "own"));
    assert_eq!(seen(&grants)[3..], [Some(Sight::People), Some(Sight::People)]);
    let reach = reach(&grants, &course()).unwrap();
    assert_eq!((reach.departements, reach.maisons), ([code("08")].into(), [MaisonId(14)].into()));
    assert_eq!(home(&grants, &course()), Some(Home::Departement(code("08"))));
}

#[test]
fn names_follow_the_same_rule_as_records() {
    let lea = super::super::Subject {
        person: PersonId(1),
        maison: Some((MaisonId(8), code("08"))),
        courses: [course()].into(),
    };
    let lists = |grants: &[Grant]| {
        reach(grants, &course()).is_some_and(|reach| {
            reach.everybody
                || (reach.takers && lea.courses.contains(&course()))
                || lea
                    .maison
                    .is_some_and(|(maison, code)| reach.maisons.contains(&maison) || reach.departements.contains(&code))
        })
    };
    for (role, scope) in [
        (Role::Agent, "own"),
        (Role::Trainer, "course:mediation-numerique"),
        (Role::Trainer, "course:autre"),
        (Role::MaisonManager, "maison:8"),
        (Role::MaisonManager, "maison:14"),
        (Role::DepartmentPilot, "departement:08"),
        (Role::DepartmentPilot, "departement:14"),
        (Role::NationalPilot, "nation"),
        (Role::Administrator, "nation"),
    ] {
        let grants = grant(role, scope);
        let reads = super::super::may_see_record(&grants, PersonId(2), &lea);
        assert_eq!(lists(&grants), reads, "{role} over {scope}");
        assert_eq!(may_follow_somebody(&grants, [&course()]), home(&grants, &course()).is_some());
    }
}
