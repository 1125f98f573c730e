/** Days and times of the hub's zone: who sits in another one sees them all the same. A day is `2026-11-29`, a time `14:00`. Pure. */

export interface Moment {
  readonly day: string
  readonly time: string
}

const formats = new Map<string, Intl.DateTimeFormat>()
function format(zone: string): Intl.DateTimeFormat {
  let made = formats.get(zone)
  if (made === undefined) {
    made = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit',
    })
    formats.set(zone, made)
  }
  return made
}

/** `at`: ISO 8601, or ms since 1970. */
export function inZone(at: string | number, zone: string): Moment {
  const parts = Object.fromEntries(format(zone).formatToParts(new Date(at)).map(({ type, value }) => [type, value]))
  return { day: `${parts['year'] ?? ''}-${parts['month'] ?? ''}-${parts['day'] ?? ''}`, time: `${parts['hour'] ?? ''}:${parts['minute'] ?? ''}` }
}

/** ms since 1970 of a day and time of the zone. NaN where they are none. Of a time that the clock skips it is the one behind. */
export function instant({ day, time }: Moment, zone: string): number {
  const wanted = Date.parse(`${day}T${time}:00Z`)
  let at = wanted
  if (Number.isNaN(at)) return at
  for (let turn = 0; turn < 2; turn++) {
    const shown = inZone(at, zone)
    at += wanted - Date.parse(`${shown.day}T${shown.time}:00Z`)
  }
  return at
}

const DAY_MS = 86_400_000

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)
}

/** Monday to Sunday of the week that the day is in. */
export function weekOf(day: string): string[] {
  const monday = addDays(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7))
  return Array.from({ length: 7 }, (_, at) => addDays(monday, at))
}

/** Whole weeks, Mondays first, with every day of the month that the day is in. */
export function monthOf(day: string): string[][] {
  const month = day.slice(0, 7)
  const weeks: string[][] = []
  for (let week = weekOf(`${month}-01`); week.some((one) => one.startsWith(month)); week = weekOf(addDays(week[6] ?? day, 1))) weeks.push(week)
  return weeks
}

/** The first day of the month so many months away. */
export function addMonths(day: string, months: number): string {
  const [year = 0, month = 1] = day.split('-').map(Number)
  return new Date(Date.UTC(year, month - 1 + months, 1)).toISOString().slice(0, 10)
}

/** A day in words of the language. */
export function dayText(day: string, locale: string, how: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...how }).format(new Date(`${day}T00:00:00Z`))
}

/** Some days that follow each other, from the first to the last, in words of the language. */
export function daysText(first: string, last: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { timeZone: 'UTC', year: 'numeric', month: 'long', day: 'numeric' }).formatRange(new Date(`${first}T00:00:00Z`), new Date(`${last}T00:00:00Z`))
}

/** `中国标准时间 GMT+8` */
export function zoneText(zone: string, locale: string, at: number): string {
  const name = (how: 'long' | 'shortOffset'): string =>
    new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: how }).formatToParts(new Date(at)).find((part) => part.type === 'timeZoneName')?.value ?? zone
  return `${name('long')} ${name('shortOffset')}`
}
