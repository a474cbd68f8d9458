// The scripts about a whole desktop, run by a real sh: settings files, keys, firewalls, and steps that hang or are cut off.
import { spawn, spawnSync } from 'node:child_process'
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
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withLine } from '../../../../src/core/repair/authorized-keys.ts'
import { call, type StepCode, stepsProgram, takeBackCode } from '../../../../src/core/repair/sh.ts'
import { canTest } from '../../../needs.ts'

const has = (program: string) => spawnSync('which', [program]).status === 0
const isRoot = process.getuid?.() === 0

/** A network of its own, with a firewall of its own, is root's to have. */
function canFilter(program: string): boolean {
  if (isRoot) return canTest(program, has(program))
  console.warn(`LEFT OUT: tests of ${program}, which need root`)
  return false
}

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'repair-desktop-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let count = 0
const place = () => {
  const at = join(folder, `p${++count}`)
  mkdirSync(at)
  return at
}

interface RunOptions {
  /** What sh is started by. */
  readonly inside?: readonly string[]
  readonly path?: string
  /** Hangs up as soon as a step says that it has begun. */
  readonly hangUp?: true
}

async function run(codes: readonly StepCode[], { inside = [], path, hangUp }: RunOptions = {}) {
  const [program = 'sh', ...argv] = [...inside, 'sh', '-s', '--', '127.0.0.1']
  const env = path === undefined ? process.env : { ...process.env, PATH: `${path}:${process.env['PATH']}` }
  const child = spawn(program, argv, { stdio: ['pipe', 'pipe', 'pipe'], env })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString('latin1')
      if (hangUp && said.includes('it has begun')) child.stdin.end()
    })
  child.stdin.on('error', () => {})
  child.stdin.write(stepsProgram('TOKEN', codes))
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  const news = [...said.matchAll(/^@TOKEN (.*)$/gm)].map(([, json = '']) => JSON.parse(json))
  const backup = news.findLast((one) => one.backup !== undefined)?.backup as string | undefined
  return { code, said, states: news.map((one) => one.state as string), backup }
}

/** A step that only looks: its lines are its output. */
const look = (...lines: readonly string[]): StepCode => ({
  id: 'look',
  check: '[ "$taken_back" = look ]',
  run: [...lines, 'taken_back=look'],
  undo: [],
  scripts: ['firewall'],
})

