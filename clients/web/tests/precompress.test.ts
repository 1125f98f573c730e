import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'

import { expect, test } from 'vitest'

import { compressFolder } from '../precompress'

test('texts of the build lie beside themselves in both codings, and nothing of an earlier build', () => {
  const folder = mkdtempSync(join(tmpdir(), 'precompress-'))
  mkdirSync(join(folder, 'assets'))
  const text = 'export const words = "水位上涨";\n'.repeat(200)
  writeFileSync(join(folder, 'assets', 'index-abc.js'), text)
  writeFileSync(join(folder, 'assets', 'small.css'), 'a{}')
  writeFileSync(join(folder, 'picture.png'), Buffer.alloc(5000))
  writeFileSync(join(folder, 'assets', 'gone-xyz.js.br'), 'old')
  compressFolder(folder)
  const names = readdirSync(join(folder, 'assets')).sort()
  expect(names).toEqual(['index-abc.js', 'index-abc.js.br', 'index-abc.js.gz', 'small.css'])
  const read = (suffix: string) => readFileSync(join(folder, 'assets', 'index-abc.js' + suffix))
  expect(brotliDecompressSync(read('.br')).toString()).toBe(text)
  expect(gunzipSync(read('.gz')).toString()).toBe(text)
  expect(read('.br').length).toBeLessThan(text.length / 10)
  expect(existsSync(join(folder, 'picture.png.gz'))).toBe(false)
})
