// @vitest-environment jsdom
/** The console is made of what its features bring: no letter means two things, every shortcut does something, keys command. */
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'

import { en } from '@/i18n/en'
import { makeI18n } from '@/i18n'
import { zhCN } from '@/i18n/zh-CN'
import { tileKeys } from '@/pages/console/ownKeys'
import { SHORTCUTS } from '@/pages/console/shortcuts'
import SidePanel from '@/pages/console/SidePanel.vue'
import type { Order, Report } from '@/protocol/types'

import { CHAIR, joined, ref as person, snapshot, VILLAGE } from '../support/examples'
import { fakeDesk } from '../support/desk'
import { wordAt } from '../support/words'

const VILLAGER = joined(person('a_village', VILLAGE, '坦渡村'))
const report = (id: string, situation: Report['situation']): Report => ({
  id, meeting: 'm_1', situation, text: '水位上涨', center: VILLAGE, name: '坦渡村', at: '2026-11-23T08:00:05.000000Z', account: 'a_village',
})
const BY = { account: CHAIR.id, name: CHAIR.name, center: CHAIR.center, center_name: CHAIR.center_name }
const LATE: Order = {
  id: 'o_1', meeting: 'm_1', text: '巡堤', priority: 'normal', due: '2026-11-23T08:30:00.000000Z', issuer: BY, issued_at: '2026-11-23T08:00:06.000000Z', state: 'issued',
  targets: [{ center: VILLAGE, name: '坦渡村', state: 'issued', signed_at: null, signed_by: null, completed_at: null, percent: null, progress: [] }],
}

beforeEach(() => {
  vi.stubGlobal('ResizeObserver', class { observe(): void { /* no layout */ } disconnect(): void { /* no layout */ } })
})
afterEach(() => {
  vi.unstubAllGlobals()
  document.body.innerHTML = ''
})

describe('shortcuts', () => {
  it('mean one thing each, and are said in both languages', () => {
    expect(new Set(SHORTCUTS.map((one) => `${one.shift === true ? '⇧' : ''}${one.key}`)).size).toBe(SHORTCUTS.length)
    expect(new Set(SHORTCUTS.map((one) => one.does)).size).toBe(SHORTCUTS.length)
    for (const { says } of SHORTCUTS) for (const words of [zhCN, en]) expect(wordAt(words, says)).not.toBe('')
  })

  it('of features all do something at a desk where somebody is selected', () => {
    const { furnished, person: selected, meeting } = fakeDesk()
    selected.value = VILLAGER
    meeting.value = snapshot({ participants: [VILLAGER] })
    // these belong to the page: search and convening are there without a meeting, the others to the desk itself
    const page = ['talk', 'lines', 'wall', 'convene', 'search', 'tile', 'tabs', 'back', 'help']
    for (const { does } of SHORTCUTS) expect(furnished.act(does) !== undefined || page.includes(does), does).toBe(true)
  })

  it('do nothing to nobody', () => {
    const { furnished } = fakeDesk()
    expect(furnished.act('broadcast')).toBeUndefined()
    expect(furnished.act('mute')).toBeUndefined()
  })
})

describe('keys and tabs', () => {
  it('have names and places of their own, and words in both languages', () => {
    const { furnished, person: selected } = fakeDesk()
    selected.value = VILLAGER
    const keys = furnished.keys()
    expect(new Set(keys.map((key) => key.id)).size).toBe(keys.length)
    expect(new Set(furnished.tabs.map((tab) => tab.place)).size).toBe(furnished.tabs.length)
    const about = furnished.about(VILLAGER)
    expect(new Set(about.map((key) => key.place)).size).toBe(about.length)
    const said = [...keys, ...about].map((key) => key.label.says).concat(furnished.tabs.map((tab) => tab.says), furnished.figures().map((one) => one.says))
    for (const says of said) for (const words of [zhCN, en]) expect(wordAt(words, says)).not.toBe('')
    expect(furnished.tabs[0]?.name).toBe('orders')
    expect(furnished.tabs.map((tab) => tab.name)).toContain('log')
  })

  it('about somebody are the same on the tile and in the bar, and only looking is left of a screen', () => {
    const { furnished, look } = fakeDesk()
    const verbs = (tile: object): string[] =>
      tileKeys(furnished.about, look, { source: 'a_village', screen: false, person: VILLAGER, ...tile }).map((key) => key.verb)
    const known = ['broadcast', 'look', 'mute', 'order', 'remove']
    expect(verbs({}).filter((verb) => known.includes(verb))).toEqual(known)
    expect(verbs({ person: { ...VILLAGER, state: 'left' } })).toEqual(['order'])
    expect(verbs({ source: 'a_village:screen', screen: true })).toEqual(['look'])
  })
})

