import { BehaviorSubject } from 'rxjs'
import { expect, test } from 'vitest'
import type { StoreCondition } from '../lib/state/environment/disk-reserve.ts'
import { virtualClock } from '../lib/testing/virtual-clock.ts'
import { minutes, seconds } from '../lib/time/duration.ts'
import { reportDisk } from './report-disk.ts'

const ok: StoreCondition = { state: 'ok', words: 'the store takes commits' }
const low = (free: number): StoreCondition => ({ state: 'disk low', words: `${free} MiB free.` })

const setUp = () => {
  const condition = new BehaviorSubject<StoreCondition>(ok)
  const clock = virtualClock(0)
  const lines: string[] = []
  let waiting = 0
  const onNotice = (line: string) => lines.push(line)
  reportDisk({ store: { condition }, waiting: () => waiting++, clock, onNotice })
  const said = (): string[] => lines.splice(0)
  return { condition, clock, said }
}

const roomAgain = 'the disk has room again: publishes are acknowledged'

test('a low disk is reported at once and once a minute with what waits, and when it has room again', () => {
  const { condition, clock, said } = setUp()
  clock.advance(minutes(10))
  expect(said()).toEqual([])
  condition.next(low(9))
  expect(said()).toEqual(['9 MiB free. (publishes that wait: 0)'])
  for (let second = 0; second < 59; second++) {
    clock.advance(seconds(1))
    condition.next(low(8))
  }
  expect(said()).toEqual([])
  clock.advance(seconds(1))
  expect(said()).toEqual(['8 MiB free. (publishes that wait: 1)'])
  condition.next(ok)
  condition.next(ok)
  expect(said()).toEqual([roomAgain])
  clock.advance(minutes(10))
  expect(said()).toEqual([])
  condition.next(low(7))
  expect(said()).toEqual(['7 MiB free. (publishes that wait: 2)'])
})

test('a disk that is low every other second gives two lines a minute', () => {
  const { condition, clock, said } = setUp()
  for (let second = 0; second < 60; second += 2) {
    condition.next(low(9))
    clock.advance(seconds(1))
    condition.next(ok)
    clock.advance(seconds(1))
  }
  expect(said()).toEqual(['9 MiB free. (publishes that wait: 0)', roomAgain])
})

test('nothing is reported once the store is closed', () => {
  const { condition, clock, said } = setUp()
  condition.next(low(9))
  said()
  condition.complete()
  clock.advance(minutes(10))
  expect(said()).toEqual([])
})
