/**
 * What `promise` comes to, or undefined as soon as `stop` is signalled. Nothing of it stays with the signal,
 * as it would with `Promise.race` and a promise that outlives many others.
 */
export const unlessStopped = <T>(promise: Promise<T>, stop: AbortSignal): Promise<T | undefined> =>
  new Promise((resolve, reject) => {
    const give = (): void => resolve(undefined)
    if (stop.aborted) give()
    stop.addEventListener('abort', give, { once: true })
    promise.then(resolve, reject).finally(() => stop.removeEventListener('abort', give))
  })
