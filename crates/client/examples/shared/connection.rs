//! Where the platform is, and with which keys: the same flags and variables for every example.

#![allow(dead_code, reason = "every example uses its own part")]

use std::sync::Arc;

use anyhow::{Context as _, Result};
use clap::builder::{StringValueParser, TypedValueParser};
use perch_api::error::ErrorBody;
use perch_api::model::{AccountId, ProjectId, Secret};
use perch_api::operation::Host;
use perch_api::region::Region;
use perch_client::{Client, ClientError, Credentials, Failure, Hosts, NativePlatform};

/// With `--region` the account of your own; without it a `perch-simulator` on this machine.
///
/// Keys are better given as variables: other users of a machine can read flags.
#[derive(clap::Args)]
#[command(next_help_heading = "Connection")]
pub(crate) struct Connection {
    /// us-1, uk-1, euw-1 or studio; a simulator on this machine when absent
    #[arg(long, global = true, env = "PERCH_REGION", value_parser = Region::parse)]
    region: Option<Region>,
    /// The simulator's build host
    #[arg(long, global = true, env = "PERCH_BUILD_URL", default_value = "http://127.0.0.1:4101")]
    build_url: String,
    /// The simulator's platform host
    #[arg(
        long,
        global = true,
        env = "PERCH_PLATFORM_URL",
        default_value = "http://127.0.0.1:4102"
    )]
    platform_url: String,
    /// The simulator's messaging host
    #[arg(
        long,
        global = true,
        env = "PERCH_MESSAGING_URL",
        default_value = "http://127.0.0.1:4103"
    )]
    messaging_url: String,
    /// Your workspace, as in Studio's addresses [default: the simulator's]
    #[arg(long, global = true, env = "PERCH_ACCOUNT_ID", value_parser = AccountId::parse)]
    account: Option<AccountId>,
    /// Your agent, as in Studio's addresses [default: the simulator's]
    #[arg(long, global = true, env = "PERCH_PROJECT_ID", value_parser = ProjectId::parse)]
    agent: Option<ProjectId>,
    /// The web page that the messaging connector is registered for [default: the simulator's]
    #[arg(long, global = true, env = "PERCH_X_HOST")]
    x_host: Option<String>,
    /// Workspace key or personal access token
    #[arg(long, global = true, env = "POLYAI_WORKSPACE_KEY", hide_env_values = true, value_parser = secret())]
    workspace_key: Option<Secret>,
    /// Key with the conversations permission
    #[arg(long, global = true, env = "POLYAI_CONVERSATIONS_KEY", hide_env_values = true, value_parser = secret())]
    conversations_key: Option<Secret>,
    /// Connector token of messaging
    #[arg(long, global = true, env = "POLYAI_MESSAGING_CONNECTOR", hide_env_values = true, value_parser = secret())]
    messaging_connector: Option<Secret>,
}

fn secret() -> impl TypedValueParser<Value = Secret> {
    StringValueParser::new().map(Secret::new)
}

impl Connection {
    /// A client that talks to the platform itself.
    pub(crate) fn client(&self) -> Result<Client> {
        self.client_with(None)
    }

    /// The same, with the access token of a messaging session.
    pub(crate) fn client_with(&self, access: Option<Secret>) -> Result<Client> {
        let hosts = match self.region {
            Some(region) => Hosts::region(region),
            // No example places calls, so the fourth host does not matter.
            None => Hosts::custom(&self.build_url, &self.platform_url, &self.messaging_url, ""),
        };
        let x_host = self.own(self.x_host.clone(), "shop.fernhill.example".to_owned());
        let credentials = Credentials {
            workspace: self.key(self.workspace_key.as_ref(), "sim-workspace"),
            conversations: self.key(self.conversations_key.as_ref(), "sim-conversations"),
            messaging: self
                .key(self.messaging_connector.as_ref(), "sim-messaging_connector")
                .zip(x_host),
            access,
            ..Credentials::default()
        };
        let platform = NativePlatform::new().context("making a client")?;
        Ok(Client::direct(Arc::new(platform), hosts, credentials))
    }

    /// Where messaging sockets are opened: `wss://...`.
    pub(crate) fn socket_url(&self) -> Result<String> {
        match self.region.map(|region| region.host(Host::Messaging)) {
            None => Ok(self.messaging_url.replacen("http", "ws", 1)),
            Some(host) => Ok(format!("wss://{}", host.context("this region has no messaging")?)),
        }
    }

    /// The workspace.
    pub(crate) fn account(&self) -> Result<AccountId> {
        let given = self.account.clone();
        self.own(given, AccountId::parse("ws-7f3a9c21")?)
            .context("which workspace? Give --account or set PERCH_ACCOUNT_ID")
    }

    /// The agent.
    pub(crate) fn agent(&self) -> Result<ProjectId> {
        let given = self.agent.clone();
        self.own(given, ProjectId::parse("PROJECT-4E5B8A10")?)
            .context("which agent? Give --agent or set PERCH_PROJECT_ID")
    }

    fn key(&self, given: Option<&Secret>, simulated: &str) -> Option<Secret> {
        self.own(given.cloned(), Secret::new(simulated.to_owned()))
    }

    /// What was given, else what the simulator has; nothing that belongs to the simulator goes elsewhere.
    fn own<T>(&self, given: Option<T>, simulated: T) -> Option<T> {
        given.or_else(|| self.region.is_none().then_some(simulated))
    }
}

/// A failed call for people: what to do, the platform's own words, and the causes below.
pub(crate) fn advice(error: ClientError) -> anyhow::Error {
    let mut advice = vec![error.remedy().to_owned()];
    if let Failure::Refused(ErrorBody { message: Some(words), .. }) = &error.failure {
        advice.push(format!("The platform says: \"{words}\""));
    }
    // Without an answer, nobody but us may have heard of the call.
    if let Some(id) = error.correlation_id.as_ref().filter(|_| error.status().is_some()) {
        advice.push(format!("Its support finds this call by the id {id}"));
    }
    anyhow::Error::new(error).context(advice.join("\n"))
}
