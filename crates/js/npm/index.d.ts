import type * as Api from "./operations.js";
import type { Operations } from "./operations.js";
import type { Delivery, KnownSecret } from "./webhook.js";

export type * as Api from "./operations.js";
export type { Operations } from "./operations.js";
export type { Binary, Form, Json } from "./values.js";
export type { Delivery, HeadersLike, KnownSecret } from "./webhook.js";
export { Chat } from "./chat.js";
export type {
  ChatEntry,
  ChatEvents,
  ChatOptions,
  ChatRefusal,
  ChatStatus,
  PendingMessage,
  Site,
} from "./chat.js";

/** The id of an operation, for example `conversations.v3.list`. */
export type OperationId = keyof Operations;

/** What an operation answers; nothing where there is no body. */
export type Answer<Id extends OperationId> = Operations[Id]["answer"];

/** Needed where it has a required member, optional where it has none, absent where there is nothing. */
type Part<Name extends string, Value> = [Value] extends [undefined]
  ? { [K in Name]?: undefined }
  : string extends Value
    ? { [K in Name]: Value }
    : {} extends Value
      ? { [K in Name]?: Value }
      : { [K in Name]: Value };

/** How one call is to be made. */
export interface CallOptions {
  /** Calls it off; the request is dropped. */
  signal?: AbortSignal | undefined;
  /** Milliseconds for the whole call, repetitions included. Without it, each try has its own limit. */
  timeout?: number | undefined;
  /** What the platform is to call the exchange: 1 to 64 of `A-Z a-z 0-9 - _ . :`. One is made up when absent. */
  correlationId?: string | undefined;
}

/** What an operation takes. */
export type Input<Id extends OperationId> = Part<"path", Operations[Id]["path"]> &
  Part<"query", Operations[Id]["query"]> &
  Part<"body", Operations[Id]["body"]> &
  CallOptions;

/** The same as arguments, with what else there is: optional where nothing in it is needed. */
export type Arguments<Id extends OperationId, More = {}> = {} extends Input<Id> & More
  ? [input?: Input<Id> & More]
  : [input: Input<Id> & More];

/** The id of a list that can be read row by row. */
export type ListId = { [Id in OperationId]: Operations[Id] extends { row: unknown } ? Id : never }[OperationId];

/** One row of a list. */
export type Row<Id extends ListId> = Operations[Id] extends { row: infer One } ? One : never;

/** The id of a recording that can be fetched in parts. */
export type RecordingId = {
  [Id in OperationId]: Operations[Id] extends { body: undefined; answer: Uint8Array } ? Id : never;
}[OperationId];

/** How a list is to be read. `timeout` is how many milliseconds nothing may come; 30,000 when absent. */
export interface RowOptions {
  /** Is told of each row that cannot be read, and the rest follows. Without it, such a row ends the list. */
  skipped?: ((error: PerchError) => void) | undefined;
}

/** Which bytes of a recording, counted from 0. */
export type ByteRange =
  | { from: number; /** Included; the end when absent. */ to?: number | undefined; last?: undefined }
  | { /** So many from the end. */ last: number; from?: undefined; to?: undefined };

/** How a recording is to be fetched. `timeout` is how many milliseconds nothing may come; 30,000 when absent. */
export interface RecordingOptions {
  /** All of it when absent. */
  range?: ByteRange | undefined;
  /** Most bytes that are taken; more end it with an error. 256 MB when absent. */
  limit?: number | undefined;
  /** How often it may go on after a break; 5 when absent. */
  resumes?: number | undefined;
}

