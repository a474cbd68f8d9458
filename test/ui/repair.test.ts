// The guided repair in the window: what each step shows, asks for and sends, by mouse and by keyboard.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { GuideState } from '../../src/shared/guide.ts'
import { messagesFor } from '../../src/shared/messages/index.ts'
import { reportText } from '../../src/shared/survey-report.ts'
import { type Browser, startBrowser } from './rig/browser.ts'
import { buildView, ended, failed, running as runningBuild } from './rig/builds.ts'
import * as guides from './rig/guides.ts'
import * as laptops from './rig/laptops.ts'
import * as many from './rig/many-steps.ts'
import { appState, builder, expectedKey, laptop, offeredKey, snapshot } from './rig/states.ts'
import { openWindow, type TestWindow } from './rig/window.ts'

let browser: Browser
beforeAll(async () => {
  browser = await startBrowser()
})
afterAll(() => browser?.close())

const at = (repair: GuideState) => appState(guides.repairView(repair))
const secret = 'correct horse battery'

/** Opens the view on a guide, does something, and closes it with all its complaints. */
async function inView(repair: GuideState, act: (window: TestWindow, page: Page) => Promise<void>) {
  const window = await openWindow(browser, at(repair))
  await act(window, window.page)
  await window.close()
}

const button = (page: Page, name: string | RegExp) =>
  page.getByRole('main').getByRole('button', { name, ...(typeof name === 'string' ? { exact: true } : {}) })
const requests = async (window: TestWindow, name: Parameters<TestWindow['calls']>[0]) =>
  (await window.calls(name)).map((call) => call.request)
const focusedText = (page: Page) =>
  page.evaluate(() => `${document.activeElement?.localName}: ${document.activeElement?.textContent?.trim()}`)

describe('the way into a repair', () => {
  it('is the button of the failed check, with its command in the details', async () => {
    const window = await openWindow(browser, appState({ snapshot: guides.refused }))
    const row = window.page.locator('[data-check=builder-key]')
    expect(await row.getByRole('button').allTextContents()).toEqual(['Repair…'])
    await row.getByRole('button').click()
    expect(await requests(window, 'repairOpen')).toEqual([{ builder: guides.uri }])
    await row.locator('summary').click()
    await row.getByRole('button', { name: 'Copy command' }).waitFor()
    await window.close()
  })

  it('is the button of a test build that failed for such a reason', async () => {
    const refusal = { cause: 'ssh.key-refused', params: { host: 'desktop' } } as const
    const result = { ...failed, builder: 'desktop', uri: guides.uri, problem: refusal }
    const window = await openWindow(browser, appState(buildView(ended(result))))
    await window.page.locator('.verdict').getByRole('button', { name: 'Repair…' }).click()
    expect(await requests(window, 'repairOpen')).toEqual([{ builder: guides.uri }])
    await window.close()
  })

  it('is in the navigation only while there is something to repair or a repair to go back to', async () => {
    const window = await openWindow(browser, appState())
    const tab = window.page.getByRole('navigation').getByRole('button', { name: 'Repair' })
    expect(await tab.count()).toBe(0)
    await window.push(appState({ repair: guides.review }))
    await tab.waitFor()
    await window.push(appState({ snapshot: guides.refused }))
    await tab.waitFor()
    await window.page.keyboard.press('Control+3')
    expect(await requests(window, 'show')).toEqual(['repair'])
    await window.close()
  })
})

describe('a laptop without a builder key', () => {
  it('is led to the guide, which makes it and brings it over', async () => {
    const cause = 'laptop.builder-key-missing'
    const state = appState({
      snapshot: snapshot({
        builders: [builder('desktop', { 'builder-key': { state: 'skip' }, 'remote-nix': { state: 'skip' } })],
        laptop: laptop({
          'builder-key-file': { state: 'fail', cause, params: { key: '/etc/nix/builder_key' } },
        }),
      }),
    })
    const window = await openWindow(browser, state)
    const row = window.page.locator('[data-check=builder-key-file]')
    expect(await row.getByRole('button').allTextContents()).toEqual(['Repair…'])
    await row.getByRole('button').click()
    expect(await requests(window, 'repairOpen')).toEqual([{ builder: guides.uri }])
    await window.push({ ...state, view: 'repair' })
    await window.page.getByText('is missing').waitFor()
    await window.close()
  })
})

