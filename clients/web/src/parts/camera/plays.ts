/** Whether this browser takes by WebRTC what cameras send, which is H.264 almost always. */

let known: boolean | undefined

/** Where the browser does not tell, it is tried. */
export function playsCameras(): boolean {
  known ??= (globalThis.RTCRtpReceiver?.getCapabilities('video')?.codecs ?? [{ mimeType: 'video/H264' }]).some((one) => one.mimeType.toLowerCase() === 'video/h264')
  return known
}
