/** From a list of grids that was looked at to the commands that make it so. Pure. */
import type { CommandData, GridGiven, GridsPreview } from '@/protocol/types'

/** As many as one command takes. */
const ACCOUNTS = 200
const GRIDS = 100

/** The accounts that are missing, some at a time. */
export function accountsOf(seen: GridsPreview): CommandData['account.create'][] {
  const all = seen.people.map(({ username, name, role, center }) => ({ username, name, role, center }))
  return pieces(all, ACCOUNTS).map((accounts) => ({ accounts }))
}

/** Accounts by user name: those that were there, with those that were made. */
export function known(seen: GridsPreview, made: ReadonlyMap<string, string>): Map<string, string> {
  return new Map([...[...seen.new, ...seen.changed].flatMap((one) => Object.entries(one.accounts)), ...made])
}

type Listed = GridsPreview['new'][number]

/** Who works there, as commands say it; undefined where an account is missing. */
function people(one: Listed, ids: ReadonlyMap<string, string>): { leader: string | null; members: string[] } | undefined {
  const leader = one.leader === null ? null : ids.get(one.leader)
  const members = one.members.map((name) => ids.get(name))
  if (leader === undefined || members.includes(undefined)) return undefined
  return { leader, members: members.filter((each) => each !== undefined) }
}

/** The new grids, a village at a time. */
export function gridsOf(seen: GridsPreview, ids: ReadonlyMap<string, string>): CommandData['grid.make'][] {
  const villages = new Map<string, NonNullable<CommandData['grid.make']['grids']>>()
  for (const one of seen.new) {
    const who = people(one, ids)
    if (who === undefined) continue
    const { grid, name, kind, planned } = one
    villages.set(one.village, [...(villages.get(one.village) ?? []), { grid, name, kind, planned, ...who }])
  }
  return [...villages].flatMap(([village, all]) => pieces(all, GRIDS).map((grids) => ({ village, grids, batch: seen.batch })))
}

/** Other people in grids that are there. */
export function assignedOf(seen: GridsPreview, ids: ReadonlyMap<string, string>): CommandData['grid.assign'][] {
  return seen.changed.flatMap((one) => {
    const who = people(one, ids)
    return one.grid === null || who === undefined ? [] : [{ grid: one.grid, ...who, batch: seen.batch }]
  })
}

/** Who worked there before, where those whom the list gave work there still; the hub looks once more. */
export function putBackOf(given: readonly GridGiven[]): CommandData['grid.assign'][] {
  return given.filter((one) => one.stands).map(({ grid, leader, members, was }) => ({ grid, leader: was.leader, members: was.members, now: { leader, members } }))
}

export function pieces<T>(all: readonly T[], most: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / most) }, (_, at) => all.slice(at * most, (at + 1) * most))
}
