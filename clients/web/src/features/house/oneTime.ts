/** One-time passwords on their way out of the page: as a file, or on paper in strips. */
import type { OneTimePassword } from '@/protocol/types'

/** What a spreadsheet would take for a formula begins with one of these. */
const SIGNS = /^[=+\-@\t\r]/

function cell(text: string): string {
  const plain = SIGNS.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}

/** Rows as CSV that spreadsheets open as UTF-8. */
export function csvOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return `\uFEFF${[head, ...rows].map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`
}

/** Hand a text over as a file. */
export function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => {
    URL.revokeObjectURL(url)
  }, 10_000)
}

/** One strip for each person, to be cut: `lines` of its text. The browser's own dialog prints. */
export function printStrips(passwords: readonly OneTimePassword[], lines: (one: OneTimePassword) => readonly string[]): void {
  const frame = document.createElement('iframe')
  frame.style.display = 'none'
  document.body.append(frame)
  const paper = frame.contentDocument
  if (paper === null || frame.contentWindow === null) return
  for (const one of passwords) {
    const strip = paper.createElement('div')
    strip.style.cssText = 'padding:12px 4px;border-bottom:1px dashed #000;font:14px sans-serif;break-inside:avoid'
    for (const line of lines(one)) {
      const row = paper.createElement('div')
      row.textContent = line
      strip.append(row)
    }
    paper.body.append(strip)
  }
  frame.contentWindow.print()
  setTimeout(() => {
    frame.remove()
  }, 60_000)
}
