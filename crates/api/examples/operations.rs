//! Prints the golden list: one line per operation, for people who review what may be called.

use perch_api::operation;

fn main() {
    println!(
        "# Written by `cargo xtask ops --accept`. id | call | host | credential | retry | safety | audience"
    );
    for spec in operation::all() {
        let call = format!("{} {}", spec.method.as_str(), spec.path);
        println!(
            "{:<26} | {call:<58} | {:<9} | {:<19} | {:<7} | {:<5} | {}",
            spec.id,
            spec.host.as_str(),
            spec.credential.as_str(),
            spec.retry.as_str(),
            spec.safety.as_str(),
            spec.audience.as_str(),
        );
        if !spec.query.is_empty() {
            println!("{:<26} |   ?{}", "", spec.query.join(" "));
        }
    }
}
