/** A report that is being written, kept on this machine until it is sent: a reload does not lose it. */
import type { CommandData } from '@/protocol/types'

import { placeOf } from './kept'

export type Filed = CommandData['report.file']

export interface Draft {
  text: string
  category: NonNullable<Filed['category']> | null
  place: string
  persons: number | null
  urgency: NonNullable<Filed['urgency']>
}

export const emptyDraft = (): Draft => ({ text: '', category: null, place: '', persons: null, urgency: 'normal' })

export function keptDraft(keptAs: string): Draft {
  try {
    return { ...emptyDraft(), ...(JSON.parse(window.sessionStorage.getItem(placeOf(keptAs)) ?? '{}') as Partial<Draft>) }
  } catch {
    return emptyDraft()
  }
}

export function keepDraft(keptAs: string, draft: Draft): void {
  try {
    if (JSON.stringify(draft) === JSON.stringify(emptyDraft())) window.sessionStorage.removeItem(placeOf(keptAs))
    else window.sessionStorage.setItem(placeOf(keptAs), JSON.stringify(draft))
  } catch {
    // no room: it stays as long as the page
  }
}

/** What looks like a telephone number or the number of an identity card. */
export function namesSomebody(draft: Draft): boolean {
  return /(?<!\d)(1\d{10}|\d{17}[\dXx])(?!\d)/.test(`${draft.text} ${draft.place}`)
}

/** What the hub is told of it. */
export function filedOf({ text, category, place: where, persons, urgency }: Draft): Filed {
  return { situation: 'abnormal', text: text.trim(), ...(category && { category }), ...(where.trim() && { place: where.trim() }), ...(persons !== null && { persons }), ...(urgency !== 'normal' && { urgency }) }
}
