//! Somebody of whom something of every class is held, and what an archive says of them.

use crate::classroom::{ROOM, plan};
use crate::completing::whole_course;
use crate::held::seen;
use crate::{Client, Product};
use domain::audit::{Deed, Note};
use domain::identity::{Role, Scope};
use domain::ids::{PersonId, WebinarId};
use jiff::SignedDuration;
use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};

/// Two agents who did the same things, a trainer, and an administrator.
pub struct Held {
    /// The first agent, who also trains: so that there is something of theirs everywhere.
    pub zebulon: PersonId,
    pub agent: Client,
    pub karim: PersonId,
    pub trainer: Client,
    pub trainer_id: PersonId,
    pub administrator: Client,
    /// One that both were at.
    pub webinar: WebinarId,
}

const CHAPTER: &str = "/cours/mediation-numerique/accueil-et-posture";

impl Product {
    /// Makes something of every class held of Zebulon and of Karim.
    pub async fn everything_held(&self) -> Held {
        let zebulon = self.person("Zebulon", Role::Agent, Scope::Own).await;
        let karim = self.person("Karim", Role::Agent, Scope::Own).await;
        let trainer_id = self.trainer_of("Rose", "mediation-numerique").await;
        let (agent, other) = (self.signed_in(zebulon).await, self.signed_in(karim).await);
        let trainer = self.signed_in(trainer_id).await;
        let administrator = self.administrator().await;
        plan(&trainer, jiff::civil::date(2026, 12, 1), "zebulon@exemple.example\nkarim@exemple.example").await;
        let webinar = self.webinar_of(trainer_id, [zebulon, karim]).await;
        for (person, client, name) in [(zebulon, &agent, "Zebulon"), (karim, &other, "Karim")] {
            self.give_password(person).await;
            self.learn(person, client, name).await;
        }
        self.write_for_others(zebulon, karim).await;
        self.administer(zebulon, karim, trainer_id).await;
        trainer.get(&format!("/suivi/{zebulon}")).await;
        self.app.audit.settle().await;
        Held { zebulon, agent, karim, trainer, trainer_id, administrator, webinar }
    }

    /// A webinar that was held, and what was said in its room.
    async fn webinar_of(&self, trainer: PersonId, agents: [PersonId; 2]) -> WebinarId {
        let webinar = self.webinar(trainer, &agents).await;
        let live_at = self.begin(webinar).await;
        let minutes = agents.map(|agent| seen(webinar, agent, 1, live_at, (0, 90))).to_vec();
        server::webinar::presence::checkpoint(&self.app, minutes).await.expect("notes");
        for (seq, (agent, name)) in (1..).zip([(agents[0], "Zebulon"), (agents[1], "Karim")]) {
            let body = format!(
                "{{\"by\":{{\"person\":{agent},\"name\":\"{name} Durand\",\"trainer\":false}},\
                 \"change\":{{\"said\":{{\"text\":\"Bonjour de {name}\"}}}}}}"
            );
            self.sql(format!(
                "INSERT INTO webinar_change (webinar_id, seq, at, body) VALUES ('{webinar}', {seq}, 0, '{body}')"
            ))
            .await;
            let at = live_at.as_millisecond();
            for statement in [
                format!("INSERT INTO replay_watch VALUES ('l-{agent}', '{webinar}', {agent}, {at})"),
                format!(
                    "INSERT INTO replay_piece VALUES ('l-{agent}', 'l-{agent}', '{webinar}', {agent}, 0, 60000, {at}, {at}, \
                     100, TRUE)"
                ),
                format!("INSERT INTO replay_position VALUES ('{webinar}', {agent}, 60000, {at})"),
                format!(
                    "INSERT INTO replay_answer VALUES ('{webinar}', {agent}, 5, '{{\"q\":{{\"text\":\"{name}\"}}}}', {at})"
                ),
            ] {
                self.sql(statement).await;
            }
        }
        let floor = format!(
            "{{\"by\":{{\"person\":{trainer},\"name\":\"Rose Durand\",\"trainer\":true}},\
             \"change\":{{\"floor-given\":{{\"person\":{},\"name\":\"Zebulon Durand\"}}}}}}",
            agents[0]
        );
        self.sql(format!(
            "INSERT INTO webinar_change (webinar_id, seq, at, body) VALUES ('{webinar}', 3, 0, '{floor}')"
        ))
        .await;
        self.sql(format!(
            "INSERT INTO recording (webinar, state, started_at, length, bytes, has_camera, kept_until) VALUES \
             ('{webinar}', 'whole', {}, 5400000, 1000, false, '2027-12-01')",
            live_at.as_millisecond()
        ))
        .await;
        self.wait(SignedDuration::from_mins(90));
        self.close(webinar, live_at).await;
        webinar
    }

