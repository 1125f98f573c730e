/** Puts each text of the build beside itself in brotli and gzip, so that the hub sends it small and compresses nothing. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

import type { Plugin, ResolvedConfig } from 'vite'

/** Smaller ones fit into one packet either way. */
const SMALLEST_BYTES = 1024
const TEXT = /\.(?:js|css|html|svg|json|webmanifest)$/
const BESIDE = /\.(?:br|gz)$/

export function precompress(): Plugin {
  let config: ResolvedConfig
  return {
    name: 'precompress',
    apply: 'build',
    configResolved(resolved) {
      config = resolved
    },
    closeBundle() {
      compressFolder(resolve(config.root, config.build.outDir))
    },
  }
}

/** Every text in the folder and below; what was beside one that is no more goes. */
export function compressFolder(folder: string): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (BESIDE.test(name)) rmSync(join(folder, name))
  }
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (TEXT.test(name)) compressFile(join(folder, name))
  }
}

function compressFile(path: string): void {
  const content = readFileSync(path)
  if (content.length < SMALLEST_BYTES) return
  const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY }
  const made = {
    '.br': brotliCompressSync(content, { params: quality }),
    '.gz': gzipSync(content, { level: constants.Z_BEST_COMPRESSION }),
  }
  for (const [suffix, small] of Object.entries(made)) {
    if (small.length < content.length) writeFileSync(path + suffix, small)
  }
}
