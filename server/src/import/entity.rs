//! The table of files to import.

pub(crate) mod import {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "import")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub author_id: i64,
        pub kind: String,
        pub file_name: String,
        pub body: String,
        pub created_at: i64,
        pub applied_at: Option<i64>,
        pub outcome: Option<String>,
        /// The cohort whose members it brings.
        pub cohort_id: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
