/** What a camera remembers, and which devices there are, as the HTTP API gives it. Each call raises Refused or Unreachable. */
import type { Api } from './api'
import type { CameraDevice, DeviceFound, CameraProfile, PresetHere } from './types'

export type Caller = Pick<Api, 'call'>

export async function readPresets(camera: string, api: Caller): Promise<PresetHere[]> {
  return (await api.call<{ presets: PresetHere[] }>('GET', `/cameras/${encodeURIComponent(camera)}/presets`)).presets
}

/** Who answers on the networks of cameras; takes some seconds. For who manages cameras. */
export async function findDevices(api: Caller): Promise<DeviceFound[]> {
  return (await api.call<{ devices: DeviceFound[] }>('POST', '/cameras/discoveries')).devices
}

/** The streams of a device; nothing of what is sent is kept. */
export async function readProfiles(device: CameraDevice, api: Caller): Promise<CameraProfile[]> {
  return (await api.call<{ profiles: CameraProfile[] }>('POST', '/cameras/profiles', device)).profiles
}
