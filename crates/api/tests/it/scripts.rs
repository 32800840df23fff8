//! Scripts in files: each is run and must come out as it is written.

use std::{env, fs, path::Path};

/// Runs every file of `tests/it/{folder}`; `PERCH_ACCEPT=1` writes them anew, to be read in a diff.
///
/// Fewer files than `at_least` means that scripts were lost, not that they pass.
pub(crate) fn come_out_as_written(folder: &str, at_least: usize, run: impl Fn(&str) -> String) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it").join(folder);
    let mut files: Vec<_> =
        fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= at_least, "the scripts are gone");
    for file in files {
        let script = fs::read_to_string(&file).unwrap();
        let actual = run(&script);
        if env::var_os("PERCH_ACCEPT").is_some() {
            fs::write(&file, &actual).unwrap();
        } else {
            assert_eq!(actual, script, "{} came out differently:\n{actual}", file.display());
        }
    }
}
