//! What a merge could not decide.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::model::Tolerant;

/// One place that `main` and a branch changed differently.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct MergeConflict {
    /// Where: keys from the outside in.
    pub path: Vec<String>,
    /// What both started from.
    pub base_value: Value,
    /// What `main` has.
    pub ours_value: Value,
    /// What the branch has.
    pub theirs_value: Value,
    /// What the branch did there.
    #[serde(rename = "type")]
    pub change: Tolerant<ChangeKind>,
}

impl MergeConflict {
    /// Reads an element of the list; by hand, as a derived reader of values is many times as large.
    pub(super) fn read(conflict: &mut Value) -> Option<Self> {
        conflict.as_object()?;
        let mut take = |name| conflict.get_mut(name).map(Value::take).unwrap_or_default();
        let mut path = Vec::new();
        match take("path") {
            Value::Array(keys) => {
                for key in keys {
                    let Value::String(key) = key else { return None };
                    path.push(key);
                }
            }
            Value::Null => {}
            _ => return None,
        }
        Some(Self {
            path,
            base_value: take("baseValue"),
            ours_value: take("oursValue"),
            theirs_value: take("theirsValue"),
            change: Tolerant(take("type").as_str().map(ChangeKind::parse)),
        })
    }
}

crate::open_enum! {
    /// What a branch did to a place.
    ChangeKind {
        /// Something new.
        Add = "add",
        /// Something else.
        Modify = "modify",
        /// Nothing any more.
        Delete = "delete",
    }
}
