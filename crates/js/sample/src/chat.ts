// What a program can and cannot say about chats.
import { Chat } from "@perch-edge/client";
import type { ChatEntry, ChatStatus } from "@perch-edge/client";

export async function chat(store: Storage): Promise<Chat> {
  const outbox = JSON.parse(store.getItem("outbox") ?? "[]");
  const chat = await Chat.open({ edge: "https://chat.example.com", site: "shop", resume: store.getItem("resume"), outbox });
  const stop = chat.on("change", (changed) => draw(changed.transcript, changed.status));
  chat.on("resume", (handle) => store.setItem("resume", handle));
  chat.on("outbox", (messages) => store.setItem("outbox", JSON.stringify(messages)));
  chat.on("refused", ({ reason, limit }) => alert(`${reason} ${limit ?? ""}`));
  chat.on("ended", (reason) => reason === "visitor" && stop());
  chat.on("failed", ({ code, remedy }) => alert(`${code} ${remedy}`));
  // @ts-expect-error No such event.
  chat.on("said", () => {});
  // @ts-expect-error An entry's text is a text.
  chat.on("message", ({ text }) => text.toFixed());
  // @ts-expect-error The transcript is not the program's to change.
  chat.transcript.push();
  // @ts-expect-error A chat is opened, not made.
  new Chat();
  // @ts-expect-error Which site?
  await Chat.open({ edge: "https://chat.example.com" });
  return chat;
}

function draw(entries: readonly ChatEntry[], { connection, handoff }: ChatStatus): void {
  const words = entries.map(({ author, text, delivery }) => `${author}: ${text}${delivery === "failed" ? " (!)" : ""}`);
  document.title = [connection, handoff?.position ?? "", ...words].join("\n");
}
