//! How entries look beside each other: who is named, where a day begins.

use perch_api::{
    messaging::transcript::{Author, Delivery, Entry},
    model::Timestamp,
};

/// What an entry's neighbours decide about its looks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "they say nothing about each other")]
pub(crate) struct Shape {
    /// The first of several by the same speaker.
    pub(crate) first: bool,
    /// The last of several by the same speaker.
    pub(crate) last: bool,
    /// The first of its day.
    pub(crate) new_day: bool,
    /// The last of all.
    pub(crate) newest: bool,
    /// The visitor's last.
    pub(crate) newest_own: bool,
    /// The first of a session that follows another one.
    pub(crate) new_session: bool,
}

/// What shapes depend on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Outline {
    pub(crate) author: Author,
    pub(crate) name: Option<String>,
    /// Milliseconds since the Unix epoch.
    pub(crate) at_ms: i64,
    /// Which session it is of.
    pub(crate) session: u32,
}

impl Outline {
    pub(crate) fn of(session: u32, entry: &Entry) -> Self {
        Self { author: entry.author, name: entry.name.clone(), at_ms: at_ms(entry), session }
    }

    fn goes_on(&self, next: &Self) -> bool {
        const PAUSE_MS: i64 = 5 * 60_000;
        self.session == next.session
            && self.author == next.author
            && self.name == next.name
            && next.at_ms.saturating_sub(self.at_ms) < PAUSE_MS
    }
}

/// When something was said: by the platform's clock, where it told.
pub(crate) fn at_ms(entry: &Entry) -> i64 {
    let told = entry.timestamp.as_ref().and_then(Timestamp::unix_ms);
    told.unwrap_or_else(|| i64::try_from(entry.at.0).unwrap_or(i64::MAX))
}

/// The shapes of all entries; `day` names the reader's calendar day of a time.
pub(crate) fn shapes(outlines: &[Outline], day: impl Fn(i64) -> i64) -> Vec<Shape> {
    let days: Vec<i64> = outlines.iter().map(|outline| day(outline.at_ms)).collect();
    let new_day = |at: usize| at == 0 || days.get(at) != days.get(at - 1);
    let follows = |at: usize| {
        let pair = at.checked_sub(1).and_then(|before| outlines.get(before)).zip(outlines.get(at));
        pair.is_some_and(|(before, own)| before.goes_on(own)) && !new_day(at)
    };
    let new_session = |at: usize| {
        let pair = at.checked_sub(1).and_then(|before| outlines.get(before)).zip(outlines.get(at));
        pair.is_some_and(|(before, own)| before.session != own.session)
    };
    let newest_own = outlines.iter().rposition(|outline| outline.author == Author::Visitor);
    (0..outlines.len())
        .map(|at| Shape {
            first: !follows(at),
            last: !follows(at + 1),
            new_day: new_day(at),
            newest: at + 1 == outlines.len(),
            newest_own: newest_own == Some(at),
            new_session: new_session(at),
        })
        .collect()
}

/// Whether a message's delivery deserves words: trouble always, success only below the newest.
pub(crate) fn shows_delivery(author: Author, delivery: Delivery, newest_own: bool) -> bool {
    author == Author::Visitor && (delivery != Delivery::Sent || newest_own)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000;

    fn said(author: Author, name: &str, at_ms: i64) -> Outline {
        Outline { author, name: Some(name.to_owned()), at_ms, session: 0 }
    }

    fn drawn(outlines: &[Outline]) -> Vec<String> {
        shapes(outlines, |at| at.div_euclid(DAY))
            .into_iter()
            .map(|shape| {
                let marks = [
                    (shape.first, 'f'),
                    (shape.last, 'l'),
                    (shape.new_day, 'd'),
                    (shape.newest, 'n'),
                    (shape.newest_own, 'o'),
                    (shape.new_session, 's'),
                ];
                marks.iter().filter(|(set, _)| *set).map(|(_, mark)| mark).collect()
            })
            .collect()
    }

    #[test]
    fn runs_of_one_speaker_belong_together() {
        let rows = [
            said(Author::Agent, "Juno", 0),
            said(Author::Agent, "Juno", 1_000),
            said(Author::Visitor, "", 2_000),
            said(Author::Agent, "Juno", 3_000),
            said(Author::LiveAgent, "Imre", 4_000),
        ];
        assert_eq!(drawn(&rows), ["fd", "l", "flo", "fl", "fln"]);
    }

    #[test]
    fn a_pause_or_a_new_day_begins_a_new_run() {
        let rows = [
            said(Author::Agent, "Juno", 0),
            said(Author::Agent, "Juno", 300_000),
            said(Author::Agent, "Juno", DAY - 1),
            said(Author::Agent, "Juno", DAY),
        ];
        assert_eq!(drawn(&rows), ["fld", "fl", "fl", "fldn"]);
    }

    #[test]
    fn a_session_that_follows_another_is_told_apart() {
        let later = Outline { session: 1, ..said(Author::Agent, "Juno", 1_000) };
        assert_eq!(drawn(&[said(Author::Agent, "Juno", 0), later]), ["fld", "flns"]);
    }

    #[test]
    fn nothing_gives_nothing() {
        assert!(shapes(&[], |at| at).is_empty());
    }

    #[test]
    fn success_is_told_once_and_trouble_always() {
        assert!(!shows_delivery(Author::Visitor, Delivery::Sent, false));
        assert!(shows_delivery(Author::Visitor, Delivery::Sent, true));
        assert!(shows_delivery(Author::Visitor, Delivery::Failed, false));
        assert!(!shows_delivery(Author::Agent, Delivery::Failed, true));
    }
}
