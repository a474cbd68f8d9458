// Nix's own tools and curl, pretended, for the survey's desktops.
import { saying } from './survey-rig.ts'

export const publicKey = `desktop-1:${'A'.repeat(43)}=`
export const secret = `desktop-1:${'S'.repeat(86)}==`

/** `nix` of a version, which answers what the survey asks. */
export function nixTool(over: { config?: string; ping?: string; key?: string } = {}): string {
  return `#!/bin/sh
case "$*" in
  *'config show'*) ${over.config ?? saying('trusted-users = root nix-builder\nallowed-users = *')} ;;
  *'store ping'*) ${over.ping ?? `echo '{"trusted":true,"url":"daemon","version":"2.31.2"}'`} ;;
  *convert-secret-to-public*) ${over.key ?? `cat >/dev/null; printf %s '${publicKey}'`} ;;
  *) exit 1 ;;
esac
`
}
export const nixStore = `#!/bin/sh
echo 'nix-store (Nix) 2.31.2'
`
export const curl = `for url; do case $url in
  */nix-cache-info) printf 'StoreDir: /nix/store\\nPriority: 30\\n\\n@status 200\\n' ;;
  *.narinfo) printf 'StorePath: x\\n\\n@status %s\\n' "\${NARINFO-200}" ;;
esac; done`
export const storePath = '/nix/store/00000000000000000000000000000000-hello'
export const withSystemd = { '/run/systemd/system': null }
export const usrNix = { '/usr/bin/nix': nixTool(), '/usr/bin/nix-store': nixStore }
