//! Counts of tests, read from what the test programs print.

use std::ops::Add;

/// Tests of a group.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
    pub(crate) skipped: u32,
}

impl Count {
    /// One failure: something broke before it could count.
    pub(crate) const FAILURE: Self = Self { passed: 0, failed: 1, skipped: 0 };
    /// One check that has no parts.
    pub(crate) const SUCCESS: Self = Self { passed: 1, failed: 0, skipped: 0 };

    /// Reads a line of `cargo test`: `test result: ok. 3 passed; 0 failed; 1 ignored; ...`.
    pub(crate) fn from_cargo(line: &str) -> Option<Self> {
        let (_, numbers) = line.strip_prefix("test result: ")?.split_once(". ")?;
        let mut count = Self::default();
        for part in numbers.split("; ") {
            let Some((number, what)) = part.split_once(' ') else { continue };
            let field = match what {
                "passed" => &mut count.passed,
                "failed" => &mut count.failed,
                "ignored" => &mut count.skipped,
                _ => continue,
            };
            *field = number.parse().ok()?;
        }
        Some(count)
    }

    /// Reads the closing comments of Node's TAP report: `# pass 3`.
    pub(crate) fn from_tap(report: &str) -> Self {
        let number = |name: &str| {
            let mut lines = report.lines().rev();
            lines
                .find_map(|line| line.strip_prefix("# ")?.strip_prefix(name)?.trim().parse().ok())
                .unwrap_or(0)
        };
        Self {
            passed: number("pass "),
            failed: number("fail ") + number("cancelled "),
            skipped: number("skipped "),
        }
    }

    /// A program that failed without a failed test still counts as a failure.
    pub(crate) fn with_status(mut self, success: bool) -> Self {
        if !success && self.failed == 0 {
            self.failed = 1;
        }
        self
    }
}

impl Add for Count {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            skipped: self.skipped + other.skipped,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_lines_are_counted() {
        let line = "test result: FAILED. 12 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.5s";
        assert_eq!(Count::from_cargo(line), Some(Count { passed: 12, failed: 2, skipped: 1 }));
        assert_eq!(Count::from_cargo("running 3 tests"), None);
    }

    #[test]
    fn tap_reports_are_counted_from_their_end() {
        let report = "TAP version 13\n# pass 9\nok 1 - story\n# tests 4\n# pass 3\n# fail 1\n# cancelled 0\n# skipped 2\n";
        assert_eq!(Count::from_tap(report), Count { passed: 3, failed: 1, skipped: 2 });
    }

    #[test]
    fn a_broken_program_is_a_failure() {
        assert_eq!(Count::default().with_status(false), Count::FAILURE);
        assert_eq!(Count::SUCCESS.with_status(true), Count::SUCCESS);
    }
}
