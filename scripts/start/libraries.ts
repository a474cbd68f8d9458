// Which shared libraries Electron lacks here, and which Debian package has each.
import { spawnSync } from 'node:child_process'

/** Library -> package, by bookworm's names. Those the Electron program links against, and what these libraries need in turn. */
const packageOf: Readonly<Record<string, string>> = {
  'libglib-2.0.so.0': 'libglib2.0-0',
  'libgobject-2.0.so.0': 'libglib2.0-0',
  'libgio-2.0.so.0': 'libglib2.0-0',
  'libgmodule-2.0.so.0': 'libglib2.0-0',
  'libnss3.so': 'libnss3',
  'libnssutil3.so': 'libnss3',
  'libsmime3.so': 'libnss3',
  'libnspr4.so': 'libnspr4',
  'libplc4.so': 'libnspr4',
  'libplds4.so': 'libnspr4',
  'libdbus-1.so.3': 'libdbus-1-3',
  'libatk-1.0.so.0': 'libatk1.0-0',
  'libatk-bridge-2.0.so.0': 'libatk-bridge2.0-0',
  'libatspi.so.0': 'libatspi2.0-0',
  'libcups.so.2': 'libcups2',
  'libdrm.so.2': 'libdrm2',
  'libgtk-3.so.0': 'libgtk-3-0',
  'libgdk-3.so.0': 'libgtk-3-0',
  'libgdk_pixbuf-2.0.so.0': 'libgdk-pixbuf-2.0-0',
  'libpango-1.0.so.0': 'libpango-1.0-0',
  'libpangocairo-1.0.so.0': 'libpangocairo-1.0-0',
  'libcairo.so.2': 'libcairo2',
  'libcairo-gobject.so.2': 'libcairo-gobject2',
  'libX11.so.6': 'libx11-6',
  'libXcomposite.so.1': 'libxcomposite1',
  'libXcursor.so.1': 'libxcursor1',
  'libXdamage.so.1': 'libxdamage1',
  'libXext.so.6': 'libxext6',
  'libXfixes.so.3': 'libxfixes3',
  'libXi.so.6': 'libxi6',
  'libXrandr.so.2': 'libxrandr2',
  'libXrender.so.1': 'libxrender1',
  'libXss.so.1': 'libxss1',
  'libXtst.so.6': 'libxtst6',
  'libgbm.so.1': 'libgbm1',
  'libexpat.so.1': 'libexpat1',
  'libxcb.so.1': 'libxcb1',
  'libxkbcommon.so.0': 'libxkbcommon0',
  'libudev.so.1': 'libudev1',
  'libasound.so.2': 'libasound2',
  'libsystemd.so.0': 'libsystemd0',
  'libwayland-client.so.0': 'libwayland-client0',
  'libwayland-server.so.0': 'libwayland-server0',
  'libgcc_s.so.1': 'libgcc-s1',
  'libstdc++.so.6': 'libstdc++6',
}

/** The libraries that `ldd` did not find. */
export function notFound(ldd: string): string[] {
  const names = ldd.split('\n').flatMap((line) => /^\s*(\S+) => not found/.exec(line)?.[1] ?? [])
  return [...new Set(names)]
}

/** The packages with these libraries, each once, and the libraries of which no package is known. */
export function packagesWith(libraries: readonly string[]): { packages: string[]; unknown: string[] } {
  const packages = new Set<string>()
  const unknown: string[] = []
  for (const library of libraries) {
    const name = packageOf[library]
    if (name) packages.add(name)
    else unknown.push(library)
  }
  return { packages: [...packages], unknown }
}

/** Libraries the program lacks here. None where `ldd` is missing or the program is a script (as nixpkgs' wrapper). */
export function lacking(executable: string): string[] {
  const ldd = spawnSync('ldd', [executable], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } })
  return notFound(ldd.stdout ?? '')
}
