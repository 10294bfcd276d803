//! Tables of publications, and of what goes with them.

macro_rules! table {
    ($(#[$doc:meta])* $name:ident, $table:literal, { $($(#[$attribute:meta])* $field:ident: $kind:ty),* $(,)? }) => {
        pub(super) mod $name {
            use sea_orm::entity::prelude::*;

            $(#[$doc])*
            #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
            #[sea_orm(table_name = $table)]
            pub struct Model {
                $($(#[$attribute])* pub $field: $kind,)*
            }

            #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
            pub enum Relation {}

            impl ActiveModelBehavior for ActiveModel {}
        }
    };
}

table!(
    /// Who published a version from the studio, and why.
    publication, "publication", {
        #[sea_orm(primary_key, auto_increment = false)]
        course: String,
        #[sea_orm(primary_key, auto_increment = false)]
        number: i64,
        /// Made with the form: said twice, it is done once.
        request: String,
        note: String,
        /// The version that was gone back to.
        former: Option<i64>,
        by_id: i64,
        at: i64,
    }
);

table!(
    /// A finding of the gate that was let stand: in the draft where `number` is 0, else in that version.
    waiver, "waiver", {
        #[sea_orm(primary_key, auto_increment = false)]
        course: String,
        #[sea_orm(primary_key, auto_increment = false)]
        number: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        key: String,
        said: String,
        reason: String,
        by_id: i64,
        at: i64,
    }
);

table!(
    /// A publication to come.
    planned_publication, "planned_publication", {
        #[sea_orm(primary_key, auto_increment = false)]
        course: String,
        request: String,
        due_at: i64,
        note: String,
        /// Empty for none.
        notice: String,
        by_mail: bool,
        by_id: i64,
        planned_at: i64,
        /// When it was tried, and nothing was published.
        failed_at: Option<i64>,
        failure: Option<String>,
    }
);

table!(
    /// What agents are told of a version.
    course_notice, "course_notice", {
        #[sea_orm(primary_key, auto_increment = false)]
        id: String,
        course: String,
        number: i64,
        body: String,
        by_id: i64,
        at: i64,
    }
);

table!(
    /// Whom a notice concerns.
    course_notice_reader, "course_notice_reader", {
        #[sea_orm(primary_key, auto_increment = false)]
        person_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        notice_id: String,
        /// JSON: the chapters where it concerns them; none for the course as a whole.
        chapters: String,
        read_at: Option<i64>,
    }
);

table!(
    /// A file brought in, kept beside the database until it is carried out.
    course_import, "course_import", {
        #[sea_orm(primary_key, auto_increment = false)]
        id: String,
        file_name: String,
        /// The course to begin, or whose draft takes the questions.
        course: String,
        /// The draft's file that takes the questions; none where the file is a course.
        path: Option<String>,
        section: String,
        skill: String,
        author_id: i64,
        created_at: i64,
        applied_at: Option<i64>,
    }
);
