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
