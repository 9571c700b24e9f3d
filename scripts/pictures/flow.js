import { box, line, picture, text } from './svg.js'

const middle = 96

const devices = ['press-7', 'pump-2', 'fan-4'].map((name, index) => [
  box(8, middle - 70 + index * 50, 92, 38, 'plain'),
  text(54, middle - 46 + index * 50, name, '', 'middle'),
])

const actors = [16, 8, 0].map((shift) => box(352 + shift, middle - 56 - shift, 148, 112, 'flow'))

const rows = ['journal', 'outbox', 'checkpoints'].map((name, index) => [
  box(594, middle - 37 + index * 34, 120, 28, 'plain'),
  text(654, middle - 18 + index * 34, name, 'small', 'middle'),
])

export const flow = () =>
  picture(
    {
      width: 920,
      height: 252,
      title:
        'Devices publish over MQTT to the broker; each reading is a turn of its device’s actor; reading and outputs ' +
        'go into one LMDB transaction; a relay publishes the outbox to NATS JetStream. The PUBACK goes back only ' +
        'after that transaction is flushed.',
    },
    [
      devices,
      line(
        [
          [106, middle],
          [190, middle],
        ],
        'flow',
        true,
      ),
      text(148, middle - 10, 'MQTT', 'note', 'middle'),

      box(196, middle - 34, 84, 68, 'plain'),
      text(238, middle - 2, 'broker', 'title', 'middle'),
      text(238, middle + 18, 'format', 'note', 'middle'),
      line(
        [
          [285, middle],
          [346, middle],
        ],
        'flow',
        true,
      ),
      text(315, middle - 10, 'reading', 'note', 'middle'),

      actors,
      text(426, middle - 30, 'actor', 'title', 'middle'),
      text(426, middle - 11, 'one for each device', 'note', 'middle'),
      text(426, middle + 18, 'own clock', 'small', 'middle'),
      text(426, middle + 38, 'own baselines', 'small', 'middle'),
      line(
        [
          [522, middle],
          [576, middle],
        ],
        'flow',
        true,
      ),
      text(547, middle - 10, 'turn', 'note', 'middle'),

      box(582, middle - 72, 144, 142, 'good'),
      text(654, middle - 49, 'one transaction', 'title', 'middle'),
      rows,
      line(
        [
          [732, middle],
          [798, middle],
        ],
        'flow',
        true,
      ),
      text(763, middle - 10, 'relay', 'note', 'middle'),

      box(804, middle - 44, 108, 88, 'plain'),
      text(858, middle - 14, 'NATS', 'title', 'middle'),
      text(858, middle + 5, 'JetStream', 'title', 'middle'),
      text(858, middle + 27, 'subscribers', 'note', 'middle'),

      line(
        [
          [654, middle + 78],
          [654, 216],
          [54, 216],
          [54, middle + 76],
        ],
        'good',
        true,
      ),
      text(354, 206, 'PUBACK, only after the transaction is flushed to the disk', 'good', 'middle'),
      text(858, middle + 64, 'in order, once', 'note', 'middle'),
    ],
  )
