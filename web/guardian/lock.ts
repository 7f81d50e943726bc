// One worker at a time for the seats of an election, whatever the number of tabs.

/** Runs `work` while nobody else on this device works on the election; if somebody does, says so and waits. */
export async function exclusively(
  process: string,
  election: string,
  occupied: () => void,
  work: () => Promise<void>,
): Promise<void> {
  const name = `comitia/guardian/${process}/${election}`
  const done = await navigator.locks.request(name, { ifAvailable: true }, async (lock) => {
    if (lock !== null) await work()
    return lock !== null
  })
  if (done) return
  occupied()
  await navigator.locks.request(name, work)
}
