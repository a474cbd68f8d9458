// npm as a child process. Its own settings decide the registry, the proxy and the credentials.
import { spawn } from 'node:child_process'

export interface NpmResult {
  code: number
  stdout: string
  stderr: string
}

/** The npm that runs us, else the one on PATH. */
function npmCommand(env: NodeJS.ProcessEnv): { file: string; first: string[] } {
  const own = env['npm_execpath']
  return own?.endsWith('npm-cli.js') ? { file: process.execPath, first: [own] } : { file: 'npm', first: [] }
}

/** Runs npm in `cwd` and gives what it printed; code 127 where npm is missing. Ends with the process, never throws. */
export function npm(args: string[], cwd: string, env: NodeJS.ProcessEnv = process.env): Promise<NpmResult> {
  const { file, first } = npmCommand(env)
  return new Promise((resolve) => {
    const child = spawn(file, [...first, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    child.on('error', (error) => resolve({ code: 127, stdout, stderr: error.message }))
    child.on('close', (code) => resolve({ code: code ?? 1, stdout, stderr }))
  })
}

/** The line of npm's output that says why: the code and message, without npm's own hints about logs. */
export function npmReason(result: NpmResult): string {
  const lines = result.stderr
    .split('\n')
    .filter((line) => /^npm (error|ERR!)/.test(line) && !/complete log|debug-0\.log/.test(line))
    .map((line) => line.replace(/^npm (error|ERR!)\s*/, '').trim())
    .filter((line) => line !== '')
  return (
    lines.slice(0, 2).join(': ') || result.stderr.trim().split('\n').at(-1) || `npm ended with ${result.code}`
  )
}
