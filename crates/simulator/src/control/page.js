// The page over the control API: asks once a second, and shows what came.
const by = (id) => document.getElementById(id);
/** Most requests remembered, and shown. */
const KEPT = 1000, SHOWN = 200;

/** Every kind of fault with its fields: name, what it is called, value to begin with. */
const KINDS = [
  ["Latency, log-normal", "latency", [["p50_ms", "Median (ms)", 200], ["p99_ms", "99th percentile (ms)", 2000]]],
  ["Latency, in a range", "latency", [["least_ms", "At least (ms)", 100], ["most_ms", "At most (ms)", 800]]],
  ["Latency, fixed", "latency", [["fixed_ms", "Milliseconds", 500]]],
  ["Error by status", "error", [["status", "Status, 400 to 599", 503]]],
  ["Error by code", "error", [["code", "Code of the catalogue", "PROJECT_NOT_FOUND"]]],
  ["429, too many requests", "rate_limit", [["retry_after_seconds", "Retry-After (s)", 2]]],
  ["Connection breaks", "drop", []],
  ["Connection goes silent (half-open)", "half_open", []],
  ["Slow body", "slow_body", [["bytes_per_second", "Bytes a second", 2000]]],
  ["Body breaks off", "cut_body", [["after_bytes", "After so many bytes", 500]]],
  ["Malformed body or frame", "malformed", []],
  ["Wrong content type", "content_type", [["value", "Content type", "text/html"]]],
  ["Missing values in rows", "nulls", [["share", "Share, 0 to 1", 0.5]]],
  ["Late summary", "late_summary", [["after_ms", "After the end (ms)", 180000]]],
];

const entries = [];
const operations = new Map();
let after = 0;

async function ask(method, path, body) {
  const answer = await fetch(path, { method, body: body && JSON.stringify(body) });
  const text = await answer.text();
  const value = text ? JSON.parse(text) : null;
  if (!answer.ok) throw new Error(value?.error ?? `The answer was ${answer.status}.`);
  return value;
}

/** An element with a text, a class and children. */
function make(name, text, kind, ...children) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (kind) made.className = kind;
  made.append(...children);
  return made;
}

function list(into, facts) {
  const rows = Object.entries(facts).filter(([, value]) => value !== undefined && value !== "");
  into.replaceChildren(...rows.flatMap(([name, value]) => [make("dt", name), make("dd", value)]));
}

const moment = (text) => text.replace("T", " ").slice(0, 19);
const span = (ms) => (ms >= 90_000 ? `${Math.round(ms / 60_000)} min` : `${Math.ceil(ms / 1000)} s`);

function showClock({ now, speed, frozen }) {
  by("now").textContent = moment(now);
  by("now").dateTime = now;
  by("pace").textContent = frozen ? "frozen" : speed > 1 ? `× ${speed}` : "";
  by("freeze").setAttribute("aria-pressed", String(frozen));
  if (document.activeElement !== by("speed")) by("speed").value = String(speed);
}

function showFaults(faults) {
  for (const box of by("switches").querySelectorAll("input")) box.checked = faults[box.name];
  const key = document.activeElement?.dataset.rule;
  by("rules").replaceChildren(...faults.rules.map((rule) => {
    const [kind, values] = Object.entries(rule.fault)[0];
    const words = Object.entries(values).map(([name, value]) => `${name} ${value}`).join(", ");
    const often = rule.every ? `every ${rule.every}` : rule.rate ? `${rule.rate * 100} %` : rule.times ? `${rule.times} times` : "always";
    const left = rule.left_ms === undefined ? "until reset" : `${span(rule.left_ms)} left`;
    const end = make("button", "End", "plain");
    end.type = "button";
    end.dataset.rule = rule.id;
    end.setAttribute("aria-label", `End fault ${rule.id}, ${kind} on ${rule.on}`);
    end.addEventListener("click", () => act(() => ask("DELETE", `/control/faults/rules/${rule.id}`)));
    const small = make("small", `${rule.on} · ${often} · ${left} · ${rule.hits} of ${rule.seen}`);
    return make("li", undefined, "", make("span", `${kind.replaceAll("_", " ")}${words ? `: ${words}` : ""}`, "", small), end);
  }));
  if (key) by("rules").querySelector(`[data-rule="${key}"]`)?.focus();
  by("quiet").hidden = faults.rules.length > 0;
}

function showWorld(state, traffic) {
  list(by("world"), {
    Region: state.region,
    "Past conversations": state.conversations.toLocaleString("en"),
    "Held live": state.live_conversations,
    "In progress": state.live_in_progress,
    "Messaging sessions": state.sessions,
    "Traffic a minute": traffic.per_minute,
    Account: state.account_id,
    Agent: state.project_id,
  });
  list(by("hosts"), state.hosts);
}

function fits(entry) {
  const { words, status, host } = by("filter").elements;
  const text = `${entry.method} ${entry.path} ${entry.operation ?? ""} ${entry.correlation_id} ${entry.code ?? ""}`.toLowerCase();
  return words.value.toLowerCase().split(/\s+/).every((word) => text.includes(word))
    && (status.value === "fault" ? entry.faults?.length > 0 : String(entry.status).startsWith(status.value))
    && (!host.value || host.value === entry.host);
}

function row(entry) {
  const open = make("button", entry.operation ?? `${entry.host}: not known`);
  open.type = "button";
  open.addEventListener("click", () => showDetail(entry));
  const request = make("td", undefined, "", open);
  if (entry.faults) request.append(" ", make("span", entry.faults.join(", ").replaceAll("_", " "), "fault"));
  request.append(make("small", `${entry.method} ${entry.path}`));
  return make("tr", undefined, "",
    make("td", entry.at.slice(11, 19)), request,
    make("td", entry.status, `s${Math.floor(entry.status / 100)}`), make("td", entry.took_ms, "number"));
}

