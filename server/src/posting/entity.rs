//! The table of postings.

pub(crate) mod posting {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "posting")]
    pub struct Model {
        /// Made with the form.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub person_id: i64,
        pub from_on: String,
        pub state: String,
        pub maison_id: Option<i64>,
        pub reason: String,
        pub by_id: i64,
        pub at: i64,
        /// Whether its day came, and the account says so.
        pub settled: bool,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
