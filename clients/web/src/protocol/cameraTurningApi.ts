/** What a camera remembers, as the HTTP API gives it. Each call raises Refused or Unreachable. */
import type { Api } from './api'
import type { PresetHere } from './types'

export type Caller = Pick<Api, 'call'>

export async function readPresets(camera: string, api: Caller): Promise<PresetHere[]> {
  return (await api.call<{ presets: PresetHere[] }>('GET', `/cameras/${encodeURIComponent(camera)}/presets`)).presets
}