describe('the stepper', () => {
  it('says where the guide stands, and leads back to what can be gone back to', async () => {
    await inView(guides.review, async (window, page) => {
      const steps = page.getByRole('navigation', { name: 'Steps of the repair' })
      expect(await steps.locator('[aria-current=step]').textContent()).toContain('Review')
      expect(await steps.getByRole('button').allTextContents()).toEqual(['Find', 'Trust', 'Sign in'])
      await steps.getByRole('button', { name: 'Sign in' }).click()
      expect(await requests(window, 'repairBack')).toEqual([{ phase: 'sign-in' }])
    })
  })

  it('gives this laptop’s own part an entry of its own', async () => {
    await inView(guides.review, async (window, page) => {
      const steps = page.getByRole('navigation', { name: 'Steps of the repair' })
      expect(await steps.locator('.step-name').allTextContents()).toEqual([
        'Find',
        'Trust',
        'Sign in',
        'Review',
        'Repair',
        'Laptop',
        'Proof',
      ])
      await window.push(at({ ...laptops.many, alone: false }))
      await expect.poll(() => steps.locator('[aria-current=step]').innerText()).toContain('Laptop')
      await window.push(at(guides.proving))
      await expect.poll(() => steps.locator('[aria-current=step]').innerText()).toContain('Proof')
    })
  })

  it('leads nowhere while a repair runs', async () => {
    await inView(guides.running, async (_window, page) => {
      const steps = page.getByRole('navigation', { name: 'Steps of the repair' })
      expect(await steps.getByRole('button').count()).toBe(0)
    })
  })

  it('gives the focus to the heading of each new step, and leaves it alone within one', async () => {
    await inView(guides.signIn, async (window, page) => {
      expect(await focusedText(page)).toBe('h1: Sign in to desktop')
      await page.getByLabel('Password of ana').focus()
      await window.push(at({ ...guides.signIn, triesLeft: 2 }))
      expect(await page.getByLabel('Password of ana').evaluate((it) => it === document.activeElement)).toBe(
        true,
      )
      await window.push(at(guides.review))
      await page.getByRole('heading', { name: 'What will be changed on desktop' }).waitFor()
      expect(await focusedText(page)).toBe('h1: What will be changed on desktop')
    })
  })
})

describe('find', () => {
  it('says why it cannot go on, and tries again', async () => {
    await inView(guides.notFound, async (window, page) => {
      await page.getByRole('alert').getByText('SSH does not listen on desktop').waitFor()
      await button(page, 'Try again').click()
      expect(await window.calls('repairRetry')).toHaveLength(1)
    })
  })

  it('offers to make a missing builder key, in ways that never overwrite one', async () => {
    await inView(guides.noKey, async (window, page) => {
      await button(page, 'Copy command').click()
      await button(page, 'Copy configuration').click()
      const copied = (await requests(window, 'copy')).map(String)
      expect(copied).toHaveLength(2)
      expect(copied[0]).toContain('[ -e /etc/nix/builder_key ] ||')
      expect(copied[1]).toContain('[ ! -e /etc/nix/builder_key ]')
    })
  })
})

describe('a missing builder key', () => {
  it('can be made by a click where this app can, and says why where that failed', async () => {
    const window = await openWindow(browser, appState(guides.repairView(guides.noKey, { canMakeKey: true })))
    await window.refuse('repairMakeKey', 'The key was not made: dismissed')
    await button(window.page, 'Make the key now').click()
    await window.page.getByText('The key was not made: dismissed').waitFor()
    expect(await window.calls('repairMakeKey')).toHaveLength(1)
    await window.push(at(guides.noKey))
    expect(await button(window.page, 'Make the key now').count()).toBe(0)
    await window.close()
  })
})

