// A full set of secrets, each of them a unique marker that must turn up nowhere.
import { randomBytes } from "node:crypto";

/** Names as in the simulator's keys file, with the worker's name for each. */
export const PLATFORM_KEYS = {
  workspace: "POLYAI_WORKSPACE_KEY",
  conversations: "POLYAI_CONVERSATIONS_KEY",
  conversations_legacy: "POLYAI_CONVERSATIONS_LEGACY_KEY",
  handoff: "POLYAI_HANDOFF_KEY",
  dni: "POLYAI_DNI_KEY",
  external_events: "POLYAI_EXTERNAL_EVENTS_KEY",
  chat: "POLYAI_CHAT_KEY",
  chat_connector: "POLYAI_CHAT_CONNECTOR",
  outbound: "POLYAI_OUTBOUND_TOKEN",
  sms: "POLYAI_SMS_KEY",
  sms_connector: "POLYAI_SMS_CONNECTOR",
  messaging_connector: "POLYAI_MESSAGING_CONNECTOR",
  web_calling: "POLYAI_WEB_CALLING",
};

export function freshKeys() {
  const platform = {};
  for (const name of Object.keys(PLATFORM_KEYS)) {
    platform[name] = `canary-${name.replaceAll("_", "-")}-${randomBytes(15).toString("hex")}`;
  }
  return {
    platform,
    /** Signs every token; 32 bytes as the worker wants them. */
    root: randomBytes(32),
    setup: `canary-setup-${randomBytes(15).toString("hex")}`,
  };
}
