import type { PerchError } from "./index.js";

/** How a chat is opened. */
export interface ChatOptions {
  /** The edge worker's origin; the page's own when absent. */
  edge?: string | undefined;
  /** The site, as the worker's configuration names it. */
  site: string;
  /** {@link Chat.resume} of an earlier page. One that is no longer good opens a new session. */
  resume?: string | null | undefined;
  /** {@link Chat.outbox} of an earlier page. */
  outbox?: readonly PendingMessage[] | undefined;
  /** Calls the opening off, or closes the chat. */
  signal?: AbortSignal | undefined;
}

/** What the site's owner configured for all visitors. */
export interface Site {
  id: string;
  title: string;
  agentName: string;
  /** A CSS colour; check it before use. */
  accent: string;
  /** Whether answers arrive in chunks. */
  streaming: boolean;
}

/** One thing that was said. */
export interface ChatEntry {
  /** Names the entry; says nothing about order. */
  key: number;
  author: "visitor" | "agent" | "live_agent" | "system";
  name?: string;
  avatarUrl?: string;
  /** Of a streamed message, what has come so far. */
  text: string;
  /** Cards below the text. URLs are the platform's: check them before use. */
  attachments: { kind: "link" | "image"; title?: string; url?: string; previewUrl?: string; action?: string }[];
  /** What the visitor may say next. */
  suggestions: string[];
  callActions: { title?: string; number: string }[];
  /** Of system messages. */
  level?: "info" | "warning" | "error";
  /** `uncertain`: it was written and never acknowledged. */
  delivery: "sending" | "sent" | "uncertain" | "failed";
  /** More of it is still to come. */
  streaming: boolean;
  messageId?: string;
  /** What {@link Chat.retry} takes. */
  clientEventId?: string;
  /** When this client first saw it, in milliseconds since 1970. */
  at: number;
  /** By the platform's clock, ISO 8601. */
  timestamp?: string;
}

/** Everything a chat window shows besides what was said. */
export interface ChatStatus {
  connection: "idle" | "connecting" | "open" | "waiting" | "offline" | "replaced" | "failed" | "lost" | "ended";
  /** The number of the coming attempt, while waiting. */
  attempt?: number;
  /** When it comes, in milliseconds since 1970. */
  retryAt?: number;
  /** Who is on the other side. */
  agent?: { kind: "agent" | "live_agent"; name?: string; avatarUrl?: string };
  /** Where the hand-over to a person stands. */
  handoff?: {
    state: "triggered" | "queued" | "live" | "over" | "required" | "failed" | "timed_out";
    queue?: string;
    position?: number;
    waitSeconds?: number;
    message?: string;
    route?: string;
    reason?: string;
  };
  /** What the other side is doing just now. */
  indicator?: "thinking" | "typing";
  /** BCP 47, once the platform named one. */
  language?: string;
  /** The session will soon end for lack of words. */
  idleWarning: boolean;
  /** The visitor asked to end, and the platform has not confirmed it yet. */
  ending: boolean;
  /** Why the conversation is over. */
  ended?: EndReason;
  maxMessageBytes?: number;
}

export type EndReason = "visitor" | "idle" | "natural" | "closed" | (string & {});

/** Why a message was not taken. */
export interface ChatRefusal {
  reason: "empty" | "too_long" | "backlog" | "over";
  limit?: number;
}

/** A message that is not delivered yet, in a form that survives a reload. */
export interface PendingMessage {
  id: string;
  text: string;
  written: boolean;
  delivery: string;
  at_ms: number;
}

/** What a chat tells, by the event's type. */
export interface ChatEvents {
  /** Transcript or status changed: draw them. */
  change: Chat;
  /** A whole message of the other side came just now. */
  message: ChatEntry;
  status: ChatStatus;
  /** What was said last was not taken. */
  refused: ChatRefusal;
  /** {@link Chat.resume} changed: store it. */
  resume: string;
  /** {@link Chat.outbox} changed: store it. */
  outbox: PendingMessage[];
  /** A session was granted, the first or one in place of a lost one. */
  opened: { session: string; resumed: boolean; resume: string; site: Site };
  /** The session is gone; another one is being opened. */
  lost: Record<string, never>;
  /** No session could be opened in place of a lost one. */
  failed: PerchError;
  /** The conversation is over. */
  ended: EndReason;
}

/**
 * A visitor's chat through a Perch edge worker: without any key.
 *
 * It survives broken connections and shows nothing twice. What was said is delivered once or marked as
 * not delivered.
 */
export class Chat {
  private constructor();
  /** Opens a chat of a site, or takes one up again; throws a {@link PerchError} when it is refused. */
  static open(options: ChatOptions): Promise<Chat>;
  /** Calls `listener` for every event of that type; gives a function that stops it. */
  on<Type extends keyof ChatEvents>(type: Type, listener: (detail: ChatEvents[Type]) => void): () => void;
  /** Everything said so far, oldest first. A new list after every change. */
  readonly transcript: readonly ChatEntry[];
  readonly status: ChatStatus;
  /** The edge worker's name for the session; no secret. */
  readonly session: string;
  /** Whether an earlier session goes on. */
  readonly resumed: boolean;
  /** What to store, so that a later page can take the chat up again. */
  readonly resume: string;
  readonly site: Site;
  /** What is not delivered yet, for a later page to send. */
  readonly outbox: readonly PendingMessage[];
  /** Says something; false when the conversation is over. */
  send(text: string): boolean;
  /** Sends an undelivered message again. */
  retry(clientEventId: string): boolean;
  /** A key was pressed; `false` when the input was cleared. */
  typing(active?: boolean): boolean;
  /** Asks the agent to join again, after it could not start. */
  requestAgent(): boolean;
  /** Connects again after a failure, or takes the session back from another window. */
  connect(): boolean;
  /** Ends the conversation. */
  end(): boolean;
  /** Lets the socket go without ending the conversation. */
  close(): void;
}