describe('trust', () => {
  it('sends the fingerprint on the screen by an explicit yes, and nothing before', async () => {
    await inView(guides.unknownKey, async (window, page) => {
      expect(await page.locator('.fingerprint.big').textContent()).toBe(offeredKey)
      await page.getByText('ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub').waitFor()
      expect(await requests(window, 'repairTrust')).toEqual([])
      await button(page, 'They are the same: trust it').click()
      expect(await requests(window, 'repairTrust')).toEqual([{ fingerprint: offeredKey }])
    })
  })

  it('speaks of another machine first where the key has changed, and shows both keys', async () => {
    await inView(guides.changedKey, async (_window, page) => {
      const shown = (await page.locator('main').innerText()).split('\n').filter((line) => line !== '')
      const other = shown.findIndex((line) => line.includes('another machine may simply be'))
      const first = shown.findIndex((line) => line.includes('Trusted before'))
      expect(other).toBeGreaterThan(0)
      expect(other).toBeLessThan(first)
      expect(await page.locator('.fingerprint.big').allTextContents()).toEqual([expectedKey, offeredKey])
      // No yes is made easier than the no.
      expect(await page.locator('main .button.main').count()).toBe(0)
    })
  })
})

describe('sign in', () => {
  it('sends the password once, and keeps it nowhere', async () => {
    await inView(guides.signIn, async (window, page) => {
      const field = page.getByLabel('Password of ana')
      expect(await field.getAttribute('type')).toBe('password')
      expect(await field.getAttribute('autocomplete')).toBe('off')
      await field.fill(secret)
      await page.keyboard.press('Enter')
      expect(await requests(window, 'repairSignIn')).toEqual([
        { user: 'ana', how: { kind: 'password', password: secret } },
      ])
      expect(await field.inputValue()).toBe('')
      expect(await page.content()).not.toContain(secret)
    })
  })

  it('keeps what is being typed while new states arrive', async () => {
    await inView(guides.signIn, async (window, page) => {
      await page.getByLabel('User on desktop').fill('maria')
      await page.getByLabel('Password of maria').fill('half')
      await window.push(at({ ...guides.signIn, keyFiles: [] }))
      expect(await page.getByLabel('User on desktop').inputValue()).toBe('maria')
      expect(await page.getByLabel('Password of maria').inputValue()).toBe('half')
    })
  })

  it('offers the agent with its keys first, and not where it has none', async () => {
    await inView(guides.withAgent, async (window, page) => {
      await page.getByText('2 keys').waitFor()
      expect(await page.getByLabel('SSH agent').isChecked()).toBe(true)
      await button(page, 'Sign in').click()
      expect(await requests(window, 'repairSignIn')).toEqual([{ user: 'ana', how: { kind: 'agent' } }])
      await window.push(at(guides.signIn))
      expect(await page.getByLabel('SSH agent').isDisabled()).toBe(true)
    })
  })

  it('takes a key file of the list or another, with a passphrase or none', async () => {
    await inView(guides.signIn, async (window, page) => {
      await page.getByRole('radio', { name: 'Key file' }).check()
      await button(page, 'Sign in').click()
      await page.getByRole('combobox', { name: 'Key file' }).selectOption('')
      await page.getByLabel('Path of the key file').fill('/media/stick/key')
      await page.getByLabel('Passphrase').fill(secret)
      await button(page, 'Sign in').click()
      expect((await requests(window, 'repairSignIn')).map((one) => (one as { how: unknown }).how)).toEqual([
        { kind: 'key-file', path: '/home/ana/.ssh/id_ed25519' },
        { kind: 'key-file', path: '/media/stick/key', passphrase: secret },
      ])
      expect(await page.content()).not.toContain(secret)
    })
  })

  it('tells a wrong password with the tries left, and takes no more when there are none', async () => {
    await inView(guides.wrongPassword, async (window, page) => {
      await page.getByRole('alert').getByText('desktop did not let ana sign in').waitFor()
      await page.getByText('Tries left: 2').waitFor()
      await window.push(at({ ...guides.wrongPassword, triesLeft: 0 }))
      await page.getByText('No tries left').waitFor()
      expect(await page.locator('input').count()).toBe(0)
      await button(page, 'Begin again').click()
      expect(await requests(window, 'repairBack')).toEqual([{ phase: 'find' }])
    })
  })

  it('is sent once while it is busy, and can be given up', async () => {
    await inView({ ...guides.signIn, busy: true }, async (window, page) => {
      await page.getByLabel('Password of ana').fill(secret)
      await page.keyboard.press('Enter')
      expect(await requests(window, 'repairSignIn')).toEqual([])
      await button(page, 'Give up').click()
      expect(await requests(window, 'repairBack')).toEqual([{ phase: 'sign-in' }])
    })
  })
})

