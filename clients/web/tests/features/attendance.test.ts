// @vitest-environment jsdom
/** The minutes say who came and when, who signed in, who declined and why, who was absent; and lists count as they do. */
import { enableAutoUnmount, flushPromises, mount } from '@vue/test-utils'
import { afterEach, expect, it } from 'vitest'

import AttendanceMinutes from '@/features/convening/AttendanceMinutes.vue'
import { makeI18n } from '@/i18n'
import RunningCard from '@/pages/overview/RunningCard.vue'
import { clockText } from '@/parts/now'
import { Api } from '@/protocol/api'
import type { Attendance, AttendanceCenter } from '@/protocol/types'
import { makeSession, sessionKey } from '@/state/session'
import { shellKey } from '@/state/shell'

import { CHAIR, COUNTY, joined, snapshot, TOWN, VILLAGE } from '../support/examples'

enableAutoUnmount(afterEach)
const OPENED = '2026-11-23T08:00:00.000000Z'
const CAME = '2026-11-23T08:00:07.000000Z'
const SAID = '2026-11-23T08:00:20.000000Z'
const count = { called: 3, came: 1, people: 2 }
const base = (center: string, name: string): AttendanceCenter => ({ center, name, state: 'absent', came_at: null, called_at: OPENED, times: 2, people: [], declined: null })
const person = (id: string, news = {}) => ({ id, name: `${id}账号`, present: '', duty: '', joined_at: CAME, left_at: null, removed: false, ...news })
const ATTENDANCE: Attendance = {
  count, declined: 1, absent: 2, full_at: null,
  centers: [
    base(COUNTY, '临湘市'),
    { ...base(TOWN, '坦渡镇'), state: 'declined', declined: { at: SAID, name: '张某', reason: 'handling' } },
    { ...base(VILLAGE, '坦渡村'), state: 'came', came_at: CAME, people: [person('a_1', { present: '李某', duty: '值守' }), person('a_2', { left_at: SAID })] },
  ],
}

function minutes(answer: () => Response) {
  const asked: string[] = []
  const session = makeSession(new Api((input) => { asked.push(String(input)); return Promise.resolve(answer()) }))
  const wrapper = mount(AttendanceMinutes, {
    props: { meeting: snapshot({ state: 'ended', participants: [joined(CHAIR, OPENED)] }), now: Date.parse(SAID) },
    global: { plugins: [makeI18n()], provide: { [sessionKey as symbol]: session } },
  })
  return { wrapper, asked }
}

it('names the absent with their reasons, the others with arrival and sign-in, and the sums', async () => {
  const { wrapper, asked } = minutes(() => new Response(JSON.stringify(ATTENDANCE), { status: 200 }))
  await flushPromises()
  expect(asked).toEqual(['/api/v1/meetings/m_1/attendance'])
  expect(wrapper.get('[data-testid="minutes-sums"]').text().replace(/\s+/g, ' ')).toBe('应到 3实到 1缺席 2（其中拒接 1）2 人')
  const rows = (id: string) => wrapper.get(`[data-testid="${id}"]`).findAll('tbody tr').map((one) => one.text().replace(/\s+/g, ' '))
  expect(rows('minutes-absent')).toEqual(['临湘市未到，呼叫 2 次', `坦渡镇拒接：正在处置 · 张某 · ${clockText(SAID)}`])
  expect(rows('minutes-came')).toEqual([`坦渡村${clockText(CAME)}值守 李某 ${clockText(CAME)}a_2账号 ${clockText(CAME)}–${clockText(SAID)}`])
  expect(wrapper.get('.others').text()).toContain('岳阳市 王某')
  expect(wrapper.get('[data-testid="attendance-xlsx"]').attributes('href')).toBe('/api/v1/meetings/m_1/attendance/file?format=xlsx')
})

it('says so when it cannot be read, and reads again by a key', async () => {
  let works = false
  const { wrapper } = minutes(() => (works ? new Response(JSON.stringify(ATTENDANCE), { status: 200 }) : new Response('{"error":{"code":"unavailable","message":""}}', { status: 503 })))
  await flushPromises()
  expect(wrapper.get('[role="alert"]').text()).toContain('到会情况没有读到')
  works = true
  await wrapper.get('button').trigger('click')
  await flushPromises()
  expect(wrapper.find('[role="alert"]').exists()).toBe(false)
  expect(wrapper.find('[data-testid="minutes-sums"]').exists()).toBe(true)
})

it('is counted in lists as in the minutes: centers of those called, and people, the chair apart', () => {
  const meeting = { ...snapshot(), joined: 3, attendance: count }
  const shell = { meetings: [meeting], meeting: undefined, now: Date.parse(SAID), enter: () => undefined }
  const card = mount(RunningCard, { global: { plugins: [makeI18n()], provide: { [shellKey as symbol]: shell } } })
  expect(card.get('small').text()).toContain('到会中心 1/3 · 2 人')
})
