/** How a picture is sent: which encodings of a camera or a shared screen, by its size and by what the machine can do. Pure. */

/** A scalability mode where the browser knows the word; another browser leaves it out. */
export type Encoding = RTCRtpEncodingParameters & { scalabilityMode?: string }

/** What a published picture is, and what matters in it. */
export interface PictureProfile {
  readonly source: 'camera' | 'screen'
  /** Tells the encoder what the picture is like (W3C mst-content-hint). */
  readonly hint: 'motion' | 'detail'
  /** What is given up last when the line or the machine is too weak for both. */
  readonly keep: 'maintain-resolution' | 'balanced'
  /** Low to high; `width` and `height` are those of the captured picture, 0 where the browser does not tell. */
  readonly encodings: (width: number, height: number, cores: number) => Encoding[]
}

/** The most that each layer of a camera is sent with: bit/s. */
export interface CameraRates {
  readonly low: number
  readonly middle: number
  readonly high: number
  readonly maxFramerate?: number
}

/** Three temporal layers: a viewer's line may take a half or a quarter of the pictures. */
const TEMPORAL = 'L1T3'
/** From here on a picture has a middle and a low layer beside its own, or a low one. */
const THREE_FROM_PX = 960
const TWO_FROM_PX = 480
/** A machine with so few cores encodes two layers at most. */
const WEAK_CORES = 2

/**
 * The layers of a camera, low to high: a small one for tiles, a middle one, and the picture as captured.
 * A small picture or a weak machine has fewer of them; one alone is no simulcast and has no rid.
 */
export function cameraEncodings(rates: CameraRates, width: number, cores: number): Encoding[] {
  const { low, middle, high, maxFramerate } = rates
  const more = { scalabilityMode: TEMPORAL, ...(maxFramerate === undefined ? {} : { maxFramerate }) }
  if (width !== 0 && width < TWO_FROM_PX) return [{ maxBitrate: middle, ...more }]
  if (width < THREE_FROM_PX) {
    return [
      { rid: 'q', scaleResolutionDownBy: 2, maxBitrate: low, ...more },
      { rid: 'h', scaleResolutionDownBy: 1, maxBitrate: middle, ...more },
    ]
  }
  const three = [
    { rid: 'q', scaleResolutionDownBy: 4, maxBitrate: low, ...more },
    { rid: 'h', scaleResolutionDownBy: 2, maxBitrate: middle, ...more },
    { rid: 'f', scaleResolutionDownBy: 1, maxBitrate: high, ...more },
  ]
  // the middle one is the one that can be done without: tiles take the low one, the stage the high one
  return cores <= WEAK_CORES ? three.filter((one) => one.rid !== 'h') : three
}

/** The console: who convenes is who everybody looks at. */
export const CONSOLE_CAMERA: PictureProfile = camera({ low: 150_000, middle: 500_000, high: 1_500_000 })
/** A station: a village's line carries this even on a bad day. */
export const STATION_CAMERA: PictureProfile = camera({ low: 120_000, middle: 450_000, high: 1_000_000, maxFramerate: 20 })

function camera(rates: CameraRates): PictureProfile {
  return {
    source: 'camera',
    hint: 'motion',
    keep: 'balanced',
    encodings: (width, _height, cores) => cameraEncodings(rates, width, cores),
  }
}

/** The most pictures a second of a shared screen: letters have to be sharp, a pointer need not run smoothly. */
export const SCREEN_FRAMERATE = 12
/** A shared screen is not sent larger than this: px. */
export const SCREEN_WIDTH = 1920
export const SCREEN_HEIGHT = 1080

/** One layer, sharp: a second one would halve what the letters get. */
export const SCREEN: PictureProfile = {
  source: 'screen',
  hint: 'detail',
  keep: 'maintain-resolution',
  encodings: (width, height) => {
    const over = Math.max(1, width / SCREEN_WIDTH, height / SCREEN_HEIGHT)
    return [{ scaleResolutionDownBy: over, maxBitrate: 2_500_000, maxFramerate: SCREEN_FRAMERATE, scalabilityMode: 'L1T2' }]
  },
}
