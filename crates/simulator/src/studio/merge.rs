//! Three-way merging of drafts as JSON.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::Draft;

/// A place that both sides changed, each in its own way.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Conflict {
    path: Vec<String>,
    base: Option<Value>,
    ours: Option<Value>,
    theirs: Option<Value>,
}

/// What becomes of a conflict.
#[derive(Debug, Clone)]
pub(crate) struct Resolution {
    /// Where it lies.
    pub(crate) path: Vec<String>,
    /// Which side wins.
    pub(crate) side: Side,
    /// What wins instead of either side.
    pub(crate) value: Option<Value>,
}

/// The sides of a conflict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// What both started from.
    Base,
    /// `main`.
    Ours,
    /// The branch.
    Theirs,
}

/// Why two sides could not be merged.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Unmerged {
    /// What each side did differently.
    pub(crate) conflicts: Vec<Conflict>,
    /// What would be wrong with the outcome, or is with the resolutions.
    pub(crate) errors: Vec<String>,
}

/// What `theirs` changed since `base`, applied to `ours`.
pub(crate) fn merge(
    base: &Draft,
    ours: &Draft,
    theirs: &Draft,
    resolutions: &[Resolution],
) -> Result<Draft, Unmerged> {
    let tree = |draft: &Draft| serde_json::to_value(draft).ok();
    let mut walk = Merger { resolutions, used: 0, conflicts: Vec::new() };
    let merged = walk.merge(&mut Vec::new(), tree(base), tree(ours), tree(theirs));
    let Merger { used, conflicts, .. } = walk;
    let mut errors = Vec::new();
    if used < resolutions.len() {
        errors.push("A resolution names a path without a conflict.".to_owned());
    }
    if conflicts.is_empty() && errors.is_empty() {
        match serde_json::from_value::<Draft>(merged.unwrap_or_default()) {
            Ok(mut draft) => {
                errors = draft.settle();
                if errors.is_empty() {
                    return Ok(draft);
                }
            }
            Err(_) => errors.push("A resolution has a value of the wrong type.".to_owned()),
        }
    }
    Err(Unmerged { conflicts, errors })
}

impl Conflict {
    /// As the platform writes it.
    pub(crate) fn to_json(&self) -> Value {
        let change = match (&self.base, &self.ours, &self.theirs) {
            (None, ..) => "add",
            (_, _, None) | (_, None, _) => "delete",
            _ => "modify",
        };
        json!({
            "path": self.path,
            "baseValue": self.base,
            "oursValue": self.ours,
            "theirsValue": self.theirs,
            "type": change,
        })
    }
}

struct Merger<'a> {
    resolutions: &'a [Resolution],
    used: usize,
    conflicts: Vec<Conflict>,
}

impl Merger<'_> {
    fn merge(
        &mut self,
        path: &mut Vec<String>,
        base: Option<Value>,
        ours: Option<Value>,
        theirs: Option<Value>,
    ) -> Option<Value> {
        if ours == theirs || base == theirs {
            return ours;
        }
        if base == ours {
            return theirs;
        }
        match (base, ours, theirs) {
            (
                Some(Value::Object(mut base)),
                Some(Value::Object(mut ours)),
                Some(Value::Object(mut theirs)),
            ) => {
                let names: BTreeSet<_> =
                    base.keys().chain(ours.keys()).chain(theirs.keys()).cloned().collect();
                let mut merged = Map::new();
                for name in names {
                    path.push(name.clone());
                    let (base, ours) = (base.remove(&name), ours.remove(&name));
                    let value = self.merge(path, base, ours, theirs.remove(&name));
                    path.pop();
                    merged.extend(value.map(|value| (name, value)));
                }
                Some(Value::Object(merged))
            }
            (base, ours, theirs) => self.resolve(path, base, ours, theirs),
        }
    }

    fn resolve(
        &mut self,
        path: &[String],
        base: Option<Value>,
        ours: Option<Value>,
        theirs: Option<Value>,
    ) -> Option<Value> {
        let Some(resolution) = self.resolutions.iter().find(|resolution| resolution.path == path)
        else {
            let path = path.to_vec();
            self.conflicts.push(Conflict { path, base, ours: ours.clone(), theirs });
            return ours;
        };
        self.used += 1;
        resolution.value.clone().or(match resolution.side {
            Side::Base => base,
            Side::Ours => ours,
            Side::Theirs => theirs,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::studio::Topic;

    fn draft(behavior: &str, topics: &[(&str, &str)]) -> Draft {
        let topic = |content: &str| Topic {
            name: content.to_owned(),
            content: content.to_owned(),
            actions: String::new(),
            queries: Vec::new(),
            is_active: true,
        };
        Draft {
            behavior: Some(behavior.to_owned()),
            topics: topics.iter().map(|(id, text)| ((*id).to_owned(), topic(text))).collect(),
            ..Draft::default()
        }
    }

    fn paths(unmerged: &Unmerged) -> Vec<String> {
        unmerged.conflicts.iter().map(|conflict| conflict.path.join("/")).collect()
    }

    #[test]
    fn changes_of_different_places_come_together() {
        let base = draft("a", &[("1", "x"), ("2", "y")]);
        let ours = draft("b", &[("1", "x"), ("2", "y"), ("3", "z")]);
        let theirs = draft("a", &[("1", "w")]);
        let merged = merge(&base, &ours, &theirs, &[]).unwrap();
        assert_eq!(merged, draft("b", &[("1", "w"), ("3", "z")]));
        assert_eq!(merge(&base, &base, &base, &[]).unwrap(), base);
    }

    #[test]
    fn changes_of_one_place_are_conflicts_until_resolved() {
        let base = draft("a", &[("1", "x")]);
        let ours = draft("b", &[]);
        let theirs = draft("c", &[("1", "w")]);
        let unmerged = merge(&base, &ours, &theirs, &[]).unwrap_err();
        assert_eq!(paths(&unmerged), ["behavior", "topics/1"]);
        assert_eq!(
            unmerged.conflicts[0].to_json(),
            json!({"path": ["behavior"], "baseValue": "a", "oursValue": "b", "theirsValue": "c", "type": "modify"})
        );
        assert_eq!(unmerged.conflicts[1].to_json()["type"], "delete");

        let path = |text: &str| text.split('/').map(str::to_owned).collect();
        let resolve = |text: &str, side, value| Resolution { path: path(text), side, value };
        let both = [
            resolve("behavior", Side::Ours, Some(json!("d"))),
            resolve("topics/1", Side::Theirs, None),
        ];
        assert_eq!(merge(&base, &ours, &theirs, &both[..1]).unwrap_err().conflicts.len(), 1);
        assert_eq!(merge(&base, &ours, &theirs, &both).unwrap(), draft("d", &[("1", "w")]));
        let wrong = [resolve("behavior", Side::Base, Some(json!(7))), both[1].clone()];
        assert_eq!(merge(&base, &ours, &theirs, &wrong).unwrap_err().errors.len(), 1);
        let elsewhere = [both[0].clone(), both[1].clone(), resolve("variants", Side::Ours, None)];
        assert_eq!(merge(&base, &ours, &theirs, &elsewhere).unwrap_err().errors.len(), 1);
    }

    #[test]
    fn an_outcome_that_neither_side_had_is_checked() {
        let base = draft("a", &[]);
        let unmerged =
            merge(&base, &draft("a", &[("1", "x")]), &draft("a", &[("2", "x")]), &[]).unwrap_err();
        assert!(unmerged.conflicts.is_empty());
        assert_eq!(unmerged.errors, ["A topic with this name already exists."]);
    }
}
