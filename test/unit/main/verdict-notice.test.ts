// What a test build's end is told as, and when.
import { describe, expect, it } from 'vitest'
import type { Message } from '../../../src/main/notify.ts'
import { followVerdicts, verdictMessage } from '../../../src/main/verdict-notice.ts'
import type { TestBuildResult, TestBuildState } from '../../../src/shared/test-build.ts'

const id = 'ssh-ng://nix-builder@10.0.0.2'
const builders = [{ id, host: 'desktop' }]
const passed: TestBuildResult = {
  ok: true,
  builder: id,
  uri: id,
  ms: 940,
  stages: [],
  remote: { bootId: 'b', kernel: '6.1' },
  outPath: '/nix/store/x',
}
const failed: TestBuildResult = {
  ok: false,
  builder: id,
  uri: id,
  problem: { cause: 'ssh.key-refused', params: { user: 'nix-builder', host: 'desk\u001b[31m\ntop' } },
  stage: 'connect',
  ms: 100,
  stages: [],
  cancelled: false,
}

describe('the message', () => {
  it('names the builder by its host, with the time in the reader’s own digits', () => {
    expect(verdictMessage(passed, builders, 'en')).toEqual({
      title: 'Test build',
      body: 'Built on desktop in 0.9\u00a0s',
    })
    expect(verdictMessage(passed, builders, 'pt-BR').body).toContain('desktop em 0,9\u00a0s')
  })

  it('names a builder that is gone by the host in its URI', () => {
    expect(verdictMessage(passed, [], 'en').body).toBe('Built on 10.0.0.2 in 0.9\u00a0s')
  })

  it('says why not, in one line without control characters', () => {
    const { body } = verdictMessage(failed, builders, 'en')
    expect(body).toMatch(/^Not built on desktop: /)
    expect(body).not.toMatch(/\p{Cc}/u)
  })
})

describe('followed builds', () => {
  function followed(isProof = false) {
    let state: TestBuildState = { phase: 'idle' }
    let tell = () => undefined as undefined
    const shown: Message[] = []
    const testBuilds = {
      state: () => state,
      subscribe: (listener: () => void) => {
        tell = () => void listener()
        return () => undefined
      },
    }
    followVerdicts({
      testBuilds,
      builders: () => builders,
      locale: 'en',
      isProof: () => isProof,
      show: (message) => shown.push(message),
      openView: () => undefined,
    })
    const put = (next: TestBuildState) => {
      state = next
      tell()
    }
    const common = { startedAt: '', stages: [], log: [] }
    return {
      shown,
      run: () => put({ phase: 'running', ...common }),
      end: (result: TestBuildResult) => put({ phase: 'ended', ...common, result, reproduce: '' }),
    }
  }

  it('are told once each, however often their state is told', () => {
    const { shown, run, end } = followed()
    run()
    run()
    expect(shown).toEqual([])
    end(passed)
    end(passed)
    expect(shown).toHaveLength(1)
    run()
    end(failed)
    expect(shown).toHaveLength(2)
  })

  it('are not told where a repair proves itself by them', () => {
    const { shown, run, end } = followed(true)
    run()
    end(passed)
    expect(shown).toEqual([])
  })

  it('are not told where the person cancelled', () => {
    const { shown, run, end } = followed()
    run()
    end({ ...failed, cancelled: true })
    expect(shown).toEqual([])
  })
})
