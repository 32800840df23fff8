#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| perch_edge_fuzz::identity(data));
