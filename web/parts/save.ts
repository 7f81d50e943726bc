// Hands a file to the person at the device: the browser asks where to put it, or puts it with the downloads.

/** Saves a text or bytes under a name. */
export function save(name: string, content: string | Uint8Array, type = 'application/octet-stream'): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([content as BlobPart], { type }))
  link.download = name
  link.click()
  // The download has begun by then; until then the address must hold.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
