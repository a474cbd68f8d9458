// The proof that a probe leaves in its output: read, and judged by this machine's boot id.
import { open, readFile } from 'node:fs/promises'
import type { RemoteProof } from '../../shared/test-build.ts'

/** What the output of a probe proves. */
export type Proof =
  | { readonly state: 'remote'; readonly remote: RemoteProof }
  /** The tag is right, but it was this machine that wrote it. */
  | { readonly state: 'here'; readonly remote: RemoteProof }
  | { readonly state: 'wrong'; readonly what: string }

/**
 * Reads this machine's own boot id at once, so that only the output is left to read when Nix names it. What is given reads
 * what the probe wrote there, and tells whether another machine than this one wrote it; it never rejects.
 */
export function expectProof(tag: string): (outPath: string) => Promise<Proof> {
  const here = readFile('/proc/sys/kernel/random/boot_id', 'utf8')
  // Heard below, where there is an output.
  here.catch(() => undefined)
  return async (outPath) => {
    try {
      return judgeProof(await readHead(outPath), tag, (await here).trim())
    } catch (error) {
      return { state: 'wrong', what: error instanceof Error ? error.message : String(error) }
    }
  }
}

/** The judgement alone: the output's first lines are tag, boot id and kernel. */
export function judgeProof(head: string, tag: string, bootIdHere: string): Proof {
  const [seenTag = '', bootId = '', kernel = ''] = head.split('\n', 3)
  if (seenTag !== tag) return { state: 'wrong', what: `tag ${JSON.stringify(seenTag.slice(0, 80))}` }
  if (!/^[0-9a-f-]{36}$/.test(bootId))
    return { state: 'wrong', what: `boot id ${JSON.stringify(bootId.slice(0, 80))}` }
  const remote = { bootId, kernel: kernel.slice(0, 200) }
  return { state: bootId === bootIdHere ? 'here' : 'remote', remote }
}

async function readHead(path: string): Promise<string> {
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(1024), 0, 1024, 0)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    // Nobody waits for that: nothing was written.
    file.close().catch(() => undefined)
  }
}
