// Stands in for static files, which the proxy bench never asks for.
export default { fetch: () => new Response(null, { status: 404 }) };
