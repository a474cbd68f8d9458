// nixos.sh on real files, by a real sh and the real Nix: edits are whole or not at all, and everything can go back.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { call, type StepCode } from '../../../../src/core/repair/sh.ts'
import { canRun } from '../../../needs.ts'
import { hasNix } from '../../nix/nix-instantiate.ts'
import { runSteps } from './run-steps.ts'

// The modes below are those of any machine, whatever umask the tests were started with.
process.umask(0o022)

/** A Nix of these tests' own: they write nothing of the machine's, and share nothing with a run beside them. */
const nix = mkdtempSync(join(tmpdir(), 'offload-nixos-nix-'))
afterAll(() => rmSync(nix, { recursive: true, force: true }))

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'offload-nixos-'))
})
afterEach(() => {
  for (const one of [folder, `${folder}-notes`]) rmSync(one, { recursive: true, force: true })
})

const sum = (text: string) => createHash('sha256').update(text).digest('hex')
const at = (name: string) => join(folder, name)
const read = (name: string) => readFileSync(at(name), 'utf8')

interface Step {
  readonly run: string
  readonly check: string
  readonly undo?: string
}

/** The states that the steps told, and all that was said. Its folder in /run is one of ours. */
async function run(...steps: readonly Step[]) {
  const codes = steps.map(
    ({ run, check, undo }, n): StepCode => ({
      id: `step-${n}`,
      check,
      run: [run],
      undo: undo === undefined ? [] : [undo],
      scripts: ['nixos'],
    }),
  )
  const { news, said } = await runSteps(codes, {
    env: { NIX_STATE_DIR: join(nix, 'state'), NIX_STORE_DIR: join(nix, 'store') },
    edit: (program) =>
      program
        .replaceAll('/run/offload-tray', `${folder}/run-offload-tray`)
        .replaceAll('/var/lib/offload-tray', `${folder}-notes`),
  })
  return {
    told: news.filter(({ state }) => state !== 'running').map(({ id, state }) => `${id} ${state}`),
    cause: news.at(-1)?.cause,
    said,
  }
}

const edit = (name: string, before: string, after: string, undo?: string): Step => ({
  run: call('edit_nix', [at(name), sum(before), after]),
  check: call('has_sum', [at(name), sum(after)]),
  ...(undo === undefined ? {} : { undo }),
})
const fails: Step = { run: 'false', check: 'false', undo: call('take_back', ['step-0', 'step-1']) }
const left = () => readdirSync(folder, { recursive: true }).map(String).sort()

