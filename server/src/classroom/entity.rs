//! Tables of sessions face to face.

pub(super) mod classroom {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "classroom")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub pathway: String,
        pub component: String,
        /// Whose trainers lead it.
        pub course: String,
        pub place: String,
        pub created_by: i64,
        pub created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) mod half_day {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "classroom_half_day")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub classroom_id: String,
        /// « 2026-12-03-matin »
        #[sea_orm(primary_key, auto_increment = false)]
        pub half_day: String,
        /// What the codes shown in the room are made from, in hexadecimal.
        pub secret: String,
        pub closed_at: Option<i64>,
        pub closed_by: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) mod roster {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "classroom_roster")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub classroom_id: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: i64,
        pub added_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) mod mark {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "classroom_mark")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub classroom_id: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub half_day: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: i64,
        pub signed_at: Option<i64>,
        pub said: Option<bool>,
        pub said_by: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
