// A platform whose agent says exactly what a test wants, event by event.
import { startPlatform } from "./platform.mjs";

/**
 * Serves messaging sockets by the documented rules, except where the test steps in: `hear(frame, talk)`
 * gets every message of the visitor. `talk.event` sends a journaled event, `talk.raw` any text.
 */
export async function startScript(hear) {
  // One journal for all sockets: the tests hold one session at a time.
  const journal = [];
  const platform = await startPlatform({
    socket: (ws, request) => {
      const cursor = Number(new URL(request.url, "http://x").searchParams.get("cursor") ?? 0);
      const talk = {
        raw: (text) => ws.send(text),
        event(type, payload, custom) {
          const sequence = journal.length + 1;
          const event = { id: `e-${sequence}`, sequence, timestamp: new Date().toISOString(), type: `EVENT_TYPE_${type}`, payload };
          if (custom) event.metadata = { custom };
          journal.push(event);
          ws.send(JSON.stringify(event));
        },
        echo({ type, payload, metadata }) {
          talk.event(type.replace("EVENT_TYPE_", ""), { ...payload, message_id: `m-${journal.length}` }, metadata?.custom);
        },
        say(text, more = {}) {
          talk.event("POLY_AGENT_MESSAGE", { message_id: `m-${journal.length}`, text, ...more });
        },
      };
      if (journal.length === 0) {
        journal.push({ id: "e-1", sequence: 1, timestamp: new Date().toISOString(), type: "EVENT_TYPE_SESSION_START",
          payload: { capabilities: { streaming_enabled: true } } });
      }
      const events = journal.filter(({ sequence }) => sequence > cursor);
      ws.send(JSON.stringify({ type: "EVENT_TYPE_EVENT_BATCH", payload: { events } }));
      ws.on("message", (data) => {
        const frame = JSON.parse(data);
        if (frame.type === "EVENT_TYPE_REQUEST_POLY_AGENT_JOIN") {
          talk.echo(frame);
          talk.event("POLY_AGENT_JOINED", { agent_name: "Juno" });
          talk.say("Hello from the script.");
        } else if (frame.type === "EVENT_TYPE_USER_MESSAGE") {
          hear(frame, talk, ws);
        } else if (frame.type === "EVENT_TYPE_HEARTBEAT") {
          ws.send(JSON.stringify(frame));
        }
      });
    },
  });
  return platform;
}
