// The few words that the pictures are written in. What is painted how is said by words of its `kind`.
import { hues, style } from './palette.ts'

export type Point = readonly [x: number, y: number]

const escaped = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')

const round = (number: number): string => `${Math.round(number * 10) / 10}`

const element = (
  name: string,
  given: Readonly<Record<string, string | number>>,
  content?: string,
): string => {
  const attributes = Object.entries(given)
    .filter(([, value]) => value !== '')
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? round(value) : escaped(value)}"`)
    .join('')
  return content === undefined ? `<${name}${attributes}/>` : `<${name}${attributes}>${content}</${name}>`
}

/** `at` is where the words begin, end or have their middle, as `anchor` says. */
export const text = ([x, y]: Point, words: string, kind = '', anchor: '' | 'middle' | 'end' = ''): string =>
  element('text', { x, y, class: kind, 'text-anchor': anchor }, escaped(words))

export const box = ([x, y]: Point, width: number, height: number, kind: string): string =>
  element('rect', { x, y, width, height, rx: 8, class: kind })

export const area = ([left, top]: Point, [right, bottom]: Point, kind: string): string =>
  element('rect', { x: left, y: top, width: right - left, height: bottom - top, class: `${kind} open` })

export const line = (points: readonly Point[], kind: string): string =>
  element('polyline', { points: coordinates(points), class: `line ${kind}` })

export const arrow = (points: readonly Point[], hue: (typeof hues)[number]): string =>
  element('polyline', {
    points: coordinates(points),
    class: `line ${hue}`,
    'marker-end': `url(#${hue})`,
  })

export const dot = ([cx, cy]: Point, r: number, kind: string): string =>
  element('circle', { cx, cy, r, class: kind })

const coordinates = (points: readonly Point[]): string =>
  points.map(([x, y]) => `${round(x)},${round(y)}`).join(' ')

const arrowHead = (hue: string): string =>
  `<marker id="${hue}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto">` +
  `<path class="${hue}" d="M0,0.8 10,5 0,9.2z"/></marker>`

/** Parts, and lists of them. */
export type Parts = readonly (string | Parts)[]

/** A whole picture. `title` says what is seen, for those who do not see it. */
export const picture = (width: number, height: number, title: string, parts: Parts): string =>
  `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<style>${style}</style>`,
    `<defs>${hues.map(arrowHead).join('')}</defs>`,
    element('rect', { width: '100%', height: '100%', rx: 8, class: 'ground' }),
    ...(parts.flat(9) as string[]),
    '</svg>',
  ].join('\n')}\n`
