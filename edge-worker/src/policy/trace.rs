//! W3C trace context: whose trace a request belongs to, and what the platform is told.
//!
//! Operators and their backends may continue a trace of their own. What a visitor's page says is only
//! noted as a link: a stranger must not be able to write into the company's traces.

/// What a `traceparent` header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parent {
    /// The trace.
    pub trace: u128,
    /// The caller's span.
    pub span: u64,
    /// Whether the caller records.
    pub sampled: bool,
}

/// The trace of one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trace {
    /// The trace's id.
    pub id: u128,
    /// The edge's own span, which is the parent of the platform's.
    pub span: u64,
    /// What the caller sent, if it was well-formed.
    pub given: Option<Parent>,
    /// Whether `given` is continued; else it is a link.
    pub is_continued: bool,
    /// Whether this request is recorded although nothing is wrong with it.
    pub is_sampled: bool,
}

// 00-<32 hex>-<16 hex>-<2 hex>
const LENGTH: usize = 55;

impl Parent {
    /// Reads the header by the letter: lower-case hex, no id of zeros, version 00 without more.
    ///
    /// A later version may have more fields behind another dash; what is known of it is used.
    pub fn parse(text: &str) -> Option<Self> {
        let version = hex(text.get(..2)?)?;
        let more = text.get(LENGTH..)?;
        let complete = more.is_empty() || (version != 0 && more.starts_with('-'));
        let dashes = [2, 35, 52].map(|at| text.as_bytes().get(at) == Some(&b'-'));
        if version == 0xff || !complete || dashes != [true; 3] {
            return None;
        }
        let trace = hex(text.get(3..35)?)?;
        let span = u64::try_from(hex(text.get(36..52)?)?).ok()?;
        let flags = hex(text.get(53..LENGTH)?)?;
        (trace != 0 && span != 0).then_some(Self { trace, span, sampled: flags & 1 == 1 })
    }
}

impl Trace {
    /// A new trace; `random` gives numbers that need not be secret, `rate` is the part that is recorded.
    pub fn begin(given: Option<&str>, mut random: impl FnMut() -> u64, rate: f64) -> Self {
        let high = u128::from(random()) << 64;
        let id = (high | u128::from(random())).max(1);
        let given = given.and_then(Parent::parse);
        let is_sampled = is_within(id, rate);
        Self { id, span: random().max(1), given, is_continued: false, is_sampled }
    }

    /// The caller's trace goes on here, if there is one. For callers who are known only.
    #[must_use]
    pub fn continued(mut self, rate: f64) -> Self {
        if let Some(Parent { trace, sampled, .. }) = self.given {
            self.id = trace;
            self.is_continued = true;
            self.is_sampled = sampled || is_within(trace, rate);
        }
        self
    }

    /// The header for the platform.
    pub fn header(&self) -> String {
        format!("00-{:032x}-{:016x}-{:02x}", self.id, self.span, u8::from(self.is_sampled))
    }
}

// By the trace's own random bits, so that everybody who samples like this keeps the same traces.
#[allow(clippy::cast_precision_loss, reason = "the last bits of 56 do not matter")]
fn is_within(id: u128, rate: f64) -> bool {
    const RANDOM: u128 = (1 << 56) - 1;
    rate >= 1.0 || ((id & RANDOM) as f64) < rate * RANDOM as f64
}

fn hex(digits: &str) -> Option<u128> {
    let plain = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    // The standard reader takes signs and capitals as well.
    if digits.bytes().all(plain) { u128::from_str_radix(digits, 16).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const GOOD: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    fn counted() -> impl FnMut() -> u64 {
        let mut last = 0;
        move || {
            last += 1;
            last
        }
    }

    #[test]
    fn the_standards_own_example_is_read() {
        let parent = Parent::parse(GOOD).unwrap();
        assert_eq!(parent.trace, 0x4bf9_2f35_77b3_4da6_a3ce_929d_0e0e_4736);
        assert_eq!(parent.span, 0x00f0_67aa_0ba9_02b7);
        assert!(parent.sampled);
        assert!(!Parent::parse(&GOOD.replace("-01", "-02")).unwrap().sampled);
        let later = format!("cc{}-what-the-future-will-be-like", GOOD.strip_prefix("00").unwrap());
        assert_eq!(Parent::parse(&later), Some(parent));
    }

    #[test]
    fn anything_else_is_not() {
        let bare = GOOD.strip_prefix("00-").unwrap();
        for odd in [
            String::new(),
            "00".to_owned(),
            GOOD.to_uppercase(),
            GOOD.replace("4bf9", "4BF9"),
            GOOD.replace('-', "_"),
            format!("{GOOD}-"),
            format!("{GOOD}-more"),
            format!("{GOOD} "),
            format!(" {GOOD}"),
            format!("{GOOD},{GOOD}"),
            format!("ff-{bare}"),
            format!("cc-{bare}x"),
            format!("0x-{bare}"),
            format!("+0-{bare}"),
            format!("00-{bare}").replace("-01", "-0g"),
            GOOD.replace("4bf92f3577b34da6a3ce929d0e0e4736", &"0".repeat(32)),
            GOOD.replace("00f067aa0ba902b7", &"0".repeat(16)),
            GOOD.replace("4bf92f", "+bf92f"),
            GOOD.replace("4bf92f35", "4bf92\u{e9}5"),
        ] {
            assert_eq!(Parent::parse(&odd), None, "{odd:?}");
        }
    }

    #[test]
    fn a_strangers_trace_is_a_link_and_a_known_callers_goes_on() {
        let stranger = Trace::begin(Some(GOOD), counted(), 0.0);
        assert_eq!(stranger.id, (1 << 64) | 2);
        assert_eq!((stranger.span, stranger.is_continued, stranger.is_sampled), (3, false, false));
        assert_eq!(stranger.given, Parent::parse(GOOD));
        assert!(!stranger.header().contains("4bf92f"));

        let known = stranger.continued(0.0);
        assert!(known.is_continued && known.is_sampled);
        assert_eq!(known.header(), "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000003-01");
        let none = Trace::begin(Some("nonsense"), counted(), 0.0);
        assert_eq!(none.continued(0.0), none);
    }

    proptest! {
        #[test]
        fn what_is_sent_can_be_read(seed in any::<[u64; 3]>(), rate in 0.0..=1.0_f64) {
            let mut numbers = seed.into_iter();
            let trace = Trace::begin(None, || numbers.next().unwrap_or(9), rate);
            let read = Parent::parse(&trace.header()).unwrap();
            prop_assert_eq!(read, Parent { trace: trace.id, span: trace.span, sampled: trace.is_sampled });
        }

        #[test]
        fn any_text_is_survived(text in "[0-9a-f-]{50,60}|\\PC{0,60}") {
            if let Some(parent) = Parent::parse(&text) {
                prop_assert!(parent.trace != 0 && parent.span != 0);
            }
        }
    }

    #[test]
    fn the_rate_is_kept() {
        let mut random = counted();
        let mut numbers = || random().wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let kept = (0..10_000).filter(|_| Trace::begin(None, &mut numbers, 0.1).is_sampled).count();
        assert!((900..1_100).contains(&kept), "{kept}");
        assert!(Trace::begin(None, || u64::MAX - 1, 1.0).is_sampled);
        assert!(!Trace::begin(None, || 0, 0.0).is_sampled);
    }
}
