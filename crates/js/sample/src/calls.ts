// What a program can and cannot say about calls. Compiled by a test with `tsc --strict`.
import { Client, PerchError, operations } from "@perch-edge/client";
import type { Answer, Api, Arguments, OperationId } from "@perch-edge/client";

const client = Client.edge({ base: "https://chat.example.com" });
const path = { account_id: "ws-1", project_id: "PROJECT-1" };

/** The answer's type follows the id. */
export async function rows(): Promise<string[]> {
  const page = await client.call("conversations.v3.list", { path, query: { limit: 50, channel: ["WEBCHAT", "pigeon"] } });
  const first: Api.ListItem | undefined = page.conversations?.[0];
  // @ts-expect-error Anything may be missing or null.
  first.id.length;
  // @ts-expect-error There is no such field.
  void page.rows;
  const latency: Api.Latency | null | undefined = first?.turns?.[0]?.latency;
  if (typeof latency === "object") void latency?.perceived_latency;
  return page.conversations?.flatMap(({ id }) => (id ? [id] : [])) ?? [];
}

/** A generic caller keeps the types. */
export function call<Id extends OperationId>(id: Id, ...input: Arguments<Id>): Promise<Answer<Id>> {
  return client.call(id, ...input);
}

export async function others(signal: AbortSignal): Promise<void> {
  const wav: Uint8Array = await client.call("conversations.audio", {
    path: { agentId: "PROJECT-1", conversationId: "CA1" },
    query: { direction: "user", redacted: true },
  });
  void wav.byteLength;

  const nothing: undefined = await client.call("agents.delete", { path: { agentId: "PROJECT-1" }, signal, timeout: 5_000 });
  void nothing;

  await client.call("alerts.rules.create", {
    body: { name: "Slow", metric: "turn_latency_p95", operator: ">=", threshold_value: 1500, window_duration: "5m", project_id: null },
  });
  await client.call("alerts.rules.list");
  await client.call("alerts.rules.list", { query: { enabled: true } });

  const query: Api.EventQuery = { account_id: "ws-1", project_id: "PROJECT-1", event_id_location: "payload", event_id_path: "cid" };
  await client.call("external_events.webhook", { query, body: new URLSearchParams({ cid: "1" }) });
  await client.call("external_events.webhook", { query, body: { any: ["json", 1] } });
}

export async function mistakes(): Promise<void> {
  // @ts-expect-error There is no such operation.
  await client.call("conversations.v9.list", { path });
  // @ts-expect-error The path is needed.
  await client.call("conversations.v3.list");
  // @ts-expect-error So is every placeholder in it.
  await client.call("conversations.v3.list", { path: { account_id: "ws-1" } });
  // @ts-expect-error No other names.
  await client.call("conversations.v3.list", { path: { ...path, agentId: "x" as const, account: 1 } satisfies Api.ListPath });
  // @ts-expect-error A number, not a text.
  await client.call("conversations.v3.list", { path, query: { limit: "50" } });
  // @ts-expect-error No such parameter.
  await client.call("conversations.v3.list", { path, query: { size: 50 } });
  // @ts-expect-error It takes no body.
  await client.call("conversations.v3.list", { path, body: {} });
  // @ts-expect-error A member is missing in the body.
  await client.call("alerts.rules.create", { body: { name: "Slow" } });
  // @ts-expect-error A name cannot be cleared.
  await client.call("agents.create", { path: { accountId: "ws-1" }, body: { name: null } });
  // @ts-expect-error Keys belong to servers: this way takes none.
  Client.edge({ credentials: { workspace: "key" } });
  // @ts-expect-error Clients are made by `edge` and `direct`.
  new Client();
}

export async function failures(): Promise<string> {
  try {
    await rows();
    return "";
  } catch (error) {
    if (!(error instanceof PerchError)) throw error;
    const again: boolean = error.retry === "later";
    // @ts-expect-error Bodies are not kept.
    void error.body;
    return [error.code, error.status ?? 0, error.remedy, error.correlationId ?? "", again].join(" ");
  }
}

export async function explorer(): Promise<OperationId[]> {
  return (await operations()).filter(({ safety }) => safety === "read").map(({ id }) => id);
}
