//! What is known of a connection's line, second by second, and what follows of it for its pictures.

use super::super::allot::{Wish, allot, useful};
use super::super::ice::ask;
use super::super::probe;
use super::super::source::Source;
use super::super::stage::{LAYERS, PeerId, SEATS};
use super::super::thin::need;
use super::super::track::Track;
use super::{Connection, Tools};
use rtc::rtcp;
use std::time::Instant;

/// Bits a second that may go beside sound by another way: at least, so that it comes at all, and at most while nothing is
/// known of the line.
const LEAST: f64 = 8_000.0;
const UNKNOWN: f64 = 24_000.0;

impl Connection {
    /// A second has passed: the estimate of its line, which encodings it is shown, what it is told of the clocks.
    pub fn second(&mut self, me: PeerId, sources: &[Option<Source>; SEATS], tools: &Tools, now: Instant) {
        let mut wishes = [Wish::default(); SEATS];
        let mut reports: Vec<Box<dyn rtcp::Packet>> = Vec::new();
        let receives = self.receives.0;
        let mut sounds = 0.0;
        for (seat, (source, watch)) in sources.iter().zip(&mut self.watches).enumerate() {
            let Some(source) = source.as_ref().filter(|source| source.peer != me) else { continue };
            let shown = watch.as_ref().and_then(|watch| watch.picture.layer());
            let layers = if seat < receives { self.sharpness[seat].layers() } else { 0 };
            wishes[seat] = Wish { rates: source.rates(now), layers, shown };
            sounds += source.sound.as_ref().filter(|_| seat < self.receives.1).map_or(0.0, Track::rate);
            let Some(watch) = watch else { continue };
            watch.unallotted = wishes[seat].rates == [None; LAYERS];
            let picture = shown.and_then(|layer| source.pictures.get(layer)?.as_ref());
            reports.extend(picture.and_then(|track| watch.picture.sender.report(track, now)).map(boxed));
            reports.extend(source.sound.as_ref().and_then(|track| watch.sound.sender.report(track, now)).map(boxed));
        }
        self.send_control(&reports, tools);
        let waited = self.remote.map(|remote| tools.transport.waited(remote)).unwrap_or_default();
        tools.counts.unsent(waited.dropped);
        self.estimate.waited(waited.longest);
        let sent = f64::from(std::mem::take(&mut self.sent) + self.pulse.take_beside()) * 8.0;
        // Where no picture flows, that sound does says nothing of what more the line would carry.
        let useful = if self.thin.is_blank() { 0.0 } else { useful(&wishes) + sounds };
        self.estimate.step(sent, useful, now);
        self.sounds = sounds;
        let left = (self.estimate.rate() - sounds).max(0.0);
        let was_blank = self.thin.is_blank();
        self.thin.second(left, need(&wishes), now);
        // What stands still sends nothing that would wake it up.
        self.waits |= was_blank && !self.thin.is_blank();
        let nothing = [None; SEATS];
        self.allotted = if self.thin.is_blank() { nothing } else { allot(left, &wishes) };
        let beside = if self.probe.is_sure() { left } else { left.min(UNKNOWN) };
        self.pulse.note_line(self.thin.takes_stills(), beside.max(LEAST));
        if self.thin.takes_stills() {
            self.look_at_line(tools, now);
        } else {
            self.probe.rest();
        }
    }

    /// Sends a train of checks, if it is time to.
    fn look_at_line(&mut self, tools: &Tools, now: Instant) {
        let Some((remote, numbers)) = self.remote.zip(self.probe.due(now)) else { return };
        for number in numbers {
            let check = ask(number, probe::SIZE, &self.ours, &self.theirs, tools.identity.provider.as_ref());
            if let Ok(check) = check {
                let _ = tools.transport.send(&check, check.len(), remote);
            }
        }
    }

    /// The browser answered a check of ours.
    pub fn looked(&mut self, number: u64, now: Instant) {
        if let Some((least, most)) = self.probe.answered(number, now) {
            self.estimate.found(least, most);
        }
    }
}

fn boxed(report: rtcp::sender_report::SenderReport) -> Box<dyn rtcp::Packet> {
    Box::new(report)
}
