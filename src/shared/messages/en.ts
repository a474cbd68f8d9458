// English, put together from its topics.
import { actions } from './en/actions.ts'
import { causes } from './en/causes.ts'
import { cli } from './en/cli.ts'
import { laptopSide } from './en/laptop-side.ts'
import { nixEdit } from './en/nix-edit.ts'
import { notes } from './en/notes.ts'
import { repair } from './en/repair.ts'
import { repairPlan } from './en/repair-plan.ts'
import { repairView } from './en/repair-view.ts'
import { start } from './en/start.ts'
import { status } from './en/status.ts'
import { surveyReport } from './en/survey-report.ts'
import { testBuild } from './en/test-build.ts'
import { tray } from './en/tray.ts'
import { window } from './en/window.ts'

export const en = {
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
