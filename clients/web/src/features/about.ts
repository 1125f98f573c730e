/** Of whom a key about somebody does not speak: cameras and phones stand in a meeting and have no seat in it. */
import { isCamera, isPhone } from '@/parts/attendance'
import type { Participant } from '@/protocol/types'

import type { PersonKey } from './contract'

export function isOutOfKey(person: Participant, key: Pick<PersonKey, 'cameras' | 'phones'>): boolean {
  if (isCamera(person.id)) return key.cameras !== true
  return isPhone(person) && key.phones !== true && key.cameras !== true
}
