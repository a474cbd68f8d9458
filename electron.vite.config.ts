// Builds everything that ships: main and the command line tools (CommonJS for Node), preload, renderer.
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

const cjs = {
  format: 'cjs',
  entryFileNames: '[name].cjs',
  chunkFileNames: 'chunks/[name]-[hash].cjs',
} as const

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      // The command line tools start faster: Node parses half as much.
      minify: true,
      // Bundled is all but electron and what package.json calls a dependency (node-notifier, which runs programs of its
      // own): the tools start faster and the package stays small.
      rollupOptions: {
        input: {
          index: 'src/main/index.ts',
          'offload-status': 'src/cli/offload-status.ts',
          'offload-test-build': 'src/cli/offload-test-build.ts',
          'offload-repair': 'src/cli/offload-repair.ts',
        },
        external: ['cpu-features', /sshcrypto\.node$/],
        output: cjs,
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      rollupOptions: { input: { index: 'src/preload/index.ts' }, output: cjs },
    },
  },
  renderer: {
    root: 'src/renderer',
    build: { outDir: 'out/renderer', minify: true, rollupOptions: { input: 'src/renderer/index.html' } },
    plugins: [react()],
  },
})
