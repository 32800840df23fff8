//! Receives webhooks: verifies every delivery, and explains to its operator why one fails.
//!
//! ```sh
//! cargo run -p perch-client --example webhook_receiver -- --try-it
//! ```

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use clap::Parser;
use perch_api::model::Secret;
use perch_api::webhook::explain::{Case, Effort};
use perch_api::webhook::{
    Delivery, SigningSecret, SigningSecrets, Standing, VerifyError, explain, sign, verify,
};
use perch_client::{HttpRequest, NativePlatform, Platform as _};
use tokio::net::TcpListener;

/// An event as the platform was last known to send it.
const EVENT: &str = r#"{"event_type":"alerts.triggered","alert":{"id":"ar_1","name":"Slow answers","metric":"turn_latency_p95","current_value":3100}}"#;

/// Receives webhooks at POST /webhooks.
#[derive(Parser)]
struct Arguments {
    /// Where to listen; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:8790")]
    listen: SocketAddr,
    /// The endpoint's signing secret, shown once when it was made or rotated
    #[arg(long, env = "POLYAI_WEBHOOK_SECRET", hide_env_values = true)]
    #[arg(default_value = "whsec_only_for_trying_it")]
    secret: String,
    /// The secret before the last rotation: retries of older events may still be signed with it
    #[arg(long, env = "POLYAI_WEBHOOK_PREVIOUS_SECRET", hide_env_values = true)]
    previous_secret: Option<String>,
    /// Sends itself a right delivery and a broken one, and stops
    #[arg(long)]
    try_it: bool,
}

struct Receiver {
    secrets: SigningSecrets,
    clock: NativePlatform,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let named = |name, standing, secret: &str| {
        SigningSecret::new(name, standing, Secret::new(secret.to_owned()))
            .with_context(|| format!("taking the {name} secret"))
    };
    let current = named("current", Standing::Current, &arguments.secret)?;
    let mut secrets = SigningSecrets::default().with(current.clone());
    if let Some(secret) = &arguments.previous_secret {
        secrets = secrets.with(named("previous", Standing::Previous, secret)?);
    }
    let clock = NativePlatform::new().context("making an HTTP client")?;
    let receiver = Arc::new(Receiver { secrets, clock: clock.clone() });

    let listener = TcpListener::bind(arguments.listen).await.context("listening")?;
    let url = format!("http://{}/webhooks", listener.local_addr()?);
    println!("listening at {url}");
    let service = axum::Router::new().route("/webhooks", post(receive)).with_state(receiver);
    let server = axum::serve(listener, service);
    if arguments.try_it {
        tokio::select! {
            tried = try_it(&clock, &url, &current) => tried,
            stopped = server => stopped.context("serving"),
        }
    } else {
        server.await.context("serving")
    }
}

/// Bytes first: nothing is parsed before the signature is known to be right.
async fn receive(
    State(receiver): State<Arc<Receiver>>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let headers = headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
    let headers: Vec<_> = headers.collect();
    let delivery = Delivery::new(headers.iter().map(|(name, value)| (*name, *value)), &body);
    let now = i64::try_from(receiver.clock.now().0 / 1_000).unwrap_or(i64::MAX);
    let verified = match verify(&delivery, &receiver.secrets, now) {
        Ok(verified) => verified,
        Err(error) => {
            let case = Case { delivery: &delivery, secrets: &receiver.secrets, recent: &[], now };
            let why = explain(&case, Effort::default());
            println!("refused: {error}\n  {:?}, {:?}", why.diagnosis, why.confidence);
            for evidence in &why.evidence {
                println!("  {}", evidence.text);
            }
            println!("  What to do: {}", why.remedy);
            // The sender learns nothing of it. A 4xx is final, so a fault of our own is a 5xx.
            return match error {
                VerifyError::NoSecret => StatusCode::SERVICE_UNAVAILABLE,
                _ => StatusCode::UNAUTHORIZED,
            };
        }
    };
    match verified.event() {
        Ok(event) => {
            let name = event.alert().and_then(|alert| alert.name.as_deref()).unwrap_or("-");
            println!(
                "verified: {} ({name}), signed with the {} secret",
                event.event_type(),
                verified.secret_name()
            );
        }
        Err(error) => println!("verified, but not understood: {error}"),
    }
    StatusCode::NO_CONTENT
}

/// What the platform would send; then the same through a proxy that reads JSON and writes it anew.
async fn try_it(platform: &NativePlatform, url: &str, secret: &SigningSecret) -> Result<()> {
    let rewritten = EVENT.replace(':', ": ").replace(',', ", ");
    let now = i64::try_from(platform.now().0 / 1_000)?;
    for (body, expected) in [(EVENT, 204), (rewritten.as_str(), 401)] {
        let signed = sign(secret, "evt_1", EVENT.as_bytes(), now);
        let headers = signed.pairs().map(|(name, value)| (name, value.to_owned())).to_vec();
        let request = HttpRequest {
            method: "POST",
            url: url.to_owned(),
            headers,
            body: Some(body.as_bytes().to_vec()),
            timeout: Duration::from_secs(5),
            cookies: false,
        };
        let status = platform.fetch(request).await.context("delivering")?.status;
        ensure!(status == expected, "the receiver answered {status} instead of {expected}");
        println!("  answered {status}\n");
    }
    Ok(())
}
