// What SvelteKit asks of the app when a page fails: an address that leads nowhere is no fault, everything else is told.
import type { HandleClientError } from '@sveltejs/kit'

export const handleError: HandleClientError = ({ error, status, message }) => {
  if (status !== 404) console.error(error)
  return { message }
}
