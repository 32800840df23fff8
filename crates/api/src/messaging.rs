//! The messaging socket, both halves, as state machines without sockets or clocks.
