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
    fn t51_a_fixed_window_never_exceeds_its_limit_nor_refuses_below_it(
        steps in vec(0_u64..40, 1..200),
        limit in 1_u32..12,
    ) {
        let mut window = Window::default();
        // A clock of today; zero is what no window has begun at.
        let mut now = 1_790_000_000;
        let mut began = 0;
        let mut count = 0;
        for step in steps {
            now += step;
            if now - began >= SECONDS {
                (began, count) = (now, 0);
            }
            let expected = count < limit;
            match window.admit(now, limit) {
                Ok(next) => {
                    prop_assert!(expected);
                    (window, count) = (next, count + 1);
                }
                Err(wait) => {
                    prop_assert!(!expected);
                    prop_assert_eq!(wait, SECONDS - (now - began), "the wait is until the window ends");
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
            window = window.admit(now, limit).unwrap_or(window);
        }
        prop_assert!(window.admit(now, limit).is_err());
        prop_assert!(window.admit(now - back, limit).is_err());
    }
}
