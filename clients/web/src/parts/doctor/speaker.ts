/** Three tones at the chosen speaker: by an element, because contexts cannot be sent to a speaker everywhere. */
import { playAt } from '@/state/capture/speaker'

const TONES_HZ = [523, 659, 784] as const
const [EACH_S, GAP_S] = [0.35, 0.15] as const
export const TONES_MS = TONES_HZ.length * (EACH_S + GAP_S) * 1000 + 200

/** Resolves when they have been played; false where the browser did not let them. */
export async function playTones(context: AudioContext | null, speaker: string): Promise<boolean> {
  if (context === null) return false
  await context.resume().catch(() => undefined)
  if (context.state !== 'running') return false
  const out = context.createMediaStreamDestination()
  const element = new Audio()
  element.srcObject = out.stream
  await playAt(element, speaker)
  try {
    await element.play()
  } catch {
    return false
  }
  for (const [at, hz] of TONES_HZ.entries()) {
    const start = context.currentTime + 0.1 + at * (EACH_S + GAP_S)
    const gain = context.createGain()
    gain.gain.setValueAtTime(0, start)
    gain.gain.linearRampToValueAtTime(0.3, start + 0.03)
    gain.gain.setValueAtTime(0.3, start + EACH_S - 0.06)
    gain.gain.linearRampToValueAtTime(0, start + EACH_S)
    const tone = context.createOscillator()
    tone.type = 'triangle'
    tone.frequency.value = hz
    tone.connect(gain).connect(out)
    tone.start(start)
    tone.stop(start + EACH_S)
  }
  await new Promise((resolve) => setTimeout(resolve, TONES_MS))
  element.pause()
  element.srcObject = null
  return true
}