    /// Reads, answers, earns and disputes.
    async fn learn(&self, person: PersonId, client: &Client, name: &str) {
        let now = self.app.clock.now().as_millisecond();
        client.post(&format!("{CHAPTER}/lu"), &[("section", "deux-premieres-minutes")]).await;
        let attempt = client.get(&format!("{CHAPTER}/quiz")).await.field("attempt");
        client.post(&format!("{CHAPTER}/quiz"), &[("attempt", &attempt)]).await;
        let body = format!("{{\"text\":\"Réponse de {name}\"}}");
        client.post(&format!("/essais/{attempt}"), &[("action", "finish")]).await;
        self.complete_course(person).await;
        client.post("/dossier/faits/1", &[("words", &format!("Moi, {name}, je le conteste"))]).await;
        server::identity::store::invite(&self.app, person).await.expect("invites");
        for statement in [
            format!("INSERT INTO answer VALUES ('{attempt}', 'q', 's-{person}', 1, '{body}', {now})"),
            format!("INSERT INTO reading_position VALUES ({person}, 'mediation-numerique', 'accueil', 'a', {now})"),
            format!("INSERT INTO notice VALUES ({person}, 'reminder', {now})"),
            format!("INSERT INTO second_factor VALUES ({person}, 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', {now}, NULL, 0)"),
            format!("INSERT INTO recovery_code VALUES ({person}, 'h', NULL)"),
            format!(
                "INSERT INTO passkey (person_id, handle, credential_id, credential, name, created_at) VALUES \
                 ({person}, 'h-{person}', 'c-{person}', '{{}}', 'Téléphone de {name}', {now})"
            ),
            format!(
                "INSERT INTO federated_identity VALUES ('https://proconnect.example', 'sub-{person}', {person}, NULL, {now}, {now})"
            ),
            format!(
                "INSERT INTO course_notice VALUES ('v-{person}', 'mediation-numerique', 1, 'Un chapitre change', {person}, {now})"
            ),
            format!("INSERT INTO course_notice_reader VALUES ({person}, 'v-{person}', '[]', {now})"),
            format!(
                "INSERT INTO classroom_mark (classroom_id, half_day, person_id, signed_at, said) \
                 VALUES ('{ROOM}', '2026-12-01-matin', {person}, {now}, NULL)"
            ),
            format!(
                "INSERT INTO mail (id, key, to_address, to_name, subject, body, created_at, send_after, sent_at, attempts) \
                 VALUES ('{person}', 'k-{person}', '{0}@exemple.example', '{name} Durand', 'Objet', 'Bonjour {name}', {now}, \
                 {now}, {now}, 1)",
                name.to_lowercase()
            ),
            format!(
                "INSERT INTO import (id, author_id, kind, file_name, body, created_at) VALUES ('i-{person}', {person}, \
                 'agents', 'agents-{person}.csv', '[[\"{0}@exemple.example\"]]', {now})",
                name.to_lowercase()
            ),
        ] {
            self.sql(statement).await;
        }
    }

