/** A device has fallen silent, or is back. All times are wall time: what its own clock says plays no part. */
export interface DeviceAbsence {
  readonly device: string
  readonly phase: 'absent' | 'returned'
  /** When the silence was noticed, or when it ended; epoch milliseconds. */
  readonly time: number
  /** When it was last heard before. With the device it names the absence. */
  readonly since: number
}
