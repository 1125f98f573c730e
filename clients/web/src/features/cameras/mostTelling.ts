/** In which order a center's cameras are looked at. Pure. */
import type { CameraHere } from '@/protocol/types'

/** Those with a picture before those without; then those that matter, the center's own before those below it, and by name. */
export function mostTelling(cameras: readonly CameraHere[], center: string): CameraHere[] {
  const rank = (one: CameraHere): number => (['ok', 'unknown'].includes(one.facts.state ?? 'unknown') ? 0 : 4) + (one.important ? 0 : 2) + (one.center === center ? 0 : 1)
  return [...cameras].sort((one, other) => rank(one) - rank(other) || one.name.localeCompare(other.name, 'zh'))
}
