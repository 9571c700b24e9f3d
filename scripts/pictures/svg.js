// The few words that the pictures are written in. Colours are names of what they stand for, so that each
// picture is legible on white and on black.

const escaped = (text) => String(text).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')

const attributes = (given) =>
  Object.entries(given)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${typeof value === 'number' ? round(value) : escaped(value)}"`)
    .join('')

const round = (number) => Math.round(number * 10) / 10

const element = (name, given, content) =>
  content === undefined
    ? `<${name}${attributes(given)}/>`
    : `<${name}${attributes(given)}>${content}</${name}>`

/** `kind` is one of the classes below; x and y are where the line of text begins, ends or has its middle. */
export const text = (x, y, words, kind = '', anchor = undefined) =>
  element('text', { x, y, class: kind || undefined, 'text-anchor': anchor }, escaped(words))

export const box = (x, y, width, height, kind) => element('rect', { x, y, width, height, rx: 8, class: kind })

export const area = (x, y, width, height, kind) => element('rect', { x, y, width, height, class: kind })

export const line = (points, kind, isArrow = false) =>
  element('polyline', {
    points: points.map(([x, y]) => `${round(x)},${round(y)}`).join(' '),
    class: `line ${kind}`,
    'marker-end': isArrow ? `url(#${kind.split(' ')[0]})` : undefined,
  })

export const dot = (x, y, radius, kind) => element('circle', { cx: x, cy: y, r: radius, class: kind })

const colours = {
  light: {
    ink: '#1f2328',
    quiet: '#59636e',
    faint: '#d1d9e0',
    paper: '#f6f8fa',
    flow: '#0969da',
    flowPaper: '#ddf4ff',
    good: '#1a7f37',
    goodPaper: '#dafbe1',
    bad: '#cf222e',
    badPaper: '#ffebe9',
  },
  dark: {
    ink: '#f0f6fc',
    quiet: '#9198a1',
    faint: '#3d444d',
    paper: '#151b23',
    flow: '#4493f8',
    flowPaper: '#121d2f',
    good: '#3fb950',
    goodPaper: '#12261e',
    bad: '#f85149',
    badPaper: '#25171c',
  },
}

const named = (palette) =>
  Object.entries(palette)
    .map(([name, colour]) => `--${name}:${colour}`)
    .join(';')

const hues = ['quiet', 'flow', 'good', 'bad']

const style = `svg{${named(colours.light)}}
@media (prefers-color-scheme:dark){svg{${named(colours.dark)}}}
text{font:14px system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif;fill:var(--ink)}
.title{font-weight:600}
.small{font-size:12px}
.note{font-size:12px;fill:var(--quiet)}
.line{fill:none;stroke-width:2;stroke-linejoin:round}
.thin{stroke-width:1}
.dashed{stroke-dasharray:5 4}
.plain{fill:var(--paper);stroke:var(--faint)}
.ink{fill:var(--ink)}
.faint{fill:var(--faint)}
.grid{stroke:var(--faint)}
${hues.map((hue) => `.line.${hue}{stroke:var(--${hue})}text.${hue},circle.${hue},path.${hue}{fill:var(--${hue})}`).join('\n')}
${['flow', 'good', 'bad'].map((hue) => `rect.${hue}{fill:var(--${hue}Paper);stroke:var(--${hue})}rect.${hue}.open{stroke:none}`).join('\n')}`

const arrowHead = (hue) =>
  `<marker id="${hue}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto">` +
  `<path class="${hue}" d="M0,0.8 10,5 0,9.2z"/></marker>`

/** A whole picture. `title` says in one sentence what is seen, for those who do not see it. */
export const picture = ({ width, height, title }, parts) =>
  `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<style>${style}</style>`,
    `<defs>${hues.map(arrowHead).join('')}</defs>`,
    ...parts.flat(9),
    '</svg>',
  ].join('\n')}\n`
