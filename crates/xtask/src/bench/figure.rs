//! One measured number, and the table of all of them.

use std::fmt::Write;

use serde::Serialize;

/// A measured number with its unit and, for a ratio, both sides.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Figure {
    group: &'static str,
    name: String,
    value: f64,
    unit: &'static str,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    sides: Option<Sides>,
    #[serde(skip_serializing_if = "Option::is_none")]
    budget: Option<f64>,
}

/// `value` is `a` divided by `b`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
struct Sides {
    a: f64,
    b: f64,
}

impl Figure {
    /// A plain figure.
    pub(crate) fn new(
        group: &'static str,
        name: impl Into<String>,
        value: f64,
        unit: &'static str,
    ) -> Self {
        Self { group, name: name.into(), value, unit, sides: None, budget: None }
    }

    /// How many times `b` is `a`.
    pub(crate) fn ratio(group: &'static str, name: impl Into<String>, a: f64, b: f64) -> Self {
        let sides = Some(Sides { a, b });
        Self { sides, ..Self::new(group, name, a / b, "x") }
    }

    /// The most it may be.
    pub(crate) fn at_most(mut self, budget: f64) -> Self {
        self.budget = Some(budget);
        self
    }

    /// Whether it is over its budget; a value that is no number is.
    pub(crate) fn is_over(&self) -> bool {
        self.budget.is_some_and(|budget| self.value.is_nan() || self.value > budget)
    }

    /// What was measured.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}

/// All figures for people.
pub(crate) fn table(figures: &[Figure]) -> String {
    let width = figures.iter().map(|figure| figure.name.chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    for figure in figures {
        let Figure { group, name, value, unit, .. } = figure;
        // Writing to a String cannot fail.
        let _ = write!(text, "{group:<7} {name:<width$} {:>10} {unit:<5}", number(*value));
        if let Some(Sides { a, b }) = figure.sides {
            let _ = write!(text, " = {} / {}", number(a), number(b));
        }
        if let Some(budget) = figure.budget {
            let verdict = if figure.is_over() { "OVER" } else { "ok" };
            let _ = write!(text, "  at most {}: {verdict}", number(budget));
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
    }
    text
}

fn number(value: f64) -> String {
    if value.fract() == 0.0 {
        format!("{value:.0}")
    } else if value.abs() < 10.0 {
        format!("{value:.2}")
    } else {
        format!("{value:.1}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_keeps_both_sides() {
        let figure = Figure::ratio("proxy", "CPU", 90.0, 60.0).at_most(1.6);
        let json = serde_json::to_value(&figure).unwrap();
        let expected = serde_json::json!({
            "group": "proxy", "name": "CPU", "value": 1.5, "unit": "x", "a": 90.0, "b": 60.0, "budget": 1.6
        });
        assert_eq!(json, expected);
        assert!(!figure.is_over());
        assert!(Figure::ratio("proxy", "CPU", 97.0, 60.0).at_most(1.6).is_over());
        assert!(Figure::ratio("proxy", "CPU", 0.0, 0.0).at_most(1.6).is_over());
    }

    #[test]
    fn the_table_shows_sides_and_budgets() {
        let figures = [
            Figure::new("size", "loader brotli", 2900.0, "B").at_most(3072.0),
            Figure::ratio("proxy", "CPU", 3.0, 2.0),
        ];
        let expected = "size    loader brotli       2900 B      at most 3072: ok\n\
                        proxy   CPU                 1.50 x     = 3 / 2\n";
        assert_eq!(table(&figures), expected);
    }
}
