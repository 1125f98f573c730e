/** What must be said to somebody about his own sound: who listens in, with whom he is apart, that he hears nothing. */
import { apartOf } from '@/parts/soundStates'
import type { OwnSound, Sound } from '@/protocol/types'

export interface SoundNews {
  readonly kind: 'listened' | 'forced' | 'apart' | 'listens' | 'speakerOff' | 'others'
  /** Who it is about, in names. */
  readonly who: string
  /** Of a word apart its id. */
  readonly talk?: string
  /** Of a word apart: how one gets out of it. */
  readonly out?: 'back' | 'leave'
}

const named = (one: { center_name: string; name: string }): string => `${one.center_name} ${one.name}`

/** The most important first. `me`: one's own id. */
export function soundNews(me: string, sound: Sound | undefined, own: OwnSound | undefined, control: boolean): readonly SoundNews[] {
  const news: SoundNews[] = []
  if (own !== undefined && own.listeners.length > 0) news.push({ kind: 'listened', who: own.listeners.map(named).join('、') })
  const apart = apartOf(sound, me)
  if (apart !== undefined) {
    const others = apart.members.filter((one) => one.participant !== me)
    const mine = apart.members.find((one) => one.participant === me)
    const forced = others.filter((one) => one.forced)
    if (forced.length > 0) news.push({ kind: 'forced', who: forced.map(named).join('、'), talk: apart.talk })
    const out = mine?.forced === true ? 'leave' : control ? 'back' : undefined
    news.push({ kind: 'apart', who: others.map(named).join('、'), talk: apart.talk, ...(out === undefined ? {} : { out }) })
  }
  if (own !== undefined && own.listens !== null) news.push({ kind: 'listens', who: named(own.listens) })
  if (own?.speaker_off === true) news.push({ kind: 'speakerOff', who: '' })
  for (const each of sound?.apart ?? []) {
    if (each === apart) continue
    const by = each.members.find((one) => one.participant === each.by)
    news.push({ kind: 'others', who: `${by === undefined ? '' : `${by.center_name} · `}${each.center_name}`, talk: each.talk })
  }
  return news
}