describe('a question of the desktop', () => {
  it('is marked as its own, hides what must be hidden, and is answered in order', async () => {
    await inView(guides.asked, async (window, page) => {
      await page.getByText('the desktop’s own').waitFor()
      expect(
        await page
          .locator('.own-words input')
          .evaluateAll((all) => all.map((one) => one.getAttribute('type'))),
      ).toEqual(['password', 'text'])
      await page.getByLabel('Password:').fill(secret)
      await window.push(at({ ...guides.asked }))
      await page.getByLabel('Verification code:').fill('123 456')
      await page.keyboard.press('Enter')
      expect(await requests(window, 'repairAnswer')).toEqual([{ answers: [secret, '123 456'] }])
      expect(await page.content()).not.toContain(secret)
      expect(await page.getByLabel('Password:').inputValue()).toBe('')
    })
  })

  it('gives no answer of one question to the next', async () => {
    await inView(guides.asked, async (window, page) => {
      await page.getByLabel('Verification code:').fill('123 456')
      const next = { title: '', instructions: '', prompts: [{ text: 'Again: ', echo: true }] }
      await window.push(at({ ...guides.asked, question: next }))
      expect(await page.getByLabel('Again:').inputValue()).toBe('')
      await button(page, 'Give up').click()
      expect(await requests(window, 'repairAnswer')).toEqual([{ answers: null }])
    })
  })
})

describe('the sudo password', () => {
  it('is sent once and kept nowhere, or gone on without', async () => {
    await inView(guides.sudoWrong, async (window, page) => {
      await page.getByText('Tries left: 2').waitFor()
      const field = page.getByLabel('sudo password of ana')
      await field.fill(secret)
      await page.keyboard.press('Enter')
      expect(await field.inputValue()).toBe('')
      await button(page, 'Go on without').click()
      expect(await requests(window, 'repairElevate')).toEqual([
        { sudoPassword: secret },
        { sudoPassword: null },
      ])
      expect(await page.content()).not.toContain(secret)
    })
  })
})

describe('review', () => {
  it('shows each step with what is wrong, its diff, who runs it and its risk', async () => {
    await inView(guides.review, async (_window, page) => {
      const step = page.locator('[data-step=push-key]')
      await step.getByText('as root', { exact: true }).waitFor()
      await step.getByText('high risk').waitFor()
      expect(await step.locator('.diff-added').textContent()).toMatch(/^\+restrict ssh-ed25519 /)
      expect(await step.locator('.diff-removed').textContent()).toMatch(/^-from="10\.0\.0\.9"/)
      await page
        .locator('[data-step=mend-permissions]')
        .getByText('nix-builder:nix-builder 0777 becomes')
        .waitFor()
    })
  })

  it('lets a step be left out and a choice be made, and applies what is left', async () => {
    await inView(guides.review, async (window, page) => {
      const step = page.locator('[data-step=push-key]')
      await step.getByText('Leave it as it is').click()
      await step.getByText('Leave out').click()
      expect(await requests(window, 'repairChoose')).toEqual([
        { step: 'push-key', option: 'leave' },
        { step: 'push-key', skip: true },
      ])
      await window.push(at({ ...guides.review, skipped: ['push-key'] }))
      await button(page, 'Make this change').click()
      expect(await requests(window, 'repairApply')).toEqual([{}])
    })
  })

  it('asks for the sudo password where root’s part needs one', async () => {
    await inView(guides.reviewSkipped, async (window, page) => {
      await page.getByLabel('sudo password of ana').fill(secret)
      await button(page, 'Look as root').click()
      expect(await requests(window, 'repairApply')).toEqual([{ sudoPassword: secret }])
      expect(await page.content()).not.toContain(secret)
    })
  })

  it('gives the snippet for what cannot be mended here', async () => {
    await inView(guides.review, async (window, page) => {
      await button(page, 'Copy configuration').click()
      expect(String((await requests(window, 'copy'))[0])).toBe(guides.plan.unmended[0]?.snippet)
    })
  })
})

