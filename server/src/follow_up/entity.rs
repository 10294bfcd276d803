//! Tables of enrolments, of how agents fare at each chapter's quiz, and of what a course takes.

pub(crate) mod syllabus {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "syllabus")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub course: String,
        pub body: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod enrolment {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "enrolment")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub course: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: i64,
        /// 1 for an agent whose account is open.
        pub active: i32,
        pub maison_id: Option<i64>,
        /// Empty for none.
        pub departement: String,
        /// Last name then first name, folded: what lists are sorted by.
        pub name: String,
        /// Names and maison, folded: what a search looks into.
        pub search: String,
        pub enrolled_at: i64,
        /// Whether what follows is to be folded anew from the record.
        pub stale: bool,
        pub begun: i32,
        pub chapters: i32,
        pub minutes: i32,
        pub minutes_live: i32,
        pub webinars: i32,
        pub webinars_met: i32,
        pub mooc_at: Option<i64>,
        pub webinar_at: Option<i64>,
        pub done_at: Option<i64>,
        /// The day in Paris: `2026-12-01`.
        pub done_on: Option<String>,
        /// When something was last earned; 0 for never.
        pub last_at: i64,
        /// The cohort that they follow the course with.
        pub cohort_id: Option<String>,
        /// By when it is to be done, where a cohort says so.
        pub due_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod chapter_standing {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "chapter_standing")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub course: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub chapter: String,
        pub attempts: i32,
        pub passed: i32,
        pub best: i32,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
