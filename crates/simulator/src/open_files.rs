//! Room for thousands of sockets.

/// Raises this process's soft limit of open files to the hard one; gives what holds afterwards.
///
/// Many systems start programs with room for 1,024, and every socket is an open file. Where the limit
/// cannot be read or raised, nothing changes.
#[cfg(unix)]
pub fn raise() -> Option<u64> {
    use nix::sys::resource::{Resource, getrlimit, setrlimit};

    let (soft, hard) = getrlimit(Resource::RLIMIT_NOFILE).ok()?;
    let raised = setrlimit(Resource::RLIMIT_NOFILE, hard, hard);
    Some(if raised.is_ok() { hard } else { soft })
}

/// Other systems have no such limit.
#[cfg(not(unix))]
pub fn raise() -> Option<u64> {
    None
}
