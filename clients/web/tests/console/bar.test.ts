// @vitest-environment jsdom
/** On a narrow window no key is cut off: those that find no room are in the menu. */
import { mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'

import { makeI18n } from '@/i18n'
import CommandBar from '@/pages/console/CommandBar.vue'

import { fakeDesk } from '../support/desk'

const ALL = [
  'order-open', 'decision-open', 'note-open', 'bar-broadcast', 'bar-mute', 'bar-remove', 'own-microphone', 'own-camera', 'own-talk', 'own-screen',
  'own-broadcast', 'recording-toggle', 'meeting-leave', 'meeting-end',
]
function bar(narrow: boolean) {
  vi.stubGlobal('matchMedia', () => ({ matches: narrow, addEventListener: () => undefined, removeEventListener: () => undefined }))
  const { desk, furnished } = fakeDesk()
  return mount(CommandBar, {
    props: { actions: desk.actions, keys: furnished.keys(), person: undefined, about: furnished.about(undefined), sends: false, publishing: 'connecting' },
    global: { plugins: [makeI18n()] },
    attachTo: document.body,
  })
}

afterEach(() => {
  vi.unstubAllGlobals()
  document.body.innerHTML = ''
})

describe('the bar of commands', () => {
  it.each([false, true])('has every key once, narrow: %s', (narrow) => {
    const wrapper = bar(narrow)
    for (const id of ALL) expect(wrapper.findAll(`[data-testid="${id}"]`)).toHaveLength(1)
    expect(wrapper.find('[data-testid="bar-more"]').exists()).toBe(narrow)
    // ending, talking and ordering are never in a menu
    for (const id of ['meeting-end', 'own-talk', 'own-microphone', 'order-open']) expect(wrapper.find(`.menu [data-testid="${id}"]`).exists()).toBe(false)
  })

  it('says what is wished of a device and what it gives', () => {
    const wrapper = bar(false)
    expect(wrapper.get('[data-testid="own-microphone"]').text()).toContain('已关')
    expect(wrapper.get('[data-testid="own-microphone"]').attributes('aria-disabled')).toBe('false')
    expect(wrapper.get('[data-testid="own-broadcast"]').attributes('title')).toBe('先打开摄像头或麦克风')
  })
})
