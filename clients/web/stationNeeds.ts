/** Which of our own modules a station's first visit needs: what they share with other pages is fetched in one piece, and nothing else with it. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

const ENDINGS = ['', '.ts', '.vue', '/index.ts']

/** `src`: the folder of the sources. Paths of modules, as the bundler knows them. */
export function stationNeeds(src: string): ReadonlySet<string> {
  const features = readdirSync(join(src, 'features'), { withFileTypes: true }).filter((one) => one.isDirectory())
  const wanted = [
    join(src, 'main.ts'),
    join(src, 'pages/station/StationPage.vue'),
    join(src, 'pages/signin/SignInPage.vue'),
    // found by the names of their files
    ...features.flatMap(({ name }) => ['station.ts', 'room.ts', 'admin.ts', 'words.zh.ts'].map((file) => join(src, 'features', name, file))),
  ]
  const needed = new Set<string>()
  for (let path = wanted.pop(); path !== undefined; path = wanted.pop()) {
    if (needed.has(path) || !existsSync(path)) continue
    needed.add(path)
    for (const [, from = ''] of readFileSync(path, 'utf8').matchAll(/^(?:import|export)\s(?!type\b)[^'"]*?['"]([^'"]+)['"]/gm)) {
      const base = from.startsWith('@/') ? join(src, from.slice(2)) : from.startsWith('.') ? resolve(dirname(path), from) : undefined
      if (base === undefined) continue
      const found = ENDINGS.map((ending) => base + ending).find((one) => existsSync(one) && statSync(one).isFile())
      if (found !== undefined) wanted.push(found)
    }
  }
  return needed
}
