//! `policy.txt`: the controls of every operation, for reviewers.

use perch_api::operation::{self, OperationSpec};

use super::{Again, Controls, Personal, Reach, Tenancy};

// The whole of what crosses the operator plane, in one reviewable list. After a deliberate change:
// PERCH_UPDATE=1 cargo test -p perch-edge-worker golden
#[test]
fn the_golden_list_is_current() {
    let mut lines: Vec<String> = operation::all().map(line).collect();
    lines.sort();
    let now = HEAD.to_owned() + &lines.concat();
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/policy.txt");
    if std::env::var_os("PERCH_UPDATE").is_some() {
        std::fs::write(file, &now).unwrap();
    }
    assert_eq!(std::fs::read_to_string(file).unwrap_or_default(), now);
}

const HEAD: &str = "\
# Who may send which operation through the edge, and what the edge asks for. Written by a test; see controls.rs.
# who: the least role; visitors: only the edge itself, for them; refused: nobody, for the reason below the line.
# kind: read; change (recorded); danger (and presence proved again); cost (and confirmed, keyed, counted).
# personal: masked, audio or all of it for those without the right to personal data: masked, redacted, refused.
# again: idempotent, no, keyed. tenant: what ties it to a configured one. body: largest, in bytes.
# who     kind   personal again      tenant body    method host      path and operation
";

fn line(spec: &OperationSpec) -> String {
    let controls = Controls::of(spec);
    let (who, reason) = match controls.reach {
        Reach::Operators(role) => (role.as_str(), String::new()),
        Reach::Visitors => ("visitors", String::new()),
        Reach::Refused(why) => ("refused", format!("{:10}{why}\n", "")),
    };
    let kind = match controls {
        Controls { is_cost: true, .. } => "cost",
        Controls { is_danger: true, .. } => "danger",
        Controls { is_change: true, .. } => "change",
        _ => "read",
    };
    let personal = match controls.personal {
        Personal::Nothing => "-",
        Personal::Masked => "masked",
        Personal::Audio => "audio",
        Personal::Anything => "all",
    };
    let again = match controls.again {
        Again::Idempotent => "idempotent",
        Again::No => "no",
        Again::Keyed => "keyed",
    };
    let tenant = match controls.tenancy {
        Tenancy::Path => "path",
        Tenancy::Rows => "rows",
        Tenancy::Rule => "rule",
        Tenancy::Key => "key",
        Tenancy::Nobody => "-",
    };
    format!(
        "{who:<9} {kind:<6} {personal:<8} {again:<10} {tenant:<6} {:<7} {:<6} {:<9} {:<84} {}\n{reason}",
        controls.body_bytes,
        spec.method.as_str(),
        spec.host.as_str(),
        spec.path,
        spec.id
    )
}
