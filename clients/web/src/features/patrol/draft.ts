/** A route that is being written: stops in their order, times, and what is missing. Pure. */
import type { CameraHere, CommandData, PatrolRouteWhole } from '@/protocol/types'

export interface DraftStop {
  /** Of this line alone: a camera may come twice. */
  readonly key: number
  readonly camera: string
  readonly name: string
  readonly center_name: string
  readonly preset: { token: string; name: string } | null
  readonly dwell: number
  readonly look_for: string
  /** Whether it can be turned by who makes the route; undefined: not known before it is asked. */
  readonly turns?: boolean
}
export interface DraftTime {
  readonly time: string
  readonly weekdays: readonly number[]
}
export interface Draft {
  title: string
  center: string
  note: string
  within: number
  by_shift: boolean
  times: readonly DraftTime[]
  stops: readonly DraftStop[]
}

export const MOST_STOPS = 200
export const EVERY_DAY: readonly number[] = [1, 2, 3, 4, 5, 6, 7]
const DWELL_S = 10

export function emptyDraft(center: string): Draft {
  return { title: '', center, note: '', within: 60, by_shift: false, times: [], stops: [] }
}
export function draftOf(route: PatrolRouteWhole): Draft {
  return {
    title: route.title,
    center: route.center,
    note: route.note,
    within: route.within_minutes,
    by_shift: route.by_shift,
    times: route.times.map(({ time, weekdays = [...EVERY_DAY] }) => ({ time, weekdays })),
    stops: route.stops.map((stop, at) => ({ key: at + 1, camera: stop.camera, name: stop.name, center_name: stop.center_name, preset: stop.preset === null ? null : { token: stop.preset.token, name: stop.preset.name ?? '' }, dwell: stop.dwell_seconds, look_for: stop.look_for })),
  }
}

type Turned = Pick<CameraHere, 'camera'> & Partial<Pick<CameraHere, 'onvif' | 'can'>>
function turnsOf({ onvif, can }: Turned): boolean | undefined {
  return onvif === undefined ? undefined : onvif && can?.includes('move') === true
}
/** What is known now of the cameras of these stops: one that is fixed is asked for no direction. */
export function withTurns(stops: readonly DraftStop[], cameras: readonly Turned[]): readonly DraftStop[] {
  const known = new Map(cameras.map((one) => [one.camera, turnsOf(one)]))
  return stops.map((stop) => {
    const turns = known.get(stop.camera)
    return turns === undefined ? stop : { ...stop, turns }
  })
}

export function added(stops: readonly DraftStop[], camera: Pick<CameraHere, 'camera' | 'name' | 'center_name'> & Turned): readonly DraftStop[] {
  if (stops.length >= MOST_STOPS) return stops
  const key = 1 + Math.max(0, ...stops.map((one) => one.key))
  const turns = turnsOf(camera)
  return [...stops, { key, camera: camera.camera, name: camera.name, center_name: camera.center_name, preset: null, dwell: stops.at(-1)?.dwell ?? DWELL_S, look_for: '', ...(turns !== undefined && { turns }) }]
}
/** The stop at one place stands at another, the others in their order. */
export function moved(stops: readonly DraftStop[], from: number, to: number): readonly DraftStop[] {
  const at = Math.max(0, Math.min(stops.length - 1, to))
  const one = stops[from]
  if (one === undefined || at === from) return stops
  const rest = stops.filter((_, place) => place !== from)
  return [...rest.slice(0, at), one, ...rest.slice(at)]
}
export function toggledDay(days: readonly number[], day: number): readonly number[] {
  const next = days.includes(day) ? days.filter((one) => one !== day) : [...days, day].sort((one, other) => one - other)
  return next.length === 0 ? days : next
}

/** What is missing, by the words `edit.problem.*`; undefined for nothing. */
export function problemOf(draft: Draft): 'title' | 'stops' | 'time' | 'within' | undefined {
  if (draft.title.trim() === '') return 'title'
  if (draft.stops.length === 0) return 'stops'
  if (draft.times.some(({ time }) => !/^([01]\d|2[0-3]):[0-5]\d$/.test(time))) return 'time'
  return Number.isInteger(draft.within) && draft.within >= 5 && draft.within <= 720 ? undefined : 'within'
}

export function commandOf(draft: Draft, before?: { readonly id: string; readonly version: number }): CommandData['patrol.keep'] {
  return {
    route: before?.id ?? null,
    version: before?.version ?? null,
    center: draft.center,
    title: draft.title.trim(),
    note: draft.note.trim(),
    within_minutes: draft.within,
    by_shift: draft.by_shift,
    times: draft.times.map(({ time, weekdays }) => ({ time, weekdays: [...weekdays] })),
    stops: draft.stops.map(({ camera, preset, dwell, look_for }) => ({ camera, preset, dwell_seconds: Math.max(3, Math.min(600, Math.round(dwell) || DWELL_S)), look_for: look_for.trim() })),
  }
}
