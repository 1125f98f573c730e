/** How somebody is heard and hears, in a few words: what is as usual says nothing. */
import type { Claim, OwnSound, RollCall, Sound } from '@/protocol/types'

/** Words below `sound.state`. */
export type SoundState = 'talking' | 'apart' | 'listened' | 'listens' | 'speakerOff' | 'muted' | 'mutedFast' | 'off'

/** `muted`: by the chair; `own`: what is told of him alone; `off`: his own key. The most unusual comes first. */
export function soundStates(id: string, muted: boolean, sound: Sound | undefined, own: OwnSound | undefined, off = false): readonly SoundState[] {
  const states: SoundState[] = []
  if (sound?.talking.some((one) => one.participant === id) === true) states.push('talking')
  if (apartOf(sound, id) !== undefined) states.push('apart')
  if ((own?.listeners.length ?? 0) > 0) states.push('listened')
  if ((own?.listens ?? null) !== null) states.push('listens')
  if (own?.speaker_off === true) states.push('speakerOff')
  if (muted) states.push(sound?.self_unmute === false ? 'mutedFast' : 'muted')
  else if (off) states.push('off')
  return states
}

/** The same where there is little room: that he may not unmute himself goes without saying. */
export function briefly(states: readonly SoundState[]): readonly SoundState[] {
  return states.map((state) => (state === 'mutedFast' ? 'muted' : state))
}

/** Why somebody whose microphone is open is not heard by all: a roll call calls others, one talks by a key, he is apart; null: he is. */
export type HeardOnly = 'roll_call' | 'talk' | 'apart' | null

export function heardOnly(id: string, sound: Sound | undefined, roll: RollCall | undefined, floor: ReadonlyMap<string, Claim>): HeardOnly {
  if (apartOf(sound, id) !== undefined) return 'apart'
  const heard = roll?.heard ?? null
  if (heard !== null) return heard.includes(id) ? null : 'roll_call'
  if (sound?.mode !== 'talk' || floor.get(id)?.state === 'speaking') return null
  return sound.talking.some((one) => one.participant === id) ? null : 'talk'
}

/** The word apart that somebody is in. */
export function apartOf(sound: Sound | undefined, id: string): Sound['apart'][number] | undefined {
  return sound?.apart.find((each) => each.members.some((one) => one.participant === id))
}
