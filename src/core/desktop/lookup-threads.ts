// More threads for name lookups, set before the first is used. getaddrinfo holds one for as long as a name server is silent,
// and libuv gives lookups half of its four: two such names, and every other builder and cache looked dead as well.

/** Sixteen lookups side by side. */
process.env['UV_THREADPOOL_SIZE'] ??= '32'
