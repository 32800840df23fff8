//! From a branch to live: changes an agent's instructions, merges, and promotes step by step.
//!
//! ```sh
//! cargo run -p perch-client --example agents -- list
//! cargo run -p perch-client --example agents -- release --behavior "Be brief." --to live
//! ```

#[path = "shared/connection.rs"]
mod connection;

use anyhow::{Context as _, Result, anyhow, bail};
use clap::builder::NonEmptyStringValueParser;
use clap::{Parser, Subcommand};
use perch_api::families::agents::behavior::{self, UpdateBehavior};
use perch_api::families::agents::branches::{self, BranchPath, CreateBranch, MergeBranch};
use perch_api::families::agents::deployments::{
    Active, ActiveSlots, Deployment, DeploymentPath, Promote, PromoteBody,
};
use perch_api::families::agents::{self, AccountPath, AgentPath};
use perch_api::model::{BranchId, Environment};
use perch_api::operation::{Empty, Json, Nothing};
use perch_client::{Client, ClientError, Failure};

use self::connection::{Connection, advice};

/// Shows the agents of a workspace, or releases a change of one.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Subcommand)]
enum Task {
    /// Every agent with its branches, and what runs where
    List,
    /// Writes new instructions on a branch, merges it and promotes the outcome
    Release {
        /// The agent's instructions, all of them
        #[arg(long, value_parser = NonEmptyStringValueParser::new())]
        behavior: String,
        /// What the branch is called
        #[arg(long, default_value = "release")]
        branch: String,
        /// Kept with every deployment of this release
        #[arg(long)]
        message: Option<String>,
        /// How far it goes: sandbox, pre-release or live; live is what customers talk to
        #[arg(long, default_value = "sandbox", value_parser = environment)]
        to: Environment,
    },
}

fn environment(text: &str) -> Result<Environment, &'static str> {
    let known = Some(Environment::parse(text)).filter(Environment::is_known);
    known.ok_or("write sandbox, pre-release or live")
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let Arguments { task, connection } = Arguments::parse();
    let client = connection.client()?;
    match task {
        Task::List => list(&client, AccountPath { account_id: connection.account()? }).await,
        Task::Release { behavior, branch, message, to } => {
            let agent = AgentPath { agent_id: connection.agent()? };
            write(&client, &agent, branch, behavior, message.clone()).await?;
            promote(&client, &agent, &to, message).await
        }
    }
}

async fn list(client: &Client, workspace: AccountPath) -> Result<()> {
    let nothing = Nothing {};
    let all = client.send(agents::List, &workspace, &nothing, &Empty).await.map_err(advice)?.0.0;
    for agent in all {
        let id = agent.agent_id.0.context("the platform lists an agent without an id")?;
        println!("{}  {id}", agent.agent_name.as_ref().map_or("?", String::as_str));
        let path = AgentPath { agent_id: id };
        let found = client.send(branches::List, &path, &nothing, &Empty).await.map_err(advice)?;
        for branch in found.0.branches {
            println!("  branch {}", branch.branch_name.as_ref().map_or("?", String::as_str));
        }
        let slots = active(client, &path).await?;
        for (name, slot) in
            [("sandbox", slots.sandbox), ("pre-release", slots.pre_release), ("live", slots.live)]
        {
            let version = slot.as_ref().and_then(|one| one.version.as_ref());
            println!("  {name:<12} {}", version.map_or("nothing", String::as_str));
        }
    }
    Ok(())
}

/// `main` cannot be written to, so the change is made on a branch. Merging it publishes to sandbox.
async fn write(
    client: &Client,
    agent: &AgentPath,
    branch_name: String,
    behavior: String,
    message: Option<String>,
) -> Result<()> {
    let nothing = Nothing {};
    let body = Json(CreateBranch { branch_name });
    let made = client.send(branches::Create, agent, &nothing, &body).await.map_err(advice)?.0;
    let branch_id: BranchId = made.branch_id.0.context("the platform named no branch")?;
    println!("branch {branch_id}");

    let path = BranchPath { agent_id: agent.agent_id.clone(), branch_id };
    let body = Json(UpdateBehavior { behavior });
    client.send(behavior::Update, &path, &nothing, &body).await.map_err(advice)?;
    println!("instructions written");

    let body = MergeBranch { deployment_message: message, conflict_resolutions: None };
    client.send(branches::Merge, &path, &nothing, &Json(body)).await.map_err(conflicts)?;
    println!("merged");
    Ok(())
}

/// A merge that fails for conflicts says where they are.
fn conflicts(error: ClientError) -> anyhow::Error {
    match &error.failure {
        Failure::Refused(body) if !body.conflicts.is_empty() => {
            let places = body.conflicts.iter().map(|conflict| conflict.path.join(" > "));
            let places = places.collect::<Vec<_>>().join("\n  ");
            anyhow!("main and the branch both changed, differently:\n  {places}")
        }
        _ => advice(error),
    }
}

/// Goes from sandbox on. Every promotion makes a new deployment, and the next one starts from that.
async fn promote(
    client: &Client,
    agent: &AgentPath,
    to: &Environment,
    message: Option<String>,
) -> Result<()> {
    // A merge does not say which deployment it made.
    let sandbox = active(client, agent).await?.sandbox.0;
    let mut deployment = sandbox.context("nothing runs in sandbox")?;
    println!("{}", line(&deployment));
    for target in [Environment::PreRelease, Environment::Live] {
        if deployment.environment.as_ref() == Some(to) {
            break;
        }
        let id = deployment.id.0.take().context("the platform named no deployment")?;
        let path = DeploymentPath { agent_id: agent.agent_id.clone(), deployment_id: id };
        let body = PromoteBody {
            deployment_message: message.clone(),
            target_environment: Some(target.clone()),
        };
        let done = client.send(Promote, &path, &Nothing {}, &Json(body)).await.map_err(advice)?.0;
        if done.was_there_already() {
            bail!("{target} runs this version already");
        }
        deployment = done.deployment.0.context("the platform named no deployment")?;
        println!("{}", line(&deployment));
    }
    Ok(())
}

async fn active(client: &Client, agent: &AgentPath) -> Result<ActiveSlots> {
    let answer = client.send(Active, agent, &Nothing {}, &Empty).await.map_err(advice)?;
    Ok(answer.0.active_deployments.0.unwrap_or_default())
}

fn line(deployment: &Deployment) -> String {
    let place = deployment.environment.as_ref().map_or("?", Environment::as_str);
    let version = deployment.version.as_ref().map_or("?", String::as_str);
    let id = deployment.id.as_ref().map_or("?", |id| id.as_str());
    format!("{place:<12} {version}  deployment {id}")
}
