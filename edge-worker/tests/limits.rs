//! Limits against the simplest model of them: a list of the times at which something was admitted.

use perch_edge_worker::policy::frames::{FRAMES, RateWindow, WINDOW_MS};
use perch_edge_worker::policy::gate::{SECONDS, Window};
use proptest::collection::vec;
use proptest::prelude::*;

proptest! {
    #[test]
    fn t51_a_sliding_window_admits_what_the_model_admits(steps in vec(0_u32..1_500, 1..200)) {
        let mut window = RateWindow::default();
        let mut admitted: Vec<f64> = Vec::new();
        let mut now = 0.0;
        for step in steps {
            now += f64::from(step);
            let recent = admitted.iter().filter(|at| now - **at < WINDOW_MS).count();
            let expected = recent < FRAMES;
            prop_assert_eq!(window.admit(now, FRAMES), expected, "at {}, {} recent", now, recent);
            if expected {
                admitted.push(now);
            }
        }
    }

    #[test]
    fn t51_a_minutes_window_admits_what_the_model_admits(
        steps in vec(0_u64..40, 1..200),
        limit in 1_u32..12,
    ) {
        let mut window = Window::default();
        let mut admitted: Vec<u64> = Vec::new();
        let mut now = 1_790_000_000;
        for step in steps {
            now += step;
            // A second is counted until none of its moments is within the minute.
            let recent = admitted.iter().filter(|at| now - **at <= SECONDS);
            let expected = recent.count() < limit as usize;
            match window.admit(now, limit) {
                Ok(()) => {
                    prop_assert!(expected, "at {}", now);
                    admitted.push(now);
                }
                Err(wait) => {
                    prop_assert!(!expected, "at {}", now);
                    // The wait ends when the oldest that is in the way leaves.
                    let oldest = admitted[admitted.len() - limit as usize];
                    prop_assert_eq!(wait, oldest + SECONDS + 1 - now);
                }
            }
        }
    }

    #[test]
    fn t51_a_clock_that_goes_back_opens_nothing(
        limit in 1_u32..5,
        back in 1_u64..1_000_000,
    ) {
        let now = 1_790_000_000;
        let mut window = Window::default();
        for _ in 0..limit {
            prop_assert!(window.admit(now, limit).is_ok());
        }
        prop_assert!(window.admit(now, limit).is_err());
        prop_assert!(window.admit(now - back, limit).is_err());
    }
}
