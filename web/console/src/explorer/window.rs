//! Which rows of a long list are in the document: those in sight and a few around them.

use std::ops::Range;

/// Rows kept above and below the visible ones, so that a quick scroll shows no gap.
const OVERSCAN: usize = 8;

/// The rows to render for a scroll position. All lengths in pixels.
pub(super) fn visible(top: f64, height: f64, row: f64, count: usize) -> Range<usize> {
    let first = whole(top / row).min(count);
    let shown = whole(height / row) + 2;
    first.saturating_sub(OVERSCAN)..(first + shown + OVERSCAN).min(count)
}

/// The scroll position that brings a row fully into view, or nothing when it is.
pub(super) fn reveal(top: f64, height: f64, row: f64, index: usize) -> Option<f64> {
    let start = offset(row, index);
    if start < top {
        Some(start)
    } else if start + row > top + height {
        Some(start + row - height)
    } else {
        None
    }
}

/// A length in pixels as a style sheet writes it.
#[allow(clippy::cast_possible_truncation, reason = "a list is shorter than 2^53 pixels")]
pub(super) fn pixels(length: f64) -> String {
    format!("{}px", length as i64)
}

/// Distance of a row from the top of the list.
#[allow(clippy::cast_precision_loss, reason = "a list holds far less than 2^52 rows")]
pub(super) fn offset(row: f64, index: usize) -> f64 {
    row * index as f64
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to a range every usize holds"
)]
fn whole(value: f64) -> usize {
    value.clamp(0.0, 16_000_000.0) as usize
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_visible_pixel_has_its_row(top in 0.0..400_000.0_f64, height in 100.0..2_000.0_f64, count in 0_usize..5_000) {
            let row = 40.0;
            let range = visible(top, height, row, count);
            prop_assert!(range.len() <= whole(height / row) + 3 + 2 * OVERSCAN);
            for index in 0..count {
                let (start, end) = (offset(row, index), offset(row, index + 1));
                if end > top && start < top + height {
                    prop_assert!(range.contains(&index), "row {} of {:?}", index, range);
                }
            }
        }

        #[test]
        fn a_revealed_row_is_in_view(top in 0.0..9_000.0_f64, index in 0_usize..500) {
            let (height, row) = (600.0, 40.0);
            let top = reveal(top, height, row, index).unwrap_or(top);
            let start = offset(row, index);
            prop_assert!(start >= top && start + row <= top + height + 1e-6);
            prop_assert_eq!(reveal(top, height, row, index), None);
        }
    }
}
