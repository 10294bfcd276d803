//! Tables of webinars, their trainers and who is registered.

pub(crate) mod webinar {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "webinar")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub course: String,
        pub kit: Option<String>,
        pub title: String,
        pub description: String,
        pub starts_at: i64,
        pub minutes: i32,
        pub capacity: i32,
        pub threshold: i32,
        pub audience: String,
        pub created_by: i64,
        pub created_at: i64,
        pub live_at: Option<i64>,
        pub closed_at: Option<i64>,
        pub cancelled_at: Option<i64>,
        pub cancelled_why: Option<String>,
        pub sequence: i32,
        pub recorded: bool,
        pub recording_days: i32,
        pub replay_counts: bool,
        pub replay_quiz: bool,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod webinar_trainer {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "webinar_trainer")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub webinar_id: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod webinar_registration {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "webinar_registration")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub webinar_id: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: i64,
        pub at: i64,
        pub status: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod webinar_change {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "webinar_change")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub webinar_id: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub seq: i64,
        pub at: i64,
        pub act: Option<String>,
        pub body: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
