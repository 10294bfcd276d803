//! The table of mails.

pub(crate) mod mail {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "mail")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub key: String,
        pub to_address: String,
        pub to_name: String,
        pub subject: String,
        pub body: String,
        pub calendar: Option<String>,
        pub calendar_method: Option<String>,
        pub created_at: i64,
        pub send_after: i64,
        pub send_before: Option<i64>,
        pub claimed_at: Option<i64>,
        pub sent_at: Option<i64>,
        pub given_up_at: Option<i64>,
        pub attempts: i32,
        pub failure: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
