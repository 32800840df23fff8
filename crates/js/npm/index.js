export { Chat } from "./chat.js";
export { Client, operations } from "./client.js";
export { PerchError } from "./error.js";
export { Recording } from "./stream.js";
export { mintContextToken, signWebhook, verifyWebhook } from "./webhook.js";
