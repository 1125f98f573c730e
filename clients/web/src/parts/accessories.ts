/** What every page has at hand, whatever it is about: one's account, help, and the window's title. The frame of the pages holds them. */
import { inject, type InjectionKey, onScopeDispose, watchEffect } from 'vue'

export interface WindowTitle {
  /** What the page is about: a meeting's name. */
  readonly name: string
  /** One's own camera or microphone is on in the meeting. */
  readonly onAir: boolean
  /** How much waits for this person. */
  readonly waiting: number
}

/** A key of the keyboard, for the help of a page. */
export interface HelpKey {
  readonly shown: string
  /** Message key of what it does. */
  readonly says: string
}

export interface Accessories {
  openAccount: () => void
  openHelp: () => void
  setTitle: (title: WindowTitle | undefined) => void
  /** What the keyboard does here. */
  setKeys: (keys: readonly HelpKey[]) => void
}

export const accessoriesKey: InjectionKey<Accessories> = Symbol('accessories')

const NONE: Accessories = { openAccount: () => undefined, openHelp: () => undefined, setTitle: () => undefined, setKeys: () => undefined }

/** A page that stands alone (in a test) has none. */
export function useAccessories(): Accessories {
  return inject(accessoriesKey, NONE)
}

/** What is urgent stands first: a tab is cut off at its end. */
export function windowTitle({ name, onAir, waiting }: WindowTitle, product: string): string {
  return `${onAir ? '● ' : ''}${waiting > 0 ? `(${String(waiting)}) ` : ''}${name} · ${product}`
}

/** The window's title as long as the calling scope lives; undefined leaves it to the page's own name. */
export function useWindowTitle(title: () => WindowTitle | undefined): void {
  const { setTitle } = useAccessories()
  watchEffect(() => {
    setTitle(title())
  })
  onScopeDispose(() => {
    setTitle(undefined)
  })
}

/** The help of this page lists these keys, as long as the calling scope lives. */
export function useHelpKeys(keys: readonly HelpKey[]): void {
  const { setKeys } = useAccessories()
  setKeys(keys)
  onScopeDispose(() => {
    setKeys([])
  })
}
