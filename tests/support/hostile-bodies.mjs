// What the hostile platform says when it keeps to the documented shapes: its echo stands where text may stand.

/**
 * The documented answer, with `@said@` in the place of free texts. Whoever writes it replaces that, so that
 * the echo's escapes stay as they are. Without dice the answer is a polite one.
 */
export function properAnswer({ method, url }, { marks, minted, dice }) {
  const path = url.split("?", 1)[0];
  const own = ownCalls(path, { marks, minted });
  const rest = own ?? platformCalls(method, path, marks);
  if (dice?.chance(0.3)) rest.echo = "@said@";
  // Fields named like secrets, anywhere in anything.
  if (dice?.chance(0.2)) rest.nested = [{ deeper: { signing_secret: marks.signing, api_key: "@said@" } }];
  return dice ? rest : polite(rest);
}

// What the worker asks on its own behalf, for visitors.
function ownCalls(path, { marks, minted }) {
  if (path === "/api/v1/access-token") return { access_token: `${marks.access}-${minted}`, expires_in: 86_400 };
  if (path === "/api/v1/sessions") return { session_id: `session-${minted}`, status: "@said@" };
  if (path.endsWith("/chat/create")) return { conversation_id: `chat-${minted}`, response: "@said@" };
  if (path.endsWith("/chat/respond")) {
    return { conversation_id: "chat", response: "@said@", end_conversation: false,
      handoff: { destination: "@said@", reason: "@said@" } };
  }
  if (path.endsWith("/ice-servers")) {
    return { ice_servers: [{ urls: ["turn:turn.example:3478"], username: "@said@", credential: "@said@" }] };
  }
  return null;
}

function platformCalls(method, path, marks) {
  if (/webhook-endpoints(\/[^/]+\/rotate-secret)?$/.test(path) && method === "POST") {
    return { id: "wh-1", url: "https://hooks.example/x", description: "@said@", signing_secret: marks.signing };
  }
  if (path.endsWith("/conversations")) {
    return { conversations: [{ id: "CA-1", from_number: "+441632960961", summary: "@said@" }], cursor: null };
  }
  return { id: "x-1", name: "@said@", description: "@said@", items: [{ text: "@said@" }] };
}

function polite(value) {
  return JSON.parse(JSON.stringify(value).replaceAll("@said@", "fine"));
}