describe('an admin who cannot become root', () => {
  it('is told why, and led to sign in as somebody else instead of to a run that must fail', async () => {
    await inView(guides.reviewDenied, async (window, page) => {
      await page.getByRole('alert').getByText('doas on desktop asks for a password').waitFor()
      expect(await button(page, /^Make/).count()).toBe(0)
      await button(page, 'Sign in as somebody else').click()
      expect(await requests(window, 'repairBack')).toEqual([{ phase: 'sign-in' }])
    })
  })
})

describe('a plan of many steps', () => {
  it('is summed up in a sentence, and explains each cause once', async () => {
    await inView(many.review, async (_window, page) => {
      await page.getByText('8 things are wrong, 9 changes, about 20 s; 1 takes minutes.').waitFor()
      const causes = await page.locator('.plan-group > h2').allTextContents()
      expect(causes).toHaveLength(7)
      expect(new Set(causes).size).toBe(7)
      const cache = page.locator('[data-cause="desktop.cache-service-down"]')
      expect(await cache.locator('h3').allTextContents()).toEqual([
        '6Set up the cache service',
        '7Start the cache service',
      ])
      await page.getByText('In /etc/ssh/sshd_config, line 42').waitFor()
    })
  })

  it('folds diffs and commands, and says what needs what', async () => {
    await inView(many.review, async (_window, page) => {
      expect(await page.locator('.diff').count()).toBe(0)
      const trust = page.locator('[data-step=trust-builder]')
      await trust.getByText('restarts nix-daemon').waitFor()
      await trust.getByText('Change to /etc/nix/nix.conf').click()
      expect(await trust.locator('.diff-added').innerText()).toBe('+trusted-users = root nix-builder\n')
      await page.locator('[data-step=create-builder-user]').getByText('Needed by step 2, 3').waitFor()
    })
  })

  it('says before it runs what cannot be taken back, and what the next restart takes back', async () => {
    await inView(many.reviewUnkept, async (window, page) => {
      const step = (id: string) => page.locator(`[data-step=${id}]`)
      expect(await step('free-disk').locator('.chip.is-warn').allTextContents()).toContain(
        'cannot be taken back',
      )
      const firewall = await step('open-firewall').innerText()
      expect(firewall).toContain('until the next restart only')
      expect(firewall).toContain(
        'A rule there keeps this laptop out: -A ufw-user-input -s 10.0.0.0/8 -j DROP.',
      )
      expect(firewall).toContain('it is open until desktop restarts')
      expect(firewall).toContain('ip6tables -I INPUT')
      await window.push(at(many.unkeptPaired))
      const summary = page.locator('.summary')
      await expect.poll(() => summary.innerText()).toContain('it is open until desktop restarts')
      expect(await summary.innerText()).toContain('iptables -I INPUT -p tcp -m tcp --dport 5000')
    })
  })

  it('says why a step is left out with another, and what then stays wrong', async () => {
    await inView(many.reviewLeftOut, async (window, page) => {
      const key = page.locator('[data-step=push-key]')
      await key.getByText('it cannot be done without step 1, 2').waitFor()
      expect(await page.getByText('this stays as it is').count()).toBe(3)
      await button(page, 'Make these 5 changes').waitFor()
      await key.getByLabel('Leave out').press('Space')
      expect(await requests(window, 'repairChoose')).toEqual([{ step: 'push-key', skip: false }])
    })
  })

  it('shows the log of the running step as it grows, at its end, unless it was scrolled away', async () => {
    await inView(many.running, async (window, page) => {
      const log = page.getByRole('region', { name: /Log: Free space/ })
      const fromEnd = () => log.evaluate((it) => it.scrollHeight - it.scrollTop - it.clientHeight)
      expect(await fromEnd()).toBeLessThan(2)
      expect(await page.locator('.last-line code').innerText()).toContain('39-old-generation')
      const grown = (line: string) => ({
        ...many.running,
        steps: many.running.steps.map((step) =>
          step.state === 'running' ? { ...step, output: `${step.output}\n${line}\n` } : step,
        ),
      })
      await window.push(at(grown('one more')))
      await page.locator('.last-line code').getByText('one more').waitFor()
      expect(await fromEnd()).toBeLessThan(2)
      await log.evaluate((it) => {
        const heard = new Promise((done) => it.addEventListener('scroll', done, { once: true }))
        it.scrollTo(0, 0)
        return heard.then(() => undefined)
      })
      await window.push(at(grown('yet another')))
      await page.locator('.last-line code').getByText('yet another').waitFor()
      expect(await log.evaluate((it) => it.scrollTop)).toBe(0)
    })
  })

  it('sums up both machines at its end, gives the undo commands, and copies all of it', async () => {
    await inView(many.paired, async (window, page) => {
      const desktop = page.locator('[data-where=desktop]')
      await desktop.getByText('Undo by hand').click()
      await button(page, 'Copy undo commands').click()
      await button(page, 'Copy summary').click()
      const [undo, whole] = (await requests(window, 'copy')).map(String)
      expect(undo).toMatch(/^ufw delete allow 5000\/tcp\n.*\nuserdel -r nix-builder$/s)
      for (const part of [
        'Paired\n',
        'Test build: passed',
        'On this laptop',
        '/etc/nix/machines',
        String(undo?.split('\n')[0]),
      ])
        expect(whole).toContain(part)
      await button(page, 'Undo all').click()
      await page.getByText('the last change first').waitFor()
      await button(page, 'Yes, take it back').click()
      expect(await requests(window, 'repairUndo')).toEqual([{ kind: 'all' }])
    })
  })

  it('tells what was found, each row with its mark, and copies what offload-repair survey prints', async () => {
    await inView(many.review, async (window, page) => {
      expect(await page.locator('.found').count()).toBe(0)
      await page.getByText('What was found on desktop').click()
      expect(await page.locator('.found h2').allTextContents()).toContain('Nix')
      expect(await page.locator('.found-row.is-fail').count()).toBeGreaterThan(2)
      await button(page, 'Copy what was found').click()
      const [copied] = (await requests(window, 'copy')).map(String)
      expect(copied).toBe(reportText(many.report, messagesFor('en')))
    })
  })

  it('that failed midway tells what stands, what was undone and what was not begun, and runs again', async () => {
    await inView(many.failedMidway, async (window, page) => {
      const states = await page.locator('.run-line .state').allInnerTexts()
      expect(states).toEqual([...Array(5).fill('done'), 'undone', ...Array(3).fill('not begun')])
      expect(await page.locator('[data-done]').count()).toBe(5)
      await page.getByText('running again looks anew and goes on from there').waitFor()
      await button(page, 'Undo all').click()
      await button(page, 'Yes, take it back').click()
      expect(await requests(window, 'repairUndo')).toEqual([{ kind: 'all' }])
      const undone = { can: [], busy: false, done: 'all', problem: null } as const
      await window.push(at({ ...many.failedMidway, undo: undone }))
      await page.getByText('Everything that could be was taken back').waitFor()
      expect(await button(page, 'Undo all').count()).toBe(0)
      await button(page, 'Run again').click()
      expect(await window.calls('repairRetry')).toHaveLength(1)
    })
  })
})

