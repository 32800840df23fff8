// A full set of secrets, each of them a unique marker that must turn up nowhere.
import { randomBytes } from "node:crypto";

/** Names as in the simulator's keys file, with the worker's name for each. */
export const PLATFORM_KEYS = {
  workspace: "POLYAI_WORKSPACE_KEY",
  conversations: "POLYAI_CONVERSATIONS_KEY",
  chat: "POLYAI_CHAT_KEY",
  chat_connector: "POLYAI_CHAT_CONNECTOR",
  messaging_connector: "POLYAI_MESSAGING_CONNECTOR",
  web_calling: "POLYAI_WEB_CALLING",
};

export function freshKeys() {
  const platform = {};
  for (const name of Object.keys(PLATFORM_KEYS)) {
    platform[name] = `canary-${name.replace("_", "-")}-${randomBytes(15).toString("hex")}`;
  }
  return {
    platform,
    /** Signs every token; 32 bytes as the worker wants them. */
    root: randomBytes(32),
    setup: `canary-setup-${randomBytes(15).toString("hex")}`,
  };
}
