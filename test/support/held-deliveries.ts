import type { Observable } from 'rxjs'
import type { Delivery } from '../../lib/actors/delivery.ts'

/** Takes deliveries and acknowledges them when told to. */
export class HeldDeliveries<T> {
  readonly all: Delivery<T>[] = []
  completed = false
  error: unknown
  private acknowledged = 0
  private listeners: (() => void)[] = []

  constructor(source: Observable<Delivery<T>>) {
    source.subscribe({
      next: (delivery) => {
        this.all.push(delivery)
        for (const resolve of this.listeners.splice(0)) resolve()
      },
      error: (error) => {
        this.error = error
      },
      complete: () => {
        this.completed = true
      },
    })
  }

  /** Resolves once `count` deliveries have arrived since the beginning. */
  async arrived(count: number): Promise<void> {
    while (this.all.length < count) await new Promise<void>((resolve) => this.listeners.push(resolve))
  }

  /** Acknowledges the next `count` in order of arrival, all that are there unless given. */
  acknowledge(count = this.all.length - this.acknowledged): void {
    for (const delivery of this.all.slice(this.acknowledged, this.acknowledged + count)) delivery.duty.ack()
    this.acknowledged += count
  }
}
