//! The committed list of operations is the table's.

#[allow(dead_code, reason = "the example's own entry point is not used here")]
#[path = "../../examples/operations.rs"]
mod example;

#[test]
fn the_list_is_current() {
    let golden = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/operations.txt"));
    assert_eq!(
        example::list(),
        golden.unwrap_or_default(),
        "look at the difference, then run `cargo xtask ops --accept`"
    );
}
