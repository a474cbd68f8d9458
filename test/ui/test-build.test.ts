// The Test build view: start, watch, cancel, read the verdict, compare with earlier runs.
import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { locales } from '../../src/shared/locale.ts'
import { type Browser, startBrowser } from './rig/browser.ts'
import {
  begun,
  building,
  buildView,
  cancelled,
  ended,
  failed,
  hardHistory,
  historyOf,
  notBegun,
  passed,
  running,
  waiting,
} from './rig/builds.ts'
import { appState, builder, examples, snapshot } from './rig/states.ts'
import { openWindow } from './rig/window.ts'

const idle = { phase: 'idle' } as const

let browser: Browser
beforeAll(async () => {
  browser = await startBrowser()
})
afterAll(() => browser?.close())

describe('starting and cancelling', () => {
  it('runs with one click on any builder', async () => {
    const window = await openWindow(browser, appState(buildView(idle)))
    await window.page.getByRole('button', { name: 'Run test build' }).click()
    expect(await window.calls('startTestBuild')).toEqual([{ name: 'startTestBuild', request: {} }])
    await window.close()
  })

  it('asks for the chosen one where there are several', async () => {
    const two = snapshot({ builders: [builder('desktop'), builder('attic')] })
    const window = await openWindow(browser, appState({ ...buildView(idle), snapshot: two }))
    await window.page.getByLabel('Build on').selectOption('attic')
    await window.page.getByRole('button', { name: 'Run test build' }).click()
    const [call] = await window.calls('startTestBuild')
    expect(call?.request).toEqual({ builder: 'ssh-ng://nix-builder@attic' })
    await window.close()
  })

  it('says why it cannot run where no builder is set up', async () => {
    const state = appState({ ...buildView(idle), snapshot: examples.unconfigured })
    const window = await openWindow(browser, state)
    const button = window.page.getByRole('button', { name: 'Run test build' })
    await button.click({ force: true })
    expect(await button.getAttribute('aria-disabled')).toBe('true')
    await window.page.getByText('add your desktop first').waitFor()
    expect(await window.calls('startTestBuild')).toEqual([])
    await window.close()
  })

  it('offers only to cancel while it runs', async () => {
    const window = await openWindow(browser, appState(buildView(running)))
    expect(await window.page.getByRole('button', { name: 'Run test build' }).count()).toBe(0)
    await window.page.getByText('Running for 4').waitFor()
    await window.page.getByRole('button', { name: 'Cancel test build' }).click()
    expect(await window.calls('cancelTestBuild')).toHaveLength(1)
    await window.page.getByText('Cancelling…').waitFor()
    await window.close()
  })
})

describe('the button that runs and cancels', () => {
  it('keeps the focus through a whole test build', async () => {
    const window = await openWindow(browser, appState(buildView(idle)))
    const button = window.page.locator('.controls button')
    await button.focus()
    await window.page.keyboard.press('Enter')
    await window.push(appState(buildView(running)))
    await window.page.getByRole('button', { name: 'Cancel test build' }).waitFor()
    expect(await hasFocus(button)).toBe(true)
    // Longer than a double click.
    await window.pass(500)
    await window.page.keyboard.press('Enter')
    await window.page.getByText('Cancelling…').waitFor()
    await window.push(appState(buildView(ended(cancelled))))
    await window.page.getByRole('button', { name: 'Run test build' }).waitFor()
    expect(await hasFocus(button)).toBe(true)
    expect(await window.calls('startTestBuild')).toHaveLength(1)
    expect(await window.calls('cancelTestBuild')).toHaveLength(1)
    await window.close()
  })

  it('does not take the second half of a double click for a cancel', async () => {
    const window = await openWindow(browser, appState(buildView(idle)))
    const button = window.page.locator('.controls button')
    await button.click()
    await window.push(appState(buildView(running)))
    await window.page.getByRole('button', { name: 'Cancel test build' }).waitFor()
    await window.pass(499)
    await button.click()
    expect(await window.calls('cancelTestBuild')).toEqual([])
    await window.close()
  })

  it('asks for no builder that is gone meanwhile, and tells two on one host apart', async () => {
    const again = { ...builder('desktop'), id: 'ssh://root@desktop', uri: 'ssh://root@desktop' }
    const both = snapshot({ builders: [builder('desktop'), again, builder('attic')] })
    const window = await openWindow(browser, appState({ ...buildView(idle), snapshot: both }))
    const choice = window.page.getByLabel('Build on')
    expect(await choice.locator('option').allTextContents()).toEqual([
      'Any builder',
      'ssh-ng://nix-builder@desktop',
      'ssh://root@desktop',
      'attic',
    ])
    await choice.selectOption('attic')
    await window.push(appState(buildView(idle)))
    await choice.waitFor({ state: 'detached' })
    await window.page.getByRole('button', { name: 'Run test build' }).click()
    expect(await window.calls('startTestBuild')).toEqual([{ name: 'startTestBuild', request: {} }])
    await window.close()
  })
})

