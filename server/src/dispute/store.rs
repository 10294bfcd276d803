//! Disputes in the database. One a line, answered once; neither is changed afterwards.

use crate::app::App;
use crate::error::{Error, Result};
use dispute::{ActiveModel, Column, Entity, Model};
use domain::ids::{CourseSlug, PersonId};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Set,
};
use std::collections::BTreeMap;

mod dispute {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, DeriveEntityModel)]
    #[sea_orm(table_name = "dispute")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: i64,
        /// The line's place in the ledger.
        #[sea_orm(primary_key, auto_increment = false)]
        pub seq: i64,
        pub course: String,
        pub said: String,
        /// Milliseconds since 1970.
        pub at: i64,
        pub answer: Option<String>,
        pub answered_by: Option<i64>,
        pub answered_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) use dispute::Model as Dispute;

/// Those of an agent, by the line that they are about.
pub(crate) async fn of(db: &impl ConnectionTrait, agent: PersonId) -> Result<BTreeMap<u64, Dispute>> {
    let rows = Entity::find().filter(Column::PersonId.eq(agent.0)).order_by_asc(Column::Seq).all(db).await?;
    Ok(rows.into_iter().map(|row| (u64::try_from(row.seq).unwrap_or(0), row)).collect())
}

/// Those about these courses: first those that wait, then the latest answered.
pub(crate) async fn about(db: &impl ConnectionTrait, courses: &[CourseSlug], most: u64) -> Result<Vec<Dispute>> {
    let slugs = || courses.iter().map(CourseSlug::as_str);
    let rows = |answered: bool| {
        let rows = Entity::find().filter(Column::Course.is_in(slugs()));
        let rows = if answered {
            rows.filter(Column::AnsweredAt.is_not_null()).order_by_desc(Column::AnsweredAt)
        } else {
            rows.filter(Column::AnsweredAt.is_null()).order_by_asc(Column::At)
        };
        rows.order_by_asc(Column::PersonId).order_by_asc(Column::Seq).limit(most)
    };
    let mut all: Vec<Model> = rows(false).all(db).await?;
    all.extend(rows(true).all(db).await?);
    Ok(all)
}

/// Notes that an agent disputes a line. Said twice, the first stays.
pub(crate) async fn raise(app: &App, agent: PersonId, seq: u64, course: &CourseSlug, said: String) -> Result<()> {
    let row = ActiveModel {
        person_id: Set(agent.0),
        seq: Set(signed(seq)),
        course: Set(course.to_string()),
        said: Set(said),
        at: Set(app.clock.now().as_millisecond()),
        answer: Set(None),
        answered_by: Set(None),
        answered_at: Set(None),
    };
    app.db
        .write(move |db| {
            Box::pin(async move {
                let key = [Column::PersonId, Column::Seq];
                let once = OnConflict::columns(key).do_nothing_on(key).to_owned();
                Entity::insert(row).on_conflict(once).try_insert().exec_without_returning(db).await?;
                Ok::<_, Error>(())
            })
        })
        .await
}

/// Notes the answer. Said twice, the first stays.
pub(crate) async fn answer(app: &App, author: PersonId, agent: PersonId, seq: u64, answer: String) -> Result<()> {
    let row = ActiveModel {
        answer: Set(Some(answer)),
        answered_by: Set(Some(author.0)),
        answered_at: Set(Some(app.clock.now().as_millisecond())),
        ..Default::default()
    };
    app.db
        .write(move |db| {
            Box::pin(async move {
                Entity::update_many()
                    .set(row)
                    .filter(Column::PersonId.eq(agent.0))
                    .filter(Column::Seq.eq(signed(seq)))
                    .filter(Column::AnsweredAt.is_null())
                    .exec(db)
                    .await?;
                Ok::<_, Error>(())
            })
        })
        .await
}

fn signed(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}

/// What waits for an answer in the ledger of `from` waits for it in that of `to`, to which these lines were brought over.
pub(crate) async fn hand_over(
    db: &impl ConnectionTrait,
    from: PersonId,
    to: PersonId,
    places: &BTreeMap<u64, u64>,
) -> Result<()> {
    let waiting = Entity::find().filter(Column::PersonId.eq(from.0)).filter(Column::AnsweredAt.is_null());
    for dispute in waiting.all(db).await? {
        let place = u64::try_from(dispute.seq).ok().and_then(|seq| places.get(&seq));
        let Some(seq) = place.and_then(|seq| i64::try_from(*seq).ok()) else { continue };
        Entity::update_many()
            .col_expr(Column::PersonId, Expr::value(to.0))
            .col_expr(Column::Seq, Expr::value(seq))
            .filter(Column::PersonId.eq(from.0))
            .filter(Column::Seq.eq(dispute.seq))
            .exec(db)
            .await?;
    }
    Ok(())
}