describe.runIf(hasNix)('an edit of a NixOS file', () => {
  const dollar = '$'
  const odd = `# café\r\n{ a = "it's ${dollar}HOME \\\\ %s"; }` // no newline at its end
  const next = `{ y, z }: { a = "it's ${dollar}{y} \\n";\r\n  b = ''\n    %s \\n ''${dollar}{z}\n  ''; }\n\n`

  it('gives exactly the bytes that were shown, keeps mode and a copy of the old file', async () => {
    writeFileSync(at('x.nix'), odd, { mode: 0o640 })
    const { told, said } = await run(edit('x.nix', odd, next))
    expect(told, said).toEqual(['step-0 done'])
    expect(read('x.nix')).toBe(next)
    expect(statSync(at('x.nix')).mode & 0o777).toBe(0o640)
    const [copy = ''] = left().filter((name) => name.includes('offload-backup'))
    expect(read(copy)).toBe(odd)
    expect(left()).toHaveLength(2)
  })

  it('follows a link, and leaves it one', async () => {
    mkdirSync(at('home'))
    writeFileSync(at('home/x.nix'), odd)
    symlinkSync(at('home/x.nix'), at('x.nix'))
    expect((await run(edit('x.nix', odd, next))).told).toEqual(['step-0 done'])
    expect(read('home/x.nix')).toBe(next)
    expect(execFileSync('readlink', [at('x.nix')], { encoding: 'utf8' }).trim()).toBe(at('home/x.nix'))
  })

  it('is not made to a file that somebody changed meanwhile', async () => {
    writeFileSync(at('x.nix'), '{ theirs = true; }\n')
    const { told, cause } = await run(edit('x.nix', odd, next))
    expect(told).toEqual(['step-0 failed'])
    expect(cause).toBe('desktop.changed-meanwhile')
    expect(left()).toEqual(['x.nix'])
    expect(read('x.nix')).toBe('{ theirs = true; }\n')
  })

  it('is not made where Nix itself cannot read it', async () => {
    writeFileSync(at('x.nix'), odd)
    const { told, said } = await run(edit('x.nix', odd, '{ a = ; }\n'))
    expect(told).toEqual(['step-0 failed'])
    expect(said).toMatch(/syntax error/)
    expect(left()).toEqual(['x.nix'])
    expect(read('x.nix')).toBe(odd)
  })

  /** As a power cut leaves it: the run wound up nothing, and /run is empty after a restart. The way of its note. */
  const cut = 'kill -9 "$watcher" $(cat "/proc/$clock/task/$clock/children") "$clock" "$$"'
  const cutOff = async () => {
    writeFileSync(at('x.nix'), odd)
    await run(edit('x.nix', odd, next), { run: cut, check: 'false' })
    for (const name of readdirSync(folder).filter((one) => one.startsWith('run-offload-tray.')))
      rmSync(at(name), { recursive: true })
    expect(read('x.nix')).toBe(next)
    const [note = ''] = readdirSync(`${folder}-notes`)
    expect(note).toMatch(/^\w{6}\.journal$/)
    return `${folder}-notes/${note}`
  }
  const settle = (how: string, note: string): Step => ({
    run: call(how, [note]),
    check: call('note_gone', [note]),
  })

  it('leaves a note where a power cut ends its run, by which it is taken back to the byte', async () => {
    const { told, said } = await run(settle('put_back_edits', await cutOff()))
    expect(told, said).toEqual(['step-0 done'])
    expect(read('x.nix')).toBe(odd)
    expect(left()).toEqual(['x.nix'])
    expect(existsSync(`${folder}-notes`)).toBe(false)
  })

  it('of such a note becomes the next run’s, and goes back with what fails there', async () => {
    const { told, said } = await run(settle('adopt_edits', await cutOff()), fails)
    expect(told.slice(0, 2), said).toEqual(['step-0 done', 'step-0 rolled-back'])
    expect(read('x.nix')).toBe(odd)
    expect(existsSync(`${folder}-notes`)).toBe(false)
  })

  it('of such a note is left as it is where somebody changed the file since', async () => {
    const note = await cutOff()
    writeFileSync(at('x.nix'), '{ theirs = true; }')
    const { told, cause } = await run(settle('put_back_edits', note))
    expect([told, cause]).toEqual([['step-0 failed'], 'desktop.changed-meanwhile'])
    expect(read('x.nix')).toBe('{ theirs = true; }')
  })

  it('goes back with what failed after it, the earlier steps told so', async () => {
    writeFileSync(at('x.nix'), odd)
    writeFileSync(at('y.nix'), '{ }')
    const { told, said } = await run(edit('x.nix', odd, next), edit('y.nix', '{ }', '{ a = 1; }\n'), fails)
    expect(told, said).toEqual([
      'step-0 done',
      'step-1 done',
      'step-0 rolled-back',
      'step-1 rolled-back',
      'step-2 rolled-back',
    ])
    expect([read('x.nix'), read('y.nix')]).toEqual([odd, '{ }'])
    expect(left()).toEqual(['x.nix', 'y.nix'])
  })
})

describe.runIf(hasNix && process.getuid?.() === 0)('a module that is put in place', () => {
  const place = (text: string): Step => ({
    run: call('place_module', [at('modules/services/m.nix'), text]),
    check: call('is_placed', [at('modules/services/m.nix'), sum(text)]),
  })

  it('is for all to read, folders too, and goes with them when it is taken back', async () => {
    expect((await run(place('{ }\n'))).told).toEqual(['step-0 done'])
    expect(statSync(at('modules/services/m.nix')).mode & 0o777).toBe(0o644)
    expect(statSync(at('modules/services')).mode & 0o777).toBe(0o755)
    rmSync(at('modules'), { recursive: true })
    await run(place('{ }\n'), fails)
    expect(left()).toEqual([])
  })

  it('never replaces another file, and leaves one that is the same when it is taken back', async () => {
    mkdirSync(at('modules/services'), { recursive: true })
    writeFileSync(at('modules/services/m.nix'), '{ theirs = 1; }\n')
    expect((await run(place('{ }\n'))).told).toEqual(['step-0 failed'])
    expect(read('modules/services/m.nix')).toBe('{ theirs = 1; }\n')
    expect((await run(place('{ theirs = 1; }\n'), fails)).told[0]).toBe('step-0 unchanged')
    expect(read('modules/services/m.nix')).toBe('{ theirs = 1; }\n')
  })

  it.runIf(canRun('git'))('is added to a Git tree, so that Nix sees it, and taken out again', async () => {
    const git = (...words: string[]) => execFileSync('git', ['-C', folder, ...words], { encoding: 'utf8' })
    git('init', '-q')
    writeFileSync(at('.gitignore'), 'run-offload-tray*\n')
    expect((await run(place('{ }\n'))).told).toEqual(['step-0 done'])
    expect(git('ls-files')).toBe('modules/services/m.nix\n')
    git('rm', '-q', '--cached', '-f', 'modules/services/m.nix')
    expect((await run(place('{ }\n'))).told).toEqual(['step-0 done'])
    rmSync(at('modules'), { recursive: true })
    git('rm', '-q', '--cached', '-f', 'modules/services/m.nix')
    await run(place('{ }\n'), fails)
    expect(git('ls-files')).toBe('')
    expect(left().filter((name) => !name.startsWith('.git'))).toEqual([])
  })
})
