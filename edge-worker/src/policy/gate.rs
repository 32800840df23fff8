//! The fixed windows: how many sessions one address opens, what one session may ask for.

use serde::{Deserialize, Serialize};

/// The window's length in seconds.
pub const SECONDS: u64 = 60;

/// A counted window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// Unix seconds at which it began.
    pub began: u64,
    /// Admitted since.
    pub count: u32,
}

impl Window {
    /// Counts one at `now`, or says how many seconds to wait.
    pub fn admit(self, now: u64, limit: u32) -> Result<Self, u64> {
        let age = now.saturating_sub(self.began);
        if age >= SECONDS {
            return if limit == 0 { Err(SECONDS) } else { Ok(Self { began: now, count: 1 }) };
        }
        if self.count >= limit {
            return Err(SECONDS.saturating_sub(age));
        }
        Ok(Self { count: self.count.saturating_add(1), ..self })
    }
}

/// What one visitor session may ask for, kind by kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Budget {
    /// Taking the session up again.
    Resume,
    /// A ticket for a socket.
    Ticket,
    /// A new conversation over plain requests.
    Chat,
    /// A turn of it.
    Turn,
}

impl Budget {
    /// Its name in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Resume => "resume",
            Self::Ticket => "ticket",
            Self::Chat => "chat",
            Self::Turn => "turn",
        }
    }

    /// How many within a window: more than a person needs, fewer than a script would like.
    pub const fn per_minute(self) -> u32 {
        match self {
            Self::Resume => 60,
            Self::Ticket | Self::Turn => 20,
            Self::Chat => 5,
        }
    }
}

/// The part of an address that is counted as one caller: an IPv4 address, an IPv6 /64.
pub fn caller(address: &str) -> String {
    match address.parse() {
        Ok(std::net::IpAddr::V4(address)) => address.to_string(),
        Ok(std::net::IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        Err(_) => "unknown".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t51_the_limit_is_exact_and_the_wait_is_stated() {
        let mut window = Window::default();
        for _ in 0..20 {
            window = window.admit(1_000, 20).unwrap();
        }
        assert_eq!(window.admit(1_000, 20), Err(60));
        assert_eq!(window.admit(1_059, 20), Err(1));
        assert_eq!(window.admit(1_060, 20), Ok(Window { began: 1_060, count: 1 }));
        assert_eq!(Window::default().admit(1_000, 0), Err(60));
    }

    #[test]
    fn t54_t60_callers_are_addresses_or_networks() {
        assert_eq!(caller("203.0.113.9"), "203.0.113.9");
        assert_eq!(caller("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(caller("2001:db8:1:2::9"), caller("2001:db8:1:2:ffff::1"));
        for odd in ["", "127.1", "0x7f.0.0.1", "1.2.3.4, 5.6.7.8", "::1%eth0"] {
            assert_eq!(caller(odd), "unknown", "{odd}");
        }
    }
}
