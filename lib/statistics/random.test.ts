import { describe, expect, test } from 'vitest'
import { randomFrom } from './random.ts'

describe('randomFrom', () => {
  test('the same seed gives the same numbers, and another seed others', () => {
    const draw = (...seed: [number, ...number[]]) => {
      const random = randomFrom(...seed)
      return Array.from({ length: 20 }, () => random.uniform())
    }
    expect(draw(7)).toEqual(draw(7))
    expect(draw(7)).not.toEqual(draw(8))
    expect(draw(7, 1)).not.toEqual(draw(7, 2))
    expect(draw(7, 1, 2)).not.toEqual(draw(7, 2, 1))
  })

  test('normal numbers have the moments and the tails of a normal distribution', () => {
    const random = randomFrom(1)
    const count = 1_000_000
    let [sum, squares, fourths, beyondFour] = [0, 0, 0, 0]
    for (let i = 0; i < count; i++) {
      const x = random.normal()
      sum += x
      squares += x * x
      fourths += x ** 4
      if (Math.abs(x) > 4) beyondFour++
    }
    expect(Math.abs(sum / count)).toBeLessThan(0.005)
    expect(squares / count).toBeCloseTo(1, 2)
    expect(fourths / count).toBeCloseTo(3, 1)
    expect(beyondFour).toBeGreaterThan(30)
    expect(beyondFour).toBeLessThan(100)
  })

  test('integers below a limit are all reached and nearly as often', () => {
    const random = randomFrom(2)
    const seen = new Array<number>(7).fill(0)
    for (let i = 0; i < 70_000; i++) seen[random.below(7)]!++
    for (const times of seen) expect(Math.abs(times - 10_000)).toBeLessThan(500)
  })
})
