// The time as pages show it, which goes on while they are looked at.

/** How often it goes on, in ms. */
const STEP = 10_000

export class Now {
  /** Milliseconds since 1970. */
  value = $state(Date.now())

  /** To be made while a component is. */
  constructor() {
    $effect(() => {
      const clock = setInterval(() => (this.value = Date.now()), STEP)
      return () => clearInterval(clock)
    })
  }
}