/** A recording on its way. It is read once: by iteration, as a stream, or as bytes. */
export class Recording implements AsyncIterable<Uint8Array> {
  private constructor();
  /** What the server says that it is, as a rule `audio/wav`. */
  readonly contentType: string | undefined;
  /** Bytes of the whole recording, also where a part of it was asked for; nothing where it is not known. */
  readonly total: number | undefined;
  /** Bytes given so far. */
  readonly taken: number;
  [Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined>;
  /** The same as a stream, for example for a `Response`. */
  stream(): ReadableStream<Uint8Array>;
  /** All of it at once. */
  bytes(): Promise<Uint8Array>;
  /** Ends it early: needed only where it is not read to its end. */
  close(): void;
}

/** Where the platform's hosts are when no region says so, for example a simulator's. Origins. */
export interface Hosts {
  build?: string;
  platform?: string;
  messaging?: string;
  webrtc?: string;
}

/** Keys, each in the slot of what it opens. Give those you have. */
export interface Credentials {
  /** Workspace API key or personal access token. */
  workspace?: string | undefined;
  /** Project key for conversation lists. */
  conversations?: string | undefined;
  /** Account key for the older conversation lists. */
  conversationsLegacy?: string | undefined;
  /** Project key for handover snapshots. */
  handoff?: string | undefined;
  /** Key of one agent's number pool. */
  dni?: string | undefined;
  /** Key for external events. */
  externalEvents?: string | undefined;
  /** Chat key and its connector token. */
  chat?: { key: string; token: string } | undefined;
  /** Token of the older outbound calls. */
  outbound?: string | undefined;
  /** API key for text messages and the connector's id. */
  sms?: { key: string; connector: string } | undefined;
  /** Messaging connector token and the host registered for it. */
  messaging?: { token: string; host: string } | undefined;
  /** The access token of one messaging session. */
  access?: string | undefined;
  /** Web-calling token. */
  webCalling?: string | undefined;
}

export interface EdgeOptions {
  /** The worker's origin; the page's own when absent. */
  base?: string | undefined;
  /** Tries per call, the first included; 4 when absent, 1 for never again. */
  attempts?: number | undefined;
}

export interface DirectOptions {
  /** `us-1`, `uk-1`, `euw-1` or `studio`. */
  region?: "us-1" | "uk-1" | "euw-1" | "studio" | undefined;
  /** Instead of a region. */
  hosts?: Hosts | undefined;
  credentials: Credentials;
  /** Tries per call, the first included; 4 when absent, 1 for never again. */
  attempts?: number | undefined;
}

/**
 * Any operation of the platform by its id.
 *
 * Whole numbers that a double cannot hold arrive as `bigint`, where the runtime has `JSON.rawJSON`.
 */
export class Client {
  private constructor();
  /** Through a Perch edge worker, which holds the keys: the way of pages. */
  static edge(options?: EdgeOptions): Client;
  /** Straight to the platform, with keys: the way of servers. In a page it throws. */
  static direct(options: DirectOptions): Client;
  /**
   * Sends an operation and gives its answer.
   *
   * Names, required parameters and ids are checked before anything is sent. What is safe to repeat is
   * repeated with growing pauses. Throws a {@link PerchError} and nothing else.
   */
  call<Id extends OperationId>(
    id: Id,
    ...input: Arguments<Id>
  ): Promise<Answer<Id>>;
  /**
   * The rows of a list while they arrive, from where `query` starts: of all pages where the list has a
   * cursor, else of the page that the query asks for.
   *
   * Memory holds what of a page has arrived and is not read yet. No cursor is followed twice.
   */
  rows<Id extends ListId>(
    id: Id,
    ...input: Arguments<Id, RowOptions>
  ): AsyncGenerator<Row<Id>, void, undefined>;
  /**
   * A recording while it arrives, whole or in part.
   *
   * When the connection breaks, the rest is asked for, and it is made sure that it is the rest of the
   * same recording.
   */
  recording<Id extends RecordingId>(
    id: Id,
    ...input: Arguments<Id, RecordingOptions>
  ): Promise<Recording>;
}

/** The row of one operation. */
export interface OperationRow {
  id: OperationId;
  family: string;
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  host: "build" | "platform" | "messaging" | "webrtc";
  /** With `{placeholders}`. */
  path: string;
  credential: string;
  /** Whether a lost answer may be asked for again. */
  retry: "safe" | "refused";
  safety: "read" | "write" | "destructive" | "cost";
  /** Who may send it through the edge worker. */
  audience: "nobody" | "admin" | "publisher" | "operator" | "analyst" | "viewer";
  query: string[];
  required: string[];
  /** Content type of the body. */
  sends?: string;
  /** Content type of the answer. */
  answers?: string;
  doc: string;
  source: string;
}

/** Every operation, for explorers. */
export function operations(): Promise<OperationRow[]>;

/** The one kind of error that this package throws. It never holds a body or a key. */
export class PerchError extends Error {
  constructor(fields: { code: string; message: string; remedy: string; retry: PerchError["retry"] }, options?: ErrorOptions);
  readonly name: "PerchError";
  /**
   * The platform's or the worker's code, or one of `aborted`, `connection_failed`,
   * `credential_missing`, `incomplete_answer`, `internal`, `invalid_context`, `invalid_input`, `keys_in_page`,
   * `module_unavailable`, `no_host`, `repeated_cursor`, `session_lost`, `status_<n>`, `timeout`,
   * `unreadable_answer`, `unreadable_row`, `unusable_range`, `webhook_<what>`.
   */
  readonly code: string;
  /** What to do about it, in one sentence. */
  readonly remedy: string;
  /** Whether the same call may succeed later; `if-harmless`: it may have acted. */
  readonly retry: "never" | "once" | "if-harmless" | "later";
  /** HTTP status, when there was an answer. */
  readonly status?: number;
  readonly operation?: string;
  /** The platform's name for the exchange: quote it to support. */
  readonly correlationId?: string;
  /** How long the answer asked to wait. */
  readonly retryAfterMs?: number;
  /** The platform's own words, cut short. */
  readonly detail?: string;
  /** Faults of single fields. */
  readonly fields?: Record<string, string>;
}

/** What `alerts.triggered` and `alerts.resolved` carry. Undocumented since May 2026: anything may be missing. */
export interface AlertEvent {
  event_type: "alerts.triggered" | "alerts.resolved";
  alert?: {
    id?: string;
    name?: string;
    project_id?: string | null;
    metric?: Api.AlertMetric;
    operator?: Api.AlertOperator;
    threshold_value?: number;
    current_value?: number | null;
    previous_state?: Api.AlertState;
    triggered_at?: Api.Timestamp;
    resolved_at?: Api.Timestamp;
  };
}

export type WebhookEvent = AlertEvent | { event_type: string & {}; [name: string]: unknown };

/** A delivery whose signature and age were right. */
export interface VerifiedDelivery {
  /** Not signed: remember `bodyHash` beside it, or a captured delivery can be sent again. */
  eventId?: string;
  /** When it was signed, in Unix seconds. */
  timestamp: number;
  /** SHA-256 of the body in hex, the same for every attempt. */
  bodyHash: string;
  /** Name of the secret that signed it. */
  secret: string;
  /** `previous` says that a rotation has not come through yet. */
  standing: "current" | "previous";
  event: WebhookEvent;
}

/** Verifies a delivery; throws when it is not the platform's. `now` in Unix seconds. */
export function verifyWebhook(
  delivery: Delivery,
  secrets: string | readonly (string | KnownSecret)[],
  options?: { now?: number },
): Promise<VerifiedDelivery>;

/** Signs a body as the platform does; gives the three headers. */
export function signWebhook(
  secret: string,
  eventId: string,
  body: Delivery["body"],
  options?: { now?: number },
): Promise<Record<"X-PolyAI-Timestamp" | "X-PolyAI-Signature" | "X-PolyAI-Event-ID", string>>;

/** What a context token is made of. */
export interface ContextToken {
  /** The key's id, as issued with the secret. */
  kid: string;
  secret: string;
  /** Exactly as the widget gave it. */
  contextId: string;
  /** At most 8 KB as JSON, nothing nested. */
  values: Record<string, string | number | boolean>;
  /** Seconds, 1 to 30; 30 when absent. */
  lifetime?: number;
  /** Unix seconds. */
  now?: number;
}

/** Mints the token by which a backend vouches for a visitor. On servers only. */
export function mintContextToken(token: ContextToken): Promise<{
  token: string;
  /** Unix seconds. */
  expiresAt: number;
  warnings: string[];
}>;
