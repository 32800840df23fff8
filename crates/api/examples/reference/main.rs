//! Prints the reference pages, one per family and an index, from the declarations themselves.
//!
//! `cargo xtask docs` writes them to `docs/reference`. A line `FILE name` starts each page.

#![allow(clippy::format_push_string, reason = "a generator that runs once: shorter to read")]

mod types;

use perch_api::operation::{
    self, CredentialKind, Family, Operation, OperationSpec, Retry, SOCKETS, SocketSpec, Visitor,
};
use schemars::{SchemaGenerator, generate::SchemaSettings};
use serde_json::Value;

use types::{Types, cell};

fn main() {
    let mut table = Table::default();
    operation::visit(&mut table);
    print!("FILE README.md\n{}", index(&table.rows));
    let types = Types::new(table.generator.take_definitions(true));
    for family in Family::ALL {
        let rows: Vec<_> = table.rows.iter().filter(|row| row.spec.family == *family).collect();
        print!("FILE {}.md\n{}", family.as_str(), page(*family, &rows, &types));
    }
}

/// One operation with the schemas of its four types.
struct Row {
    spec: &'static OperationSpec,
    path: Value,
    query: Value,
    body: Option<Value>,
    answer: Option<Value>,
}

struct Table {
    generator: SchemaGenerator,
    rows: Vec<Row>,
}

impl Default for Table {
    fn default() -> Self {
        Self { generator: SchemaSettings::draft2020_12().into_generator(), rows: Vec::new() }
    }
}

impl Visitor for Table {
    fn visit<O: Operation>(&mut self) {
        let spec = O::SPEC;
        self.rows.push(Row {
            spec,
            path: self.generator.subschema_for::<O::Path>().to_value(),
            query: self.generator.subschema_for::<O::Query>().to_value(),
            body: spec.sends.map(|_| self.generator.subschema_for::<O::Request>().to_value()),
            answer: spec.answers.map(|_| self.generator.subschema_for::<O::Response>().to_value()),
        });
    }
}

const WRITTEN: &str =
    "<!-- Written by `cargo xtask docs` from the table of operations. Do not edit. -->";

fn index(rows: &[Row]) -> String {
    let mut text = format!(
        "{WRITTEN}\n\n# Operations of the platform\n\n\
         One page per family. Every page lists the operations with what they need and answer, and the types\n\
         they use. Each links the vendor's page that it was taken from.\n\n\
         | Family | Operations | Sockets | Hosts | Vendor's page |\n| --- | ---: | ---: | --- | --- |\n"
    );
    for family in Family::ALL {
        let own = || rows.iter().map(|row| row.spec).filter(|spec| spec.family == *family);
        let mut hosts: Vec<_> = own().map(|spec| spec.host.as_str()).collect();
        hosts.sort_unstable();
        hosts.dedup();
        let name = family.as_str();
        let source = own().next().map_or("", |spec| spec.source);
        let (count, sockets) = (own().count(), sockets(*family).count());
        let hosts = hosts.join(", ");
        text += &format!(
            "| [{name}]({name}.md) | {count} | {sockets} | {hosts} | [source]({source}) |\n"
        );
    }
    text += &format!(
        "\n{} operations and {} sockets. Words used on the pages:\n\n\
         - **Audience**: who may send it through the edge worker; `nobody` means that the worker itself does, or no one.\n\
         - **Safety**: `read` changes nothing, `write` can be undone, `destructive` cannot, `cost` costs money or reaches people.\n\
         - **Lost answer**: whether the client asks again when no answer came. *Asked again* where reading twice is reading\n  \
           once; *only if refused* where a second call might act twice.\n\
         - Any field of an answer may be missing or null, and unknown fields are kept: see [ARCHITECTURE.md](../../ARCHITECTURE.md).\n",
        rows.len(),
        SOCKETS.len(),
    );
    text
}