describe('the way out', () => {
  it('stops what is under way, and says so until it has', async () => {
    await inView(guides.running, async (window, page) => {
      await button(page, 'Stop').click()
      expect(await window.calls('repairCancel')).toHaveLength(1)
      await window.push(at({ ...guides.running, cancelling: true }))
      await button(page, 'Stopping…').click({ force: true })
      expect(await window.calls('repairCancel')).toHaveLength(1)
    })
  })

  it('closes at once where nothing runs, and Escape does nothing', async () => {
    await inView(guides.signIn, async (window, page) => {
      await page.getByLabel('Password of ana').fill('half')
      await page.keyboard.press('Escape')
      expect(await page.getByLabel('Password of ana').inputValue()).toBe('half')
      expect(await window.calls('repairClose')).toHaveLength(0)
      await button(page, 'Close').click()
      expect(await window.calls('repairClose')).toHaveLength(1)
    })
  })

  it('tells after a stop what was and what was not done', async () => {
    await inView(guides.stopped, async (window, page) => {
      const lines = await page.locator('.run-line').allInnerTexts()
      expect(lines.map((line) => line.replace(/\s+/g, ' ').trim())).toEqual([
        'Mend owner and permissions done 84 ms',
        'Put this laptop’s key in place not begun',
      ])
      await button(page, 'Run again').click()
      expect(await window.calls('repairRetry')).toHaveLength(1)
    })
  })
})

