//! What those who mean harm try, through the product's own doors, where no other file does; `abuse.md` says which test
//! stands against what.

mod doors;
mod learning;
mod passkeys;
mod room;
mod table;
mod texts;
mod tries;
