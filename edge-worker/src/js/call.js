// A visitor's signalling socket and the gateway's. Sound never comes here.
import { attach, watch } from "./control.js";
import { isolate, survive } from "./isolate.js";
import { dial, join, pair } from "./pump.js";

/**
 * Connects a visitor's socket to the gateway at `url` under the rules that `opened` begins with, until
 * either side ends, one of `objects` closes its line, or `life` milliseconds are over: then both close with `over`.
 */
export async function call(url, opened, objects, life, over) {
  const { close } = isolate.policy;
  const lines = await attach(objects);
  if (lines.status !== 101) return lines.status;
  const { response, visitor } = pair();
  const { socket } = await dial(url);
  if (socket === null) {
    watch(lines, close, () => {}).quit();
    visitor.close(close.again, "try again");
    return response;
  }
  isolate.sockets += 1;
  const key = isolate.sockets;
  const carry = (upwards) => (text, link) => {
    let ruling;
    try {
      ruling = isolate.signal(key, opened, upwards, text, Date.now());
    } catch {
      survive();
      return link.stop(close.fault, "internal");
    }
    if (typeof ruling === "number") link.stop(ruling, "frame refused");
    else if (ruling === undefined) return;
    else if (ruling[0] === ">") link.toPlatform(ruling.slice(1));
    else link.toVisitor(ruling.slice(1));
  };
  const link = join(visitor, socket, {
    life,
    over,
    fromVisitor: carry(true),
    fromPlatform: carry(false),
    ended() {
      control.quit();
      try {
        isolate.signal(key, opened, true, undefined, 0);
      } catch {
        survive();
      }
    },
  });
  const control = watch(lines, close, link.stop);
  return response;
}
