// What can be known of the builder key file as this user: there, safe, usable without a passphrase, public half.
import { stat } from 'node:fs/promises'
import { type Problem, problem } from '../../shared/outcome.ts'
import type { BuilderKeyFile } from './facts.ts'
import { type PrivateKeyText, readPrivateKey } from './key-format.ts'
import { errorCode, readBytes, readText } from './read-text.ts'

/** Looks at one key file; null where none is configured and only root's default keys remain. Never throws. */
export async function readBuilderKey(path: string | null): Promise<BuilderKeyFile> {
  if (path === null) return { state: 'none-configured' }
  try {
    const info = await stat(path)
    // What ssh could never read as a key, whoever may read it: no public half speaks for it.
    if (!info.isFile() || info.size === 0) {
      const { mode, uid } = info
      const problems = [
        problem('laptop.key-invalid', { key: path }, info.isFile() ? '0 bytes' : 'not a file'),
      ]
      const none = { privateKey: null, publicKeyLine: null, problems }
      return { state: 'present', path, mode: mode & 0o7777, ownerUid: uid, ...none }
    }
    return await describe(path, info.mode & 0o7777, info.uid)
  } catch (error) {
    const code = errorCode(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return { state: 'missing', path }
    // In a directory closed to us, as /root is: it may well be there, and nothing more can be said.
    const problems = [problem('laptop.file-unreadable', { file: path }, code)]
    return { state: 'present', path, mode: 0, ownerUid: 0, privateKey: null, publicKeyLine: null, problems }
  }
}

async function describe(path: string, mode: number, ownerUid: number): Promise<BuilderKeyFile> {
  const [bytes, pub] = await Promise.all([readPrivate(path), readPublic(path)])
  const text: PrivateKeyText | null = bytes === null ? null : await readPrivateKey(bytes.toString('latin1'))
  const derived = text === null || text.state === 'not-a-key' ? null : text.publicKeyLine
  // The private half cannot lie about its own public half; a KEY.pub can be another key's.
  const publicKeyLine = derived ?? pub
  return {
    state: 'present',
    path,
    mode,
    ownerUid,
    privateKey: text?.state === 'plain' ? bytes : null,
    publicKeyLine,
    problems: problemsOf(path, mode, text, publicKeyLine),
  }
}

function problemsOf(
  path: string,
  mode: number,
  text: PrivateKeyText | null,
  publicKeyLine: string | null,
): readonly Problem[] {
  const problems: Problem[] = []
  // ssh, run by root, refuses a key of root's that others may read; anybody else's leaked key is no better.
  if ((mode & 0o077) !== 0) {
    problems.push(
      problem('laptop.builder-key-exposed', { key: path, mode: mode.toString(8).padStart(4, '0') }),
    )
  }
  if (text?.state === 'encrypted') problems.push(problem('laptop.builder-key-encrypted', { key: path }))
  if (publicKeyLine !== null && isUntestable(publicKeyLine)) {
    problems.push(problem('laptop.builder-key-untestable', { key: path, what: typeOf(publicKeyLine) }))
  } else if (text?.state === 'not-a-key') {
    problems.push(problem('laptop.builder-key-untestable', { key: path, what: '?' }))
  } else if (publicKeyLine === null) {
    problems.push(problem('laptop.builder-pubkey-missing', { key: path }))
  }
  return problems
}

const typeOf = (line: string) => line.split(' ', 1)[0] ?? ''

/** A token signs only when touched, and a certificate is judged by its authority: the public key alone proves nothing. */
function isUntestable(line: string): boolean {
  return /^sk-|-cert-v0\d@openssh\.com$/.test(typeOf(line))
}

/** Null where this user may not read it, which is as it should be. */
async function readPrivate(path: string): Promise<Buffer | null> {
  const read = await readBytes(path, 64 * 1024)
  return read.state === 'read' && !read.truncated ? read.bytes : null
}

/** The key line of KEY.pub: "type base64 comment". */
async function readPublic(path: string): Promise<string | null> {
  const file = await readText(`${path}.pub`)
  if (file.state !== 'read') return null
  const line = file.text.split('\n').find((one) => /^[\w@.-]+ +[A-Za-z0-9+/]+=*( |$)/.test(one.trim()))
  return line?.trim() ?? null
}
