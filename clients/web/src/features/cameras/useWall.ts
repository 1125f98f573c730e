/** The wall that stands: from the address, from what stood there last, from a center or a kept wall; the address follows it. */
import { computed, ref, type Ref, shallowRef, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'

import { type Caller, readCameras } from '@/protocol/camerasApi'
import type { CameraHere, KeptWall, WallGrid } from '@/protocol/types'

import { bigIn, EMPTY, everyOf, fromKept, queryOf, type Wall, wallIn, wallOf, withGrid } from './cells'

/** Cameras of a center that are put up together. */
const OF_CENTER = 100

export interface Standing {
  readonly wall: Readonly<Ref<Wall>>
  /** The one that is enlarged. */
  readonly big: Readonly<Ref<string | null>>
  /** The address names a wall that is not there (any more). */
  readonly gone: Readonly<Ref<boolean>>
  readonly failure: Readonly<Ref<unknown>>
  readonly change: (to: Wall) => void
  readonly grid: (to: WallGrid) => void
  readonly enlarge: (camera: string | null) => void
  /** All cameras of a center, and of those below it where it has none itself. */
  readonly ofCenter: (center: string) => Promise<void>
}

/** `kept`: undefined before they were read. `account`: whose wall is remembered on this machine. */
export function useWall(kept: Readonly<Ref<readonly KeptWall[] | undefined>>, account: string, api: Caller, learn: (cameras: readonly CameraHere[]) => void, store: Storage = window.localStorage): Standing {
  const route = useRoute()
  const router = useRouter()
  const key = `lianxian.wall.${account}`
  const wall = shallowRef<Wall>(EMPTY)
  const big = ref<string | null>(null)
  const failure = shallowRef<unknown>()
  /** A kept wall that the address names alone: shown once the kept ones are read. */
  const awaited = ref<string | null>(null)
  const gone = ref(false)

  function settle(): void {
    if (awaited.value === null || kept.value === undefined) return
    const found = kept.value.find((one) => one.id === awaited.value)
    gone.value = found === undefined
    awaited.value = null
    if (found !== undefined) wall.value = fromKept(found)
  }
  function remembered(): Wall | undefined {
    try {
      return wallIn(JSON.parse(store.getItem(key) ?? '{}') as Record<string, string>)
    } catch {
      return undefined
    }
  }
  function take(named: Wall): void {
    wall.value = named
    awaited.value = named.kept !== null && named.cameras.length === 0 ? named.kept : null
    settle()
  }
  async function ofCenter(center: string): Promise<void> {
    try {
      let found = (await readCameras({ center, below: 'no', watch: 'yes', limit: OF_CENTER }, api)).cameras
      if (found.length === 0) found = (await readCameras({ center, below: 'yes', watch: 'yes', limit: OF_CENTER }, api)).cameras
      learn(found)
      if (found.length > 0) wall.value = wallOf(found.map((one) => one.camera))
      failure.value = undefined
    } catch (error) {
      failure.value = error
    }
  }
  function arrive(): void {
    const center = route.query['center']
    big.value = bigIn(route.query)
    if (typeof center === 'string' && /^\d{12}$/.test(center)) void ofCenter(center)
    else take(wallIn(route.query) ?? remembered() ?? EMPTY)
  }
  arrive()
  watch(kept, settle)
  // going back and forth, a link that is followed while the page stands
  watch(
    () => route.query,
    (query) => {
      if (route.name === 'patrol' && JSON.stringify(query) !== JSON.stringify(address.value)) arrive()
    },
  )
  const address = computed(() => queryOf(wall.value, kept.value?.find((one) => one.id === wall.value.kept), big.value))
  watch(
    address,
    (query) => {
      if (awaited.value !== null) return
      const { big: _, ...rest } = query
      store.setItem(key, JSON.stringify(rest))
      void router.replace({ query })
    },
    { flush: 'post' },
  )
  return {
    wall,
    big,
    gone,
    failure,
    change: (to) => {
      gone.value = false
      awaited.value = null
      wall.value = to
      if (big.value !== null && !everyOf(to).includes(big.value)) big.value = null
    },
    grid: (to) => (wall.value = withGrid(wall.value, to)),
    enlarge: (camera) => (big.value = camera),
    ofCenter,
  }
}
