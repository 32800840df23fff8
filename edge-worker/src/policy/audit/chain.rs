//! Whether an export is whole: no row missing, altered, moved or added.

use serde::{Deserialize, Serialize};

use super::{Entry, FORMAT, Head};

/// The first line of an export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preface {
    /// [`FORMAT`].
    pub format: String,
    /// The first row that follows.
    pub first: u64,
    /// The last row that follows.
    pub head: Head,
}

/// A chain that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The first row; not 1 where retention removed what was before.
    pub first: u64,
    /// Where it ends. Compare it with what was noted elsewhere.
    pub head: Head,
    /// How many of the given anchors lie in it, all of them confirmed.
    pub anchors: usize,
}

/// Where and why a chain breaks. Lines count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "the messages say it")]
pub enum Broken {
    #[error("line {0} is no row of an audit log")]
    Unreadable(usize),
    #[error("the first line is not that of an export, or of another version")]
    NotAnExport,
    #[error("line {0}: a row is missing, doubled or out of order here")]
    Order(usize),
    #[error("line {0}: the row does not follow from the one before")]
    Link(usize),
    #[error("line {0}: the row was changed")]
    Changed(usize),
    #[error("rows are missing at the start, and no checkpoint says that retention removed them")]
    Start,
    #[error("rows are missing at the end")]
    End,
    #[error("row {0} is not the one that was noted elsewhere")]
    Anchor(u64),
}

/// Verifies the lines of an export, against heads that were noted elsewhere.
pub fn verify(
    lines: impl IntoIterator<Item = impl AsRef<str>>,
    anchors: &[Head],
) -> Result<Verified, Broken> {
    let mut lines = lines.into_iter();
    let preface: Preface = lines
        .next()
        .and_then(|line| serde_json::from_str(line.as_ref()).ok())
        .filter(|preface: &Preface| preface.format == FORMAT)
        .ok_or(Broken::NotAnExport)?;
    let mut first: Option<Entry> = None;
    let mut last: Option<Head> = None;
    let mut is_start_known = false;
    let mut confirmed = 0_usize;
    for (at, line) in (2..).zip(lines) {
        let entry: Entry =
            serde_json::from_str(line.as_ref()).map_err(|_| Broken::Unreadable(at))?;
        let expected = last.as_ref().map_or(preface.first, |last| last.seq.saturating_add(1));
        if entry.seq != expected {
            return Err(Broken::Order(at));
        }
        if last.as_ref().is_some_and(|last| last.hash != entry.previous) {
            return Err(Broken::Link(at));
        }
        if entry.digest() != entry.hash {
            return Err(Broken::Changed(at));
        }
        for anchor in anchors.iter().filter(|anchor| anchor.seq == entry.seq) {
            if anchor.hash != entry.hash {
                return Err(Broken::Anchor(entry.seq));
            }
            confirmed = confirmed.saturating_add(1);
        }
        let first = first.get_or_insert_with(|| entry.clone());
        is_start_known |= begins(first, &entry);
        last = Some(entry.head());
    }
    let (Some(first), Some(head)) = (first, last) else { return Err(Broken::End) };
    if head != preface.head {
        return Err(Broken::End);
    }
    if !is_start_known {
        return Err(Broken::Start);
    }
    Ok(Verified { first: first.seq, head, anchors: confirmed })
}

