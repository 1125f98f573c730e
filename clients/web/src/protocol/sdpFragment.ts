/** ICE restart by HTTP PATCH (RFC 9725 §4.3.3): fragments out of descriptions, and back into them. Pure. */

function first(sdp: string, name: string): string | undefined {
  return new RegExp(`^a=${name}:(.*)$`, 'm').exec(sdp)?.[1]?.trim()
}

/** The fragment that tells the hub of the new ICE names of a local description. Raises RangeError without any. */
export function fragmentOf(sdp: string): string {
  const ufrag = first(sdp, 'ice-ufrag')
  const pwd = first(sdp, 'ice-pwd')
  const media = /^m=.*$/m.exec(sdp)?.[0].trim()
  if (ufrag === undefined || pwd === undefined || media === undefined) {
    throw new RangeError('the description names no ICE credentials')
  }
  const lines = ['a=ice-options:trickle ice2']
  const group = /^a=group:BUNDLE .*$/m.exec(sdp)?.[0].trim()
  if (group !== undefined) lines.push(group)
  lines.push(media, `a=mid:${first(sdp, 'mid') ?? '0'}`, `a=ice-ufrag:${ufrag}`, `a=ice-pwd:${pwd}`)
  return lines.map((line) => `${line}\r\n`).join('')
}

/**
 * The answer known so far, with the ICE names of the hub's fragment in every section, and its candidates
 * where it names some. Raises RangeError when the fragment names no credentials.
 */
export function withFragment(answer: string, fragment: string): string {
  const ufrag = first(fragment, 'ice-ufrag')
  const pwd = first(fragment, 'ice-pwd')
  if (ufrag === undefined || pwd === undefined) throw new RangeError('the fragment names no ICE credentials')
  let changed = answer
    .replace(/^a=ice-ufrag:.*$/gm, `a=ice-ufrag:${ufrag}`)
    .replace(/^a=ice-pwd:.*$/gm, `a=ice-pwd:${pwd}`)
  const candidates = [...new Set(fragment.match(/^a=candidate:.*$/gm)?.map((line) => line.trim()) ?? [])]
  if (candidates.length > 0) {
    changed = changed.replace(/^a=(candidate:.*|end-of-candidates)\r?\n/gm, '')
    const block = [...candidates, 'a=end-of-candidates'].map((line) => `${line}\r\n`).join('')
    // of a bundle only the first section carries candidates
    changed = changed.replace(/^a=ice-pwd:.*\r?\n/m, (line) => line + block)
  }
  return changed
}
