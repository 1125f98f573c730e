/** Ways of finding out how the own line is, for the doctor; what does it is fetched when it is wanted. */
import type { DoctorPlace } from './useDoctor'

/** Outside of calls: a short call with oneself. */
export const OWN_LINE: DoctorPlace['line'] = async (signal) => {
  const { DOCTORS_TRY, tryLine } = await import('@/state/capture/line')
  return tryLine(DOCTORS_TRY, signal)
}
