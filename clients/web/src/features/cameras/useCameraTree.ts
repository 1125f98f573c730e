/** What the tree of cameras knows: counts and cameras, read when a center is unfolded; what a search finds. */
import { computed, onScopeDispose, ref, shallowReactive, shallowRef, watch } from 'vue'

import { type Caller, readCameraCounts, readCameras } from '@/protocol/camerasApi'
import type { CameraCount, CameraHere } from '@/protocol/types'

import { type CameraRow, rowOf, rowsOf, SHARED } from './treeRows'

/** A word is looked for once it stands still so long (ms). */
const SETTLE_MS = 250
/** So many are found at once: more words find fewer. */
const FOUND = 60
/** Cameras of one center that are listed: those of a center with more are searched. */
const OF_CENTER = 200
/** Counts and cameras of what stands open are read anew so often (ms): cameras come and go without a word. */
const ANEW_MS = 60_000
/** So few centers right below one's own are unfolded by themselves. */
const FEW = 3

/** `root`: code of one's own center. `learn`: takes every camera that was read. */
export function useCameraTree(api: Caller, root: string, sharedName: () => string, learn: (cameras: readonly CameraHere[]) => void) {
  const counts = shallowReactive(new Map<string, readonly CameraCount[]>())
  const cameras = shallowReactive(new Map<string, readonly CameraHere[]>())
  const shared = ref(0)
  const opened = ref(new Set<string>([root]))
  const text = ref('')
  const found = shallowRef<readonly CameraHere[]>()
  const failure = shallowRef<unknown>()
  let asked = 0

  async function read(code: string): Promise<void> {
    try {
      const own = await readCameras({ ...(code === SHARED ? { shared: 'yes' } : { center: code, below: 'no' }), watch: 'yes', limit: OF_CENTER }, api)
      if (code !== SHARED) {
        const below = await readCameraCounts(code, api)
        counts.set(code, below.centers)
        if (code === root) shared.value = below.shared
      }
      cameras.set(code, own.cameras)
      learn(own.cameras)
      failure.value = undefined
    } catch (error) {
      failure.value = error
    }
  }
  watch(opened, (now, before) => {
    for (const code of now) if (before?.has(code) !== true) void read(code)
  }, { immediate: true })
  const anew = setInterval(() => {
    if (document.visibilityState === 'visible') for (const code of opened.value) void read(code)
  }, ANEW_MS)
  // where there are few centers with cameras, nobody has to unfold them
  const unfold = watch(counts, () => {
    const some = counts.get(root)?.slice(1).filter((one) => one.cameras > 0) ?? []
    if (counts.has(root)) unfold()
    if (some.length > 0 && some.length <= FEW) opened.value = new Set([...opened.value, ...some.map((one) => one.center)])
  })

  let settling: ReturnType<typeof setTimeout> | undefined
  watch(text, (now) => {
    clearTimeout(settling)
    const mine = (asked += 1)
    const words = now.trim()
    if (words === '') {
      found.value = undefined
      return
    }
    settling = setTimeout(() => {
      void readCameras({ q: words, watch: 'yes', limit: FOUND }, api).then(
        (answer) => {
          if (mine !== asked) return
          found.value = answer.cameras
          failure.value = undefined
          learn(answer.cameras)
        },
        (error: unknown) => {
          if (mine === asked) failure.value = error
        },
      )
    }, SETTLE_MS)
  })
  onScopeDispose(() => {
    clearInterval(anew)
    clearTimeout(settling)
    asked += 1
  })
  return {
    text,
    opened,
    failure,
    found,
    /** Whether one's own center was read: before, nothing is said of what there is. */
    ready: computed(() => counts.has(root)),
    /** All that one may see; undefined before they were counted. */
    total: computed(() => (counts.has(root) ? (counts.get(root)?.[0]?.cameras ?? 0) + shared.value : undefined)),
    rows: computed<readonly CameraRow[]>(() => found.value?.map((one) => rowOf(one, 0)) ?? rowsOf({ counts, cameras, opened: opened.value, root, shared: shared.value, sharedName: sharedName() })),
  }
}
