#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| perch_api_fuzz::call_signal(data));
