//! Frames on their way to the sockets, with the faults that can befall them.

use std::collections::BTreeMap;

use perch_api::messaging::server::ConnectionId;
use tokio::sync::mpsc;

use super::ToSocket;

/// A frame held back for its neighbour goes out after this long in any case.
const HELD_MS: i64 = 200;

/// The sockets of one session.
#[derive(Debug, Default)]
pub(super) struct Delivery {
    sockets: BTreeMap<ConnectionId, Socket>,
    duplicate: bool,
    reorder: bool,
}

#[derive(Debug)]
struct Socket {
    out: mpsc::Sender<ToSocket>,
    /// A frame that waits to go out behind its successor, and until when.
    held: Option<(String, i64)>,
}

impl Delivery {
    /// Sets the faults.
    pub(super) fn configure(&mut self, duplicate: bool, reorder: bool) {
        (self.duplicate, self.reorder) = (duplicate, reorder);
    }

    /// A socket joins.
    pub(super) fn add(&mut self, conn: ConnectionId, out: mpsc::Sender<ToSocket>) {
        self.sockets.insert(conn, Socket { out, held: None });
    }

    /// A socket is gone.
    pub(super) fn remove(&mut self, conn: ConnectionId) {
        self.sockets.remove(&conn);
    }

    /// Sends a frame; false when the socket is gone or too slow, and then it is dropped.
    pub(super) fn write(&mut self, conn: ConnectionId, text: String, now_ms: i64) -> bool {
        let (duplicate, reorder) = (self.duplicate, self.reorder);
        let Some(socket) = self.sockets.get_mut(&conn) else { return false };
        let sent = match socket.held.take() {
            Some((held, _)) => socket.send(text, duplicate) && socket.send(held, duplicate),
            // History comes first whatever happens; everything else may be overtaken once.
            None if reorder && !text.contains("EVENT_TYPE_EVENT_BATCH") => {
                socket.held = Some((text, now_ms + HELD_MS));
                true
            }
            None => socket.send(text, duplicate),
        };
        if !sent {
            self.sockets.remove(&conn);
        }
        sent
    }

    /// Closes a socket, after what it is still owed.
    pub(super) fn close(&mut self, conn: ConnectionId, code: u16) {
        if let Some(mut socket) = self.sockets.remove(&conn) {
            if let Some((held, _)) = socket.held.take() {
                socket.send(held, false);
            }
            // A full queue ends the socket as well: its sender is gone now.
            let _ = socket.out.try_send(ToSocket::Close(code));
        }
    }

    /// Drops every socket without a word; frames held back are lost, as on a broken line.
    pub(super) fn drop_all(&mut self) {
        for socket in std::mem::take(&mut self.sockets).into_values() {
            let _ = socket.out.try_send(ToSocket::Drop);
        }
    }

    /// When the next held frame is due.
    pub(super) fn deadline_ms(&self) -> Option<i64> {
        self.sockets.values().filter_map(|socket| socket.held.as_ref()).map(|(_, at)| *at).min()
    }

    /// Sends held frames that are due.
    pub(super) fn flush(&mut self, now_ms: i64) {
        let duplicate = self.duplicate;
        for socket in self.sockets.values_mut() {
            if let Some((held, _)) = socket.held.take_if(|(_, at)| *at <= now_ms) {
                socket.send(held, duplicate);
            }
        }
    }
}

impl Socket {
    fn send(&mut self, text: String, twice: bool) -> bool {
        (!twice || self.out.try_send(ToSocket::Text(text.clone())).is_ok())
            && self.out.try_send(ToSocket::Text(text)).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(faults: (bool, bool), frames: &[&str]) -> Vec<String> {
        let (out, mut inbox) = mpsc::channel(100);
        let mut delivery = Delivery::default();
        delivery.configure(faults.0, faults.1);
        delivery.add(ConnectionId(1), out);
        for frame in frames {
            assert!(delivery.write(ConnectionId(1), (*frame).to_owned(), 0));
        }
        delivery.flush(HELD_MS);
        let mut texts = Vec::new();
        while let Ok(ToSocket::Text(text)) = inbox.try_recv() {
            texts.push(text);
        }
        texts
    }

    #[test]
    fn frames_go_out_as_they_are_without_faults() {
        assert_eq!(sent((false, false), &["a", "b", "c"]), ["a", "b", "c"]);
    }

    #[test]
    fn frames_are_doubled_or_swapped_and_none_is_lost() {
        assert_eq!(sent((true, false), &["a", "b"]), ["a", "a", "b", "b"]);
        assert_eq!(sent((false, true), &["a", "b", "c"]), ["b", "a", "c"]);
    }

    #[test]
    fn a_slow_socket_is_given_up() {
        let (out, _inbox) = mpsc::channel(1);
        let mut delivery = Delivery::default();
        delivery.add(ConnectionId(1), out);
        assert!(delivery.write(ConnectionId(1), "a".into(), 0));
        assert!(!delivery.write(ConnectionId(1), "b".into(), 0));
        assert!(!delivery.write(ConnectionId(1), "c".into(), 0));
    }
}
