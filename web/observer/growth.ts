// The server says when its ledger has grown; whoever shows something of it then looks again.

/** Milliseconds before a look that brought nothing is repeated. */
const PAUSE = 5_000

/** Runs `look` whenever the ledger has more entries than `size` says, one run at a time, and again if that has brought
 *  nothing, until the function that it gives is called. `look` must not reject. */
export function followGrowth(size: () => number | undefined, look: () => Promise<void>): () => void {
  let [newest, looking, ended] = [0, false, false]
  const behind = (known = size()): known is number => !ended && known !== undefined && newest > known
  const follow = async () => {
    if (looking) return
    looking = true
    for (let before = size(); behind(before); before = size()) {
      await look()
      if (size() === before) await new Promise((resolve) => setTimeout(resolve, PAUSE))
    }
    looking = false
  }
  const events = new EventSource('/api/events')
  events.addEventListener('log', ({ data }: MessageEvent<string>) => {
    newest = (JSON.parse(data) as { size: number }).size
    void follow()
  })
  return () => {
    ended = true
    events.close()
  }
}
