/** How the pages are built: one small chunk a page, nothing inlined, so that a strict CSP holds. */
import { fileURLToPath, URL } from 'node:url'

import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

import { precompress } from './precompress.ts'
import { stationNeeds } from './stationNeeds.ts'

const needed = stationNeeds(fileURLToPath(new URL('./src', import.meta.url)))
const hub = process.env['HUB_URL'] ?? 'http://127.0.0.1:8080'

export default defineConfig({
  plugins: [vue(), precompress()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  define: {
    __VUE_OPTIONS_API__: true,
    __VUE_PROD_DEVTOOLS__: false,
    __VUE_I18N_LEGACY_API__: false,
    __VUE_I18N_FULL_INSTALL__: false,
    __INTLIFY_PROD_DEVTOOLS__: false,
  },
  build: {
    target: 'es2022',
    // data: addresses are not allowed by the hub's Content-Security-Policy
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 600,
    rolldownOptions: {
      output: {
        // what every page needs comes in two pieces: a village's line waits for each request
        codeSplitting: {
          groups: [
            // (what the ground is like is asked before all else: no request of its own)
            { name: 'frame', test: /node_modules\/(?:vue|@vue|vue-i18n|@intlify|vue-router|socket\.io|engine\.io)|\/src\/shell\/theme\.ts/ },
            { name: 'shared', test: (id: string) => /\/src\/(?:i18n\/(?!en\/)|state|protocol|features|parts\/(?!account|reporting\/(?!kept)))/.test(id) && needed.has(id.split('?')[0] ?? ''), minShareCount: 2 },
            // a station fetches its next meeting by itself, without what else desks share
            { name: 'bookings', test: /\/src\/(?:protocol\/bookingsApi|features\/bookings\/(?:book|shared|states)\.ts|parts\/zone\.ts)/, minShareCount: 2 },
            // what a station reports with, and what the pages of 情况 share
            { name: 'reporting', test: /\/src\/parts\/reporting\/(?:draft|form|ReportForm)/, minShareCount: 2 },
            { name: 'cases', test: /\/src\/(?:protocol\/(?:tasks|reports)Api|parts\/(?:reporting\/|CasesTabs))/, minShareCount: 2 },
            // cameras and ledgers come with the rooms that need them: they are no part of what every desk fetches
            { name: 'desks', test: /\/src\/(?:state|protocol\/(?!jobsApi|reviewApi|minutesApi|searchApi|evidenceApi|custodyApi|copiesApi|handoverApi|camera|clearance|errands|grids|gridTasks|listGrids|patrol|phoneCalls|registry|sweeps|thingIds|views|walls)|parts\/(?!account|camera\/|centers\/CenterField|grids\/|ledger\/|lists\/|files\/|jobs\/|phones\/|toldRead|PatrolTabs|ArchiveTabs|SideDrawer|moment\/))/, minShareCount: 3 },
            // minutes that wait are counted in the frame; what the list of meetings shows comes in one piece
            { name: 'waiting', test: /\/src\/(?:protocol\/minutesApi|features\/minutes\/waiting)/, minShareCount: 2 },
            { name: 'archived', test: /\/src\/(?:parts\/(?:ArchiveTabs|minutes)|pages\/archive\/when)/, minShareCount: 2 },
            // what only the page of one meeting in the archive, and what opens on it, share: the list of meetings does without
            { name: 'reviewing', test: /\/src\/(?:parts\/(?:files\/|jobs\/|SideDrawer)|protocol\/(?:jobs|review)Api)/, minShareCount: 2 },
          ],
        },
      },
    },
  },
  server: {
    proxy: {
      '/api': hub,
      '/whip': hub,
      '/whep': hub,
      '/socket.io': { target: hub, ws: true },
    },
  },
  test: {
    environment: 'node',
    include: ['tests/**/*.test.ts'],
    setupFiles: ['tests/support/setup.ts'],
    // two cores are shared with everything else that `make test` runs
    maxWorkers: 2,
    sequence: { shuffle: true },
    server: { deps: { inline: ['element-plus'] } },
  },
})
