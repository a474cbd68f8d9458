// A glance sees the builders that a survey would see, or leaves it to the survey.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { laptopFiles } from '../../../../src/core/laptop/files.ts'
import { glance } from '../../../../src/core/test-build/glance.ts'

const rows = `ssh-ng://nix-builder@desktop x86_64-linux /etc/nix/builder_key 0
ssh://nix-builder@other aarch64-linux,x86_64-linux /etc/nix/builder_key 4 2 kvm kvm
`

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'glance-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function look(conf: string, machines: string | null) {
  writeFileSync(join(folder, 'nix.conf'), conf.replaceAll('DIR', folder))
  if (machines !== null) writeFileSync(join(folder, 'machines'), machines)
  return glance({}, { ...laptopFiles, nixConfDir: folder, sshConfig: join(folder, 'ssh_config') })
}

describe('a glance', () => {
  it('reads the rows of the machines file, as a survey does', async () => {
    expect(await look('max-jobs = 4\n', rows)).toMatchObject([
      { id: 'ssh-ng://nix-builder@desktop', host: 'desktop', maxJobs: 0, address: { port: 22 } },
      {
        id: 'ssh://nix-builder@other',
        systems: ['aarch64-linux', 'x86_64-linux'],
        mandatoryFeatures: ['kvm'],
      },
    ])
  })

  it('follows `builders` to another file', async () => {
    writeFileSync(join(folder, 'elsewhere'), rows)
    expect(await look('builders = @DIR/elsewhere\n', null)).toHaveLength(2)
  })

  it.each([
    ['no machines file', '', null],
    ['offloading turned off', 'builders =\n', rows],
    ['a row that is broken', '', `${rows}ssh-ng://x x86_64-linux - many\n`],
    ['a row that is no ssh', '', `${rows}unix:///run/other x86_64-linux\n`],
    ['a nix.conf that is broken', 'max-jobs 4\n', rows],
    ['a system of its own', 'system = i686-linux\n', rows],
    ['a build hook of its own', 'build-hook =\n', rows],
  ])('leaves %s to the survey', async (_, conf, machines) => {
    expect(await look(conf, machines)).toBeNull()
  })
})
