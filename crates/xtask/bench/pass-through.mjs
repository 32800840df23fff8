// The comparison: the least a worker can do to put a key on a request and pass it on.
export default {
  fetch(request, env) {
    const url = new URL(request.url);
    const headers = new Headers(request.headers);
    headers.delete("cookie");
    headers.set("x-api-key", env.KEY);
    return fetch(env.UPSTREAM + url.pathname + url.search, { method: request.method, headers, body: request.body, redirect: "manual" });
  },
};
