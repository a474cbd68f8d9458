// The tray's icons as they ship: all there, made from their SVGs, told apart on any panel.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Resvg } from '@resvg/resvg-js'
import { describe, expect, it } from 'vitest'
import { outdated, traySizes } from '../../../scripts/icons.ts'
import { trayIconFile, trayIconSize } from '../../../src/main/tray-icons.ts'
import { type Overall, overalls } from '../../../src/shared/status.ts'

const assets = join(import.meta.dirname, '../../../assets')
/** Grounds of real panels, light to dark, and a middle grey as the hardest. */
const panels = ['#ffffff', '#f6f5f4', '#eff0f1', '#cecece', '#808080', '#31363b', '#1d1d20', '#000000']

/** The icon drawn on a panel: relative luminance of each pixel (WCAG 2.2). */
function luminances(icon: Overall, size: number, panel: string): readonly number[] {
  const svg = readFileSync(join(assets, 'tray', `${icon}.svg`))
  const pixels = new Resvg(svg, { fitTo: { mode: 'width', value: size }, background: panel }).render().pixels
  return Array.from({ length: size * size }, (_, at) => luminance(pixels.subarray(at * 4, at * 4 + 3)))
}

function luminance(rgb: Uint8Array): number {
  const [r = 0, g = 0, b = 0] = [...rgb].map((part) => {
    const value = part / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

const contrast = (a: number, b: number) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
const ground = (panel: string) => luminance(Uint8Array.from(Buffer.from(panel.slice(1), 'hex')))

describe('the tray icons', () => {
  it('are there for every Overall in every size, and nothing else is', () => {
    const expected = overalls.flatMap((icon) => traySizes.map((size) => trayIconFile(assets, icon, size)))
    const there = readdirSync(join(assets, 'tray', 'png')).map((name) => join(assets, 'tray', 'png', name))
    expect(there.sort()).toEqual(expected.sort())
  })

  it('are made from the SVGs as they are now', async () => {
    expect((await outdated()).map((picture) => picture.png)).toEqual([])
  })

  it.each(panels)('stand out from a panel of %s by 3:1 in a good part of their pixels', (panel) => {
    for (const icon of overalls) {
      for (const size of [22, 24]) {
        const clear = luminances(icon, size, panel).filter(
          (pixel) => contrast(pixel, ground(panel)) >= 3,
        ).length
        expect(clear / (size * size), `${icon} at ${size}`).toBeGreaterThan(0.1)
      }
    }
  })

  it.each(panels)('differ from each other without any colour on a panel of %s', (panel) => {
    for (const one of overalls) {
      for (const other of overalls.filter((icon) => icon > one)) {
        const [a, b] = [luminances(one, 22, panel), luminances(other, 22, panel)]
        const apart = a.filter((pixel, at) => contrast(pixel, b[at] ?? 0) >= 1.5).length
        expect(apart / a.length, `${one} and ${other}`).toBeGreaterThan(0.15)
      }
    }
  })

  it('come in the size that the panel draws', () => {
    expect(trayIconSize('KDE', 1)).toBe(22)
    expect(trayIconSize('ubuntu:GNOME', 1)).toBe(24)
    expect(trayIconSize('KDE', 1.5)).toBe(44)
    expect(trayIconSize(undefined, 2)).toBe(48)
  })
})
