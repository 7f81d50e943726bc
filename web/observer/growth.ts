// The server says when its ledger has grown; whoever shows something of it then looks again.

/** Runs `look` whenever the ledger has more entries than `size` says, one run at a time, until the function that it gives
 *  is called. `look` must not reject. */
export function followGrowth(size: () => number | undefined, look: () => Promise<void>): () => void {
  let [due, looking] = [false, false]
  const follow = async () => {
    due = true
    if (looking) return
    looking = true
    while (due) {
      due = false
      await look()
    }
    looking = false
  }
  const events = new EventSource('/api/events')
  events.addEventListener('log', ({ data }: MessageEvent<string>) => {
    const now = (JSON.parse(data) as { size: number }).size
    const known = size()
    if (known !== undefined && now > known) void follow()
  })
  return () => events.close()
}
