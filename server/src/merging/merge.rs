//! Folding one account into another, in one transaction.

use super::entity::merge;
use super::store;
use crate::access::Merger;
use crate::app::App;
use crate::certificate::issuing;
use crate::error::{Error, Result};
use crate::follow_up::enrolment;
use crate::identity::entity::{credential, federated_identity, invitation, person, role_grant};
use crate::identity::second_factor;
use crate::identity::session::{self, Ending};
use crate::mail::outbox;
use crate::record::store as records;
use crate::{classroom, cohort, course, dispute, webinar};
use domain::identity::{Role, Scope};
use domain::ids::PersonId;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, PaginatorTrait as _, QueryFilter as _,
    Set,
};
use uuid::Uuid;

/// The two accounts, which may be made one.
#[derive(Debug)]
pub(super) struct Pair {
    pub(super) kept: person::Model,
    pub(super) folded: person::Model,
}

impl Pair {
    /// # Errors
    /// [`Error::NotFound`] where one of them is no account; [`Error::Conflict`] with what stands in the way.
    pub(super) async fn read(db: &impl ConnectionTrait, merger: Merger) -> Result<Self> {
        let conflict = |said: &str| Err(Error::Conflict(said.to_owned()));
        let kept = person::Entity::find_by_id(merger.kept.0).one(db).await?.ok_or(Error::NotFound)?;
        let folded = person::Entity::find_by_id(merger.folded.0).one(db).await?.ok_or(Error::NotFound)?;
        for side in [&kept, &folded] {
            if store::of(db, PersonId(side.id)).await?.is_some() {
                return conflict("L’un des deux comptes a déjà été réuni à un autre.");
            }
        }
        if kept.suspended_at.is_some() {
            return conflict("Le compte à garder est suspendu\u{a0}: rétablissez-le d’abord.");
        }
        if kept.demonstration != folded.demonstration {
            return conflict("Un compte de démonstration ne se réunit pas à un vrai compte.");
        }
        let others = role_grant::Entity::find().filter(role_grant::Column::PersonId.eq(folded.id));
        if others.filter(role_grant::Column::Role.ne(Role::Agent.as_str())).count(db).await? > 0 {
            return conflict(
                "Le compte à fermer a d’autres rôles que celui d’agent\u{a0}: gardez plutôt celui-là, et fermez l’autre.",
            );
        }
        if webinar::store::is_in_a_live_room(db, merger.folded).await? {
            return conflict(
                "Cette personne est inscrite à un webinaire qui a lieu maintenant\u{a0}: attendez qu’il soit terminé.",
            );
        }
        Ok(Self { kept, folded })
    }
}

/// Makes one account of the two. Sent twice, it is done once.
pub(super) async fn merge(app: &App, merger: Merger, key: Uuid) -> Result<()> {
    let (inside, key) = (app.clone(), key.to_string());
    app.db
        .write(move |db| {
            Box::pin(async move {
                if let Some(known) = store::by_key(db, &key).await? {
                    let same = (known.person_id, known.into_id) == (merger.folded.0, merger.kept.0);
                    return if same { Ok(()) } else { Err(Error::NotFound) };
                }
                let pair = Pair::read(db, merger).await?;
                hand_over(&inside, db, merger, &pair).await?;
                let places = records::bring_over(&inside, db, merger.by, (merger.kept, merger.folded)).await?;
                dispute::store::hand_over(db, merger.folded, merger.kept, &places).await?;
                // One certificate stands for a person and an award: those of the account that goes are withdrawn, and what
                // is due to the one that stays says which it replaces.
                let before = issuing::withdraw_all(&inside, db, merger.folded).await?;
                records::conclude_replacing(&inside, db, merger.kept, &before).await?;
                enrolment::merge(db, merger.kept, merger.folded).await?;
                let facts = i64::try_from(places.len()).unwrap_or(i64::MAX);
                write_down(db, merger, key, facts, inside.clock.now().as_millisecond()).await
            })
        })
        .await?;
    app.sessions.forget(merger.folded);
    app.sessions.forget(merger.kept);
    Ok(())
}

