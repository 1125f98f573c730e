/** The suppression of noise itself: RNNoise in an AudioWorklet. Its code and its wasm are served by the hub, like all else. */
import { loadRnnoise, RnnoiseWorkletNode } from '@sapphi-red/web-noise-suppressor'
import wasm from '@sapphi-red/web-noise-suppressor/rnnoise.wasm?url'
import wasmSimd from '@sapphi-red/web-noise-suppressor/rnnoise_simd.wasm?url'
import worklet from '@sapphi-red/web-noise-suppressor/rnnoiseWorklet.js?url'

import type { Quieted } from './quiet'

/** RNNoise knows this rate alone. */
const RATE = 48_000
/** A context that does not run by then would send silence. */
const RUNS_MS = 1_500

/** Raises an error where worklet or wasm cannot be had, or the browser lets no sound be processed yet. */
export async function quietTrack(track: MediaStreamTrack): Promise<Quieted> {
  const context = new AudioContext({ sampleRate: RATE, latencyHint: 'interactive' })
  try {
    const [wasmBinary] = await Promise.all([
      loadRnnoise({ url: wasm, simdUrl: wasmSimd }),
      context.audioWorklet.addModule(worklet),
      runs(context),
    ])
    const source = context.createMediaStreamSource(new MediaStream([track]))
    const node = new RnnoiseWorkletNode(context, { wasmBinary, maxChannels: 1 })
    const out = context.createMediaStreamDestination()
    out.channelCount = 1
    source.connect(node).connect(out)
    const quiet = out.stream.getAudioTracks()[0]
    if (quiet === undefined) throw new Error('no track came out')
    quiet.enabled = track.enabled
    return {
      of: track,
      track: quiet,
      stop() {
        quiet.stop()
        source.disconnect()
        node.destroy()
        void context.close().catch(() => undefined)
      },
    }
  } catch (error) {
    void context.close().catch(() => undefined)
    throw error
  }
}

async function runs(context: AudioContext): Promise<void> {
  const late = new Promise<never>((_, reject) =>
    setTimeout(() => {
      reject(new Error('the browser does not let sound be processed'))
    }, RUNS_MS),
  )
  await Promise.race([context.resume(), late])
}
