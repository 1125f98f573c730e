// @vitest-environment jsdom
/** What the hub cannot pass on of what one sends is told in words, until it is read or the session is over. */
import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import { effectScope } from 'vue'

import { makeI18n } from '@/i18n'
import DroppedNotice from '@/parts/DroppedNotice.vue'
import type { DroppedEvent } from '@/protocol/types'
import { connectOver, useLive } from '@/state/live'
import { useMeetingRoom } from '@/state/meetingRoom'

import { LEADER } from '../support/examples'
import { FakeHub } from '../support/fakeHub'

const long: DroppedEvent = { meeting: 'm_1', kind: 'dropped', session: 's_1', track: 'video', reason: 'packet_too_long', bytes: 1516 }

it('is known to the room of the meeting for as long as the session runs', async () => {
  const hub = new FakeHub()
  const scope = effectScope()
  connectOver(() => hub.wire)
  const room = scope.run(() => useMeetingRoom(useLive(LEADER), 'm_1'))
  await new Promise((resolve) => setTimeout(resolve))
  hub.tell('media', long)
  hub.tell('media', { ...long, track: 'audio', reason: 'over_cap' })
  hub.tell('media', { ...long, bytes: 1520 })
  expect(room?.dropped.value.map((one) => [one.track, one.bytes])).toEqual([
    ['audio', 1516],
    ['video', 1520],
  ])
  hub.tell('media', { meeting: 'm_1', kind: 'closed', session: 's_1', reason: 'ended' })
  expect(room?.dropped.value).toEqual([])
  scope.stop()
})

it('is said with what helps, and again only when there is something new', async () => {
  const notice = mount(DroppedNotice, { props: { events: [long] }, global: { plugins: [makeI18n()] } })
  expect(notice.text()).toContain('1516 字节')
  expect(notice.text()).toContain('MTU')
  await notice.get('[data-testid="dropped-read"]').trigger('click')
  expect(notice.find('[role="alert"]').exists()).toBe(false)
  await notice.setProps({ events: [long, { ...long, track: 'audio', reason: 'over_cap' }] })
  expect(notice.get('[role="alert"]').text()).toContain('声音超过允许的码率')
})
