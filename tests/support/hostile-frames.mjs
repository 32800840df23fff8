// What the hostile platform does on a socket.

const LAST = '{"type":"EVENT_TYPE_SYSTEM_MESSAGE","payload":{"last":true}}';

/** Sends a handful of frames, most of them with an echo in some place, then stays, closes or dies. */
export function misbehave(ws, stream, dice, { echo, hear }) {
  ws.on("error", () => {});
  if (!dice) return;
  ws.on("message", (data, isBinary) => {
    if (String(data).includes("the last one")) return ws.send(LAST);
    if (String(data).includes('"ping"')) return ws.send('{"type":"pong"}');
    if (!isBinary) hear(String(data));
    if (!dice.chance(0.7)) return;
    // What came comes back, beside what the handshake said.
    if (isBinary) ws.send(data);
    else if (String(data).includes('"offer"')) for (const one of signals(dice, echo)) ws.send(one);
    else ws.send(`{"type":"EVENT_TYPE_SYSTEM_MESSAGE","payload":{"message":"${echo()}","yours":${JSON.stringify(data.toString())}}}`);
  });
  for (let count = 1 + dice.below(5); count > 0; count -= 1) ws.send(...frame(dice, echo));
  const end = dice.weigh([[10, "stays"], [3, "closes"], [1, "dies"], [1, "no code"]]);
  if (end === "closes") ws.close(dice.pick([1000, 1001, 1008, 1011, 1013, 4000, 4001, 4999]), bounded(echo(), 120));
  if (end === "dies") setImmediate(() => stream.destroy());
  if (end === "no code") ws.close();
}

function frame(dice, echo) {
  const event = (payload) => `{"type":"EVENT_TYPE_POLY_AGENT_MESSAGE","sequence":${dice.below(9)},"payload":${payload}}`;
  return dice.weigh([
    [4, () => [event(`{"message_id":"m","text":"${echo()}"}`)]],
    [2, () => [`{"type":"EVENT_TYPE_EVENT_BATCH","payload":{"events":[${event(`{"text":"${echo()}"}`)}]}}`]],
    [2, () => [`{"type":"EVENT_TYPE_SESSION_START","sequence":1,"payload":{"session_id":"s"},"metadata":{"${echo()}":1}}`]],
    [1, () => [`{"type":"offer","sdp":"v=0","authToken":"${echo()}","payload":{"authToken":"${echo()}"}}`]],
    [1, () => [`no JSON ${echo()}`]],
    [1, () => [Buffer.from(echo())]],
    [1, () => [`{"type":"EVENT_TYPE_SESSION_END","payload":{"reason":"${echo()}"}}`]],
    [1, () => [`{"type":"${echo()}"}`]],
  ])();
}

// What a gateway says, with the offer's own words in it.
function signals(dice, echo) {
  const session = dice.chance(0.3) ? echo() : dice.text(12);
  const all = [
    `{"type":"answer","sessionId":"${session}","data":{"type":"answer","sdp":"v=0\\r\\n${dice.chance(0.5) ? echo() : "a=x"}"}}`,
    `{"type":"ice-candidate","sessionId":"${session}","data":{"candidate":"candidate:${echo()}","sdpMid":"${echo()}","sdpMLineIndex":0}}`,
    `{"type":"error","sessionId":"${session}","data":{"code":"UNAUTHORIZED","message":"${echo()}"}}`,
    `{"type":"error","data":{"code":"${echo()}","message":"no"}}`,
    `{"type":"offer","sessionId":"${session}","authToken":"${echo()}","data":{"type":"offer","sdp":"${echo()}"}}`,
    `{"type":"${echo()}"}`,
  ];
  return all.filter(() => dice.chance(0.6));
}

// A reason holds 123 bytes. What is cut off may be the echo's, so its end is kept, where the address is.
function bounded(text, most) {
  return text.length <= most ? text : text.slice(-most);
}
