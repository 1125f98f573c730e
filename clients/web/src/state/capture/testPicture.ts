/** A picture to try the line with: coloured noise, which takes as much of the line as it may; no camera is asked for. */

const [WIDTH, HEIGHT, RATE] = [640, 360, 15] as const
const CELL_PX = 10

export interface TestPicture {
  readonly track: MediaStreamTrack
  stop: () => void
}

/** Null where the browser cannot make one. */
export function testPicture(): TestPicture | null {
  const canvas = document.createElement('canvas')
  canvas.width = WIDTH
  canvas.height = HEIGHT
  const context = canvas.getContext('2d')
  const track = context === null || !('captureStream' in canvas) ? undefined : canvas.captureStream(RATE).getVideoTracks()[0]
  if (context === null || track === undefined) return null
  const draw = (): void => {
    for (let y = 0; y < HEIGHT; y += CELL_PX) {
      for (let x = 0; x < WIDTH; x += CELL_PX) {
        context.fillStyle = `hsl(${String(Math.floor(Math.random() * 360))} 70% ${String(20 + Math.floor(Math.random() * 60))}%)`
        context.fillRect(x, y, CELL_PX, CELL_PX)
      }
    }
  }
  draw()
  const timer = setInterval(draw, 1000 / RATE)
  return {
    track,
    stop() {
      clearInterval(timer)
      track.stop()
    },
  }
}
