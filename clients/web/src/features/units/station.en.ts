/** Words of units at the station; they come with what shows them. English. */
import type { Translated } from '../words'
import type zh from './station.zh'

export default { joined: 'In a {level} meeting', of: '{center} · {title}', text: 'You see and hear the meeting above; it hears the chair of this one alone', level: { city: 'city', county: 'county', township: 'township', village: 'village' } } satisfies Translated<typeof zh>
