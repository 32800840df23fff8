//! Scenarios live in `tests/`.
