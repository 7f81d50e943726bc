// Proving keys and witness code in the browser's cache, by their SHA-256.
import { fileCache } from '#web/device/cache.ts'

export const artifacts = fileCache('comitia-artifacts', '/api/artifacts/')