/// Whether `entry` is why a chain may begin with `first`.
fn begins(first: &Entry, entry: &Entry) -> bool {
    let before = if first.seq == 1 { Some(Head::empty()) } else { entry.removed() };
    before.is_some_and(|before| {
        before.seq.saturating_add(1) == first.seq && before.hash == first.previous
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{chain, event};
    use super::*;
    use proptest::prelude::*;

    fn export(rows: &[Entry]) -> Vec<String> {
        let (first, last) = (rows.first().unwrap(), rows.last().unwrap());
        let preface = Preface { format: FORMAT.to_owned(), first: first.seq, head: last.head() };
        std::iter::once(serde_json::to_string(&preface).unwrap())
            .chain(rows.iter().map(|row| serde_json::to_string(row).unwrap()))
            .collect()
    }

    fn check(lines: &[String]) -> Result<Verified, Broken> {
        verify(lines, &[])
    }

    fn checkpointed() -> Vec<Entry> {
        let mut rows = chain(6);
        let removed = rows[2].head();
        let checkpoint = rows[5].head().checkpoint(2_000, &removed);
        rows.push(checkpoint);
        rows.split_off(3)
    }

    #[test]
    fn t94_a_whole_chain_holds() {
        let rows = chain(5);
        let verified = check(&export(&rows)).unwrap();
        assert_eq!((verified.first, verified.head), (1, rows[4].head()));
        assert_eq!(check(&["{}".to_owned()]), Err(Broken::NotAnExport));
        assert_eq!(check(&export(&rows)[..1]), Err(Broken::End));
    }

    #[test]
    fn t94_retention_leaves_a_chain_that_holds() {
        let rows = checkpointed();
        assert_eq!(check(&export(&rows)).map(|verified| verified.first), Ok(4));
        assert_eq!(check(&export(&rows[..3])), Err(Broken::Start), "without the checkpoint");
        assert_eq!(check(&export(&rows[1..])), Err(Broken::Start), "cut further than it says");
    }

    #[test]
    fn t94_a_rewritten_chain_shows_against_an_anchor() {
        let rows = chain(4);
        let mut head = rows[0].head();
        let mut forged = vec![rows[0].clone()];
        for target in ["b-1", "b-2", "b-3"] {
            let entry = head.append(1_001, event("agents.delete", target));
            head = entry.head();
            forged.push(entry);
        }
        let lines = export(&forged);
        assert!(check(&lines).is_ok(), "it is sound in itself");
        assert_eq!(verify(&lines, &[rows[2].head()]), Err(Broken::Anchor(3)));
        let whole = export(&rows);
        let anchors = [rows[2].head(), Head { seq: 99, hash: String::new() }];
        let verified = verify(&whole, &anchors).unwrap();
        assert_eq!(verified.anchors, 1);
    }

    fn altered(rows: &[Entry], at: usize, how: u8) -> Vec<Entry> {
        let mut rows = rows.to_vec();
        match how {
            0 => drop(rows.remove(at)),
            1 => rows.swap(at, at + 1),
            2 => rows.insert(at, rows[at].clone()),
            3 => rows[at].subject.push('x'),
            4 => rows[at].status += 1,
            5 => rows[at].at += 1,
            6 => rows[at].target.clear(),
            7 => rows[at].previous = "0".repeat(64),
            _ => {
                // Changed, and its own hash made to fit.
                rows[at].action.push('x');
                rows[at].hash = rows[at].digest();
            }
        }
        rows
    }

    proptest! {
        #[test]
        fn t94_any_removed_moved_or_changed_row_is_detected(
            length in 4_u64..12, at in 0_usize..10, how in 0_u8..9,
        ) {
            let rows = chain(length);
            let at = at % (rows.len() - 2) + usize::from(how == 7);
            let mut lines = export(&altered(&rows, at, how));
            // The forger keeps the preface of the whole.
            lines[0] = export(&rows)[0].clone();
            prop_assert!(check(&lines).is_err());
        }

        #[test]
        fn t94_any_changed_byte_is_detected(at in 0_usize..4_000, flip in 1_u8..128) {
            let rows = chain(4);
            let text = export(&rows).join("\n");
            let mut bytes = text.clone().into_bytes();
            let at = at % bytes.len();
            bytes[at] ^= flip;
            if let Ok(changed) = String::from_utf8(bytes) {
                // Space between tokens may differ; what is said may not.
                if let Ok(verified) = verify(changed.lines(), &[]) {
                    prop_assert_eq!(verified.head, rows[3].head());
                }
            }
        }
    }
}
