/** How the page of grid members is built: a bundle of its own below /grid, small, with a service worker that keeps its shell. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, URL } from 'node:url'

import vue from '@vitejs/plugin-vue'
import { defineConfig, type Plugin } from 'vite'

import { precompress } from './precompress.ts'

const hub = process.env['HUB_URL'] ?? 'http://127.0.0.1:8080'
const OUT = fileURLToPath(new URL('./dist/grid', import.meta.url))
const WORKER = 'sw.js'
/** What is worth nothing without a line is no part of what is kept: calls into meetings. */
const ON_LINE = 'assets/CallHost-'
/** What serviceWorker.ts has in the place of its list. */
const PLACE = '__SHELL__'

/** Tells the service worker which files the shell is, and a word that is another one whenever one of them is. */
function shell(): Plugin {
  return {
    name: 'shell',
    apply: 'build',
    closeBundle() {
      const names = readdirSync(OUT, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(?:js|css|html|webmanifest)$/.test(name) && name !== WORKER && !name.includes(ON_LINE))
      const version = createHash('sha256')
      for (const name of names.sort()) version.update(name).update(readFileSync(join(OUT, name)))
      const files = names.filter((name) => name !== 'index.html').map((name) => `/grid/${name}`)
      const told = JSON.stringify({ version: version.digest('hex').slice(0, 12), files: ['/grid', '/mark.svg', ...files] })
      const path = join(OUT, WORKER)
      writeFileSync(path, readFileSync(path, 'utf8').replace(PLACE, () => told))
    },
  }
}

export default defineConfig({
  root: fileURLToPath(new URL('./grid', import.meta.url)),
  base: '/grid/',

  plugins: [vue(), shell(), precompress()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  define: { __VUE_OPTIONS_API__: false, __VUE_PROD_DEVTOOLS__: false, __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: false },
  build: {
    target: 'es2022',
    outDir: OUT,
    emptyOutDir: true,
    // data: addresses are not allowed by the hub's Content-Security-Policy
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: {
        grid: fileURLToPath(new URL('./grid/index.html', import.meta.url)),
        sw: fileURLToPath(new URL('./src/features/grid/serviceWorker.ts', import.meta.url)),
      },
      output: { entryFileNames: ({ name }) => (name === 'sw' ? WORKER : 'assets/[name]-[hash].js') },
    },
  },
  server: { proxy: { '/api': hub } },
})