    /// The first does for the second what trainers do.
    async fn write_for_others(&self, author: PersonId, agent: PersonId) {
        let (now, app) = (self.app.clock.now(), self.app.clone());
        let fact = whole_course(&self.app).remove(0);
        let append = self.app.db.write(move |db| {
            Box::pin(
                async move { server::record::store::append_by(&app, db, author, agent, now, fact, |_| false).await },
            )
        });
        append.await.map_err(|error: server::error::Error| error.to_string()).expect("appends");
        let at = now.as_millisecond();
        for statement in [
            format!(
                "INSERT INTO webinar (id, course, title, description, starts_at, minutes, capacity, threshold, audience, \
                 created_by, created_at, cancelled_at) VALUES ('w-{author}', 'mediation-numerique', 'Prévu', '', {at}, 90, 5, \
                 80, 'nation', {author}, {at}, {at})"
            ),
            format!("INSERT INTO webinar_trainer VALUES ('w-{author}', {author})"),
            format!(
                "INSERT INTO caption_correction VALUES ('s-{author}', 'w-{author}', 3, 'Bonjour à tous', {author}, {at})"
            ),
            format!(
                "INSERT INTO token (id, name, secret_hash, scopes, created_by, created_at, expires_at) \
                 VALUES ('t-{author}', 'SIRH', 'h', 'people:read', {author}, {at}, {at})"
            ),
            format!(
                "INSERT INTO webhook (id, url, kinds, secret, created_by, created_at, disabled_at) \
                 VALUES ('h-{author}', 'https://sirh.exemple.example', 'fact.recorded', 's', {author}, {at}, {at})"
            ),
            format!(
                "INSERT INTO webhook_delivery (id, webhook_id, kind, body, created_at, send_after, attempts) VALUES \
                 ('d-{author}', 'h-{author}', 'fact.recorded', '{{\"person\":{author},\"seq\":1}}', {at}, {at}, 0), \
                 ('d-{agent}', 'h-{author}', 'fact.recorded', '{{\"person\":{agent},\"seq\":1}}', {at}, {at}, 0)"
            ),
            format!(
                "INSERT INTO classroom VALUES ('c-{author}', 'parcours-france-services', 'retraite', \
                 'mediation-numerique', 'Salle 3', {author}, {at})"
            ),
            format!(
                "INSERT INTO cohort (id, course, name, from_on, to_on, capacity, created_by, created_at) VALUES \
                 ('g-{author}', 'mediation-numerique', 'Hiver', '2026-12-01', '2027-02-28', 12, {author}, {at})"
            ),
            format!("INSERT INTO cohort_trainer VALUES ('g-{author}', {author})"),
            format!(
                "INSERT INTO cohort_member (cohort_id, person_id, course, added_by, added_at) VALUES \
                 ('g-{author}', {agent}, 'mediation-numerique', {author}, {at}), \
                 ('g-{author}', {author}, 'mediation-numerique', {author}, {at})"
            ),
            format!("INSERT INTO classroom_half_day VALUES ('c-{author}', '2026-12-01-matin', 's', {at}, {author})"),
            format!("INSERT INTO draft VALUES ('c-{author}', NULL, {at}, {author})"),
            format!("INSERT INTO draft_author VALUES ('c-{author}', {author}, {at}, {author})"),
            format!("INSERT INTO draft_author VALUES ('c-{author}', {agent}, {at}, {author})"),
            format!(
                "INSERT INTO draft_save (request, course, path, size, saved_at, saved_by) \
                 VALUES ('r', 'c-{author}', 'glossary.toml', 0, {at}, {author})"
            ),
            format!("INSERT INTO upload VALUES ('u-{author}', {author}, 'c-{author}', 'plan.png', 10, 5, {at})"),
            format!("INSERT INTO upload VALUES ('u-{agent}', {agent}, 'c-{author}', 'plan.png', 10, 5, {at})"),
            format!("INSERT INTO publication VALUES ('c-{author}', 1, 'r-{author}', 'Relu', NULL, {author}, {at})"),
            format!("INSERT INTO waiver VALUES ('c-{author}', 0, 'k', 'Un lien', 'Il est clair', {author}, {at})"),
            format!(
                "INSERT INTO planned_publication VALUES ('c-{author}', 'r', {at}, '', '', FALSE, {author}, {at}, NULL, NULL)"
            ),
            format!("INSERT INTO withdrawal VALUES ('c-{author}', 'Périmé', {author}, {at})"),
            format!(
                "INSERT INTO course_import VALUES ('i-{author}', 'cours.zip', 'c-{author}', NULL, '', '', {author}, {at}, {at})"
            ),
            format!("UPDATE classroom_mark SET said_by = {author} WHERE person_id = {agent}"),
            format!(
                "UPDATE dispute SET answer = 'Bien vu', answered_by = {author}, answered_at = {at} WHERE person_id = {agent}"
            ),
        ] {
            self.sql(statement).await;
        }
        let note = Note {
            at: now,
            actor: Some(author),
            role: "trainer".into(),
            subject: Some(agent),
            deed: Deed::Looked,
            page: "/suivi/{person}".into(),
            path: format!("/suivi/{agent}"),
        };
        self.app.audit.write(&self.app.db, note).await.expect("notes");
    }

