//! What may have been signed, in which order.

use super::{
    About, Diagnosis,
    form::{Finding, Form},
};

/// A part of a signed message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece {
    Stamp,
    Body,
    /// The event id.
    Id,
    /// SHA-256 of the body, in hex.
    BodyHash,
    Text(&'static str),
}

/// Pieces in their order.
pub(super) type Layout = &'static [Piece];

/// Every layout worth a try; those with an event id only where there is one.
pub(super) fn layouts(has_id: bool) -> Vec<Form<Layout>> {
    use Diagnosis::{
        BodyHashSigned, BodyNotSigned, EventIdSigned, LayoutTagged, OrderSwapped,
        SeparatorDifferent, TimestampNotSigned,
    };
    use Piece::{Body, BodyHash, Id, Stamp, Text};
    let mut forms: Vec<Form<Layout>> =
        vec![Form { value: &[Stamp, Text("."), Body], finding: None }];
    let mut add = |value: Layout, diagnosis: Diagnosis, price: u32, text: &str| {
        let finding = Finding::new(About::Layout, diagnosis, price, text);
        forms.push(Form { value, finding: Some(finding) });
    };
    add(&[Body], TimestampNotSigned, 3, "Only the body was signed.");
    let text = "Timestamp and body were signed with nothing between them.";
    add(&[Stamp, Body], SeparatorDifferent, 3, text);
    let others: [(Layout, &str); 9] = [
        (&[Stamp, Text(":"), Body], "a colon"),
        (&[Stamp, Text("|"), Body], "a bar"),
        (&[Stamp, Text(","), Body], "a comma"),
        (&[Stamp, Text(";"), Body], "a semicolon"),
        (&[Stamp, Text("-"), Body], "a hyphen"),
        (&[Stamp, Text("_"), Body], "an underscore"),
        (&[Stamp, Text(" "), Body], "a space"),
        (&[Stamp, Text("\n"), Body], "a line break"),
        (&[Stamp, Text(". "), Body], "a full stop and a space"),
    ];
    for (layout, name) in others {
        let text = format!("Timestamp and body were signed with {name} between them.");
        add(layout, SeparatorDifferent, 3, &text);
    }
    let text = "The body was signed before the timestamp.";
    add(&[Body, Text("."), Stamp], OrderSwapped, 3, text);
    add(&[Body, Stamp], OrderSwapped, 4, text);
    add(&[Body, Text(":"), Stamp], OrderSwapped, 4, text);
    if has_id {
        let text = "The event id was signed first, as in Standard Webhooks.";
        add(&[Id, Text("."), Stamp, Text("."), Body], EventIdSigned, 3, text);
        let text = "The event id was signed too.";
        add(&[Stamp, Text("."), Id, Text("."), Body], EventIdSigned, 4, text);
        add(&[Stamp, Text("."), Body, Text("."), Id], EventIdSigned, 4, text);
        let text = "The event id was signed in place of the timestamp.";
        add(&[Id, Text("."), Body], EventIdSigned, 4, text);
    }
    let text = "A version was signed before the timestamp.";
    add(&[Text("v0:"), Stamp, Text(":"), Body], LayoutTagged, 4, text);
    add(&[Text("v1:"), Stamp, Text(":"), Body], LayoutTagged, 4, text);
    add(&[Text("v1."), Stamp, Text("."), Body], LayoutTagged, 4, text);
    let text = "The timestamp was signed with its name.";
    add(&[Text("t="), Stamp, Text("."), Body], LayoutTagged, 4, text);
    let text = "The body's SHA-256 was signed in place of the body.";
    add(&[Stamp, Text("."), BodyHash], BodyHashSigned, 4, text);
    add(&[BodyHash], BodyHashSigned, 5, text);
    add(&[Stamp], BodyNotSigned, 4, "Only the timestamp was signed.");
    forms
}