/// What the account held that is not in its ledger goes to the other, and nobody signs in with it any more.
async fn hand_over(app: &App, db: &impl ConnectionTrait, merger: Merger, Pair { kept, folded }: &Pair) -> Result<()> {
    let Merger { kept: to, folded: from, .. } = merger;
    webinar::store::hand_over(db, from, to).await?;
    classroom::hand_over(db, from, to).await?;
    cohort::hand_over(db, from, to, app.clock.now()).await?;
    course::reading::hand_over(db, from, to).await?;
    outbox::redirect(db, &folded.email, &kept.email).await?;
    let agent = role_grant::ActiveModel {
        person_id: Set(to.0),
        role: Set(Role::Agent.as_str().to_owned()),
        scope: Set(Scope::Own.to_string()),
    };
    let columns = [role_grant::Column::PersonId, role_grant::Column::Role, role_grant::Column::Scope];
    let once = OnConflict::columns(columns).do_nothing_on(columns).to_owned();
    let was_agent = role_grant::Entity::delete_many().filter(role_grant::Column::PersonId.eq(from.0)).exec(db).await?;
    if was_agent.rows_affected > 0 {
        role_grant::Entity::insert(agent).on_conflict(once).try_insert().exec_without_returning(db).await?;
    }
    sign_in_with_the_other(db, from, to).await?;
    let now = app.clock.now().as_millisecond();
    let row = person::ActiveModel {
        id: Set(to.0),
        maison_id: Set(kept.maison_id.or(folded.maison_id)),
        extra_time: Set(kept.extra_time.max(folded.extra_time)),
        ..Default::default()
    };
    row.update(db).await?;
    let closed = folded.suspended_at.unwrap_or(now);
    let row = person::ActiveModel { id: Set(from.0), suspended_at: Set(Some(closed)), ..Default::default() };
    row.update(db).await?;
    Ok(())
}

/// What ProConnect calls either opens the account that is kept, and its password does under both addresses. Where it has
/// none yet, the other's does, or the other's invitation.
async fn sign_in_with_the_other(db: &impl ConnectionTrait, from: PersonId, to: PersonId) -> Result<()> {
    session::delete(db, from, Ending::All).await?;
    second_factor::delete(db, from).await?;
    federated_identity::Entity::update_many()
        .col_expr(federated_identity::Column::PersonId, Expr::value(to.0))
        .filter(federated_identity::Column::PersonId.eq(from.0))
        .exec(db)
        .await?;
    if credential::Entity::find_by_id(to.0).count(db).await? == 0 {
        credential::Entity::update_many()
            .col_expr(credential::Column::PersonId, Expr::value(to.0))
            .filter(credential::Column::PersonId.eq(from.0))
            .exec(db)
            .await?;
        invitation::Entity::update_many()
            .col_expr(invitation::Column::PersonId, Expr::value(to.0))
            .filter(invitation::Column::PersonId.eq(from.0))
            .exec(db)
            .await?;
    } else {
        credential::Entity::delete_by_id(from.0).exec(db).await?;
        invitation::Entity::delete_many().filter(invitation::Column::PersonId.eq(from.0)).exec(db).await?;
    }
    Ok(())
}

/// The trace. Those that had been folded into the one that goes lead to the one that is kept.
async fn write_down(db: &impl ConnectionTrait, merger: Merger, key: String, facts: i64, now: i64) -> Result<()> {
    merge::Entity::update_many()
        .col_expr(merge::Column::IntoId, Expr::value(merger.kept.0))
        .filter(merge::Column::IntoId.eq(merger.folded.0))
        .exec(db)
        .await?;
    let row = merge::ActiveModel {
        person_id: Set(merger.folded.0),
        into_id: Set(merger.kept.0),
        key: Set(key),
        by_id: Set(merger.by.0),
        at: Set(now),
        facts: Set(facts),
    };
    merge::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}
