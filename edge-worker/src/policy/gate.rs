//! Sliding windows: how many of a kind one session, one address or one site may have in a minute.

use std::collections::VecDeque;
use std::fmt::Write as _;

/// The window's length in seconds.
pub const SECONDS: u64 = 60;
// Clocks tell whole seconds. What was counted at the end of one second must still count at the start of
// the sixtieth after it, or a real minute could hold more than the limit.
const KEPT_SECONDS: u64 = SECONDS + 1;

/// What was admitted of late: whole seconds and how many in each, oldest first.
///
/// However high the limit, there are at most [`KEPT_SECONDS`] of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Window(VecDeque<(u64, u32)>);

impl Window {
    /// Reads what [`text`](Self::text) wrote; what is not understood counts as nothing.
    pub fn read(text: &str) -> Self {
        let mark = |word: &str| {
            let (second, count) = word.split_once(':')?;
            Some((second.parse().ok()?, count.parse().ok()?))
        };
        Self(text.split(' ').filter_map(mark).collect())
    }

    /// How it is stored.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for (second, count) in &self.0 {
            let gap = if text.is_empty() { "" } else { " " };
            // Writing to a string cannot fail.
            let _ = write!(text, "{gap}{second}:{count}");
        }
        text
    }

    /// Counts one at `now` (Unix seconds), or says how many seconds to wait.
    pub fn admit(&mut self, now: u64, limit: u32) -> Result<(), u64> {
        // Of two machines one may be behind; time here never goes back.
        let now = self.0.back().map_or(now, |(last, _)| now.max(*last));
        while self.0.front().is_some_and(|(second, _)| now.saturating_sub(*second) >= KEPT_SECONDS)
        {
            self.0.pop_front();
        }
        let mut left = self.count();
        if left >= limit {
            // The wait ends with the second whose leaving makes room.
            let room = self.0.iter().find(|(_, count)| {
                left = left.saturating_sub(*count);
                left < limit
            });
            let from = room.map_or(now, |(second, _)| *second);
            return Err(from.saturating_add(KEPT_SECONDS).saturating_sub(now).max(1));
        }
        match self.0.back_mut() {
            Some((second, count)) if *second == now => *count = count.saturating_add(1),
            _ => self.0.push_back((now, 1)),
        }
        Ok(())
    }

    /// Takes one back that came to nothing.
    pub fn refund(&mut self) {
        if let Some((_, count)) = self.0.back_mut() {
            *count = count.saturating_sub(1);
            if *count == 0 {
                self.0.pop_back();
            }
        }
    }

    /// Whether nothing was ever counted.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether anything of it still counts at `now`.
    pub fn counts_at(&self, now: u64) -> bool {
        self.0.back().is_some_and(|(last, _)| now.saturating_sub(*last) < KEPT_SECONDS)
    }

    fn count(&self) -> u32 {
        self.0.iter().fold(0, |sum, (_, count)| sum.saturating_add(*count))
    }
}

/// The part of an address that is counted as one caller: an IPv4 address, an IPv6 /64.
pub fn caller(address: &str) -> String {
    match address.parse() {
        Ok(std::net::IpAddr::V4(address)) => address.to_string(),
        Ok(std::net::IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            let network = || format!("{a:x}:{b:x}:{c:x}:{d:x}::/64");
            address.to_ipv4_mapped().map_or_else(network, |address| address.to_string())
        }
        Err(_) => "unknown".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn t51_the_quota_th_passes_the_next_is_refused_and_the_wait_is_stated() {
        let mut window = Window::default();
        for _ in 0..20 {
            assert_eq!(window.admit(1_000, 20), Ok(()));
        }
        assert_eq!(window.admit(1_000, 20), Err(61));
        assert_eq!(window.admit(1_060, 20), Err(1));
        assert_eq!(window.admit(1_061, 20), Ok(()));
        assert_eq!(Window::default().admit(1_000, 0), Err(61));
    }

    #[test]
    fn the_window_slides_it_does_not_jump() {
        let mut window = Window::default();
        for second in [1_000, 1_030, 1_030] {
            assert_eq!(window.admit(second, 3), Ok(()));
        }
        // The first has left, so one more fits; the next waits for the second.
        assert_eq!(window.admit(1_061, 3), Ok(()));
        assert_eq!(window.admit(1_061, 3), Err(30));
        assert_eq!(window.admit(1_091, 3), Ok(()));
        assert!(window.counts_at(1_151) && !window.counts_at(1_152));
    }

    #[test]
    fn what_failed_is_given_back_and_no_more() {
        let mut window = Window::default();
        window.admit(5, 1).unwrap();
        window.refund();
        window.refund();
        assert_eq!(window.admit(5, 1), Ok(()));
        assert_eq!(window.admit(5, 1), Err(61));
    }

    #[test]
    fn t54_t60_callers_are_addresses_or_networks() {
        assert_eq!(caller("203.0.113.9"), "203.0.113.9");
        assert_eq!(caller("::ffff:203.0.113.9"), "203.0.113.9");
        assert_eq!(caller("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(caller("2001:db8:1:2::9"), caller("2001:db8:1:2:ffff::1"));
        assert_ne!(caller("2001:db8:1:2::9"), caller("2001:db8:1:3::9"));
        for odd in ["", "127.1", "0x7f.0.0.1", "1.2.3.4, 5.6.7.8", "::1%eth0"] {
            assert_eq!(caller(odd), "unknown", "{odd}");
        }
    }

    proptest! {
        #[test]
        fn t51_no_real_minute_holds_more_than_the_limit(
            gaps in prop::collection::vec(0.0..25.0f64, 1..120),
            limit in 1u32..9,
        ) {
            let (mut window, mut now, mut passed) = (Window::default(), 1e9, Vec::new());
            for gap in gaps {
                now += gap;
                // Stored and read back each time, as the objects do.
                window = Window::read(&window.text());
                #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "positive and small")]
                match window.admit(now as u64, limit) {
                    Ok(()) => passed.push(now),
                    Err(wait) => {
                        let mut later = window.clone();
                        prop_assert_eq!(later.admit(now as u64 + wait, limit), Ok(()));
                        prop_assert!(wait == 1 || window.clone().admit(now as u64 + wait - 1, limit).is_err());
                    }
                }
            }
            for (at, start) in passed.iter().enumerate() {
                let within = passed[at..].iter().filter(|time| *time - start < 60.0).count();
                prop_assert!(within <= limit as usize);
            }
        }

        #[test]
        fn any_stored_text_is_read(text in "\\PC{0,60}") {
            let _ = Window::read(&text).admit(7, 3);
        }
    }
}