describe('a line more in the settings', () => {
  const line = 'extra-trusted-users = nix-builder'
  const add = (file: string): StepCode => ({
    id: 'trust-builder',
    check: call('has_setting', [file, line]),
    run: [call('add_setting', [file, line])],
    undo: [call('remove_setting', [file, line])],
    scripts: ['nix-conf'],
  })
  const someLine = fc.oneof(
    fc.constantFrom(
      'trusted-users = root',
      '',
      '# note',
      'sandbox = true',
      '!include other.conf',
      `# ${line}`,
      ` ${line}`,
    ),
    fc
      .uint8Array({ maxLength: 50 })
      .map((bytes) => Buffer.from(bytes).toString('latin1').replaceAll('\n', 'n')),
  )
  const someFile = fc
    .tuple(fc.array(someLine, { maxLength: 10 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
    .map(([lines, ending, last]) =>
      Buffer.from(lines.join(ending) + (last && lines.length > 0 ? ending : ''), 'latin1'),
    )

  it('keeps every byte of fifty files, and comes out again whole', { timeout: 120_000 }, async () => {
    const files = fc.sample(someFile, 50).map((bytes) => ({ bytes, file: join(place(), 'nix.conf') }))
    for (const { bytes, file } of files) writeFileSync(file, bytes, { mode: 0o640 })
    const added = await run(files.map(({ file }) => add(file)))
    expect(added.states.filter((state) => state === 'done')).toHaveLength(50)
    for (const { bytes, file } of files) {
      expect(readFileSync(file, 'latin1')).toBe(withLine(bytes.toString('latin1'), line))
      expect(statSync(file).mode & 0o777).toBe(0o640)
    }
    await run(files.flatMap(({ file }) => takeBackCode({ ...add(file), id: file }) ?? []))
    for (const { bytes, file } of files) {
      expect(readFileSync(file).equals(bytes), JSON.stringify(bytes.toString('latin1'))).toBe(true)
      expect(readdirSync(join(file, '..')).filter((name) => /lock|-new-|-cut-/.test(name))).toEqual([])
    }
  })

  it('goes through a link to the file, and never into the Nix store', async () => {
    const at = place()
    writeFileSync(join(at, 'real.conf'), 'a = b\n')
    symlinkSync('real.conf', join(at, 'nix.conf'))
    expect((await run([add(join(at, 'nix.conf'))])).states).toEqual(['running', 'done'])
    expect(readFileSync(join(at, 'real.conf'), 'utf8')).toBe(`a = b\n${line}\n`)
    symlinkSync('/nix/store/xyz-nix.conf', join(at, 'declared.conf'))
    const refused = await run([add(join(at, 'declared.conf'))])
    expect(refused.states.at(-1)).not.toBe('done')
    // Where Nix has made no store yet, such a link leads nowhere at all.
    const why = existsSync('/nix/store') ? '/nix/store/xyz-nix.conf is made by NixOS' : 'leads nowhere'
    expect(refused.said).toContain(why)
  })
})

describe('a step', () => {
  it('that hangs is ended in its time, and taken back', { timeout: 20_000 }, async () => {
    const mark = join(place(), 'undone')
    const began = performance.now()
    const ran = await run([
      { id: 'start-cache', check: 'false', run: ['sleep 30'], undo: [call('touch', [mark])], seconds: 1 },
    ])
    expect(ran.states).toEqual(['running', 'rolled-back'])
    expect(ran.said).toContain('it took more than 1 seconds')
    expect(existsSync(mark)).toBe(true)
    expect(performance.now() - began).toBeLessThan(10_000)
  })

  it('that is cut off when the laptop goes away is taken back as far as it came', async () => {
    const mark = join(place(), 'undone')
    const ran = await run(
      [
        {
          id: 'create-builder-user',
          check: 'false',
          run: ['echo it has begun', 'sleep 0.5'],
          undo: [call('touch', [mark])],
        },
      ],
      { hangUp: true },
    )
    expect(ran.states).toEqual(['running'])
    expect(existsSync(mark)).toBe(true)
  })
})

describe('a signing key', () => {
  const me = userInfo().username
  const bin = '/usr/bin'
  const make = (at: string, name: string): StepCode => ({
    id: 'make-cache-key',
    check: call('is_cache_key', [bin, join(at, 'secret'), name, me]),
    run: [call('make_cache_key', [bin, name, join(at, 'secret'), join(at, 'public'), me])],
    undo: [call('drop_cache_key', [bin, join(at, 'secret'), join(at, 'public'), name])],
    scripts: ['cache-key'],
  })

  it('is made by Nix, closed to others, told to nobody, and taken back with the old public half in place', async () => {
    if (!canTest('nix-store', existsSync(`${bin}/nix-store`))) return
    const at = place()
    writeFileSync(join(at, 'public'), 'old-1:AAAA')
    const ran = await run([make(at, 'new-2')])
    expect(ran.states, ran.said).toEqual(['running', 'done'])
    expect(statSync(join(at, 'secret')).mode & 0o777).toBe(0o400)
    expect(statSync(join(at, 'public')).mode & 0o777).toBe(0o644)
    const secret = readFileSync(join(at, 'secret'), 'utf8')
    expect(secret).toMatch(/^new-2:[A-Za-z0-9+/]{86}==$/)
    expect(readFileSync(join(at, 'public'), 'utf8')).toMatch(/^new-2:[A-Za-z0-9+/]{43}=$/)
    expect(ran.said).not.toContain(secret.split(':')[1]?.slice(0, 20))
    expect(readdirSync(at).filter((name) => name.startsWith('.'))).toEqual([])
    const back = takeBackCode(make(at, 'new-2'), ran.backup)
    if (back === null) throw new Error('it can be taken back')
    expect((await run([back])).states).toEqual(['running', 'done'])
    expect(readdirSync(at)).toEqual(['public'])
    expect(readFileSync(join(at, 'public'), 'utf8')).toBe('old-1:AAAA')
  })

  it('never takes the place of another', async () => {
    if (!canTest('nix-store', existsSync(`${bin}/nix-store`))) return
    const at = place()
    writeFileSync(join(at, 'secret'), 'mine')
    const ran = await run([make(at, 'new-2')])
    expect(ran.states).toEqual(['running', 'rolled-back'])
    expect(readFileSync(join(at, 'secret'), 'utf8')).toBe('mine')
    expect(readdirSync(at)).toEqual(['secret'])
  })
})

describe('an open port', () => {
  const alone = ['unshare', '--net']
  const ip: StepCode = {
    id: 'open-firewall',
    check: call('iptables_has', ['5000', '']),
    run: [call('open_iptables', ['5000', ''])],
    undo: [call('close_iptables', ['5000', ''])],
    scripts: ['firewall'],
  }
  const kept = (code: StepCode, file: string): StepCode => ({
    ...code,
    check: code.check.replace(/''$/, () => `'${file}'`),
    run: code.run.map((one) => one.replace(/''$/, () => `'${file}'`)),
    undo: code.undo.map((one) => one.replace(/''$/, () => `'${file}'`)),
  })
  const rules = [
    '# Generated by iptables-save',
    '*nat',
    ':PREROUTING ACCEPT [0:0]',
    'COMMIT',
    '*filter',
    ':INPUT DROP [0:0]',
    ':FORWARD DROP [0:0]',
    ':OUTPUT ACCEPT [0:0]',
    '-A INPUT -i lo -j ACCEPT',
    '-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT',
    'COMMIT',
    '',
  ].join('\n')

  it('of iptables stands before every drop, now and in the rules file, and goes without a trace', async () => {
    if (!canFilter('iptables')) return
    const file = join(place(), 'rules.v4')
    writeFileSync(file, rules)
    const code = kept(ip, file)
    const back = takeBackCode(code)
    if (back === null) throw new Error('it can be taken back')
    const ran = await run(
      [
        look(
          'iptables -P INPUT DROP',
          'iptables -A INPUT -p tcp --dport 5000 -j DROP',
          `cp '${file}' '${file}.0'`,
        ),
        code,
        {
          ...look('iptables -S INPUT', `cp '${file}' '${file}.1'`),
          check: '[ "$taken_back" = two ]',
          run: ['iptables -S INPUT', `cp '${file}' '${file}.1'`, 'taken_back=two'],
        },
        back,
        {
          ...look(),
          check: '[ "$taken_back" = three ]',
          run: ['echo after', 'iptables -S INPUT', 'taken_back=three'],
        },
      ],
      { inside: alone },
    )
    expect(
      ran.states.filter((state) => state === 'done'),
      ran.said,
    ).toHaveLength(5)
    const [before = '', after = ''] = ran.said.split('after\n')
    expect(before.split('\n').filter((line) => line.startsWith('-A'))).toEqual([
      '-A INPUT -p tcp -m tcp --dport 5000 -m comment --comment offload-tray -j ACCEPT',
      '-A INPUT -p tcp -m tcp --dport 5000 -j DROP',
    ])
    expect(after.split('\n').filter((line) => line.startsWith('-A'))).toEqual([
      '-A INPUT -p tcp -m tcp --dport 5000 -j DROP',
    ])
    expect(readFileSync(`${file}.1`, 'utf8')).toBe(
      rules.replace(
        '-A INPUT -i lo',
        '-A INPUT -p tcp -m tcp --dport 5000 -m comment --comment offload-tray -j ACCEPT\n-A INPUT -i lo',
      ),
    )
    expect(readFileSync(file, 'utf8')).toBe(rules)
  })

  it('of iptables is put first again where somebody dropped it later', async () => {
    if (!canFilter('iptables')) return
    const ran = await run(
      [ip, { ...look('iptables -I INPUT -p tcp --dport 5000 -j DROP') }, ip, { ...ip, id: 'again' }],
      { inside: alone },
    )
    expect(ran.states).toEqual([
      'running',
      'done',
      'running',
      'done',
      'running',
      'done',
      'running',
      'unchanged',
    ])
  })

  it('of nftables stands before the drop, now and in its file, and goes without a trace', async () => {
    if (!canFilter('nft')) return
    const text =
      '#!/usr/sbin/nft -f\nflush ruleset\ntable inet filter {\n  chain input {\n    type filter hook input priority 0; policy drop;\n    tcp dport 22 accept\n    drop\n  }\n}'
    const file = join(place(), 'nftables.conf')
    writeFileSync(file, text)
    const words = ['inet filter input', '5000', file]
    const code: StepCode = {
      id: 'open-firewall',
      check: call('nftables_has', words),
      run: [call('open_nftables', words)],
      undo: [call('close_nftables', words)],
      scripts: ['firewall'],
    }
    const back = takeBackCode(code)
    if (back === null) throw new Error('it can be taken back')
    const ran = await run(
      [
        look(`nft -f '${file}'`),
        code,
        {
          ...look(),
          check: '[ "$taken_back" = two ]',
          run: [`nft -f '${file}'`, 'nft list chain inet filter input', 'taken_back=two'],
        },
        { ...code, id: 'after the next start' },
        back,
        {
          ...look(),
          check: '[ "$taken_back" = three ]',
          run: ['echo after', 'nft list ruleset', 'taken_back=three'],
        },
      ],
      { inside: alone },
    )
    expect(ran.states, ran.said).toEqual([
      'running',
      'done',
      'running',
      'done',
      'running',
      'done',
      'running',
      'unchanged',
      'running',
      'done',
      'running',
      'done',
    ])
    const [before = '', after = ''] = ran.said.split('after\n').slice(-2)
    const order = ['tcp dport 5000 accept', 'tcp dport 22 accept', '\tdrop'].map((rule) =>
      before.indexOf(rule),
    )
    expect(order.every((at, n) => at > (order[n - 1] ?? -1))).toBe(true)
    expect(after).not.toContain('5000')
    expect(readFileSync(file, 'utf8')).toBe(text)
  })

  it('of ufw and firewalld is asked for in their own words (stand-ins that only remember)', async () => {
    const at = place()
    const standIn = (name: string, text: string) =>
      writeFileSync(join(at, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 })
    standIn(
      'ufw',
      `case "$*" in "show added") cat '${at}/ufw.rules' 2>/dev/null ;; *) echo "ufw $*" >>'${at}/ufw.rules' ;; esac`,
    )
    standIn(
      'firewall-cmd',
      `file='${at}/fw.run'; for word; do case $word in --permanent) file='${at}/fw.kept' ;; --add-port=*) add=\${word#*=} ;; --query-port=*) ask=\${word#*=} ;; esac; done
      [ -z "\${add-}" ] || echo "$add" >>"$file"; [ -z "\${ask-}" ] || grep -qx "$ask" "$file" 2>/dev/null`,
    )
    const codes: StepCode[] = [
      { id: 'ufw', check: 'ufw_has 5000', run: ['ufw allow 5000/tcp'], undo: [], scripts: ['firewall'] },
      {
        id: 'firewalld',
        check: 'firewalld_has 5000/tcp --zone=home',
        run: [
          'firewall-cmd --quiet --permanent --zone=home --add-port=5000/tcp',
          'firewall-cmd --quiet --zone=home --add-port=5000/tcp',
        ],
        undo: [],
        scripts: ['firewall'],
      },
    ]
    expect((await run(codes, { path: at })).states).toEqual(['running', 'done', 'running', 'done'])
    expect((await run(codes, { path: at })).states).toEqual(['running', 'unchanged', 'running', 'unchanged'])
  })
})
