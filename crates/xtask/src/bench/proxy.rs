//! What the worker's operator proxy costs: CPU and latency against a plain JavaScript pass-through and
//! against no worker at all, in raw workerd, in interleaved rounds, so that other load hits all alike.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value, json};

use super::{
    figure::Figure,
    http::{Connection, load},
    median,
    runtime::{Runtime, Worker},
    upstream,
};
use crate::{
    dev::{Keys, Ports, worker_vars},
    process::check_interrupted,
    progress::say,
    workspace::Workspace,
};

const GROUP: &str = "proxy";
const ROUNDS: usize = 9;
/// Under load: CPU and throughput.
const BUSY_ROUND: Duration = Duration::from_millis(1_200);
/// One request at a time: latency.
const QUIET_ROUND: Duration = Duration::from_millis(500);
const WARM_UP: Duration = Duration::from_secs(3);
const CONNECTIONS: usize = 8;
const KB: usize = 1;
const HUNDRED_KB: usize = 100;

/// One way to the upstream.
struct Route<'a> {
    name: &'static str,
    runtime: Option<&'a Runtime>,
    port: u16,
    path: &'static str,
    cookie: String,
}

/// Medians over the rounds.
struct Measured {
    cpu_us: f64,
    p50_us: f64,
    p99_us: f64,
    per_second: f64,
}

/// Measures both sizes over all three routes.
pub(crate) fn measure(workspace: &Workspace) -> Result<Vec<Figure>> {
    let upstream = upstream::start()?;
    let plain = start_plain(workspace, upstream)?;
    let keys = Keys::fresh()?;
    let perch = start_perch(workspace, upstream, &keys)?;
    let cookie = sign_in(&perch, &keys)?;
    let routes = [
        Route { name: "direct", runtime: None, port: upstream, path: "", cookie: String::new() },
        Route {
            name: "plain JS",
            runtime: Some(&plain),
            port: plain.port(),
            path: "",
            cookie: cookie.clone(),
        },
        Route {
            name: "Perch",
            runtime: Some(&perch),
            port: perch.port(),
            path: "/api/build",
            cookie,
        },
    ];
    let mut figures = Vec::new();
    let mut cpu = Vec::new();
    for kilobytes in upstream::SIZES_KB {
        say(&format!("proxy, {kilobytes} KB: {ROUNDS} rounds over {} routes", routes.len()));
        let all = rounds(&routes, kilobytes)?;
        for (route, measured) in routes.iter().zip(&all) {
            let name = |what: &str| format!("{} {kilobytes} KB {what}", route.name);
            let plain = |what: &str, value, unit| Figure::new(GROUP, name(what), value, unit);
            figures.push(plain("p50", measured.p50_us, "us"));
            figures.push(plain("p99", measured.p99_us, "us"));
            figures.push(plain("requests", measured.per_second, "1/s"));
            if route.runtime.is_some() {
                figures.push(plain("CPU per request", measured.cpu_us, "us"));
            }
        }
        let [direct, plain, perch] = all;
        let ratio =
            |what: &str, a, b| Figure::ratio(GROUP, format!("{what} at {kilobytes} KB"), a, b);
        let against_plain = ratio("CPU Perch / plain JS", perch.cpu_us, plain.cpu_us);
        figures.push(if kilobytes == KB { against_plain.at_most(1.6) } else { against_plain });
        figures.push(ratio("p50 Perch / plain JS", perch.p50_us, plain.p50_us));
        figures.push(ratio("p50 Perch / direct", perch.p50_us, direct.p50_us));
        cpu.push((kilobytes, perch.cpu_us));
    }
    let of = |size| cpu.iter().find(|(kilobytes, _)| *kilobytes == size).map_or(f64::NAN, |f| f.1);
    figures
        .push(Figure::ratio(GROUP, "CPU Perch 100 KB / 1 KB", of(HUNDRED_KB), of(KB)).at_most(1.2));
    Ok(figures)
}

