/** What the doctor says of each of four things: a word, how bad it is, and what to do. Pure; the words stand in `words.*.ts`. */
import type { LineOutcome } from '@/protocol/lineCheck'
import type { DeviceState } from '@/protocol/types'
import { gradeOfLine, type Grade } from '@/state/capture/verdict'

import type { Machine } from './advice'

export const CHECKED = ['camera', 'microphone', 'speaker', 'line'] as const
export type Checked = (typeof CHECKED)[number]

export interface Finding {
  readonly grade: Grade | 'going'
  /** Below `doctor.<what>`: the verdict in a word or two. */
  readonly word: string
  /** Below `doctor.advice`: two sentences of what to do; null where nothing is to be done. */
  readonly advice: string | null
}

export interface DeviceLook {
  readonly state: DeviceState
  readonly lost: boolean
  readonly taking: boolean
  /** Whether the page came by https (or from this machine): browsers give devices to no other. */
  readonly secure: boolean
  readonly machine: Machine
}

function trouble({ state, lost, secure, machine }: DeviceLook): Finding | null {
  if (state === 'on' || state === 'off') return null
  if (!secure && (state === 'failed' || state === 'none')) return { grade: 'bad', word: 'insecure', advice: 'insecure' }
  const word = lost && state !== 'denied' ? 'lost' : state
  return { grade: 'bad', word, advice: `${word}_${machine}` }
}

export function ofCamera(look: DeviceLook): Finding {
  if (look.taking) return { grade: 'going', word: 'going', advice: null }
  return trouble(look) ?? (look.state === 'on' ? { grade: 'good', word: 'works', advice: 'camera_works' } : { grade: 'unknown', word: 'off', advice: 'camera_off' })
}

/** `spoken`: somebody was heard; `silent`: nothing at all has come for some seconds. */
export function ofMicrophone(look: DeviceLook, spoken: boolean, silent: boolean): Finding {
  if (look.taking) return { grade: 'going', word: 'going', advice: null }
  const found = trouble(look)
  if (found !== null) return found
  if (look.state === 'off') return { grade: 'unknown', word: 'off', advice: 'microphone_off' }
  if (silent) return { grade: 'bad', word: 'silent', advice: `silent_${look.machine}` }
  return spoken ? { grade: 'good', word: 'works', advice: null } : { grade: 'going', word: 'quiet', advice: 'speak' }
}

/** `ask`: the tone was played, and nobody has said yet whether it was heard. */
export type SpeakerState = 'untried' | 'playing' | 'ask' | 'heard' | 'unheard' | 'blocked'

export function ofSpeaker(state: SpeakerState, machine: Machine): Finding {
  switch (state) {
    case 'heard':
      return { grade: 'good', word: 'heard', advice: null }
    case 'unheard':
      return { grade: 'bad', word: 'unheard', advice: `unheard_${machine}` }
    case 'blocked':
      return { grade: 'fair', word: 'blocked', advice: 'speaker_blocked' }
    case 'playing':
      return { grade: 'going', word: 'playing', advice: 'listen' }
    case 'ask':
      return { grade: 'going', word: 'ask', advice: null }
    default:
      return { grade: 'unknown', word: 'untried', advice: 'play' }
  }
}

/** `outcome`: undefined while it is tried. `inCall`: read from a running call, which sends no more than it needs: its rates are no verdict. */
export function ofLine(outcome: LineOutcome | undefined, inCall: boolean): Finding {
  if (outcome === undefined) return { grade: 'going', word: 'going', advice: 'line_going' }
  if ('failure' in outcome) {
    const grade = outcome.failure === 'busy' ? 'unknown' : 'bad'
    return { grade, word: outcome.failure, advice: `line_${outcome.failure}` }
  }
  const grade = gradeOfLine(inCall ? { ...outcome.figures, upKbps: null } : outcome.figures)
  if (grade === 'unknown') return { grade, word: 'unknown', advice: 'line_unknown' }
  if (grade !== 'good') return { grade, word: grade, advice: `line_${grade}` }
  const way = outcome.figures.way
  return { grade, word: 'good', advice: way === 'relay' || way === 'tcp' ? `line_${way}` : null }
}

/** How many of these need somebody to do something. */
export function troubles(findings: readonly Finding[]): number {
  return findings.filter((one) => one.grade === 'bad' || one.grade === 'fair').length
}
