//! Free ports: two neighbours for edge and demo shop, five for the simulator.

use std::{
    io::ErrorKind,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener},
};

use anyhow::{Result, bail};

use crate::progress::say;

const SIMULATOR_PORTS: u16 = 5;
const EDGE_PORTS: u16 = 2;
const STEP: u16 = 10;
const ATTEMPTS: u16 = 50;

/// The ports one `dev` uses.
#[derive(Debug)]
pub(crate) struct Ports {
    /// Worker and console.
    pub(crate) edge: u16,
    /// The demo shop: another port, hence another origin than the edge, as in production.
    pub(crate) demo: u16,
    /// First of the simulator's ports.
    pub(crate) simulator: u16,
}

impl Ports {
    /// The wished ports, or the next free blocks.
    pub(crate) fn choose(edge: u16, simulator: u16) -> Result<Self> {
        let edge = free_block("edge and demo shop", edge, EDGE_PORTS, is_free)?;
        let simulator = free_block("simulator", simulator, SIMULATOR_PORTS, |port| {
            is_free(port) && !(edge..edge + EDGE_PORTS).contains(&port)
        })?;
        Ok(Self { edge, demo: edge + 1, simulator })
    }
}

fn free_block(what: &str, wish: u16, count: u16, free: impl Fn(u16) -> bool) -> Result<u16> {
    let starts = (0..ATTEMPTS).filter_map(|attempt| wish.checked_add(attempt * STEP));
    let mut busy = None;
    for start in starts.filter(|start| start.checked_add(count).is_some()) {
        let Some(taken) = (start..start + count).find(|port| !free(*port)) else {
            if let Some(busy) = busy {
                say(&format!("Port {busy} is busy: {what} from {start} instead."));
            }
            return Ok(start);
        };
        busy = busy.or(Some(taken));
    }
    bail!("No free ports for {what} from {wish} on: name others with --port or --simulator-port.")
}

fn is_free(port: u16) -> bool {
    // Browsers try both for `localhost`; a machine without IPv6 answers with another error.
    let busy = |address: SocketAddr| {
        TcpListener::bind(address).is_err_and(|error| error.kind() == ErrorKind::AddrInUse)
    };
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
        && !busy((Ipv6Addr::LOCALHOST, port).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_busy_block_is_skipped() {
        let busy = |port: u16| port != 4_103 && port != 4_110;
        assert_eq!(free_block("test", 4_100, 5, busy).unwrap(), 4_120);
        assert_eq!(free_block("test", 4_200, 5, busy).unwrap(), 4_200);
    }

    #[test]
    fn no_port_past_the_end_is_tried() {
        assert!(free_block("test", 65_530, 8, |_| true).is_err());
    }

    #[test]
    fn a_listener_makes_its_port_busy() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        assert!(!is_free(listener.local_addr().unwrap().port()));
    }
}
