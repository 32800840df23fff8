//! What the interface crate says of itself, and files that keep it.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::workspace::Workspace;

/// Something that the interface crate prints about all operations, kept in a file.
#[derive(Debug)]
pub(crate) struct Golden {
    /// The example of `perch-api` that prints it.
    pub(crate) example: &'static str,
    /// Whether it needs the schemas of all types.
    pub(crate) schema: bool,
    /// Where it is kept, from the top of the checkout.
    pub(crate) file: &'static str,
    /// The command that accepts it.
    pub(crate) command: &'static str,
}

/// The list of platform operations: what may be called, with which key, by whom.
pub(crate) const OPERATIONS: Golden = Golden {
    example: "operations",
    schema: false,
    file: "crates/api/operations.txt",
    command: "cargo xtask ops",
};

/// The TypeScript types of all operations, beside the package that ships them.
pub(crate) const TYPES: Golden = Golden {
    example: "typescript",
    schema: true,
    file: "crates/js/npm/operations.d.ts",
    command: "cargo xtask types",
};

/// What request bodies cannot do without, by the types that write them; a test holds the rows to it.
pub(crate) const NEEDS: Golden = Golden {
    example: "needs",
    schema: true,
    file: "crates/api/needs.txt",
    command: "cargo xtask needs",
};

/// `cargo xtask ops`, `types` and `needs`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Writes it to the file that is kept.
    #[arg(long)]
    accept: bool,
}

impl Golden {
    /// Prints it, or accepts it.
    pub(crate) fn run(&self, workspace: &Workspace, options: &Options) -> Result<()> {
        let text = example(workspace, self.example, self.schema)?;
        if options.accept {
            let path = workspace.root().join(self.file);
            return fs::write(path, text).with_context(|| format!("writing {}", self.file));
        }
        print!("{text}");
        Ok(())
    }

    /// Fails when it is not what is kept.
    pub(crate) fn check(&self, workspace: &Workspace) -> Result<()> {
        let kept = fs::read_to_string(workspace.root().join(self.file)).unwrap_or_default();
        if example(workspace, self.example, self.schema)? != kept {
            let Self { file, command, .. } = self;
            bail!(
                "The operations differ from {file}: look at `{command}`, then accept them with \
                 `{command} --accept`."
            );
        }
        Ok(())
    }
}

/// Asks the interface crate itself, in a process of its own, so that `xtask` builds even when it does not.
pub(crate) fn example(workspace: &Workspace, name: &str, schema: bool) -> Result<String> {
    let mut cargo = workspace.cargo();
    cargo.args(["run", "--quiet", "--locked", "--package", "perch-api", "--example", name]);
    if schema {
        cargo.args(["--features", "schema"]);
    }
    let output = cargo.output().context("starting cargo")?;
    if !output.status.success() {
        bail!("the example {name} failed:\n{}", String::from_utf8_lossy(&output.stderr));
    }
    String::from_utf8(output.stdout).with_context(|| format!("reading what {name} prints"))
}
