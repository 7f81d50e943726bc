// Something that a press of a button starts and that takes its time: one at a time, with what went wrong.

export class Task {
  busy = $state(false)
  error = $state.raw<unknown>()

  /** Does the work unless some is being done; `after` is done however it ends. */
  async run(work: () => Promise<unknown>, after?: () => Promise<unknown>): Promise<void> {
    if (this.busy) return
    this.busy = true
    this.error = undefined
    try {
      await work()
    } catch (thrown) {
      this.error = thrown
    } finally {
      await after?.()
      this.busy = false
    }
  }
}
