/** Cameras by filters, page by page; read anew where somebody asks for it and while the page is looked at. */
import { onScopeDispose, type Ref, ref, shallowRef, watch } from 'vue'

import { explanation } from '@/i18n/explain'
import { type Caller, type CameraQuery, PAGE, readCameras } from '@/protocol/camerasApi'
import type { CameraHere } from '@/protocol/types'

/** States change without a word: what is looked at is read anew so often (ms). */
const ANEW_MS = 60_000
const MOST = 200

export type CameraLine = CameraHere & { readonly id: string }
export type CameraFilter = Pick<CameraQuery, 'center' | 'q' | 'tag' | 'kind' | 'state' | 'important' | 'shared'>

export interface Cameras {
  readonly rows: Readonly<Ref<readonly CameraLine[]>>
  readonly more: Readonly<Ref<boolean>>
  readonly reading: Readonly<Ref<boolean>>
  /** Message key of why they could not be read. */
  readonly problem: Readonly<Ref<string | undefined>>
  readMore: () => Promise<void>
  again: () => Promise<void>
  /** One of them is other now. */
  put: (camera: CameraHere) => void
}

const lineOf = (camera: CameraHere): CameraLine => ({ ...camera, id: camera.camera })

export function useCameras(api: Caller, filter: () => CameraFilter): Cameras {
  const rows = shallowRef<readonly CameraLine[]>([])
  const next = ref<string | null>(null)
  const more = ref(false)
  const reading = ref(true)
  const problem = ref<string>()
  let turn = 0

  async function read(limit: number, cursor?: string): Promise<void> {
    const mine = (turn += 1)
    reading.value = true
    try {
      const found = await readCameras({ ...filter(), limit, cursor }, api)
      if (mine !== turn) return
      const lines = found.cameras.map(lineOf)
      rows.value = cursor === undefined ? lines : [...rows.value, ...lines]
      next.value = found.next
      more.value = found.next !== null
      problem.value = undefined
    } catch (error) {
      if (mine === turn) problem.value = explanation(error)
    } finally {
      if (mine === turn) reading.value = false
    }
  }
  const again = async (): Promise<void> => read(Math.min(MOST, Math.max(PAGE, rows.value.length)))
  watch(filter, () => void read(PAGE), { immediate: true, deep: true })
  const anew = setInterval(() => {
    // further pages stay as they were read
    if (document.visibilityState === 'visible' && !reading.value && rows.value.length <= MOST) void again()
  }, ANEW_MS)
  onScopeDispose(() => {
    clearInterval(anew)
    turn += 1
  })
  return {
    rows, more, reading, problem, again,
    readMore: async () => {
      if (next.value !== null && !reading.value) await read(PAGE, next.value)
    },
    put: (camera) => {
      rows.value = rows.value.map((one) => (one.camera === camera.camera ? lineOf(camera) : one))
    },
  }
}
