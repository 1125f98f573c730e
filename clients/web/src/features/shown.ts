/** Components that features hand to a page, with what they are given. */
import type { Component } from 'vue'

import type { Shown } from './contract'

/** Holds what is given against the props of the component. Undefined: nothing to show now. */
export function shown<P extends object>(
  component: abstract new (...args: never) => { $props: P },
  given: () => NoInfer<P> | undefined,
): Shown {
  return { component: component as unknown as Component, given: given as Shown['given'] }
}
