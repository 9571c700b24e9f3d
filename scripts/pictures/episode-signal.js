/** When the first reading was taken; one a second follows. */
export const start = Date.UTC(2026, 0, 5, 9, 12)
const healthy = 240
const faulty = 130
const after = 50

/** Temperatures of a press: as usual for four minutes, then a fault that grows. The noise has a memory. */
export const signal = (() => {
  let seed = 7
  const chance = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return seed / 2_147_483_648
  }
  const gauss = () => Math.sqrt(-2 * Math.log(chance() + 1e-12)) * Math.cos(2 * Math.PI * chance())
  let noise = 0
  return Array.from({ length: healthy + faulty + after }, (_, second) => {
    noise = 0.5 * noise + 0.35 * gauss()
    const since = second - healthy
    const fault = since < 0 || since >= faulty ? 0 : 1.6 + Math.max(0, since - 70) / 20
    const value = 71 + noise + fault
    return { time: start + second * 1_000, value: Math.round(value * 100) / 100 }
  })
})()