describe('who may not do something', () => {
  it('sees no key for it, and no shortcut does it', () => {
    const { furnished, person: selected, meeting, rights } = fakeDesk()
    selected.value = VILLAGER
    meeting.value = snapshot({ participants: [VILLAGER] })
    expect(furnished.act('muteAll')).toBeDefined()
    rights.value = new Set(['note.add'])
    const shown = [...furnished.keys().map((key) => key.id), ...furnished.about(VILLAGER).map((key) => key.verb)]
    expect(shown).toContain('note-open')
    for (const gone of ['mute', 'remove', 'broadcast', 'mute-all', 'meeting-end', 'recording-toggle', 'decision-open']) {
      expect(shown).not.toContain(gone)
    }
    for (const does of ['mute', 'muteAll', 'broadcast', 'end', 'record']) expect(furnished.act(does)).toBeUndefined()
  })
})

describe('a feature at the desk', () => {
  it('broadcasts whom the key is about, and takes it back', () => {
    const { furnished, person: selected, meeting, sent } = fakeDesk()
    selected.value = VILLAGER
    furnished.act('broadcast')?.()
    meeting.value = snapshot({ broadcast: 'a_village' })
    furnished.act('broadcast')?.()
    expect(sent).toEqual([['stage.broadcast', { participant: 'a_village' }], ['stage.broadcast', { participant: null }]])
  })

  it('mutes all but whoever is on the stage, and lets all be heard again', () => {
    const { furnished, meeting, sent } = fakeDesk()
    meeting.value = snapshot({ broadcast: 'a_other', participants: [VILLAGER] })
    furnished.act('muteAll')?.()
    meeting.value = snapshot({ participants: [{ ...VILLAGER, muted: true }] })
    furnished.act('muteAll')?.()
    expect(sent).toEqual([
      ['participant.mute_all', { but: ['a_other'] }],
      ['participant.unmute_all', {}],
    ])
  })

  it('starts a recording at once, and asks before it stops one', async () => {
    const { furnished, recording, sent } = fakeDesk()
    const asked = (): object | undefined => furnished.over.map((one) => one.given()).find((given) => given?.['testid'] === 'recording-stop')
    furnished.act('record')?.()
    expect(sent).toEqual([['recording.start', {}]])
    recording.value = true
    furnished.act('record')?.()
    expect(sent).toHaveLength(1)
    ;(asked() as { onConfirm: () => void }).onConfirm()
    await flushPromises()
    expect(sent.at(-1)).toEqual(['recording.stop', {}])
    expect(asked()).toBeUndefined()
  })

  it('says what ending leaves: recording, open orders, decisions', () => {
    const { furnished, meeting } = fakeDesk(snapshot({ orders: [LATE] }))
    expect(furnished.stays()).toHaveLength(3)
    expect(furnished.stays().join()).toContain('1 条指令尚未办结')
    meeting.value = snapshot()
    expect(furnished.stays().join()).toContain('没有未办结的指令')
  })

  it('counts what is overdue and what trouble was not looked at, until the tab was open', async () => {
    const { furnished, meeting, tab } = fakeDesk(snapshot({ reports: [report('p_0', 'abnormal')] }))
    expect(furnished.waiting()).toBe(0)
    meeting.value = snapshot({ orders: [LATE], reports: [report('p_0', 'abnormal'), report('p_1', 'abnormal'), report('p_2', 'normal')] })
    await nextTick()
    expect(furnished.waiting()).toBe(2)
    expect(furnished.spoken()).toContain('坦渡村')
    expect(furnished.tabs.filter((one) => one.calls?.()).map((one) => one.name)).toEqual(['orders', 'reports'])
    tab.value = 'reports'
    await nextTick()
    expect(furnished.waiting()).toBe(1)
    // the frame counts what is overdue, in every room: not twice in one line
    expect(furnished.figures().map((one) => one.id)).not.toContain('overdue')
    expect(furnished.figures().find((one) => one.id === 'signed')).toMatchObject({ value: 0, of: 1, tab: 'orders' })
  })
})

describe('the tabs at the right', () => {
  it('keep words half written while another one is shown, and open at the text', async () => {
    const { furnished } = fakeDesk()
    const wrapper = mount(SidePanel, {
      props: { tabs: furnished.tabs.filter((one) => one.name === 'orders' || one.name === 'notes'), asOf: undefined, spoken: '', modelValue: 'orders', 'onUpdate:modelValue': (name: string) => void wrapper.setProps({ modelValue: name }) },
      global: { plugins: [makeI18n()], stubs: { DuePicker: true } },
      attachTo: document.body,
    })
    await wrapper.vm.open('notes')
    const box = wrapper.get<HTMLTextAreaElement>('[data-testid="note-text"]')
    expect(document.activeElement).toBe(box.element)
    await box.setValue('三户立即转移')
    await wrapper.get('[data-testid="tab-orders"]').trigger('click')
    await wrapper.vm.open('orders', [{ code: VILLAGE, name: '坦渡村' }])
    expect(wrapper.find(`[data-testid="order-chip-${VILLAGE}"]`).exists()).toBe(true)
    await wrapper.vm.open('notes')
    expect(wrapper.get<HTMLTextAreaElement>('[data-testid="note-text"]').element.value).toBe('三户立即转移')
  })
})
