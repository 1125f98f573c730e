/** Devices that may become cameras, as the HTTP API gives it; for who manages cameras. Each call raises Refused or Unreachable. */
import type { Api } from './api'
import type { CameraDevice, CameraNetwork, CameraProfiles, DeviceFound } from './types'

export type Caller = Pick<Api, 'call'>
/** A device to be asked; nothing of it is kept. */
export type Asked = Partial<CameraDevice>

/** Where cameras may be. */
export async function readNetworks(api: Caller): Promise<CameraNetwork[]> {
  return (await api.call<{ networks: CameraNetwork[] }>('GET', '/cameras/networks')).networks
}

/** Who answers a call into all networks, or (`network`, 256 addresses at most) at these addresses; takes some seconds. */
export async function findDevices(network: string, api: Caller): Promise<DeviceFound[]> {
  return (await api.call<{ devices: DeviceFound[] }>('POST', '/cameras/discoveries', { network })).devices
}

export async function readProfiles(device: Asked, api: Caller): Promise<CameraProfiles> {
  return api.call('POST', '/cameras/profiles', device)
}

/** Address of a picture of a stream, as the device gives it. */
export async function readSnapshot(device: Asked, profile: string, api: Caller): Promise<string> {
  return `data:image/jpeg;base64,${(await api.call<{ jpeg: string }>('POST', '/cameras/snapshots', { ...device, profile })).jpeg}`
}
