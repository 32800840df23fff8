//! A possible value of one part of a hypothesis, with its price and its words.

use std::borrow::Cow;

use super::{About, Diagnosis};

/// A departure from what the platform documents.
#[derive(Debug, Clone)]
pub(super) struct Finding {
    pub(super) diagnosis: Diagnosis,
    pub(super) about: About,
    pub(super) text: String,
    /// How strange it is.
    pub(super) price: u32,
}

impl Finding {
    pub(super) fn new(
        about: About,
        diagnosis: Diagnosis,
        price: u32,
        text: impl Into<String>,
    ) -> Self {
        Self { diagnosis, about, text: text.into(), price }
    }
}

/// One possible value.
#[derive(Clone)]
pub(super) struct Form<T> {
    pub(super) value: T,
    /// Nothing for the documented value.
    pub(super) finding: Option<Finding>,
}

impl<T> Form<T> {
    pub(super) fn price(&self) -> u32 {
        self.finding.as_ref().map_or(0, |finding| finding.price)
    }
}

/// Forms of a text or body, each value once: the first, so the cheaper ones go first.
pub(super) struct Forms<'a> {
    about: About,
    pub(super) list: Vec<Form<Cow<'a, [u8]>>>,
}

impl<'a> Forms<'a> {
    /// Begins with the value as it is.
    pub(super) fn plain(about: About, value: &'a [u8]) -> Self {
        Self { about, list: vec![Form { value: Cow::Borrowed(value), finding: None }] }
    }

    /// Begins with nothing.
    pub(super) fn none(about: About) -> Self {
        Self { about, list: Vec::new() }
    }

    pub(super) fn add(
        &mut self,
        value: impl Into<Cow<'a, [u8]>>,
        diagnosis: Diagnosis,
        price: u32,
        text: &str,
    ) {
        let value = value.into();
        if self.list.iter().all(|form| form.value != value) {
            let finding = Finding::new(self.about, diagnosis, price, text);
            self.list.push(Form { value, finding: Some(finding) });
        }
    }

    /// Adds a value if there is one.
    pub(super) fn maybe(
        &mut self,
        value: Option<impl Into<Cow<'a, [u8]>>>,
        diagnosis: Diagnosis,
        price: u32,
        text: &str,
    ) {
        if let Some(value) = value {
            self.add(value, diagnosis, price, text);
        }
    }
}