fn rounds(routes: &[Route<'_>; 3], kilobytes: usize) -> Result<[Measured; 3]> {
    let bytes = upstream::body_bytes(kilobytes);
    for route in routes {
        load(route.port, &route.request(kilobytes), bytes, CONNECTIONS, WARM_UP)
            .with_context(|| format!("warming up {}", route.name))?;
    }
    let mut taken: [Vec<Measured>; 3] = Default::default();
    for round in 0..ROUNDS {
        check_interrupted()?;
        // Another route goes first in each round.
        let order = (0..routes.len()).cycle().skip(round % routes.len()).take(routes.len());
        for index in order {
            if let (Some(route), Some(rounds)) = (routes.get(index), taken.get_mut(index)) {
                rounds.push(route.round(kilobytes, bytes)?);
            }
        }
    }
    Ok(taken.map(|rounds| Measured {
        cpu_us: median(rounds.iter().map(|round| round.cpu_us)),
        p50_us: median(rounds.iter().map(|round| round.p50_us)),
        p99_us: median(rounds.iter().map(|round| round.p99_us)),
        per_second: median(rounds.iter().map(|round| round.per_second)),
    }))
}

impl Route<'_> {
    fn request(&self, kilobytes: usize) -> Vec<u8> {
        let Self { path, cookie, port, .. } = self;
        // A read that is neither recorded nor cached nor masked: what every request pays for.
        format!(
            "GET {path}/v1/agents/{}/audio-cache?limit={kilobytes} HTTP/1.1\r\n\
             host: localhost:{port}\r\naccept: application/json\r\nsec-fetch-site: same-origin\r\n\
             x-perch: 1\r\ncookie: {cookie}\r\n\r\n",
            crate::dev::PROJECT_ID,
        )
        .into_bytes()
    }

    fn round(&self, kilobytes: usize, bytes: usize) -> Result<Measured> {
        let request = self.request(kilobytes);
        let load = |connections, time| {
            load(self.port, &request, bytes, connections, time)
                .with_context(|| format!("loading {}", self.name))
        };
        let cpu = || self.runtime.map_or(Ok(0.0), Runtime::cpu_seconds);
        let before = cpu()?;
        let count = f64::from(u32::try_from(load(CONNECTIONS, BUSY_ROUND)?.len())?);
        let cpu_seconds = cpu()? - before;
        let mut latencies = load(1, QUIET_ROUND)?;
        latencies.sort_unstable();
        Ok(Measured {
            cpu_us: cpu_seconds * 1e6 / count,
            p50_us: percentile(&latencies, 50),
            p99_us: percentile(&latencies, 99),
            per_second: count / BUSY_ROUND.as_secs_f64(),
        })
    }
}

fn start_plain(workspace: &Workspace, upstream: u16) -> Result<Runtime> {
    let vars = [
        ("UPSTREAM".to_owned(), Value::from(format!("http://127.0.0.1:{upstream}"))),
        ("KEY".to_owned(), Value::from("bench")),
    ];
    let worker = Worker {
        name: "pass-through",
        modules: vec![workspace.root().join("crates/xtask/bench/pass-through.mjs")],
        vars: Map::from_iter(vars),
        objects: &[],
    };
    Runtime::start(workspace, &worker)
}

fn start_perch(workspace: &Workspace, upstream: u16, keys: &Keys) -> Result<Runtime> {
    let build = workspace.root().join("edge-worker/build");
    let mut modules = vec![build.join("index.js")];
    let entries = std::fs::read_dir(&build).context("looking for the built worker")?;
    modules.extend(
        entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.extension().is_some_and(|extension| extension == "wasm")),
    );
    let host = format!("http://127.0.0.1:{upstream}");
    let hosts = json!({ "build": host, "platform": host, "messaging": host, "webrtc": host });
    let ports = Ports { edge: 8787, demo: 8788, simulator: 4100 };
    let worker = Worker {
        name: "perch",
        modules,
        vars: worker_vars(&ports, keys, Some(&hosts), None)?,
        objects: &[
            ("VISITORS", "VisitorSession"),
            ("OPERATORS", "OperatorSessions"),
            ("AUDIT", "AuditLog"),
        ],
    };
    Runtime::start(workspace, &worker)
}

/// Signs in as the first operator; the cookie goes with every request, as a browser would send it.
fn sign_in(perch: &Runtime, keys: &Keys) -> Result<String> {
    let port = perch.port();
    let body = json!({ "setup_token": keys.setup_token }).to_string();
    let request = format!(
        "POST /operator/session HTTP/1.1\r\nhost: localhost:{port}\r\norigin: http://localhost:{port}\r\n\
         sec-fetch-site: same-origin\r\nx-perch: 1\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    );
    let answer = Connection::open(port)?.send(request.as_bytes()).context("signing in")?;
    let cookie = answer.cookies.iter().find_map(|cookie| cookie.split(';').next());
    match cookie {
        Some(cookie) if (200..300).contains(&answer.status) => Ok(cookie.to_owned()),
        _ => {
            bail!("signing in: answer {}, {}", answer.status, String::from_utf8_lossy(&answer.body))
        }
    }
}

fn percentile(sorted: &[Duration], percent: usize) -> f64 {
    let index = sorted.len().saturating_sub(1) * percent / 100;
    sorted.get(index).map_or(f64::NAN, |time| time.as_secs_f64() * 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_and_percentiles_pick_measured_values() {
        assert!((median([3.0, 1.0, 2.0].into_iter()) - 2.0).abs() < f64::EPSILON);
        assert!(median(std::iter::empty()).is_nan());
        let times: Vec<Duration> = (1..=100).map(Duration::from_micros).collect();
        assert!((percentile(&times, 50) - 50.0).abs() < 1e-6);
        assert!((percentile(&times, 99) - 99.0).abs() < 1e-6);
    }
}
