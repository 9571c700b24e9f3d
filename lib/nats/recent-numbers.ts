/** The last so many numbers added. */
export class RecentNumbers {
  private readonly limit: number
  private readonly numbers = new Set<number>()

  constructor(limit: number) {
    this.limit = limit
  }

  add(number: number): void {
    this.numbers.delete(number)
    this.numbers.add(number)
    if (this.numbers.size <= this.limit) return
    for (const oldest of this.numbers) {
      this.numbers.delete(oldest)
      return
    }
  }

  has(number: number): boolean {
    return this.numbers.has(number)
  }
}
