/** Photos as a phone sends them: turned upright, no larger than what is looked at, and without what the camera wrote into them (where, when, which phone). */
import type { Taken } from './queue'

const EDGE_PX = 1600
const QUALITY = 0.8
const SMALL_EDGE_PX = 800
const SMALL_QUALITY = 0.6
const TYPE = 'image/jpeg'

/** The file is no picture that this browser can open. */
export class NoPicture extends Error {
  override readonly name = 'NoPicture'
}

/** Raises NoPicture. */
export async function takenOf(file: Blob, name: string): Promise<Taken> {
  return { name, type: TYPE, bytes: await drawn(file, EDGE_PX, QUALITY) }
}

/** The same with fewer bytes; undefined where that brings nothing. */
export async function shrunk(photo: Taken): Promise<Taken | undefined> {
  try {
    const bytes = await drawn(new Blob([photo.bytes], { type: photo.type }), SMALL_EDGE_PX, SMALL_QUALITY)
    return bytes.byteLength < photo.bytes.byteLength ? { ...photo, bytes } : undefined
  } catch {
    return undefined
  }
}

async function drawn(file: Blob, edge: number, quality: number): Promise<ArrayBuffer> {
  let picture: ImageBitmap
  try {
    picture = await createImageBitmap(file)
  } catch (cause) {
    throw new NoPicture('this is no picture', { cause })
  }
  try {
    const scale = Math.min(1, edge / Math.max(picture.width, picture.height))
    const canvas = document.createElement('canvas')
    canvas.width = Math.max(1, Math.round(picture.width * scale))
    canvas.height = Math.max(1, Math.round(picture.height * scale))
    canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height)
    const made = await new Promise<Blob | null>((resolve) => {
      canvas.toBlob(resolve, TYPE, quality)
    })
    if (made === null) throw new NoPicture('this picture cannot be written')
    return await made.arrayBuffer()
  } finally {
    picture.close()
  }
}
