/** Bookings in words of the language that is spoken: days, lengths, names. */
import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'

import type { Booking } from '@/protocol/types'

import type { Book } from './book'
import { addDays, dayText, inZone, type Moment } from '@/parts/zone'

export interface Wording {
  /** The day that it is in the hub's zone. */
  readonly today: ComputedRef<string>
  /** 今天, 明天, or the date. */
  day: (day: string) => string
  /** When something begins, there. */
  at: (moment: string | number) => Moment
  /** `14:00–14:45` */
  span: (booking: Pick<Booking, 'starts_at' | 'minutes'>) => string
  length: (minutes: number) => string
  /** Names of those called, and how many they are. */
  called: (booking: Pick<Booking, 'names' | 'called'>) => string
}

/** `now`: ms since 1970. */
export function useWording(book: Pick<Book, 'zone'>, now: () => number): Wording {
  const { t, locale } = useI18n()
  const today = computed(() => inZone(now(), book.zone.value).day)
  const at = (moment: string | number): Moment => inZone(moment, book.zone.value)
  return {
    today,
    at,
    day(day) {
      const date = dayText(day, locale.value, { month: 'long', day: 'numeric', weekday: 'short', ...(day.slice(0, 4) === today.value.slice(0, 4) ? {} : { year: 'numeric' }) })
      const near = day === today.value ? 'today' : day === addDays(today.value, 1) ? 'tomorrow' : day === addDays(today.value, -1) ? 'yesterday' : undefined
      return near === undefined ? date : `${t(`bookings.day.${near}`)} · ${date}`
    },
    span: ({ starts_at, minutes }) => `${at(starts_at).time}–${at(Date.parse(starts_at) + minutes * 60_000).time}`,
    length(minutes) {
      if (minutes >= 1440 && minutes % 1440 === 0) return t('bookings.minutes.day', { count: minutes / 1440 })
      if (minutes >= 60 && minutes % 60 === 0) return t('bookings.minutes.hour', { count: minutes / 60 })
      return t('bookings.minutes.min', { count: minutes })
    },
    called({ names, called }) {
      const some = names.join('、')
      return called > names.length ? t('bookings.page.called', { names: some, count: called }) : t('bookings.page.calledFew', { names: some })
    },
  }
}
