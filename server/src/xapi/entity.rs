//! Tables of statements and documents.

pub(crate) mod statement {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "statement")]
    pub struct Model {
        /// In the order of arrival.
        #[sea_orm(primary_key)]
        pub seq: i64,
        pub stored_at: i64,
        pub verb: i64,
        /// The activity that is its object.
        pub activity: Option<i64>,
        /// Whose fact it tells, and which; then it has no body.
        pub person_id: Option<i64>,
        pub fact_seq: Option<i64>,
        /// Bytes of its body.
        pub size: i64,
        pub voided: bool,
        /// Whether it takes another back.
        pub voids: bool,
        pub id: Vec<u8>,
        pub body: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What else a statement is found by.
pub(crate) mod statement_trait {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "statement_trait")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false, column_name = "trait")]
        pub key: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub seq: i64,
        /// Found so where agents or activities are taken broadly only.
        pub broad: bool,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Which statement is the object of another, there or not.
pub(crate) mod statement_target {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "statement_target")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub target: Vec<u8>,
        #[sea_orm(primary_key, auto_increment = false)]
        pub referrer: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Which statements are reached from another, from object to object.
pub(crate) mod statement_reach {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "statement_reach")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub referrer: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub reached: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Whose facts have no statement yet: those after `done`, up to `last`.
pub(crate) mod statement_backlog {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "statement_backlog")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: i64,
        pub done: i64,
        pub last: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What is attached to statements, by its digest.
pub(crate) mod attachment {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "attachment")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub sha2: String,
        pub content: Vec<u8>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What statements said that an activity is.
pub(crate) mod activity_definition {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "activity_definition")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub activity: i64,
        pub body: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod document {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "document")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        /// What all documents of one activity, one agent, or both have in common.
        pub place: String,
        pub activity: Option<String>,
        pub agent: Option<String>,
        pub registration: Option<String>,
        pub name: String,
        pub content_type: String,
        /// SHA-1 of the content, in hexadecimal.
        pub tag: String,
        pub updated_at: i64,
        pub content: Vec<u8>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
