/** The words of the list of cameras, fetched with its pages, and how states look. */
import { useI18n } from 'vue-i18n'

import type { CameraState } from '@/protocol/types'

import en from './page.en'
import zh from './page.zh'

/** `t` for the own words; words of all pages come by the global `useI18n`. */
export function useCameraWords() {
  return useI18n({ useScope: 'local', messages: { 'zh-CN': zh, en } })
}

/** By what was found of a camera, as it stands elsewhere: of the words of `StateMark`. */
export const MARKS: Readonly<Record<CameraState, string>> = { unknown: 'offline', ok: 'online', away: 'noAnswer', refused: 'declined', silent: 'weak', unplayable: 'weak' }
export const STATES: readonly CameraState[] = ['ok', 'away', 'refused', 'silent', 'unplayable', 'unknown']
export const KINDS = ['fixed', 'ptz', 'dome', 'panorama', 'mobile', 'other'] as const

/** Whether nothing is to be seen of it. */
export function fails(state: CameraState): boolean {
  return state !== 'ok' && state !== 'unknown'
}

/** What was typed as tags: words parted by blanks, commas, 、. */
export function tagsOf(text: string): string[] {
  return [...new Set(text.split(/[\s,，、;；]+/).filter((tag) => tag !== ''))]
}
