import { arrow, box, picture, text } from './svg.ts'

const title =
  'Devices publish over MQTT to the broker; each reading is a turn of its device’s actor; the reading, what it ' +
  'led to go into one commit; checkpoints save changed states beside it; a relay publishes the outbox to NATS ' +
  'JetStream. The PUBACK goes back only after the commit is flushed.'

const middle = 94

const devices = ['press-7', 'pump-2', 'fan-4'].map((name, index) => [
  box([8, middle - 69 + index * 50], 92, 38, 'plain'),
  text([54, middle - 45 + index * 50], name, '', 'middle'),
])

const broker = [
  box([196, middle - 34], 84, 68, 'plain'),
  text([238, middle - 10], 'broker', 'title', 'middle'),
  text([238, middle + 8], 'payload', 'note', 'middle'),
  text([238, middle + 23], 'to readings', 'note', 'middle'),
]

const actors = [
  [16, 8, 0].map((shift) => box([352 + shift, middle - 56 - shift], 148, 112, 'flow')),
  text([426, middle - 30], 'actor', 'title', 'middle'),
  text([426, middle - 11], 'one for each device', 'note', 'middle'),
  text([426, middle + 18], 'own clock', 'small', 'middle'),
  text([426, middle + 38], 'own baselines', 'small', 'middle'),
]

const store = [
  box([582, middle - 72], 148, 144, 'good'),
  text([656, middle - 49], 'store', 'title', 'middle'),
  ['journal', 'outbox', 'checkpoints'].map((name, index) => [
    box([596, middle - 36 + index * 34], 120, 28, 'plain'),
    text([656, middle - 17 + index * 34], name, 'small', 'middle'),
  ]),
]

const nats = [
  box([804, middle - 44], 108, 88, 'plain'),
  text([858, middle - 14], 'NATS', 'title', 'middle'),
  text([858, middle + 5], 'JetStream', 'title', 'middle'),
  text([858, middle + 27], 'subscribers', 'note', 'middle'),
  text([912, middle + 64], 'in order, each once', 'note', 'end'),
]

const ways = [
  { from: 106, to: 190, words: 'MQTT' },
  { from: 285, to: 346, words: 'reading' },
  { from: 522, to: 576, words: 'turn' },
  { from: 736, to: 798, words: 'relay' },
].map(({ from, to, words }) => [
  arrow(
    [
      [from, middle],
      [to, middle],
    ],
    'flow',
  ),
  text([(from + to) / 2 - 2, middle - 10], words, 'note', 'middle'),
])

const wayBack = [
  arrow(
    [
      [656, middle + 78],
      [656, 214],
      [54, 214],
      [54, middle + 76],
    ],
    'good',
  ),
  text([355, 204], 'PUBACK, only after journal and outbox are flushed to the disk', 'good', 'middle'),
]

export const flow = (): string =>
  picture(920, 226, title, [devices, broker, actors, store, nats, ways, wayBack])