describe('a switch that was cancelled', () => {
  it('says that the desktop goes back by itself and how to see it, and begins nothing meanwhile', async () => {
    await inView(guides.goingBack, async (window, page) => {
      await expect.poll(() => page.locator('.going-back').innerText()).toContain('within 88 s')
      expect(await page.locator('.going-back pre').innerText()).toContain(
        '/run/offload-tray.k3x0Qz/guard.log',
      )
      expect(await page.locator('[data-step=switch-system] .state').innerText()).toBe(
        'cancelled; the desktop goes back by itself',
      )
      expect(await button(page, 'Run again').count()).toBe(0)
      await window.push(at(guides.wentBack))
      await expect
        .poll(() => page.locator('.going-back').innerText())
        .toContain('is back on the system of before')
      expect(await page.locator('[data-step=switch-system] .state').innerText()).toBe('cancelled, undone')
      expect(await button(page, 'Run again').count()).toBe(1)
    })
  })
})

describe('the end', () => {
  it('shows the test build live while it proves', async () => {
    const window = await openWindow(
      browser,
      appState(guides.repairView(guides.proving, { testBuild: runningBuild })),
    )
    expect(await window.page.locator('[data-stage]').count()).toBe(7)
    await window.close()
  })

  it('takes a repair back only after a second yes', async () => {
    await inView(guides.paired, async (window, page) => {
      await button(page, 'Remove this laptop’s key').click()
      expect(await requests(window, 'repairUndo')).toEqual([])
      await button(page, 'Keep it').click()
      await button(page, 'Restore the file from before').click()
      await button(page, 'Yes, take it back').click()
      expect(await requests(window, 'repairUndo')).toEqual([{ kind: 'restore' }])
    })
  })

  it('names the backup, and proves again where it is not paired', async () => {
    await inView(guides.notPaired, async (window, page) => {
      await page.getByText(/authorized_keys: the old one is kept as \/home\/nix-builder/).waitFor()
      await button(page, 'Prove again').click()
      expect(await window.calls('repairRetry')).toHaveLength(1)
    })
  })
})

describe('the bars of a test build', () => {
  for (const width of [960, 360]) {
    it(`share one axis at ${width} px, with bytes or without`, async () => {
      const window = await openWindow(browser, appState(buildView(runningBuild)), { width })
      const boxes = await window.page
        .locator('.span')
        .evaluateAll((all) => all.map((one) => one.getBoundingClientRect()).map(({ x, width: w }) => [x, w]))
      expect(boxes).toHaveLength(7)
      expect(new Set(boxes.map((box) => box.join())).size).toBe(1)
      await window.close()
    })
  }
})
