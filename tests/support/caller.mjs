// A visitor who calls: tickets and the signalling socket, without sound.
import assert from "node:assert/strict";
import { Visitor, Wire } from "./visitor.mjs";
import { until } from "./wait.mjs";

/** What a browser offers, as far as signalling cares. */
export const SDP = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE 0", "a=fingerprint:sha-256 00:11",
  "m=audio 9 UDP/TLS/RTP/SAVPF 111", "c=IN IP4 0.0.0.0", "a=ice-ufrag:abcd", "a=ice-pwd:abcdefghijklmnopqrstuv", "a=setup:actpass",
  "a=mid:0", "a=sendrecv", "a=rtcp-mux", "a=rtpmap:111 opus/48000/2", ""].join("\r\n");

export class Caller extends Visitor {
  async callTicket() {
    const answer = await this.post("/visitor/call/ticket", {});
    assert.equal(answer.status, 201, answer.text);
    return answer.json.ticket;
  }

  /** An open signalling socket, bought with a ticket of its own. */
  async line(ticket) {
    const wire = this.dialLine(ticket ?? (await this.callTicket()));
    await wire.opened;
    return wire;
  }

  dialLine(ticket, origin = this.origin) {
    return new Wire(`${this.edge.replace("http", "ws")}/visitor/call/socket?${new URLSearchParams({ ticket })}`, origin);
  }

  static async open(edge, { resume, ...options } = {}) {
    return Object.assign(new Caller(edge, options), await Visitor.open(edge, { resume, ...options }));
  }
}

export function offer(more = {}) {
  return { type: "offer", sessionId: "", callSid: "web-1", data: { type: "offer", sdp: SDP }, ...more };
}

/** The first frame of a type, when it has come. */
export const frame = (wire, type) =>
  until(`a frame ${type}, got ${wire.frames}`, () => wire.frames.map((text) => JSON.parse(text)).find((one) => one.type === type));
