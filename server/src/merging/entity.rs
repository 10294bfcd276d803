//! The table of accounts made one with another.

pub(crate) mod merge {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "merge")]
    pub struct Model {
        /// The account that was folded in.
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: i64,
        /// The one that is kept.
        pub into_id: i64,
        /// Made with the form.
        pub key: String,
        pub by_id: i64,
        pub at: i64,
        /// How many facts were brought over.
        pub facts: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
