// Package names by release, what is missing, and which library is in which package.
import { describe, expect, it } from 'vitest'
import {
  bothForms,
  candidates,
  installedNames,
  namesHere,
  readSystem,
} from '../../../scripts/debian/names.ts'
import { isPurpose, packages, packagesFor } from '../../../scripts/debian/packages.ts'
import { notFound, packagesWith } from '../../../scripts/start/libraries.ts'

const bookworm = readSystem('PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_ID="12"\nID=debian\n')
const trixie = readSystem('VERSION_ID="13"\nID=debian\n')

describe('the release', () => {
  it('is read from os-release', () => {
    expect(bookworm).toEqual({ debianLike: true, t64: false })
    expect(trixie).toEqual({ debianLike: true, t64: true })
    expect(readSystem('ID=debian\n')).toEqual({ debianLike: true, t64: true })
    expect(readSystem('ID=ubuntu\nID_LIKE=debian\nVERSION_ID="24.04"\n')).toEqual({
      debianLike: true,
      t64: true,
    })
    expect(readSystem('ID=ubuntu\nVERSION_ID="22.04"\n')).toEqual({ debianLike: true, t64: false })
    expect(readSystem('ID=nixos\nVERSION_ID="25.11"\n').debianLike).toBe(false)
  })

  it('decides the names: by what apt has, else by what is known', () => {
    const names = ['libgtk-3-0', 'libnss3']
    expect(namesHere(names, new Set(names), bookworm)).toEqual(names)
    expect(namesHere(names, new Set(['libgtk-3-0t64', 'libnss3']), trixie)).toEqual([
      'libgtk-3-0t64',
      'libnss3',
    ])
    expect(namesHere(names, new Set(), trixie)).toEqual(['libgtk-3-0t64', 'libnss3'])
    expect(namesHere(names, new Set(), bookworm)).toEqual(names)
    expect(bothForms(names)).toEqual(['libgtk-3-0', 'libgtk-3-0t64', 'libnss3'])
  })

  it('believes apt only about packages with a candidate', () => {
    const policy =
      'libgtk-3-0:\n  Installed: (none)\n  Candidate: (none)\nlibnss3:\n  Installed: (none)\n  Candidate: 2:3.110\n'
    expect([...candidates(policy)]).toEqual(['libnss3'])
  })

  it('counts as installed only what dpkg calls installed', () => {
    expect([...installedNames('xvfb installed\ndunst config-files\n')]).toEqual(['xvfb'])
  })
})

describe('the lists', () => {
  it('hold what the tests need, each package once', () => {
    const all = packagesFor(['app', 'test', 'lab'])
    expect(all).toEqual([...new Set(all)])
    expect(packages.test).toEqual(
      expect.arrayContaining([...packages.app, 'xvfb', 'xfce4-panel', 'chromium']),
    )
    expect(isPurpose('lab')).toBe(true)
    expect(isPurpose('toString')).toBe(false)
  })
})

describe('missing libraries', () => {
  const ldd = [
    '\tlinux-vdso.so.1 (0x00007ffe)',
    '\tlibgtk-3.so.0 => not found',
    '\tlibgdk-3.so.0 => not found',
    '\tlibnss3.so => /lib/x86_64-linux-gnu/libnss3.so (0x00007f)',
    '\tlibasound.so.2 => not found',
    '\tlibasound.so.2 => not found',
    '\tlibodd.so.9 => not found',
  ].join('\n')

  it('are read from ldd, each once', () => {
    expect(notFound(ldd)).toEqual(['libgtk-3.so.0', 'libgdk-3.so.0', 'libasound.so.2', 'libodd.so.9'])
  })

  it('lead to their packages, and the unknown ones are named', () => {
    expect(packagesWith(notFound(ldd))).toEqual({
      packages: ['libgtk-3-0', 'libasound2'],
      unknown: ['libodd.so.9'],
    })
  })
})