describe('the timeline', () => {
  it('tells each stage’s state in words, its time, and the bytes that moved', async () => {
    const window = await openWindow(browser, appState(buildView(running)))
    const stage = (id: string) => window.page.locator(`[data-stage=${id}]`)
    expect(await stage('connect').textContent()).toContain('Done')
    expect(await stage('connect').textContent()).toContain('184')
    expect(await stage('upload').textContent()).toContain('Running')
    expect(await stage('upload').textContent()).toContain('0.6 of 1.0\u00a0MiB')
    expect(await stage('build').textContent()).toContain('Waiting')
    await window.close()
  })

  it('counts the time of a stage that tells nothing, and draws how much of the bytes is through', async () => {
    const window = await openWindow(browser, appState(buildView(building)))
    const stage = (id: string) => window.page.locator(`[data-stage=${id}]`)
    // 4 s after the start, 0.5 s of them before the build.
    await expect.poll(() => stage('build').textContent()).toContain('3.5\u00a0s')
    expect(await window.page.locator('.total').textContent()).toContain('4.0\u00a0s')
    expect(await stage('build').locator('rect').count()).toBe(1)
    await window.push(appState(buildView(running)))
    const [left, done] = await stage('upload')
      .locator('rect')
      .evaluateAll((bars) => bars.map((bar) => bar.getBoundingClientRect().width))
    expect((done ?? 0) / (left ?? 1)).toBeCloseTo(0.6, 2)
    await window.close()
  })

  it('tells the first of a GiB in MiB, so that it is seen to move', async () => {
    const bytes = { done: 31 * 1024 ** 2, expected: 1024 ** 3 }
    const large = running.stages.map((stage) => (stage.id === 'upload' ? { ...stage, bytes } : stage))
    const window = await openWindow(browser, appState(buildView({ ...running, stages: large })))
    await window.page.getByText('31.0\u00a0MiB of 1.0\u00a0GiB').waitFor()
    await window.close()
  })

  it('stands still from the first stage to the verdict, and tells no time before there is one', async () => {
    const window = await openWindow(browser, appState({ ...buildView(begun), locale: 'pt-BR' }))
    const bar = window.page.locator('.span').first()
    const before = await bar.boundingBox()
    expect(await window.page.locator('.total').textContent()).toBe('Total')
    for (const build of [waiting, running, building, ended(passed)]) {
      await window.push(appState({ ...buildView(build), locale: 'pt-BR' }))
      await window.page.locator('.stage.is-pass').first().waitFor()
      const { x, width } = (await bar.boundingBox()) ?? {}
      expect({ x, width }).toEqual({ x: before?.x, width: before?.width })
    }
    await window.close()
  })

  it('moves on as main tells, without losing the open log', async () => {
    const window = await openWindow(browser, appState(buildView(running)))
    await window.page.getByText('Log', { exact: false }).first().click()
    await window.push(appState(buildView({ ...running, log: [...running.log, 'a new line'] })))
    await window.page.getByText('a new line').waitFor()
    await window.push(appState(buildView(ended(passed))))
    await window.page.getByText('Built on desktop in').waitFor()
    expect(await window.page.locator('.log').isVisible()).toBe(true)
    await window.close()
  })

  it('draws only the lines in sight of a log of ten thousand, and follows its end', async () => {
    const log = Array.from({ length: 10_000 }, (_, at) => `line ${at}`)
    const window = await openWindow(browser, appState(buildView({ ...running, log })))
    await window.page.getByText('10,000 lines').click()
    await window.page.getByText('line 9999', { exact: true }).waitFor()
    expect(await window.page.locator('.log-line').count()).toBeLessThan(60)
    await window.page.locator('.log').evaluate((box) => {
      box.scrollTop = 18 * 5000
    })
    await window.page.getByText('line 5001', { exact: true }).waitFor()
    await window.page.getByRole('button', { name: 'Copy log' }).click()
    const [call] = await window.calls('copy')
    expect(String(call?.request).split('\n')).toHaveLength(10_000)
    await window.close()
  })
})

