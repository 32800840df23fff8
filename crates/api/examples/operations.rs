//! Prints the golden list: one line per operation, for people who review what may be called.

use std::fmt::Write as _;

use perch_api::operation;

fn main() {
    print!("{}", list());
}

/// The list, from the rows alone.
pub(crate) fn list() -> String {
    let mut text = String::from(
        "# Written by `cargo xtask ops --accept`. id | call | host | credential | retry | safety | audience\n",
    );
    let mut line = |line: std::fmt::Arguments<'_>| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{line}");
    };
    for spec in operation::all() {
        let call = format!("{} {}", spec.method.as_str(), spec.path);
        line(format_args!(
            "{:<33} | {call:<90} | {:<9} | {:<20} | {:<7} | {:<11} | {}",
            spec.id,
            spec.host.as_str(),
            spec.credential.as_str(),
            spec.retry.as_str(),
            spec.safety.as_str(),
            spec.audience.as_str(),
        ));
        if !spec.query.is_empty() {
            line(format_args!("{:<33} |   ?{}", "", spec.query.join(" ")));
        }
        if !spec.required.is_empty() {
            line(format_args!("{:<33} |   needs {}", "", spec.required.join(" ")));
        }
    }
    for socket in operation::SOCKETS {
        let call = format!("GET {} (WebSocket)", socket.path);
        let (host, credential) = (socket.host.as_str(), socket.credential.as_str());
        line(format_args!("{:<33} | {call:<90} | {host:<9} | {credential}", socket.id));
    }
    for (alias, id) in operation::ALIASES {
        line(format_args!("{alias:<33} | is {id}"));
    }
    text
}
