// The least relay there is: two sockets, every frame passed on, nothing looked at.
export default {
  async fetch(request, env) {
    if (request.headers.get("upgrade") !== "websocket") return new Response("ok");
    const answer = await fetch(env.UPSTREAM, { headers: { upgrade: "websocket" } });
    const platform = answer.webSocket;
    const [client, visitor] = Object.values(new WebSocketPair());
    visitor.accept();
    platform.accept();
    for (const [from, to] of [[visitor, platform], [platform, visitor]]) {
      from.addEventListener("message", ({ data }) => to.send(data));
      from.addEventListener("close", () => to.close(1000));
    }
    return new Response(null, { status: 101, webSocket: client });
  },
};
