// fetch, through the proxy that the environment names. Node 20's own fetch ignores HTTP_PROXY and HTTPS_PROXY.

type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** True where the environment names a proxy for web addresses. */
function hasProxy(env: NodeJS.ProcessEnv = process.env): boolean {
  return ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].some((name) => env[name])
}

async function proxied(): Promise<Fetch | undefined> {
  try {
    // undici comes with Electron's own downloader; a name in a variable keeps it out of the type check and the bundle.
    const name = 'undici'
    const { fetch: viaProxy, EnvHttpProxyAgent } = await import(name)
    const dispatcher = new EnvHttpProxyAgent()
    return (url, init) => viaProxy(url, { ...init, dispatcher })
  } catch {
    return undefined // No undici: go direct, and the caller reports what that ends in.
  }
}

/** `fetch` that honours the proxy settings of the environment. Throws as fetch does. */
export async function httpFetch(url: string, init: RequestInit): Promise<Response> {
  const use = hasProxy() ? ((await proxied()) ?? fetch) : fetch
  return use(url, init)
}
