// What a program can and cannot say about lists row by row and recordings in parts.
import { Client, PerchError, Recording } from "@perch-edge/client";
import type { Api, Arguments, ListId, RecordingId, Row, RowOptions } from "@perch-edge/client";

const client = Client.edge({ base: "https://chat.example.com" });
const path = { account_id: "ws-1", project_id: "PROJECT-1" };
const conversation = { agentId: "PROJECT-1", conversationId: "CA1" };

/** A row's type follows the list's id. */
export async function rows(signal: AbortSignal): Promise<number> {
  let turns = 0;
  const skipped = (error: PerchError): void => console.warn(error.code, error.remedy);
  const all = client.rows("conversations.v3.list", { path, query: { limit: 1_000 }, signal, timeout: 5_000, correlationId: "web-7", skipped });
  for await (const row of all) {
    const same: Api.ListItem = row;
    turns += same.num_turns ?? 0;
    // @ts-expect-error There is no such field.
    void row.rows;
  }
  for await (const topic of client.rows("agents.kb.topics.list", { path: { agentId: "PROJECT-1", branchId: "main" } })) {
    const same: Api.Topic = topic;
    void same;
  }
  return turns;
}

/** A generic caller keeps the types. */
export async function first<Id extends ListId>(id: Id, ...input: Arguments<Id, RowOptions>): Promise<Row<Id> | undefined> {
  for await (const row of client.rows(id, ...input)) return row;
  return undefined;
}

export async function recording(from: number): Promise<Response> {
  const found: Recording = await client.recording("conversations.audio", { path: conversation, query: { direction: "user" }, range: { from } });
  const headers = { "content-type": found.contentType ?? "audio/wav", "content-length": String((found.total ?? 0) - from) };
  return new Response(found.stream(), { headers });
}

export async function parts(id: RecordingId): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  const found = await client.recording("agents.audio_cache.download", { path: { agentId: "a", entryId: "b" }, limit: 1_000, resumes: 2 });
  for await (const piece of found) pieces.push(piece);
  void id;
  return pieces;
}

export async function mistakes(): Promise<void> {
  // @ts-expect-error It is no list.
  client.rows("conversations.get", { path: conversation });
  // @ts-expect-error Where from?
  client.rows("conversations.v3.list");
  // @ts-expect-error No such parameter.
  client.rows("conversations.v3.list", { path, query: { size: 5 } });
  // @ts-expect-error It is no recording.
  await client.recording("conversations.v3.list", { path });
  // @ts-expect-error Speaking words on trial is not asked for in parts.
  await client.recording("agents.audio_cache.synthesize", { path: { agentId: "a" }, body: {} });
  // @ts-expect-error A part from the start or from the end, not both.
  await client.recording("conversations.audio", { path: conversation, range: { from: 1, last: 2 } });
  // @ts-expect-error Recordings are asked for, not made.
  new Recording();
}
