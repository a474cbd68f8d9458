// Five suites, told apart by what they need: nothing, the lab, a browser, or a real Electron in a real panel.
// Two files at a time also where they use a lab or a screen of their own: they mostly wait. Not in `lab`, which is timed.
import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** vitest's own choice is one less than there are cores: one at a time on a machine of two. */
const units = Math.max(2, availableParallelism() - 1)

/** How long a test waits for what must come: on a busy machine one second, vitest's own, is no sign of a fault. */
const patience = { poll: { timeout: 15_000 } }

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.{ts,tsx}'],
          testTimeout: 60_000,
          expect: patience,
          hookTimeout: 60_000,
          maxWorkers: units,
        },
      },
      {
        test: {
          name: 'lab',
          include: ['test/lab/**/*.test.ts'],
          testTimeout: 120_000,
          expect: patience,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          testTimeout: 120_000,
          expect: patience,
          hookTimeout: 600_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'ui',
          include: ['test/ui/**/*.test.{ts,tsx}'],
          globalSetup: ['test/ui/rig/pages.ts'],
          testTimeout: 120_000,
          expect: patience,
          hookTimeout: 120_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 120_000,
          expect: patience,
          hookTimeout: 600_000,
          maxWorkers: 2,
        },
      },
    ],
  },
})
