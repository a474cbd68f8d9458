// The Debian packages this project uses, by purpose. Names as in bookworm; names.ts finds what they are called later.

export type Purpose = 'app' | 'test' | 'lab'

/** What Electron links against or opens while it runs. */
const app = [
  'libgtk-3-0',
  'libnss3',
  'libasound2',
  'libgbm1',
  'libxss1',
  'libxtst6',
  'libatspi2.0-0',
  'libatk-bridge2.0-0',
  'libcups2',
  'libdrm2',
  'libxcomposite1',
  'libxdamage1',
  'libxfixes3',
  'libxrandr2',
  'libxkbcommon0',
  'libpango-1.0-0',
  'libcairo2',
  'libdbus-1-3',
  'libgl1',
  'libegl1',
]

/** A screen, a panel, notifications and a browser, for the `ui` and `e2e` suites. */
const test = [
  ...app,
  'xvfb',
  'xauth',
  'dbus',
  'dbus-x11',
  'xfce4-panel',
  'dunst',
  'imagemagick',
  'chromium',
  'fonts-dejavu-core',
  'adwaita-icon-theme',
  'xdotool',
  'x11-utils',
  'libnotify-bin',
  'procps',
  'patch',
  'acl',
  'busybox',
  'shellcheck',
  'nftables',
  'git',
]

/** A desktop of its own in a container and a laptop with Nix, for the `lab` and `integration` suites. */
const lab = [
  'systemd-container',
  'debootstrap',
  'iptables',
  'iproute2',
  'nix-bin',
  'openssh-client',
  'openssh-server',
  'iputils-ping',
  'curl',
  'util-linux',
  'git',
]

export const packages: Readonly<Record<Purpose, readonly string[]>> = { app, test, lab }

/** True for `app`, `test` and `lab`. */
export function isPurpose(word: string): word is Purpose {
  return Object.hasOwn(packages, word)
}

/** The packages of several purposes, each once. */
export function packagesFor(purposes: readonly Purpose[]): string[] {
  return [...new Set(purposes.flatMap((purpose) => packages[purpose]))]
}
