//! Socle's server: axum and tokio around the rules of `domain`.
//!
//! Each noun is a folder with the same names inside: `routes` (HTTP), `store` (SQL), `entity` (tables; named
//! by their own noun's files only). A handler loads, lets `domain` decide, stores, and tells.

pub mod about;
pub mod access;
pub mod acme;
pub mod administration;
pub mod api;
pub mod app;
mod around;
pub mod audit;
pub mod backup;
pub mod certificate;
pub mod classroom;
pub mod clock;
pub mod cohort;
pub mod config;
pub mod course;
pub mod crowd;
pub mod db;
pub mod demonstration;
pub mod dispute;
pub mod document;
pub mod error;
pub mod follow_up;
pub mod identity;
pub mod import;
pub mod jobs;
pub mod mail;
pub mod merging;
pub mod node;
pub mod operation;
pub mod page;
pub mod pathway;
pub mod place;
pub mod posting;
pub mod protection;
mod qr;
pub mod quiz;
pub mod record;
pub mod router;
pub mod serve;
mod sharing;
pub mod site;
pub mod studio;
pub mod telemetry;
pub mod tls;
pub mod token;
pub mod webhook;
pub mod webinar;
pub mod xapi;
