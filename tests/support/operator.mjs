// An operator without a browser.
import assert from "node:assert/strict";
import { call } from "./http.mjs";

export class Operator {
  constructor(edge, cookie) {
    Object.assign(this, { edge, cookie });
  }

  /** Redeems the set-up token. */
  static async signIn(edge, setup, headers = {}) {
    const answer = await redeem(edge, setup, { "x-perch": "1", ...headers });
    assert.equal(answer.status, 200, answer.text);
    const cookie = answer.headers["set-cookie"][0].split(";")[0];
    return Object.assign(new Operator(edge, cookie), { profile: answer.json });
  }

  call(method, path, { headers = {}, body } = {}) {
    const own = { cookie: this.cookie, ...(method === "GET" ? {} : { "x-perch": "1" }) };
    return call(this.edge, method, path, { headers: { ...own, ...headers }, body });
  }

  get(path, headers) {
    return this.call("GET", path, { headers });
  }
}

export function redeem(edge, setup, headers = { "x-perch": "1" }) {
  return call(edge, "POST", "/operator/session", {
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ setup_token: setup }),
  });
}
