//! Tables of the report of nights.

pub(crate) mod retention_night {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "retention_night")]
    pub struct Model {
        /// The day on which it ended.
        #[sea_orm(primary_key, auto_increment = false)]
        pub night: String,
        pub begun_at: i64,
        pub done_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod retention_line {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "retention_line")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub night: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub class: String,
        /// Rows deleted; for accounts, accounts erased.
        pub gone: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
