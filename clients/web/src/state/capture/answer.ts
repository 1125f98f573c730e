/** What a page answers to a check: as much as it may know of its devices without asking anybody for anything, and how its line is. */
import type { LineOutcome } from '@/protocol/lineCheck'
import type { CheckedDevice, CheckedSpeaker, CheckReport, DeviceState } from '@/protocol/types'

import { browserDevices, type Devices } from './devices'

export interface AnswerPlace {
  /** How the page's own capture has its devices. */
  readonly camera: DeviceState
  readonly microphone: DeviceState
  /** The microphone is on, and has given no sound for some seconds. */
  readonly silent: boolean
  readonly loudestDb: number | null
  readonly inMeeting: boolean
  /** The running call's line, or a try of it. */
  readonly line: () => Promise<LineOutcome>
  /** Tests bring their own. */
  readonly devices?: Devices | null
  readonly permission?: (name: 'camera' | 'microphone') => Promise<PermissionState | undefined>
}

/** Never throws. */
export async function answerOf(check: string, place: AnswerPlace): Promise<CheckReport> {
  const devices = place.devices === undefined ? browserDevices() : place.devices
  const permission = place.permission ?? permissionOf
  const all = devices === null ? null : await devices.enumerateDevices().catch(() => null)
  const of = async (name: 'camera' | 'microphone', kind: MediaDeviceKind, state: DeviceState): Promise<CheckedDevice> => {
    if (state === 'on') return 'works'
    if (state !== 'off') return state
    if (all === null) return 'failed'
    const there = all.filter((one) => one.kind === kind)
    if (there.length === 0) return 'none'
    const allowed = await permission(name)
    if (allowed === 'denied') return 'denied'
    // a browser that tells of no permissions names its devices once they are allowed
    return allowed === 'granted' || (allowed === undefined && there.some((one) => one.label !== '')) ? 'ready' : 'asks'
  }
  const camera = await of('camera', 'videoinput', place.camera)
  const microphone = place.microphone === 'on' && place.silent ? 'silent' : await of('microphone', 'audioinput', place.microphone)
  const outcome = await place.line()
  const figures = 'figures' in outcome ? outcome.figures : undefined
  const failed = 'failure' in outcome && outcome.failure === 'blocked' ? 'none' : 'unmeasured'
  return {
    check,
    camera,
    microphone,
    level_db: place.loudestDb,
    speaker: speakerOf(all),
    way: figures?.way ?? failed,
    loss_permille: figures?.lossPermille ?? null,
    rtt_ms: figures?.rttMs ?? null,
    up_kbps: figures?.upKbps ?? null,
    down_kbps: figures?.downKbps ?? null,
    in_meeting: place.inMeeting,
  }
}

/** Browsers that list no speakers at all do not tell: one that lists some but none to hear with would say so. */
function speakerOf(all: readonly MediaDeviceInfo[] | null): CheckedSpeaker {
  if (all === null) return 'unknown'
  if (all.some((one) => one.kind === 'audiooutput')) return 'ready'
  return 'unknown'
}

async function permissionOf(name: 'camera' | 'microphone'): Promise<PermissionState | undefined> {
  const permissions = navigator.permissions as Permissions | undefined
  return (await permissions?.query({ name: name as PermissionName }).catch(() => undefined))?.state
}