describe('the verdict', () => {
  it('of a passed build names the builder, the time and the proof', async () => {
    const window = await openWindow(browser, appState(buildView(ended(passed))))
    await window.page.getByRole('heading', { name: 'Built on desktop in 0.9\u00a0s' }).waitFor()
    await window.page.getByText('5b0f0c1e-6a0e-4c39-9d3c-2f9f0f8f7a11').first().waitFor()
    await window.close()
  })

  it('of a failed build names the cause, one thing to do, and what Nix said', async () => {
    const window = await openWindow(browser, appState(buildView(ended(failed))))
    const verdict = window.page.locator('.verdict')
    await verdict.getByRole('heading', { name: 'Not built on desktop:' }).waitFor()
    expect(await verdict.getByRole('button').count()).toBe(1)
    await verdict.getByText('What Nix said').click()
    await verdict.getByText('lacks a signature by a trusted key').waitFor()
    await window.close()
  })

  it('of a build that failed over there shows its log, and runs the test build again', async () => {
    const problem = {
      cause: 'nix.build-failed',
      params: { host: 'desktop' },
      raw: 'sh: cannot fork',
    } as const
    const window = await openWindow(
      browser,
      appState(buildView(ended({ ...failed, problem, stage: 'build' }))),
    )
    const verdict = window.page.locator('.verdict')
    await verdict.getByText('sh: cannot fork').waitFor()
    await verdict.getByRole('button', { name: 'Run test build' }).click()
    expect(await window.calls('startTestBuild')).toHaveLength(1)
    await window.close()
  })

  it('of a build that stopped moving asks for another look, in one button', async () => {
    const problem = {
      cause: 'nix.stalled',
      params: { host: 'desktop', stage: 'build', seconds: 21 },
    } as const
    const window = await openWindow(
      browser,
      appState(buildView(ended({ ...failed, problem, stage: 'build' }))),
    )
    await window.page.locator('.verdict').getByRole('button', { name: 'Check again' }).click()
    expect(await window.calls('checkNow')).toHaveLength(1)
    await window.close()
  })

  it('of a build that could not begin stands alone: no empty stages, no empty commands', async () => {
    const window = await openWindow(browser, appState(buildView(notBegun)))
    await window.page.getByRole('heading', { name: 'Not built on a desktop' }).waitFor()
    expect(await window.page.locator('.stages').count()).toBe(0)
    await window.close()
  })

  it.each([
    { heeded: true, says: 'You asked for attic, and so did we, but Nix chose desktop.' },
    { heeded: false, says: 'only trusted users of this laptop may choose' },
  ])(
    'says why another builder took it than the one asked for (heeded: $heeded)',
    async ({ heeded, says }) => {
      const result = { ...passed, asked: { builder: 'ssh-ng://nix-builder@attic', heeded } }
      const window = await openWindow(browser, appState(buildView(ended(result))))
      await window.page.getByText(says).waitFor()
      await window.close()
    },
  )

  it('of a cancelled build blames nothing', async () => {
    const window = await openWindow(browser, appState(buildView(ended(cancelled))))
    await window.page.getByRole('heading', { name: 'Cancelled after 2.1\u00a0s' }).waitFor()
    expect(await window.page.locator('.verdict').getByRole('button').count()).toBe(0)
    expect(await window.page.locator('.verdict .shape-blocked').count()).toBe(0)
    await window.close()
  })

  it('comes with the commands that do the same by hand, copied as shown', async () => {
    const window = await openWindow(browser, appState(buildView(ended(passed))))
    await window.page.getByText('Do the same by hand').click()
    await window.page.getByRole('button', { name: 'Copy commands' }).click()
    const [call] = await window.calls('copy')
    expect(call?.request).toBe(await window.page.locator('.code pre').textContent())
    await window.close()
  })
})

