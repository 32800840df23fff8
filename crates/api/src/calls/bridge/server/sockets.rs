//! Events sockets.

use super::{
    Bridge, CallEnd, CallId, Event, Output, Socket, SocketId,
    body::{frame, read_auth},
};
use crate::calls::bridge::BridgeEvent;

impl Bridge {
    pub(super) fn events_opened(&mut self, socket: SocketId, path: &str) {
        let name = path.strip_prefix("/api/v1/call/").and_then(|rest| rest.strip_suffix("/events"));
        let call = name.and_then(|name| self.named(name));
        let auth_by = Some(self.now.plus(self.config.auth_ms));
        match call.filter(|_| self.sockets.len() < self.config.max_sockets) {
            Some(call) => {
                self.sockets.insert(socket, Socket { call, auth_by });
            }
            None => self.out.order(Output::Close { socket, code: 1008 }),
        }
    }

    pub(super) fn events_frame(&mut self, socket: SocketId, text: &str) {
        let Some(own) = self.sockets.get_mut(&socket) else { return };
        if own.auth_by.is_none() {
            // Callers have nothing more to say.
            return;
        }
        let id = own.call;
        let Some(call) = self.calls.get_mut(&id) else { return };
        let shown = read_auth(text).is_some_and(|token| call.token.ct_eq(token.expose()));
        if !shown {
            return self.hang_up(socket, 1008);
        }
        own.auth_by = None;
        let is_first = call.begin_by.take().is_some();
        // The newest is the caller's; the one before was given up.
        let before = call.socket.replace(socket);
        if let Some(before) = before {
            self.hang_up(before, 1000);
        }
        if is_first {
            self.out.order(Output::Event(Event::Talking { call: id }));
        }
    }

    pub(super) fn events_closed(&mut self, socket: SocketId) {
        let Some(own) = self.sockets.remove(&socket) else { return };
        if self.calls.get(&own.call).is_some_and(|call| call.socket == Some(socket)) {
            self.end(own.call, CallEnd::Lost);
        }
    }

    pub(super) fn tell(&mut self, id: CallId, event: &BridgeEvent) {
        if let Some(socket) = self.calls.get(&id).and_then(|call| call.socket) {
            self.out.order(Output::Write { socket, text: frame(event) });
        }
    }
}
