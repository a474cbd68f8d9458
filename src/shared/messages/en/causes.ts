// Why offloading may not work, in English, put together from its families.
import type { CauseWords } from '../words.ts'
import { cacheCauses } from './causes/cache.ts'
import { desktopCauses } from './causes/desktop.ts'
import { laptopCauses } from './causes/laptop.ts'
import { sshCauses } from './causes/ssh.ts'

export const causes: CauseWords = { ...laptopCauses, ...sshCauses, ...desktopCauses, ...cacheCauses }
