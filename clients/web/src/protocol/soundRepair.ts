/** Lost sound comes again: Chromium sends and asks for it (generic NACK, RFC 4585 §6.2.1), but does not offer to. Pure. */

const OPUS = /^a=rtpmap:(\d+) opus\/.*$/gim

/** The offer as the hub is to read it: NACK for every Opus in it. The browser's own description stays as it is. */
export function withSoundRepair(offer: string): string {
  return offer.replace(OPUS, (line: string, payloadType: string) => {
    const feedback = `a=rtcp-fb:${payloadType} nack`
    return new RegExp(`^${feedback}$`, 'm').test(offer) ? line : `${line}\r\n${feedback}`
  })
}
