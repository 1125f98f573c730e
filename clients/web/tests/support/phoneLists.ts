/** What a phone holds in tests of lists: a list, its rows, households, what was said. All made up. */
import type { ListHere, ListRow } from '@/features/grid/listRows'
import type { Item, Wanted } from '@/features/grid/queue'
import type { Card, Row, Work } from '@/features/grid/work'

export const NOW = Date.parse('2026-11-30T08:00:00Z')
export const GRID = '430682115210001'
export const listOf = (more: Partial<ListHere> = {}): ListHere => ({
  clearing: 'li_1', title: '返乡名单', note: '今日清零', due: null, delete_at: '2026-12-07T00:00:00Z', columns: [{ name: '姓名', role: 'personal' }, { name: '电话', role: 'personal' }, { name: '来源', role: 'shown' }], ...more,
})
export const rowOf = (row: number, more: Partial<ListRow> = {}): ListRow => ({
  clearing: 'li_1', row, grid: GRID, household: null, who: `人${String(row)}`, phone: '139 0000-0099', where: '', values: [`人${String(row)}`, '139 0000-0099', '铁路'], outcome: null, trouble: null, text: null, ...more,
})
export const cardOf = (household: string, walk: number, place = '1栋'): Card => ({
  household, building: 'bd_1', grid: GRID, place: [place, `${String(walk)}号`], walk, kind: 'family', note: '', seq: 1, last: {},
  persons: [{ person: 'pe_1', name: '孟某', relation: 'head', birth_year: 1958, sex: '', residence: 'registered', phone: '' }],
})
export const asked = (household: string, more: Partial<Row> = {}): Row => ({ sweep: 'sw_1', row: 1, household, outcome: null, tries: 0, next: 'visit', base: 0, conflict: false, ...more })
export const workOf = (more: Partial<Work> = {}): Work => ({
  seq: 9, at: '2026-11-30T07:00:00Z', heard: Date.parse('2026-11-30T07:00:00Z'), grids: [], cards: [], rows: [], errands: [], tasks: [], doors: [], said: [], team: [],
  sweeps: [{ sweep: 'sw_1', title: '', due: null, form: [] }], lists: [listOf()], listRows: [], ...more,
})
export const itemOf = ({ kind, lane, title, data, mark = {}, goesWith }: Wanted, more: Partial<Item> = {}): Item =>
  ({ id: 'c1', kind, lane, title, data, mark, goesWith, photos: [], state: 'waiting', seq: null, heldUntil: 0, ...more }) as unknown as Item
