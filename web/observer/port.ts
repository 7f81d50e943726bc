// A message port of the browser as tally/ speaks of it.
import type { Port } from '#tally/worker.ts'

/** One end of a channel.
 *  @param fail how the death of the other end is noticed, where it is */
export function portOver(port: MessagePort, fail: Port['fail'] = () => undefined): Port {
  return {
    post: (message) => port.postMessage(message),
    listen(receive) {
      port.addEventListener('message', ({ data }) => receive(data as never))
      port.start()
    },
    fail,
  }
}
