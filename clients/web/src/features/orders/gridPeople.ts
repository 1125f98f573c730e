/** Who works in a grid, in words: who answers for it, who walks it, and whose phone is bound to none. Pure. */
import type { GridsPresent } from '@/protocol/types'

type Translate = (key: string, words?: Record<string, string | number>) => string

/** Undefined where it is not known. */
export function gridPeople(present: GridsPresent | undefined, grid: string, t: Translate): { readonly text: string; readonly nobody: boolean } | undefined {
  const found = present?.grids.find((one) => one.grid === grid)
  if (present === undefined || found === undefined) return undefined
  const known = new Map(present.people.map((one) => [one.account, one]))
  const names = (accounts: readonly string[]): string =>
    accounts
      .flatMap((account) => {
        const one = known.get(account)
        return one === undefined ? [] : [one.bound ? one.name : t('orders.grids.noPhone', { name: one.name })]
      })
      .join(t('orders.grids.between'))
  const leader = names(found.leader === null ? [] : [found.leader])
  const members = names(found.members.filter((one) => one !== found.leader))
  if (leader === '' && members === '') return { text: t('orders.grids.nobody'), nobody: true }
  return { text: [leader && t('orders.grids.leader', { names: leader }), members && t('orders.grids.members', { names: members })].filter((word) => word !== '').join(' · '), nobody: false }
}
