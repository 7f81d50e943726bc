// Where this browser is in the demonstration: which practice elections it tries, and what it has done in them that
// leaves no trace elsewhere on the device or in the record.

const STORED = 'comitia.demo'

/** What a visitor can do without changing anything. */
export type Doing = 'tested' | 'checked' | 'seen' | 'verified'

interface Place {
  readonly process: string
  readonly election: string
}

interface Notes {
  /** The election in which the visitor votes, and the one whose key the visitor helps to make. */
  readonly election?: Place
  readonly ceremony?: Place
  readonly done: readonly Doing[]
}

const NOTHING: Notes = { done: [] }

let current = $state.raw<Notes>(stored())

/** The notes now. Reading them in a template makes that follow. */
export function notes(): Notes {
  return current
}

/** Begins with another election: what was done counts for the earlier one. */
export function beginElection(election: Place): void {
  keep({ ...current, election, done: [] })
}

/** Begins with another key ceremony. */
export function beginCeremony(ceremony: Place): void {
  keep({ ...current, ceremony })
}

/** Notes that something was done in an election, if it is the demonstration's; without a name, in whichever it was. */
export function noteDone(doing: Doing, where?: Place): void {
  const tried = current.election
  if (tried === undefined || current.done.includes(doing)) return
  if (where !== undefined && (where.process !== tried.process || where.election !== tried.election)) return
  keep({ ...current, done: [...current.done, doing] })
}

/** Ends the demonstration on this device. What was registered and cast stays. */
export function leaveDemo(): void {
  current = NOTHING
  localStorage.removeItem(STORED)
}

function keep(notes: Notes): void {
  current = notes
  localStorage.setItem(STORED, JSON.stringify(notes))
}

function stored(): Notes {
  try {
    return { ...NOTHING, ...(JSON.parse(localStorage.getItem(STORED) ?? '{}') as Partial<Notes>) }
  } catch {
    return NOTHING
  }
}
