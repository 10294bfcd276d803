//! Tables of courses being written.

pub(super) mod draft {
    use sea_orm::entity::prelude::*;

    /// A course being written.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "draft")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub course: String,
        /// The number of the published version that it was taken from, or made.
        pub base: Option<i64>,
        pub created_at: i64,
        pub created_by: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) mod draft_author {
    use sea_orm::entity::prelude::*;

    /// Who writes a course without being its trainer.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "draft_author")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub course: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: i64,
        pub added_at: i64,
        pub added_by: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) mod draft_save {
    use sea_orm::entity::prelude::*;

    /// A file as it was saved once.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "draft_save")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        /// Made by who saves: said twice, it is done once.
        pub request: String,
        pub course: String,
        pub path: String,
        /// Of its bytes; none where the file was removed.
        pub digest: Option<String>,
        pub size: i64,
        pub saved_at: i64,
        pub saved_by: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(
            belongs_to = "crate::course::entity::blob::Entity",
            from = "Column::Digest",
            to = "crate::course::entity::blob::Column::Digest"
        )]
        Blob,
    }

    impl Related<crate::course::entity::blob::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Blob.def()
        }
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) mod draft_file {
    use sea_orm::entity::prelude::*;

    /// A file as it is now: its newest save.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "draft_file")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub course: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub path: String,
        pub save_id: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(
            belongs_to = "super::draft_save::Entity",
            from = "Column::SaveId",
            to = "super::draft_save::Column::Id"
        )]
        Save,
    }

    impl Related<super::draft_save::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Save.def()
        }
    }

    impl ActiveModelBehavior for ActiveModel {}
}
