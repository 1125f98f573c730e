/** A network is searched a piece at a time, so that one sees how far it is and can stop it; and how streams of a device go together. Pure. */
import type { CameraProfile } from '@/protocol/types'

/** Addresses of one piece; the hub asks no more in one go. */
const PIECE = 256
/** More addresses are not searched in one go: the part that is meant has to be named. */
export const MOST_SEARCHED = 4_096

/** A.B.C.D/N as its first address and how many there are; undefined for what is none. */
export function rangeOf(text: string): { first: number; count: number } | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?$/.exec(text.trim())
  if (match === null) return undefined
  const bytes = match.slice(1, 5).map(Number)
  const bits = match[5] === undefined ? 32 : Number(match[5])
  if (bytes.some((one) => one > 255) || bits > 32) return undefined
  const count = 2 ** (32 - bits)
  const address = bytes.reduce((sum, one) => sum * 256 + one, 0)
  return { first: address - (address % count), count }
}
function written(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.')
}
/** The network in pieces that the hub asks one after the other. */
export function piecesOf(network: string): string[] {
  const range = rangeOf(network)
  if (range === undefined || range.count > MOST_SEARCHED) return []
  if (range.count <= PIECE) return [`${written(range.first)}/${String(32 - Math.log2(range.count))}`]
  return Array.from({ length: range.count / PIECE }, (_, at) => `${written(range.first + at * PIECE)}/24`)
}
/** Whether the one lies in the other. */
export function isWithin(inner: string, outer: string): boolean {
  const [small, large] = [rangeOf(inner), rangeOf(outer)]
  return small !== undefined && large !== undefined && small.first >= large.first && small.first + small.count <= large.first + large.count
}

/** The streams of one lens, the largest first; a recorder has many. */
export interface Lens {
  readonly source: string
  readonly profiles: readonly CameraProfile[]
}
export function lensesOf(profiles: readonly CameraProfile[]): Lens[] {
  const by = new Map<string, CameraProfile[]>()
  for (const one of profiles) by.set(one.source, [...(by.get(one.source) ?? []), one])
  return [...by].map(([source, of]) => ({ source, profiles: of }))
}
/** What is proposed: the largest, and as the small one the largest of those that are a quarter of it or less, else the smallest. */
export function proposed({ profiles }: Lens): { main: string; sub: string } {
  const [main, ...rest] = profiles
  if (main === undefined) return { main: '', sub: '' }
  const plays = rest.filter((one) => one.codec === '' || one.codec === 'H264')
  const small = plays.find((one) => one.width > 0 && one.width * one.height * 4 <= main.width * main.height) ?? plays.at(-1)
  return { main: main.token, sub: small?.token ?? '' }
}