fn page(family: Family, rows: &[&Row], types: &Types) -> String {
    let name = family.as_str();
    let title = name[..1].to_uppercase() + &name[1..].replace('-', " ");
    let mut text = format!("{WRITTEN}\n\n# {title}\n\n[All families](README.md)\n\n");
    text += "| Operation | Call | What it does |\n| --- | --- | --- |\n";
    for Row { spec, .. } in rows {
        let call = format!("{} {}", spec.method.as_str(), spec.path);
        text += &format!("| {} | `{call}` | {} |\n", link(spec.id), cell(first(spec.doc)));
    }
    for socket in sockets(family) {
        text += &format!(
            "| {} | `{}` (WebSocket) | {} |\n",
            link(socket.id),
            socket.path,
            cell(first(socket.doc))
        );
    }
    for row in rows {
        text += &operation_text(row, types);
    }
    for socket in sockets(family) {
        text += &socket_text(socket);
    }
    let roots = rows.iter().flat_map(|row| row.body.iter().chain(&row.answer));
    text += &types.section(roots);
    text
}

fn operation_text(row: &Row, types: &Types) -> String {
    let spec = row.spec;
    let mut text = format!("\n## `{}`\n\n{}\n\n", spec.id, plain(spec.doc));
    text +=
        &format!("`{} {}` on the {} host. ", spec.method.as_str(), spec.path, spec.host.as_str());
    text += &format!("[Source]({})", spec.page());
    for (alias, _) in operation::ALIASES.iter().filter(|(_, id)| *id == spec.id) {
        text += &format!(". Also known as `{alias}`");
    }
    let lost = match spec.retry {
        Retry::Safe => "asked again",
        Retry::Refused => "only if refused",
    };
    text += &format!(
        "\n\n| Credential | Audience | Safety | Lost answer | Success |\n| --- | --- | --- | --- | --- |\n\
         | {} | {} | {} | {lost} | {} |\n",
        credential(spec.credential),
        spec.audience.as_str(),
        spec.safety.as_str(),
        spec.success,
    );
    let mut parameters = types.fields(&row.path, |_| "path".to_owned());
    parameters += &types.fields(&row.query, |name| {
        let is_required = spec.required.contains(&name);
        if is_required { "query, required".to_owned() } else { "query".to_owned() }
    });
    if !parameters.is_empty() {
        text += &format!(
            "\n| Parameter | Place | Type | Meaning |\n| --- | --- | --- | --- |\n{parameters}"
        );
    }
    let whole = |kind: Option<&str>, schema: &Option<Value>| match (kind, schema) {
        (Some(kind), Some(schema)) => format!("{} (`{kind}`)", types.name(schema)),
        _ => "nothing".to_owned(),
    };
    text += &format!("\nBody: {}  \n", whole(spec.sends, &row.body));
    text += &format!("Answer: {}\n", whole(spec.answers, &row.answer));
    text
}

fn socket_text(socket: &SocketSpec) -> String {
    let mut text = format!("\n## `{}`\n\n{}\n\n", socket.id, plain(socket.doc));
    text += &format!("WebSocket at `{}` on the {} host. ", socket.path, socket.host.as_str());
    text += &format!("[Source]({}). Credential: {}\n", socket.source, socket.credential.as_str());
    if !socket.query.is_empty() {
        text += "\n| Parameter | Place |\n| --- | --- |\n";
    }
    for name in socket.query {
        let is_required = socket.required.contains(name);
        let place = if is_required { "query, required" } else { "query" };
        text += &format!("| `{name}` | {place} |\n");
    }
    text
}

fn credential(kind: CredentialKind) -> String {
    let headers = kind.headers().iter().map(|name| format!("`{name}`"));
    let headers: Vec<_> = headers.collect();
    match headers.as_slice() {
        [] => kind.as_str().to_owned(),
        headers => format!("{}: {}", kind.as_str(), headers.join(", ")),
    }
}

/// The sockets of a family: their names start with it.
fn sockets(family: Family) -> impl Iterator<Item = &'static SocketSpec> {
    SOCKETS.iter().filter(move |socket| socket.id.split('.').next() == Some(family.as_str()))
}

/// A link to an operation's own heading: dots and ticks fall out of anchors.
fn link(id: &str) -> String {
    format!("[`{id}`](#{})", id.replace('.', ""))
}

/// The first paragraph.
fn first(doc: &str) -> &str {
    doc.trim().split("\n\n").next().unwrap_or_default()
}

/// Documentation outside of Rust: references to items stay as their names.
fn plain(doc: &str) -> String {
    let lines: Vec<_> = doc.lines().map(str::trim).collect();
    lines.join("\n").trim().replace("[`", "`").replace("`]", "`")
}