    /// Posted, made one of two accounts, and known to other platforms; the first does so for the second, too.
    async fn administer(&self, first: PersonId, second: PersonId, other: PersonId) {
        let at = self.app.clock.now().as_millisecond();
        for (person, by, twin, address) in [(first, other, "Zita", "zebulon"), (second, first, "Kim", "karim")] {
            let twin = self.person(twin, Role::Agent, Scope::Own).await;
            for statement in [
                format!(
                    "INSERT INTO posting (id, person_id, from_on, state, reason, by_id, at, settled) \
                     VALUES ('p-{person}', {person}, '2026-12-01', 'conge', 'Congé', {by}, {at}, TRUE)"
                ),
                format!(
                    "INSERT INTO merge (person_id, into_id, key, by_id, at, facts) \
                     VALUES ({twin}, {person}, 'm-{person}', {by}, {at}, 0)"
                ),
                format!("INSERT INTO statement_backlog (person_id, done, last) VALUES ({person}, 1, 1)"),
                format!(
                    "INSERT INTO statement (stored_at, verb, size, voided, voids, id, body) VALUES ({at}, 1, 60, FALSE, FALSE, \
                     's-{person}', '{{\"actor\":{{\"mbox\":\"mailto:{address}@exemple.example\"}}}}')"
                ),
                format!(
                    "INSERT INTO document (id, place, agent, name, content_type, tag, updated_at, content) VALUES ('x-{person}', \
                     'p', 'mailto:{address}@exemple.example', 'bookmark', 'text/plain', 't', {at}, 'page 3')"
                ),
            ] {
                self.sql(statement).await;
            }
        }
    }

    /// What a count says.
    pub async fn number(&self, sql: &str) -> i64 {
        use sea_orm::{ConnectionTrait as _, Statement};
        let statement = Statement::from_string(self.app.db.backend(), sql.to_owned());
        let row = self.app.db.reader().query_one_raw(statement).await.expect("reads").expect("a row");
        row.try_get_by_index(0).expect("a number")
    }
}

/// The files of an archive, by name.
pub fn unpacked(bytes: &[u8]) -> BTreeMap<String, String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive");
    let names: Vec<String> = archive.file_names().map(|name| name.expect("a name").into_owned()).collect();
    let text = |name: String| {
        let mut text = String::new();
        archive.by_name(&name).expect("a file").read_to_string(&mut text).expect("text");
        (name, text)
    };
    names.into_iter().map(text).collect()
}