function showRequests(fresh) {
  const table = by("requests");
  for (const entry of fresh) table.prepend(row(entry));
  // The oldest go, but never the row somebody stands on.
  while (table.rows.length > SHOWN && !table.lastElementChild.contains(document.activeElement)) table.lastElementChild.remove();
  by("none").hidden = table.rows.length > 0;
  by("none").textContent = entries.length ? "None of them fits the filter." : "None yet.";
}

function refilter() {
  by("requests").replaceChildren();
  showRequests(entries.filter(fits).slice(-SHOWN));
}

function showDetail(entry) {
  const operation = operations.get(entry.operation);
  by("detail-title").textContent = entry.operation ?? "No operation has this address";
  by("doc").textContent = operation?.doc ?? "";
  list(by("facts"), {
    Number: entry.n, Time: moment(entry.at), Host: entry.host, Request: `${entry.method} ${entry.path}`, Status: entry.status,
    Code: entry.code, "Took (ms)": entry.took_ms, Faults: entry.faults?.join(", "), "Correlation id": entry.correlation_id,
    Declared: operation?.call, Credential: operation?.credential, Safety: operation?.safety,
  });
  by("detail").showModal();
}

async function refresh() {
  const [state, clock, traffic, log] = await Promise.all([
    ask("GET", "/control/state"), ask("GET", "/control/clock"), ask("GET", "/control/traffic"),
    ask("GET", `/control/requests?after=${after}`),
  ]);
  showClock(clock);
  showFaults(state.faults);
  showWorld(state, traffic);
  after = log.next;
  entries.push(...log.requests);
  entries.splice(0, entries.length - KEPT);
  if (by("pause").getAttribute("aria-pressed") === "false") showRequests(log.requests.filter(fits));
}

let wipe;

/** Says something for a while. */
function say(text) {
  by("note").textContent = text;
  clearTimeout(wipe);
  wipe = setTimeout(() => { by("note").textContent = ""; }, 6000);
}

async function act(action, done = "") {
  try {
    await action();
    say(done);
    await refresh();
  } catch (error) {
    say(error.message);
  }
}

function chooseKind() {
  const [, , fields] = KINDS[by("kind").value];
  by("details").replaceChildren(...fields.map(([name, text, value]) => {
    const input = make("input");
    Object.assign(input, { name, value, required: true, type: typeof value === "number" ? "number" : "text" });
    if (input.type === "number") input.step = "any";
    return make("label", text, "", input);
  }));
}

function wanted(form) {
  const [, kind, fields] = KINDS[form.kind.value];
  const value = ([name]) => [name, form[name].type === "number" ? Number(form[name].value) : form[name].value];
  const rule = { on: form.on.value, fault: { [kind]: Object.fromEntries(fields.map(value)) } };
  const [often, number] = form.often.value.split(":");
  if (often) rule[often] = Number(number);
  if (form.long.value) rule.for_ms = Number(form.long.value);
  return rule;
}

by("kind").append(...KINDS.map(([text], at) => new Option(text, at)));
chooseKind();
by("kind").addEventListener("change", chooseKind);
by("rule").addEventListener("submit", (event) => {
  event.preventDefault();
  act(() => ask("POST", "/control/faults/rules", wanted(event.target.elements)), "Added.");
});
by("clear").addEventListener("click", () => act(() => ask("DELETE", "/control/faults"), "All faults are off."));
by("switches").addEventListener("change", ({ target }) => act(() => ask("PATCH", "/control/faults", { [target.name]: target.checked })));
by("middle").addEventListener("click", () => act(() => ask("PATCH", "/control/faults", { drop_mid_chunk: 1 }), "The next answer loses its socket."));
by("cut").addEventListener("click", () => act(() => ask("POST", "/control/sockets/drop"), "All sockets were dropped."));
by("freeze").addEventListener("click", ({ target }) => act(() => ask("POST", "/control/clock", { freeze: target.getAttribute("aria-pressed") === "false" })));
by("speed").addEventListener("change", ({ target }) => act(() => ask("POST", "/control/clock", { speed: Number(target.value) })));
for (const button of document.querySelectorAll("[data-jump]")) {
  button.addEventListener("click", () => act(() => ask("POST", "/control/clock", { advance_ms: Number(button.dataset.jump) })));
}
by("traffic").addEventListener("submit", (event) => {
  event.preventDefault();
  act(() => ask("PUT", "/control/traffic", { per_minute: Number(event.target.elements.per_minute.value) }), "Traffic is set.");
});
by("filter").addEventListener("input", refilter);
by("filter").addEventListener("submit", (event) => event.preventDefault());
by("pause").addEventListener("click", ({ target }) => {
  const paused = target.getAttribute("aria-pressed") === "false";
  target.setAttribute("aria-pressed", String(paused));
  if (!paused) refilter();
});
by("close").addEventListener("click", () => by("detail").close());

const unreachable = () => say("The simulator does not answer.");
ask("GET", "/control/operations").then((all) => {
  for (const operation of all) operations.set(operation.id, operation);
  const families = [...new Set(all.map(({ id }) => `${id.split(".")[0]}.*`))];
  by("patterns").append(...["*", ...families, ...operations.keys()].map((text) => new Option(text)));
}, unreachable);
// One after the other: a slow answer must not be overtaken.
for (;;) {
  await refresh().catch(unreachable);
  await new Promise((resolve) => setTimeout(resolve, 1000));
}
