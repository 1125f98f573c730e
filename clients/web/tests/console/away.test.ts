// @vitest-environment jsdom
/** Who has been without a line for a minute: no dead tile, one line that says who and since when, and back by himself. */
import { enableAutoUnmount, mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { nextTick, ref, shallowRef } from 'vue'

import { makeI18n } from '@/i18n'
import { useDesk } from '@/pages/console/desk'
import type { ConsoleMedia } from '@/pages/console/media'
import { useTiles } from '@/pages/console/tiles'
import TileWall from '@/pages/console/TileWall.vue'
import { SpeakerOrder } from '@/pages/console/wall'
import { useActions } from '@/parts/actions'
import { AWAY_MS } from '@/parts/attendance'
import { indexCenters } from '@/parts/centers/tree'
import { clockText } from '@/parts/now'
import type { Answer, OwnSound, ParticipantPresence, Sound } from '@/protocol/types'
import type { Live } from '@/state/live'
import type { MeetingRoom } from '@/state/meetingRoom'

import { CENTERS, CHAIR, COUNTY, joined, LEADER, ref as person, snapshot, TOWN, VILLAGE } from '../support/examples'

enableAutoUnmount(afterEach)
beforeEach(() => {
  vi.stubGlobal('ResizeObserver', class { observe(): void { /* no layout */ } disconnect(): void { /* no layout */ } })
})
const LOST = '2026-11-23T08:01:00.000000Z'
const at = Date.parse(LOST)
const gone = (id: string): ParticipantPresence => ({ id, state: 'offline', since: LOST, camera: null, microphone: null, publishing: false, way: null, pictures: 'all' })

/** A desk with three stations, as the hub tells of them. */
function stand() {
  const people = [joined(CHAIR), ...[COUNTY, TOWN, VILLAGE].map((code, n) => joined(person(`a_${code}`, code, code), `2026-11-23T08:00:0${String(n + 2)}.000000Z`))]
  const presence = shallowRef(new Map<string, ParticipantPresence>())
  const now = ref(at + 1000)
  const sound = shallowRef<Sound>()
  const ownSounds = shallowRef(new Map<string, OwnSound>())
  const room = {
    view: shallowRef({ meeting: snapshot({ participants: people }) }),
    parts: { rows: (name: string) => (name === 'own_sound' ? ownSounds : shallowRef(new Map())), value: () => sound },
    presence,
    quality: shallowRef({}),
    speaker: shallowRef(null),
    levels: shallowRef({}),
    sources: shallowRef(new Map()),
  } as unknown as MeetingRoom
  const live = { presence: shallowRef(new Map([[COUNTY, 'online'], [TOWN, 'online'], [VILLAGE, 'online']])) } as unknown as Live
  const desk = useDesk(live, room, shallowRef(indexCenters(CENTERS)), LEADER, now)
  const tiles = useTiles(desk, room, { tile: () => undefined, quality: () => undefined } as unknown as ConsoleMedia, shallowRef([]))
  return { desk, presence, now, sound, ownSounds, tiles, sources: () => tiles.all.value.map((one) => one.source) }
}

describe('a tile', () => {
  it('says how somebody is heard and hears, in words, where that is not as usual', () => {
    const { tiles, presence, sound, ownSounds } = stand()
    const modes = (): readonly (readonly string[])[] => tiles.all.value.map((one) => one.mode)
    expect(modes()).toEqual([[], [], []])
    const listener = { participant: 'x', name: '张某', center: '9', center_name: '岳阳市' }
    ownSounds.value = new Map([[`a_${COUNTY}`, { speaker_off: true, listeners: [listener], listens: null }]])
    const member = { participant: `a_${TOWN}`, name: '', center: TOWN, center_name: '', forced: true }
    sound.value = { self_unmute: false, joins_muted: false, mode: 'open', at_once: 1, talking: [], apart: [{ talk: 't', by: 'x', center: TOWN, center_name: '', at: LOST, members: [member] }] }
    presence.value = new Map([[`a_${VILLAGE}`, { ...gone(`a_${VILLAGE}`), state: 'online', microphone: 'off' }]])
    expect(modes()).toEqual([['sound.state.listened', 'sound.state.speakerOff'], ['sound.state.apart'], ['sound.state.off']])
  })
})

describe('whose line is gone', () => {
  it('keeps its tile for a minute, loses it then, and stands at its old place when it is back', () => {
    const { desk, presence, now, sources } = stand()
    const all = [`a_${COUNTY}`, `a_${TOWN}`, `a_${VILLAGE}`]
    expect(sources()).toEqual(all)
    presence.value = new Map([[`a_${TOWN}`, gone(`a_${TOWN}`)]])
    now.value = at + AWAY_MS - 1
    expect(sources()).toEqual(all)
    now.value = at + AWAY_MS
    expect(sources()).toEqual([`a_${COUNTY}`, `a_${VILLAGE}`])
    // the list goes on naming it, and says since when
    expect(desk.called.value.find((one) => one.code === TOWN)).toMatchObject({ state: 'offline', since: LOST })
    presence.value = new Map()
    expect(sources()).toEqual(all)
    expect(desk.called.value.find((one) => one.code === TOWN)?.since).toBeUndefined()
  })

  it('takes nobody’s place on the first page meanwhile, and a speaker does not change places with it', () => {
    const order = new SpeakerOrder()
    const nobody = new Set<string>()
    const there = ['a', 'b', 'c', 'd']
    order.arrange(there, null, nobody, 2)
    expect(order.arrange(there, 'd', nobody, 2, new Set(['a']))).toEqual(['d', 'c', 'b'])
    expect(order.arrange(there, null, nobody, 2)).toEqual(['a', 'd', 'c', 'b'])
  })
})

describe('the wall', () => {
  it('says in one line who has no tile and since when, with one key that calls them again for who may', async () => {
    const away = [{ code: TOWN, name: '坦渡镇', since: LOST }, { code: VILLAGE, name: '坦渡村', since: LOST }]
    const actions = useActions({ command: () => new Promise<Answer>(() => undefined) })
    const wall = mount(TileWall, {
      props: { actions, tiles: [], calls: [], away, control: true, mostHeight: 300, selected: null, broadcast: null, keysOf: () => [] },
      global: { plugins: [makeI18n()] },
    })
    const time = clockText(LOST)
    expect(wall.get('[data-testid="wall-away"]').text()).toContain(`不在线 2：坦渡镇（${time} 起）、坦渡村（${time} 起）`)
    await wall.get('[data-testid="call-away"]').trigger('click')
    expect(wall.emitted('again')).toEqual([[[TOWN, VILLAGE]]])
    await wall.setProps({ control: false })
    expect(wall.find('[data-testid="call-away"]').exists()).toBe(false)
    await wall.setProps({ away: [] })
    await nextTick()
    expect(wall.find('[data-testid="wall-away"]').exists()).toBe(false)
  })
})
