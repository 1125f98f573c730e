/** The doctor at work: takes what it may, tries line and speaker, and says what it found. */
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'

import type { LineOutcome } from '@/protocol/lineCheck'
import { useChosen } from '@/state/capture/chosen'
import type { Capture } from '@/state/capture/useCapture'
import type { Level } from '@/state/capture/useLevel'

import { type Machine, machineOf } from './advice'
import { type Checked, CHECKED, type DeviceLook, type Finding, ofCamera, ofLine, ofMicrophone, ofSpeaker, type SpeakerState, troubles } from './findings'
import { playTones } from './speaker'

/** As loud as this (0..1) somebody was heard. */
const SPOKEN = 0.35

export interface DoctorPlace {
  readonly capture: Capture
  readonly level: Level
  /** The page's context for sound, woken by the press that opened the doctor. */
  readonly audio: () => AudioContext | null
  /** How the line is found out: by a call with oneself, or from the running call. */
  readonly line: (signal: AbortSignal) => Promise<LineOutcome>
  /** Devices are taken for the check; else they are as they are, and nothing is switched on or off here. */
  readonly takes: boolean
  /** The line is that of a running call. */
  readonly inCall: boolean
  readonly machine?: Machine
}

export function useDoctor(place: DoctorPlace) {
  const { capture, level } = place
  const machine = place.machine ?? machineOf(navigator)
  const chosen = useChosen()
  const spoken = ref(false)
  const speaker = ref<SpeakerState>('untried')
  const line = shallowRef<LineOutcome>()
  const checkedAt = ref(Date.now())
  const ending = new AbortController()
  let round = 0

  watch(level.level, (now) => {
    if (now > SPOKEN) spoken.value = true
  })
  // another microphone has not been heard yet, another speaker neither
  watch(() => chosen.now.value.microphone, () => (spoken.value = false))
  watch(() => chosen.now.value.speaker, () => (speaker.value = 'untried'))

  const look = (kind: 'camera' | 'microphone'): DeviceLook => ({
    state: capture[kind].value,
    lost: capture.lost.value[kind],
    taking: capture.taking.value,
    secure: window.isSecureContext,
    machine,
  })
  const findings = computed<Record<Checked, Finding>>(() => ({
    camera: ofCamera(look('camera')),
    microphone: ofMicrophone(look('microphone'), spoken.value, level.silent.value),
    speaker: ofSpeaker(speaker.value, machine),
    line: ofLine(line.value, place.inCall),
  }))
  const list = computed(() => CHECKED.map((what) => findings.value[what]))

  async function tryLine(): Promise<void> {
    const mine = ++round
    line.value = undefined
    const outcome = await place.line(ending.signal)
    if (ending.signal.aborted || mine !== round) return
    line.value = outcome
    checkedAt.value = Date.now()
  }
  async function takeDevices(): Promise<void> {
    if (place.takes) await capture.take()
    await capture.retry()
  }
  async function play(): Promise<void> {
    speaker.value = 'playing'
    const played = await playTones(place.audio(), chosen.now.value.speaker)
    if (!ending.signal.aborted) speaker.value = played ? 'ask' : 'blocked'
  }

  void takeDevices()
  void tryLine()
  onScopeDispose(() => {
    // what was taken is the page's to let go: it may be in a call by now
    ending.abort()
  })

  return {
    machine,
    chosen,
    findings,
    line,
    checkedAt,
    speaker,
    going: computed(() => list.value.some((one) => one.word === 'going')),
    good: computed(() => list.value.filter((one) => one.grade === 'good').length),
    troubles: computed(() => troubles(list.value)),
    play,
    answer: (heard: boolean) => (speaker.value = heard ? 'heard' : 'unheard'),
    /** All over again, by one key. */
    again(): void {
      spoken.value = false
      speaker.value = 'untried'
      void takeDevices()
      if (line.value !== undefined) void tryLine()
    },
  }
}
export type Doctor = ReturnType<typeof useDoctor>
