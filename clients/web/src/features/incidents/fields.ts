/** What is said of an incident, as a form has it: text in every field. Pure. */
import type { Incident, IncidentChange, IncidentCategory, Priority } from '@/protocol/types'

import { instantOf, localInput } from './says'

export interface Fields {
  title: string
  text: string
  category: IncidentCategory
  place: string
  urgency: Priority
  /** As an input for day and time has it, local; empty for no date. */
  due: string
}

export function noFields(): Fields {
  return { title: '', text: '', category: 'other', place: '', urgency: 'normal', due: '' }
}

export function fieldsOf(incident: Incident): Fields {
  const { title, text, category, place, urgency, due } = incident
  return { title, text, category, place, urgency, due: due === null ? '' : localInput(due) }
}

/** `before`: what is corrected; a date that was not touched stays to the second. */
export function sentFields({ title, text, category, place, urgency, due }: Fields, before?: Incident): Omit<IncidentChange, 'incident'> {
  const kept = typeof before?.due === 'string' && localInput(before.due) === due ? before.due : instantOf(due)
  return { title: title.trim(), text: text.trim(), category, place: place.trim(), urgency, due: kept }
}
