/** What was found of a file, in a clerk's words: the same wherever files are looked at. */
import { useI18n } from 'vue-i18n'

import { dateTimeText } from '@/parts/now'
import type { FileFinding } from '@/protocol/types'

import en from './words.en'
import zh from './words.zh'

/** What a check finds of a file; `open` was never closed. */
export type FileState = FileFinding['finding'] | 'whole' | 'long' | 'open'

export interface FileWords {
  /** What is the matter with it. */
  readonly says: (state: string) => string
  /** What to do about it; empty where there is nothing to do. */
  readonly todo: (state: FileFinding['finding']) => string
  /** Which file it is. */
  readonly which: (finding: FileFinding) => string
}

export function useFileWords(): FileWords {
  const { t } = useI18n({ useScope: 'local', messages: { 'zh-CN': zh, en } })
  return {
    says: (state) => t(state),
    todo: (state) => t(`todo.${state}`),
    which: ({ what, name, started_at, file }) => t(`of.${what}`, { name, at: started_at === '' ? '' : dateTimeText(started_at), file }),
  }
}
