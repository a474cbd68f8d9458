// Texts from other machines and files: they may be huge or vicious, and stay text.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browser, startBrowser } from './rig/browser.ts'
import { buildView, ended, failed } from './rig/builds.ts'
import { appState, builder, cache, laptop, snapshot } from './rig/states.ts'
import { openWindow, sidewaysOverflow } from './rig/window.ts'

const markup = '<img src=x onerror="window.pwned = true"><script>window.pwned = true</script>'
const escapes = '\u001b[31mred\u001b[0m \u001b]0;title\u0007 \u0000\u0008'
const bidi = 'desk\u202etop\u2066\u200b'
const misleading = ['\u001b', '\u202e', '\u2066', '\u200b']
const endless = 'x'.repeat(100_000)
const lines = `${'line of the answer\n'.repeat(5000)}${endless}`

/** A state in which every text a stranger controls is `text`. */
function filledWith(text: string) {
  const host = builder(text, {
    reachable: { state: 'fail', cause: 'net.timeout', params: { host: text }, detail: text },
    'host-key': {
      state: 'fail',
      cause: 'ssh.host-key-changed',
      params: { host: text, port: 22, expected: text, offered: text, source: text },
    },
  })
  const answering = cache(text, {
    'cache-info': {
      state: 'fail',
      cause: 'cache.http-error',
      params: { url: text, status: 500 },
      detail: text,
    },
  })
  return appState({
    snapshot: snapshot({
      builders: [host],
      caches: [{ ...answering, url: text }],
      laptop: laptop({
        'nix-config': {
          state: 'fail',
          cause: 'laptop.machines-invalid',
          params: { file: text, line: 1, what: text },
        },
      }),
    }),
    configProblems: [text],
  })
}

let browser: Browser
beforeAll(async () => {
  browser = await startBrowser()
})
afterAll(() => browser?.close())

describe.each([
  { name: 'markup', text: markup },
  { name: 'terminal escapes', text: escapes },
  { name: 'direction-changing and invisible characters', text: bidi },
  { name: 'a line of 100 kB', text: endless },
  { name: '5,000 lines', text: lines },
])('$name in every text', ({ text }) => {
  for (const width of [960, 360]) {
    it(`stays text and breaks no layout at ${width} px`, async () => {
      const window = await openWindow(browser, filledWith(text), { width })
      for (const summary of await window.page.locator('.row > summary').all()) await summary.click()
      expect(await sidewaysOverflow(window.page)).toBe(0)
      expect(await window.page.evaluate(() => 'pwned' in window)).toBe(false)
      expect(await window.page.locator('main img, main script').count()).toBe(0)
      const shown = (await window.page.locator('body').textContent()) ?? ''
      for (const sign of misleading) expect(shown).not.toContain(sign)
      for (const sign of misleading) expect(await window.page.title()).not.toContain(sign)
      await window.close()
    })
  }

  it('stays text in the test build view', async () => {
    const result = {
      ...failed,
      builder: text,
      problem: { ...failed.problem, raw: text, params: { host: text } },
    }
    const view = { ...ended(result), log: [text, text], reproduce: text }
    const window = await openWindow(browser, appState(buildView(view)), { width: 360 })
    for (const summary of await window.page.locator('.fold > summary').all()) await summary.click()
    expect(await sidewaysOverflow(window.page)).toBe(0)
    expect(await window.page.evaluate(() => 'pwned' in window)).toBe(false)
    await window.close()
  })
})

describe('a command made of a hostile name', () => {
  const rowWith = (host: string) =>
    appState({
      snapshot: snapshot({
        builders: [
          builder('desktop', { reachable: { state: 'fail', cause: 'net.timeout', params: { host } } }),
        ],
      }),
    })

  it('is quoted, so that pasting it runs nothing of the name', async () => {
    const window = await openWindow(browser, rowWith("a'; touch /tmp/pwned; '"))
    await window.page.locator('[data-check=reachable]').getByRole('button', { name: 'Copy command' }).click()
    const [call] = await window.calls('copy')
    expect(call?.request).toBe(`ping -c 3 'a'\\''; touch /tmp/pwned; '\\'''`)
    await window.close()
  })

  it('is not offered where the name would be an option or end the line', async () => {
    for (const host of ['-oProxyCommand=sh', 'desktop\nrm -rf ~', 'desk\u202etop']) {
      const window = await openWindow(browser, rowWith(host))
      const row = window.page.locator('[data-check=reachable]')
      expect(await row.getByRole('button').allTextContents(), host).toEqual(['Check again'])
      await window.close()
    }
  })
})
