// What a server can and cannot say.
import { Client, mintContextToken, signWebhook, verifyWebhook } from "@perch-edge/client";
import { explainWebhook } from "@perch-edge/client/explain";

export const client = Client.direct({
  region: "uk-1",
  credentials: { workspace: "key", messaging: { token: "token", host: "shop.example" } },
});

export async function deliveries(request: Request, secret: string): Promise<string> {
  const delivery = { headers: request.headers, body: await request.arrayBuffer() };
  const { event, standing } = await verifyWebhook(delivery, [secret, { name: "old", secret: "s", standing: "previous" }]);
  const signed = await signWebhook(secret, "evt_1", "{}");
  const why = await explainWebhook({ headers: signed, body: "{}" }, secret, { now: 1_788_000_000 });
  // @ts-expect-error An explanation holds no secret.
  void why.secret;
  // @ts-expect-error No such standing.
  await verifyWebhook(delivery, [{ name: "x", secret: "s", standing: "good" }]);
  // @ts-expect-error There is no such region.
  Client.direct({ region: "mars", credentials: {} });
  // @ts-expect-error Both halves of a pair.
  Client.direct({ region: "us-1", credentials: { chat: { key: "k" } } });
  return `${event.event_type} ${standing} ${why.diagnosis}`;
}

export async function context(contextId: string): Promise<string> {
  // @ts-expect-error Nothing nested.
  await mintContextToken({ kid: "k", secret: "s", contextId, values: { order: { id: 1 } } });
  return (await mintContextToken({ kid: "k", secret: "s", contextId, values: { tier: "gold", age: 7, vip: true } })).token;
}
