/** All words at hand in tests: what a page fetches later is there from the first. */
import { en } from '@/i18n/en'
import { callEn } from '@/i18n/en/call'
import { deskEn } from '@/i18n/en/desk'
import { houseEn } from '@/i18n/en/house'
import { oneArchivedEn } from '@/i18n/en/oneArchived'
import { ownEn } from '@/i18n/en/own'
import { zhCN } from '@/i18n/zh-CN'
import { callZhCN } from '@/i18n/zh-CN/call'
import { deskZhCN } from '@/i18n/zh-CN/desk'
import { houseZhCN } from '@/i18n/zh-CN/house'
import { oneArchivedZhCN } from '@/i18n/zh-CN/oneArchived'
import { ownZhCN } from '@/i18n/zh-CN/own'

interface Words {
  [key: string]: unknown
}

function merge(into: Words, from: Words): void {
  for (const [key, value] of Object.entries(from)) {
    const there = into[key]
    if (isWords(value) && isWords(there)) merge(there, value)
    else into[key] = value
  }
}
function isWords(value: unknown): value is Words {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

if (!('shell' in zhCN)) {
  merge(zhCN, deskZhCN)
  merge(zhCN, ownZhCN as unknown as Words)
  merge(zhCN, callZhCN as unknown as Words)
  merge(zhCN, houseZhCN as unknown as Words)
  merge(zhCN, oneArchivedZhCN as unknown as Words)
  merge(en as unknown as Words, deskEn as unknown as Words)
  merge(en as unknown as Words, ownEn as unknown as Words)
  merge(en as unknown as Words, callEn as unknown as Words)
  merge(en as unknown as Words, houseEn as unknown as Words)
  merge(en as unknown as Words, oneArchivedEn as unknown as Words)
}
