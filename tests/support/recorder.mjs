// Everything a page receives, keeps and says, taken from Chromium's own protocol.

/** Notes wasm memories, which no heap snapshot shows. Runs in the page before any of its scripts. */
function catchMemories() {
  const memories = [];
  Object.defineProperty(globalThis, "caughtMemories", { value: memories });
  const note = (instance) => {
    for (const value of Object.values(instance.exports)) {
      if (value instanceof WebAssembly.Memory && !memories.includes(value)) memories.push(value);
    }
  };
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const real = WebAssembly[name];
    WebAssembly[name] = async (...given) => {
      const made = await real(...given);
      note(made.instance ?? made);
      return made;
    };
  }
}

/** Attaches to every page of a context and hands what they receive to the scanner. */
export async function record(context, scanner) {
  await context.addInitScript(catchMemories);
  const pending = new Set();
  const track = (work) => {
    const done = work.catch(() => {}).finally(() => pending.delete(done));
    pending.add(done);
  };
  const attach = async (page) => {
    const session = await context.newCDPSession(page);
    const urls = new Map();
    session.on("Network.requestWillBeSent", ({ requestId, request }) => urls.set(requestId, request.url));
    session.on("Network.responseReceived", ({ requestId, response }) => {
      urls.set(requestId, response.url);
      scanner.look("response headers", JSON.stringify(response.headers));
    });
    session.on("Network.responseReceivedExtraInfo", ({ headers, headersText }) => {
      scanner.look("response headers", JSON.stringify(headers) + (headersText ?? ""));
    });
    session.on("Network.loadingFinished", ({ requestId }) => {
      track(session.send("Network.getResponseBody", { requestId }).then(({ body, base64Encoded }) => {
        scanner.look("response bodies", base64Encoded ? Buffer.from(body, "base64") : body);
      }));
    });
    session.on("Network.webSocketHandshakeResponseReceived", ({ response }) => {
      scanner.look("socket handshakes", JSON.stringify(response));
    });
    for (const way of ["Received", "Sent"]) {
      session.on(`Network.webSocketFrame${way}`, ({ response }) => scanner.look(`socket frames ${way.toLowerCase()}`, response.payloadData));
    }
    // Whole bodies stay available until they were read, also across navigations.
    await session.send("Network.enable", { maxTotalBufferSize: 1 << 28, maxResourceBufferSize: 1 << 27 });
  };
  context.on("console", (message) => scanner.look("console", message.text() + JSON.stringify(message.location())));
  context.on("weberror", (error) => scanner.look("console", String(error.error().stack)));
  return {
    async page() {
      const page = await context.newPage();
      await attach(page);
      return page;
    },
    settled: async () => {
      while (pending.size > 0) await Promise.all([...pending]);
    },
  };
}

/** The page's JavaScript heap as a snapshot. */
export async function heapOf(page) {
  const session = await page.context().newCDPSession(page);
  const chunks = [];
  session.on("HeapProfiler.addHeapSnapshotChunk", ({ chunk }) => chunks.push(chunk));
  await session.send("HeapProfiler.enable");
  await session.send("HeapProfiler.takeHeapSnapshot", { captureNumericValue: true });
  await session.detach();
  return chunks.join("");
}

/** The bytes of every wasm memory of the page. */
export async function memoriesOf(page) {
  const texts = await page.evaluate(() => Promise.all(caughtMemories.map((memory) => new Promise((done) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result.slice(reader.result.indexOf(",") + 1));
    // A blob of a copy: the memory itself may grow meanwhile.
    reader.readAsDataURL(new Blob([new Uint8Array(memory.buffer).slice()]));
  }))));
  return texts.map((text) => Buffer.from(text, "base64"));
}

/** Everything the page's origin has stored. */
export function storageOf(page) {
  return page.evaluate(async () => {
    const found = { local: { ...localStorage }, session: { ...sessionStorage }, cookie: document.cookie, databases: {}, caches: {} };
    const ask = (request) => new Promise((done, failed) => {
      request.onsuccess = () => done(request.result);
      request.onerror = () => failed(request.error);
    });
    for (const { name } of await indexedDB.databases()) {
      const database = await ask(indexedDB.open(name));
      found.databases[name] = {};
      for (const store of database.objectStoreNames) {
        found.databases[name][store] = await ask(database.transaction(store).objectStore(store).getAll());
      }
      database.close();
    }
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        found.caches[request.url] = await (await cache.match(request)).text();
      }
    }
    return JSON.stringify(found);
  });
}
