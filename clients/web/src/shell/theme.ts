/** The ground of the pages: each room's own, or the one chosen on this machine. */
import { ref, type Ref } from 'vue'

export const GROUNDS = ['auto', 'light', 'dark'] as const
export type Ground = (typeof GROUNDS)[number]

const STORED = 'lianxian.ground'
const chosen = ref<Ground>(stored())

function stored(): Ground {
  const found = typeof localStorage === 'undefined' ? null : localStorage.getItem(STORED)
  return GROUNDS.find((one) => one === found) ?? 'auto'
}

export const ground: Readonly<Ref<Ground>> = chosen

export function chooseGround(one: Ground): void {
  chosen.value = one
  localStorage.setItem(STORED, one)
}

/** `room`: what the page has by itself. */
export function isDark(room: 'dark' | 'light'): boolean {
  return (chosen.value === 'auto' ? room : chosen.value) === 'dark'
}
