//! What became of a webinar's recording. One row a webinar; it outlives its files, and says when they went.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "recording")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub webinar: String,
    pub state: String,
    pub started_at: i64,
    pub length: i64,
    pub bytes: i64,
    pub has_camera: bool,
    pub kept_until: String,
    pub why: Option<String>,
    pub removed_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
