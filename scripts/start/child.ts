// Runs a program in our place: its output is ours, signals reach it, and its exit code becomes ours.
import { spawn } from 'node:child_process'
import { constants } from 'node:os'

const passed = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const

/**
 * Runs the program to its end and gives its exit code; 128 + n where signal n ended it, 127 where it cannot be started.
 * A signal to us goes on to it; we end when it does. The program gets a session of its own, and a signal is passed on once
 * in half a second: Ctrl+C reaches us through the terminal, npm and tsx, and a second SIGINT would end Chromium uncleanly.
 */
export function runInPlace(
  file: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<number> {
  return new Promise((resolve) => {
    // Before the child: it may be heard of, and a signal sent for its sake, before spawn has returned.
    const forward = passed.map((signal) => {
      let last = 0
      const listener = () => {
        if (Date.now() - last > 500) child.kill(signal)
        last = Date.now()
      }
      process.on(signal, listener)
      return () => process.off(signal, listener)
    })
    const child = spawn(file, args, { stdio: 'inherit', env, detached: true })
    const end = (code: number) => {
      for (const off of forward) off()
      resolve(code)
    }
    child.on('error', (error) => {
      console.error(`${file}: ${error.message}`)
      end(127)
    })
    child.on('close', (code, signal) => end(code ?? 128 + (signal ? constants.signals[signal] : 0)))
  })
}
