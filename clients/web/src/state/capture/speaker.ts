/** Where sound comes out: the chosen speaker, in browsers that let a page choose. */
import { onScopeDispose, watch } from 'vue'

import { useChosen } from './chosen'

/** Whether this browser lets pages choose. */
export function canChooseSpeaker(): boolean {
  return typeof HTMLMediaElement !== 'undefined' && 'setSinkId' in HTMLMediaElement.prototype
}

/** Has this element play there; a speaker that is gone leaves it where it was. Never throws. */
export async function playAt(element: HTMLMediaElement, speaker: string): Promise<boolean> {
  if (!canChooseSpeaker() || element.sinkId === speaker) return true
  try {
    await element.setSinkId(speaker)
    return true
  } catch {
    // unplugged since: the system's own speaker is better than none
    if (speaker !== '') await element.setSinkId('').catch(() => undefined)
    return false
  }
}

/** These elements play at the chosen speaker, now and when another one is chosen or a plug is put back. Lives as long as the calling scope. */
export function useChosenSpeaker(elements: () => readonly HTMLMediaElement[]): void {
  const { now } = useChosen()
  const apply = (): void => {
    for (const element of elements()) void playAt(element, now.value.speaker)
  }
  watch([elements, () => now.value.speaker], apply, { flush: 'post' })
  const devices = (typeof navigator === 'undefined' ? undefined : navigator.mediaDevices) as MediaDevices | undefined
  devices?.addEventListener('devicechange', apply)
  onScopeDispose(() => {
    devices?.removeEventListener('devicechange', apply)
  })
}
