// @vitest-environment jsdom
/** That a person is there is told once a minute while there are signs of one, and again where telling failed. */
import { effectScope } from 'vue'
import { expect, it } from 'vitest'

import { useActivity } from '@/state/activity'

it('tells of a person at most once a minute, again after a failure, and no longer than it lives', async () => {
  const scope = effectScope()
  let now = 0
  let fails = true
  const told: number[] = []
  scope.run(() => {
    useActivity(() => {
      told.push(now)
      return fails ? Promise.reject(new Error('away')) : Promise.resolve()
    }, () => now)
  })
  const press = async (at: number): Promise<void> => {
    now = at
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'a', bubbles: true }))
    await Promise.resolve()
    await Promise.resolve()
  }
  await press(0)
  fails = false
  await press(1_000)
  await press(30_000)
  await press(61_001)
  scope.stop()
  await press(200_000)
  expect(told).toEqual([0, 1_000, 61_001])
})
