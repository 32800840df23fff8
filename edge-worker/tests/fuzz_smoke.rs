//! The fuzz targets' entry points on a stable compiler: hand-made seeds, their mutations, and noise.
//!
//! The long run is described in `edge-worker/fuzz/README.md`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "these are tests"
)]

use proptest::{collection::vec, prelude::*};

#[allow(unreachable_pub, reason = "the fuzz targets' library, read as a module")]
#[path = "../fuzz/entries/lib.rs"]
mod entries;

/// Every entry point of the fuzz targets.
const ENTRIES: [fn(&[u8]); 9] = [
    entries::address,
    entries::config,
    entries::cookie,
    entries::frame,
    entries::identity,
    entries::origin,
    entries::seal,
    entries::signal,
    entries::token,
];

/// Bytes that lead somewhere, which noise hardly does.
fn seeds() -> Vec<Vec<u8>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/seeds");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| !path.ends_with(".gitattributes"))
        .collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).unwrap()).collect()
}

#[test]
fn t01_t02_t20_t22_t32_t77_t80_every_seed_and_every_cut_of_it_is_survived() {
    let seeds = seeds();
    assert!(seeds.len() >= ENTRIES.len());
    for seed in seeds {
        for cut in 0..=seed.len() {
            for entry in ENTRIES {
                entry(&seed[..cut]);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn t01_t02_t20_t22_t32_t77_t80_mutated_seeds_are_survived(
        mut bytes in prop::sample::select(seeds()),
        edits in vec((any::<prop::sample::Index>(), any::<u8>(), any::<bool>()), 1..6),
        which in 0..ENTRIES.len(),
    ) {
        for (at, byte, insert) in edits {
            let at = at.index(bytes.len());
            if insert { bytes.insert(at, byte) } else { bytes[at] = byte }
        }
        ENTRIES[which](&bytes);
    }

    #[test]
    fn noise_is_survived(bytes in vec(any::<u8>(), 0..400), which in 0..ENTRIES.len()) {
        ENTRIES[which](&bytes);
    }
}
