/** What an incident takes over from the report that it begins with. Pure. */
import type { IncidentCategory, Report, ReportCategory } from '@/protocol/types'

import type { Fields } from './fields'

const CATEGORIES: Record<ReportCategory, IncidentCategory> = {
  water: 'flood', fire: 'fire', geology: 'geology', traffic: 'traffic', health: 'livelihood', people: 'order', security: 'order', supplies: 'livelihood', utilities: 'livelihood', other: 'other',
}

export function takenOver({ category, place, urgency }: Pick<Report, 'category' | 'place' | 'urgency'>): Pick<Fields, 'category' | 'place' | 'urgency'> {
  return { category: CATEGORIES[category ?? 'other'], place: place ?? '', urgency: urgency ?? 'normal' }
}
