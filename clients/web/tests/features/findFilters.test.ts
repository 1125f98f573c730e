// @vitest-environment jsdom
import { mount } from '@vue/test-utils'
import { expect, test } from 'vitest'

import FindFilters from '@/features/finding/FindFilters.vue'
import { wantedOf } from '@/features/finding/wanted'
import { makeI18n } from '@/i18n'
import { sessionKey } from '@/state/session'

test('a center out of an address gets its name when names are known, and nothing that is being typed is lost', async () => {
  const given = (name: string) => ({ wanted: wantedOf({ center: '430682115210' }), nameOf: () => name })
  const wrapper = mount(FindFilters, { props: given('430682115210'), global: { plugins: [makeI18n()], provide: { [sessionKey as symbol]: { api: {} } } } })
  const field = wrapper.get<HTMLInputElement>('[data-testid=find-center]')
  expect(field.element.value).toBe('430682115210')
  await wrapper.setProps(given('坦渡村'))
  expect(field.element.value).toBe('坦渡村 430682115210')
  field.element.value = '坦渡村 430682115210 '
  await field.trigger('input')
  await wrapper.setProps(given('坦渡'))
  expect(field.element.value).toBe('坦渡村 430682115210 ')
})
