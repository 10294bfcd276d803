//! The product through its doors, a file a noun. Everything is one binary: it links once.

mod access_matrix;
mod api;
mod backup;
mod certificate;
mod classroom;
mod content;
mod course;
mod docs;
mod follow_up;
mod identity;
mod importing;
mod kill;
mod media;
mod merging;
mod migrations;
mod operating;
mod pages;
mod postings;
mod presence;
mod quiz;
mod record;
mod tokens;
mod webhooks;
mod webinar_beside;
mod webinar_check;
mod webinar_crash;
mod webinar_form;
mod webinar_mails;
mod webinar_planning;
mod webinar_room;
mod whole_course;
mod xapi;
mod e2e {
    mod answering;
    mod axe;
    mod browser;
    mod certificate;
    mod journey;
    mod keyboard;
    mod legibility;
    mod paper;
    mod pictures;
    mod weak_line;
    mod webinar;
    mod whole_course;
}
