/** Which centers have a situation that nobody has acknowledged: told by the frame to whatever shows centers. */
import { inject, type InjectionKey } from 'vue'

/** Whether it has, by its code. */
export type Alarmed = (center: string) => boolean

export const alarmedKey: InjectionKey<Alarmed> = Symbol('alarmed')

/** The codes of all that have. */
export type AllAlarmed = () => Iterable<string>

export const allAlarmedKey: InjectionKey<AllAlarmed> = Symbol('allAlarmed')

/** Without a frame (a station, a test) none has. */
export function useAlarmed(): Alarmed {
  return inject(alarmedKey, () => false)
}
export function useAllAlarmed(): AllAlarmed {
  return inject(allAlarmedKey, () => [])
}
