// Waiting for conditions, never for fixed times.

/** Polls `probe` until it gives something truthy, and gives that back. */
export async function until(what, probe, limit = 15_000) {
  const end = Date.now() + limit;
  for (;;) {
    const found = await probe();
    if (found) return found;
    if (Date.now() > end) throw new Error(`not within ${limit} ms: ${what}`);
    await pause(20);
  }
}

/** Fails when `promise` takes longer than `limit`. */
export async function within(what, promise, limit = 15_000) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${limit} ms: ${what}`)), limit);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Only for what has no event to wait for: a quiet spell in which nothing may happen. */
export const pause = (ms) => new Promise((done) => setTimeout(done, ms));
