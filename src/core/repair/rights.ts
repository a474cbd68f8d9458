// How a script comes to root's rights on the desktop: the one command line that is sent, which holds no data at all.
import { cleanText } from '../desktop/clean-text.ts'
import type { Rights, RightsKind } from './admin-session.ts'

/** What sudo is told to ask with, so that its question cannot be taken for another's. */
export const passwordPrompt = '@offload-sudo-password@'
const mark = '@offload-rights'

/** sshd's word for the client's address, or nothing where it is no address. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's placeholder
const client = 'c=${SSH_CLIENT%% *}; case $c in *[!0-9a-fA-F.:]*) c=;; esac'
const asRoot = `if [ "$(id -u)" = 0 ]; then echo ${mark} root >&2; exec sh -s -- "$c"; fi`
const bySudo = `said=; if command -v sudo >/dev/null 2>&1; then if said=$(sudo -n true </dev/null 2>&1); then echo ${mark} sudo >&2; exec sudo -n -- sh -s -- "$c"; fi; fi`
const byDoas = `if command -v doas >/dev/null 2>&1; then if more=$(doas -n true </dev/null 2>&1); then echo ${mark} doas >&2; exec doas -n sh -s -- "$c"; fi; said="$said $more"; fi`
const byPassword = `if command -v sudo >/dev/null 2>&1; then exec sudo -S -p ${passwordPrompt} -- sh -c "echo ${mark} sudo-password >&2; exec sh -s -- $c"; fi`
const asAdmin = `echo "${mark} none $said" >&2; exec sh -s -- "$c"`
const notAtAll = `echo "${mark} none $said" >&2; exit 77`

/**
 * The command for the login shell, whichever that is: one line in single quotes, without backslashes, "!" only where no
 * shell expands it. What follows comes on stdin.
 */
export function doorCommand(want: 'root' | 'best', withPassword: boolean): string {
  const last = withPassword ? [byPassword] : []
  const parts = [client, asRoot, bySudo, byDoas, ...last, want === 'root' ? notAtAll : asAdmin]
  return `exec env LC_ALL=C sh -c '${parts.join('; ')}'`
}

/** The rights as the command told them; null where it did not come so far. */
export function rightsOf(stderr: string): Rights | null {
  const told = new RegExp(`^${mark} (root|sudo-password|sudo|doas|none)(?: (.*))?$`, 'ms').exec(
    // sudo ends its question with no newline.
    stderr.replaceAll(passwordPrompt, '\n'),
  )
  if (told === null) return null
  const said = cleanText(told[2] ?? '', 600)
  const kind = told[1] as RightsKind
  if (kind !== 'none') return { kind, said: '' }
  return { kind: /password is required/i.test(said) ? 'needs-password' : 'none', said }
}
