// A visitor's signalling socket and the gateway's. Sound never comes here.
import { isolate, survive } from "./isolate.js";
import { dial, join, pair } from "./pump.js";

/**
 * Connects a visitor's socket to the gateway at `url` under the rules that `opened` begins with, until
 * either side ends, or until `life` milliseconds are over: then both close with `over`.
 */
export async function call(url, opened, life, over) {
  const { close } = isolate.policy;
  const { response, visitor } = pair();
  const { socket } = await dial(url);
  if (socket === null) {
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
  join(visitor, socket, {
    life,
    over,
    fromVisitor: carry(true),
    fromPlatform: carry(false),
    ended() {
      try {
        isolate.signal(key, opened, true, undefined, 0);
      } catch {
        survive();
      }
    },
  });
  return response;
}
