//! What is said before publishing is what then happens, agent by agent.

use super::*;
use domain::course::Course;
use domain::identity::{Role, Scope};
use domain::ids::{AttemptId, ChapterSlug, CourseSlug};
use domain::quiz::Counts;
use domain::record::Fact;
use domain::studio::consequences::{Change, Consequence, Cost};
use server::error::Error;
use server::record::store::{append_unless, load};
use server::studio::publishing::work::{Foreseen, foresee};
use std::collections::BTreeMap;
use support::dice::Rolls;
use support::studio::CHAPTERS;

const AGENTS: u64 = 200;

fn slug() -> CourseSlug {
    COURSE.parse().unwrap()
}

fn read(chapter: &str) -> Fact {
    Fact::ChapterRead { course: slug(), version: 1, chapter: chapter.parse().unwrap(), minutes: 20, suffices: false }
}

fn graded(chapter: &str, number: u32, earned: u32, dice: &mut Rolls) -> Fact {
    Fact::AttemptGraded {
        course: slug(),
        version: 1,
        chapter: chapter.parse().unwrap(),
        attempt: AttemptId(dice.uuid()),
        number,
        earned,
        max: 200,
        pass: 70,
        counts: Counts::Best,
        minutes: 20,
    }
}

fn assessed(dice: &mut Rolls) -> Fact {
    let attempt = AttemptId(dice.uuid());
    let (earned, max, pass, counts) = (200, 200, 70, Counts::Best);
    Fact::AssessmentGraded { course: slug(), version: 1, attempt, number: 1, earned, max, pass, counts, minutes: 10 }
}

/// Somebody in mid-course: some chapters whole, one under way, sometimes an attempt that is open.
struct Agent {
    person: PersonId,
    client: Client,
    open: Option<String>,
}

async fn agents(product: &Product) -> Vec<Agent> {
    let mut agents = Vec::new();
    for number in 0..AGENTS {
        let person = product.person(&format!("Agent{number}"), Role::Agent, Scope::Own).await;
        let client = product.signed_in(person).await;
        let mut dice = Rolls(number + 1);
        let whole = usize::try_from(dice.below(8)).unwrap().min(6);
        let mut facts: Vec<Fact> = Vec::new();
        for chapter in &CHAPTERS[..whole] {
            facts.push(read(chapter));
            facts.push(graded(chapter, 1, 200, &mut dice));
        }
        if whole == 6 && dice.below(2) == 0 {
            facts.push(assessed(&mut dice));
        }
        let mut open = None;
        if let Some(chapter) = CHAPTERS.get(whole).filter(|_| dice.below(6) > 0) {
            let sections = usize::try_from(dice.below(4)).unwrap();
            for section in ["a", "b", "c"].iter().take(sections) {
                product
                    .sql(format!("INSERT INTO section_read VALUES ({person}, '{COURSE}', '{chapter}', '{section}', 0)"))
                    .await;
            }
            facts.extend((sections == 3).then(|| read(chapter)));
            facts.extend((dice.below(2) == 0).then(|| graded(chapter, 1, 100, &mut dice)));
            if dice.below(8) == 0 {
                let attempt = dice.uuid().to_string();
                let started = client.post(&format!("/cours/{COURSE}/{chapter}/quiz"), &[("attempt", &attempt)]).await;
                assert_eq!(started.location.as_deref(), Some(&*format!("/essais/{attempt}")), "{}", started.text());
                open = Some(attempt);
            }
        }
        let (now, app) = (product.app.clock.now(), product.app.clone());
        let append = product.app.db.write(move |db| {
            Box::pin(async move {
                for fact in facts {
                    append_unless(&app, db, person, now, fact, |_| false).await?;
                }
                Ok::<_, Error>(())
            })
        });
        append.await.unwrap();
        agents.push(Agent { person, client, open });
    }
    agents
}

/// What the agent's own page of the course says of each chapter: « Acquis », « À faire », « En cours · il reste à… ».
async fn page(agent: &Agent, course: &Course) -> BTreeMap<ChapterSlug, String> {
    let body = agent.client.get(&format!("/cours/{COURSE}")).await.body;
    let told = course.chapters.iter().map(|chapter| {
        let href = format!("href=\"/cours/{COURSE}/{}\"", chapter.slug);
        let step = body
            .split("class=\"step\"")
            .skip(1)
            .find(|step| step.contains(&href))
            .unwrap_or_else(|| panic!("{href}: {body}"));
        let said = step.split("class=\"step-said\">").nth(1).unwrap().split("</p>").next().unwrap();
        (chapter.slug.clone(), said.replace('\u{a0}', " "))
    });
    told.collect()
}

/// Whether a page says what was foreseen.
fn holds(said: &BTreeMap<ChapterSlug, String>, foreseen: &Consequence) {
    for (chapter, said) in said {
        let left = foreseen.after.remaining.iter().find(|(slug, _)| slug == chapter).map(|(_, left)| left);
        let Some(left) = left else {
            assert!(said.contains("Acquis"), "{chapter}: {said}");
            continue;
        };
        if said == "À faire" {
            continue;
        }
        let sections =
            said.split("lire ").nth(1).map(|rest| rest.chars().take_while(char::is_ascii_digit).collect::<String>());
        let sections: u32 = sections.map_or(0, |digits| digits.parse().unwrap());
        assert_eq!(sections, left.sections, "{chapter}: {said}");
        assert_eq!(said.contains("réussir le quiz"), left.quiz.is_some(), "{chapter}: {said}");
        if let Some(pass) = left.quiz {
            assert!(said.contains(&format!("{pass} %")), "{chapter}: {said}");
        }
    }
}

