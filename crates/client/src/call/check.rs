//! Parameters against a row.

use perch_api::operation::{InputError, InputFault, InputPart, OperationSpec};

/// Longest value of a placeholder; the platform's ids stay under 64 characters.
const MAX_SEGMENT: usize = 128;
/// Longest value of a query parameter: URLs have bounds on the way.
const MAX_VALUE: usize = 4_096;
/// What a placeholder may hold.
const SEGMENT_RULE: &str = r"ASCII without spaces and / \ # ? @ ; %";

type Pairs = Vec<(&'static str, String)>;

/// One lawful value for every placeholder and nothing else.
pub(super) fn path(spec: &OperationSpec, given: &[(&str, &str)]) -> Result<Pairs, InputError> {
    let fault = |name: &str, fault| Err(InputError::new(InputPart::Path, name, fault));
    let mut pairs = Vec::new();
    for (name, value) in given {
        let Some(own) = spec.placeholders().find(|own| own == name) else {
            return fault(name, InputFault::Unknown(spec.placeholders().collect()));
        };
        if pairs.iter().any(|(earlier, _)| *earlier == own) {
            return fault(name, InputFault::Repeated);
        }
        if value.len() > MAX_SEGMENT {
            return fault(name, InputFault::TooLong(MAX_SEGMENT));
        }
        if !value.is_empty() && !is_segment(value) {
            return fault(name, InputFault::Unlawful(SEGMENT_RULE));
        }
        pairs.push((own, (*value).to_owned()));
    }
    let has = |name: &str| pairs.iter().any(|(own, value)| *own == name && !value.is_empty());
    match spec.placeholders().find(|name| !has(name)) {
        Some(name) => fault(name, InputFault::Missing),
        None => Ok(pairs),
    }
}

/// Known parameters only; what the platform insists on is checked with every request.
pub(super) fn query(spec: &OperationSpec, given: &[(&str, &str)]) -> Result<Pairs, InputError> {
    let fault = |name: &str, fault| Err(InputError::new(InputPart::Query, name, fault));
    let mut pairs = Vec::new();
    for (name, value) in given {
        let Some(own) = spec.query.iter().find(|own| *own == name) else {
            return fault(name, InputFault::Unknown(spec.query.to_vec()));
        };
        if value.len() > MAX_VALUE {
            return fault(name, InputFault::TooLong(MAX_VALUE));
        }
        pairs.push((*own, (*value).to_owned()));
    }
    Ok(pairs)
}

/// Whether the edge worker and the platform read it as one segment, in any spelling.
fn is_segment(value: &str) -> bool {
    !matches!(value, "." | "..")
        && value.bytes().all(|byte| byte.is_ascii_graphic() && !br"/\#?@;%".contains(&byte))
}

#[cfg(test)]
mod tests {
    use perch_api::operation::{Host, Method, by_id, find};
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_lawful_path_is_found_again_and_an_unlawful_one_never_sent(value in "[ -~é]{0,12}") {
            let spec = by_id("agents.delete").unwrap();
            let raw = |pairs: &Pairs| spec.path_with(pairs).unwrap();
            if let Ok(pairs) = path(spec, &[("agentId", &value)]) {
                let raw = raw(&pairs);
                let found = find(Host::Build, Method::Delete, &raw).unwrap();
                prop_assert_eq!(found.param("agentId"), Some(value.as_str()));
            } else {
                let spelled = spec.path_with(&[("agentId", value)]).ok();
                prop_assert!(spelled.is_none_or(|raw| find(Host::Build, Method::Delete, &raw).is_err()));
            }
        }
    }
}