describe('the history', () => {
  it('says so while it is empty', async () => {
    const window = await openWindow(browser, appState(buildView(idle)))
    await window.page.getByText('No test build yet').waitFor()
    await window.close()
  })

  it('of one run, and a log of one line, are told in the singular', async () => {
    const view = buildView({ ...running, log: ['a line'] }, historyOf(1))
    const window = await openWindow(browser, appState(view))
    await window.page.getByText('1 line', { exact: true }).waitFor()
    await window.page.getByRole('img', { name: 'the only test build so far; failed: 0.' }).waitFor()
    await window.push(appState({ ...view, locale: 'pt-BR' }))
    await window.page.getByText('1 linha', { exact: true }).waitFor()
    await window.page.getByRole('img', { name: 'do único build de teste até agora; com falha: 0.' }).waitFor()
    await window.close()
  })

  it('draws the last fifty with the failures marked, and tells the numbers as a table', async () => {
    const window = await openWindow(browser, appState(buildView(idle, historyOf(60))))
    const chart = window.page.getByRole('img', { name: 'the last 50 test builds' })
    expect(await chart.locator('g:has(rect)').count()).toBe(50)
    const failures = historyOf(60)
      .slice(-50)
      .filter((run) => !run.result.ok).length
    expect(failures).toBeGreaterThan(0)
    expect(await chart.locator('.mark').count()).toBe(failures)
    await window.page.getByText('The numbers as a table').click()
    expect(await window.page.locator('tbody tr').count()).toBe(50)
    expect(await window.page.locator('tbody td', { hasText: 'Failed' }).count()).toBe(failures)
    await window.close()
  })

  it('marks what was cancelled, and cuts a slow run with its time above it', async () => {
    const window = await openWindow(browser, appState(buildView(idle, hardHistory)))
    const chart = window.page.locator('.chart')
    expect(await chart.locator('.mark.is-cancelled').count()).toBe(2)
    expect(await chart.locator('.over').allTextContents()).toEqual(['15.4\u00a0min'])
    const legend = window.page.locator('.legend')
    for (const name of ['Failed', 'Cancelled', 'Longer than the scale'])
      await legend.getByText(name).waitFor()
    await window.push(appState(buildView(idle, historyOf(3))))
    await legend.getByText('Longer than the scale').waitFor({ state: 'detached' })
    expect(await legend.getByText('Failed').count()).toBe(0)
    await window.close()
  })

  it('never has to be scrolled sideways, in either language, also beside a scroll bar', async () => {
    const window = await openWindow(browser, appState(buildView(idle, hardHistory)))
    await window.page.getByText('The numbers as a table').click()
    const table = window.page.locator('.table')
    for (const locale of locales) {
      await window.push(appState({ ...buildView(idle, hardHistory), locale }))
      await window.page.locator(`html[lang=${locale}]`).waitFor()
      for (const width of [1600, 960, 850, 800, 640, 480, 360]) {
        await window.resize(width, 760)
        for (const scrollBar of [0, 15]) {
          const over = await table.evaluate((box, room) => {
            box.style.paddingRight = `${room}px`
            return box.scrollWidth - box.clientWidth
          }, scrollBar)
          expect(over, `${locale}, ${width} px, scroll bar of ${scrollBar} px`).toBe(0)
        }
      }
    }
    await window.close()
  })

  it('keeps its numbers in columns at 960 px, and names each where there are no columns', async () => {
    const window = await openWindow(browser, appState(buildView(idle, hardHistory)))
    await window.page.getByText('The numbers as a table').click()
    const row = window.page.getByRole('row').nth(1)
    const rows = await row
      .getByRole('cell')
      .evaluateAll((cells) => new Set(cells.map((cell) => cell.getBoundingClientRect().top)).size)
    expect(rows, 'lines of a row').toBe(1)
    await window.resize(360, 760)
    const named = await row
      .locator('.number')
      .evaluateAll((cells) => cells.map((cell) => getComputedStyle(cell, '::before').content))
    expect(named.map((content) => content.split('"')[1])).toEqual([
      'Total',
      'Prepare',
      'Connect',
      'Wait for a slot',
      'Upload',
      'Build',
      'Download',
      'Verify',
      'Payload',
    ])
    expect(await window.page.getByRole('row').count()).toBe(hardHistory.length + 1)
    await window.close()
  })
})

function hasFocus(element: Locator): Promise<boolean> {
  return element.evaluate((one) => one === document.activeElement)
}