async fn number(product: &Product, sql: String) -> i64 {
    product.number(&sql).await
}

/// Renames a chapter, adds a section to another, takes a quiz away, asks for more at another, removes the last.
async fn rewrite(product: &Product, marie: PersonId) {
    for name in ["chapter.md", "quiz.toml"] {
        let text = text_of(product, COURSE, &format!("deux/{name}")).await;
        write(product, COURSE, marie, &format!("deux-bis/{name}"), Some(&text)).await;
    }
    write(product, COURSE, marie, "ordre", Some("un\ndeux-bis\ntrois\nquatre\ncinq\n")).await;
    edit(product, COURSE, marie, "trois/chapter.md", ("## Section c", "## Section d {#d}\n\nDe plus.\n\n## Section c"))
        .await;
    write(product, COURSE, marie, "quatre/quiz.toml", None).await;
    edit(product, COURSE, marie, "cinq/quiz.toml", ("pass = 70", "pass = 100")).await;
}

on_both!(under_two_hundred_agents_in_mid_course_what_was_said_is_what_happens, |product| async {
    let (marie, trainer) = begun(&product).await;
    let agents = agents(&product).await;
    rewrite(&product, marie).await;
    let old = product.app.library.course(&slug()).unwrap();
    let files = server::studio::folder(&product.app, &slug()).await.unwrap();
    let (new, problems) = domain::course::parse::parse(COURSE, &files);
    let new = new.unwrap_or_else(|| panic!("{problems:?}"));
    let foreseen: Foreseen = foresee(&product.app, &old.course, &new).await.unwrap();
    assert_eq!(foreseen.agents.len() as u64 + foreseen.not_begun, AGENTS);

    // The page's figures, against what the records say without the rules.
    let page_before = trainer.get(GATE).await;
    let text = page_before.text();
    let mut redo = 0;
    for agent in &agents {
        let record = load(product.app.db.reader(), agent.person).await.unwrap().record;
        let course = record.courses.get(&slug()).cloned().unwrap_or_default();
        let acquired =
            course.chapters.get(&"deux".parse::<ChapterSlug>().unwrap()).is_some_and(|it| it.acquired.is_some());
        redo += u64::from(acquired && course.completed.is_none());
    }
    assert!(redo > 30, "the dice made enough of them: {redo}");
    assert_eq!(foreseen.by_change()[&Change::Redo("deux-bis".parse().unwrap())], redo);
    assert!(text.contains(&format!("{redo} agents refont le chapitre 2, « Chapitre deux »")), "{text}");
    let keep = foreseen.by_cost(Cost::Same);
    let kept = domain::text::counted(keep, "agent garde tout son travail", "agents gardent tout leur travail");
    assert!(text.contains(&kept.replace('\u{a0}', " ")), "{kept}: {text}");
    for change in [
        Change::ReadMore("trois".parse().unwrap()),
        Change::Acquired("quatre".parse().unwrap()),
        Change::QuizHarder("cinq".parse().unwrap()),
        Change::Spared("six".parse().unwrap()),
        Change::StaysCompleted,
    ] {
        assert!(foreseen.by_change().contains_key(&change), "nobody is told {change:?}");
    }

    let done = order(&trainer, &page_before, &[("do", "publish")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    settle(&product.app).await.unwrap();
    assert_eq!(published(&product).await, 2);
    let by_person: BTreeMap<PersonId, &Consequence> =
        foreseen.agents.iter().map(|(person, it)| (*person, it)).collect();
    for agent in &agents {
        let person = agent.person;
        let said = page(agent, &new).await;
        let Some(foreseen) = by_person.get(&person) else {
            assert!(said.values().all(|said| said == "À faire"), "who had not begun begins: {said:?}");
            continue;
        };
        holds(&said, foreseen);
        let row = format!("FROM enrolment WHERE course = '{COURSE}' AND person_id = {person}");
        assert_eq!(
            number(&product, format!("SELECT CAST(chapters AS BIGINT) {row}")).await,
            i64::from(foreseen.after.done),
            "{person}"
        );
        let done = number(&product, format!("SELECT COUNT(*) {row} AND mooc_at IS NOT NULL")).await == 1;
        assert_eq!(done, foreseen.after.completed, "{person}");
        let record = load(product.app.db.reader(), person).await.unwrap().record;
        let completed = record.courses.get(&slug()).is_some_and(|it| it.completed.is_some());
        assert_eq!(completed, foreseen.after.completed, "{person}");
        // What was under way ends on the version that it began on.
        if let Some(attempt) = &agent.open {
            let version = format!(
                "SELECT v.number FROM attempt t JOIN course_version v ON v.id = t.version_id WHERE t.id = '{attempt}'"
            );
            assert_eq!(number(&product, version).await, 1);
            let handed = agent.client.post(&format!("/essais/{attempt}"), &[("action", "finish")]).await;
            assert_eq!(handed.status, StatusCode::SEE_OTHER, "{}", handed.text());
            assert_eq!(agent.client.get(&format!("/essais/{attempt}")).await.status, StatusCode::OK);
        }
    }
    let (_, findings) = server::record::store::check(&product.app.db).await.unwrap();
    assert!(findings.is_empty(), "{findings:?}");
});
