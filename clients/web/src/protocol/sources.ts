/** Words of sources: a participant's id is his camera, `<id>:screen` the screen that he shares. */

const SCREEN_SUFFIX = ':screen'

export function screenOf(participant: string): string {
  return participant + SCREEN_SUFFIX
}

export function isScreen(source: string): boolean {
  return source.endsWith(SCREEN_SUFFIX)
}

export function participantOf(source: string): string {
  return isScreen(source) ? source.slice(0, -SCREEN_SUFFIX.length) : source
}
