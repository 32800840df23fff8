//! The sockets between the two, with all that happens to them.

use super::{
    link::percent,
    world::{Arrival, World},
};
use perch_api::{
    calls::{
        message::{Body, Frame, WireText},
        session::Input,
    },
    model::Millis,
};

impl World {
    /// The client notices at once; the gateway later, and after frames that were under way.
    pub(super) fn kill(&mut self) {
        let Some((conn, _)) = self.socket.take() else { return };
        self.tally.kills += 1;
        if self.rng.bool() {
            self.way
                .retain(|_, arrival| !matches!(arrival, Arrival::Up { conn: c, .. } if *c == conn));
        }
        let code = *self.rng.choice(&[1001, 1005, 1006, 1011, 1013]).unwrap();
        self.client.handle(Millis(self.now), Input::Closed { code });
        let later = self.now + self.rng.u64(1_600..4_000);
        self.put(later, Arrival::ClosedUp { conn, code: 1006 });
    }

    pub(super) fn dial(&mut self) {
        self.sockets += 1;
        let conn = self.sockets;
        self.socket = Some((conn, false));
        self.written.clear();
        self.through.insert(conn, self.relays.len() - 1);
        if percent(&mut self.rng, self.faults.dial_hangs) {
        } else if percent(&mut self.rng, self.faults.dial_fails) {
            self.travel(conn, false, Arrival::DialFailed { conn });
        } else {
            self.travel(conn, true, Arrival::Dialled { conn });
        }
    }

    pub(super) fn write(&mut self, text: WireText) {
        let Some((conn, true)) = self.socket else {
            panic!("seed {}: written without a socket", self.seed)
        };
        if let Body::Candidate(candidate) = Frame::parse(text.as_str()).unwrap().body {
            self.written.insert(candidate.candidate);
        }
        self.frame(conn, true, text);
    }

    /// One frame over the link.
    pub(super) fn frame(&mut self, conn: u64, up: bool, text: WireText) {
        if percent(&mut self.rng, self.faults.drop) {
            self.tally.dropped += 1;
            return;
        }
        let frame = |text| {
            if up { Arrival::Up { conn, text } } else { Arrival::Down { conn, text } }
        };
        if percent(&mut self.rng, self.faults.double) {
            self.tally.doubled += 1;
            self.travel(conn, up, frame(text.clone()));
        }
        self.travel(conn, up, frame(text));
    }

    pub(super) fn travel(&mut self, conn: u64, up: bool, arrival: Arrival) {
        let mut at = self.now + self.rng.u64(self.faults.delay.0..=self.faults.delay.1);
        let latest = self.latest.entry((conn, up)).or_default();
        // Opening and closing keep their order in any case.
        let frame = matches!(arrival, Arrival::Up { .. } | Arrival::Down { .. });
        at = at.max(*latest + u64::from(!frame));
        if !(frame && self.faults.reorder) {
            *latest = at;
        }
        self.put(at, arrival);
    }

    pub(super) fn put(&mut self, at: u64, arrival: Arrival) {
        self.count += 1;
        self.way.insert((at, self.count), arrival);
    }
}
