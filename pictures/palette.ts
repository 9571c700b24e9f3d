// Colours by what they stand for. A picture has a ground of its own, for a page may be light where the system
// is dark.

const light = {
  ground: '#ffffff',
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
}

const dark: typeof light = {
  ground: '#0d1117',
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
}

const named = (palette: typeof light): string =>
  Object.entries(palette)
    .map(([name, colour]) => `--${name}:${colour}`)
    .join(';')

const stroked = (hue: string): string =>
  `.line.${hue}{stroke:var(--${hue})}text.${hue},circle.${hue},path.${hue}{fill:var(--${hue})}`

const filled = (hue: string): string =>
  `rect.${hue}{fill:var(--${hue}Paper);stroke:var(--${hue})}rect.${hue}.open{stroke:none}`

/** What things are painted with: a word of the `kind` that they are given. */
export const hues = ['quiet', 'flow', 'good', 'bad'] as const

export const style = `svg{${named(light)}}
@media (prefers-color-scheme:dark){svg{${named(dark)}}}
text{font:14px system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif;fill:var(--ink)}
.title{font-weight:600}
.small{font-size:12px}
.note{font-size:12px;fill:var(--quiet)}
.line{fill:none;stroke-width:2;stroke-linejoin:round}
.thin{stroke-width:1}
.dashed{stroke-dasharray:5 4}
.ground{fill:var(--ground)}
.plain{fill:var(--paper);stroke:var(--faint)}
.grid{stroke:var(--faint)}
${hues.map(stroked).join('\n')}
${['flow', 'good', 'bad'].map(filled).join('\n')}`
