// Brazilian Portuguese, put together from its topics.
import type { en } from './en.ts'
import { actions } from './pt-BR/actions.ts'
import { causes } from './pt-BR/causes.ts'
import { cli } from './pt-BR/cli.ts'
import { laptopSide } from './pt-BR/laptop-side.ts'
import { nixEdit } from './pt-BR/nix-edit.ts'
import { notes } from './pt-BR/notes.ts'
import { repair } from './pt-BR/repair.ts'
import { repairPlan } from './pt-BR/repair-plan.ts'
import { repairView } from './pt-BR/repair-view.ts'
import { start } from './pt-BR/start.ts'
import { status } from './pt-BR/status.ts'
import { surveyReport } from './pt-BR/survey-report.ts'
import { testBuild } from './pt-BR/test-build.ts'
import { tray } from './pt-BR/tray.ts'
import { window } from './pt-BR/window.ts'

export const ptBR: typeof en = {
  actions,
  causes,
  cli,
  laptopSide,
  nixEdit,
  notes,
  repair,
  repairPlan,
  repairView,
  start,
  status,
  surveyReport,
  testBuild,
  tray,
  window,
}
