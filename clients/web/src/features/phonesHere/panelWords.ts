/** The words of the sheet and of the case in both languages, for `useI18n`: they are fetched with what shows them. */
import en from './panel.en'
import zh from './panel.zh'

export const PANEL = { useScope: 'local', messages: { 'zh-CN': zh, en } } as const
