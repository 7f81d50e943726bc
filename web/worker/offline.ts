// Has the browser keep the app for use without a network (web/service-worker/), and tells when a newer one waits.
import { ownScript } from './trusted.ts'

/** Milliseconds after loading in which a page fetches what it shows; all of the app would be in its way. */
const FIRST_THE_PAGE = 3000

/**
 * Registers the service worker a moment after the page has loaded. `found` is called when a newer version is ready, with what
 * makes the browser change to it: the page is loaded again then, and only then. Marks, receipts and credentials lie on
 * the device, so none is lost. A browser that refuses service workers shows the app as any other page.
 */
export function keepForOffline(found: (takeOver: () => void) => void): void {
  // Not in every browser's every mode: some have none in private windows.
  const { serviceWorker } = navigator as { serviceWorker?: ServiceWorkerContainer }
  if (serviceWorker === undefined) return
  const register = () =>
    void serviceWorker.register(ownScript('/service-worker.js'), { updateViaCache: 'none' }).then(
      (registration) => {
        offer(serviceWorker, registration, found)
        registration.addEventListener('updatefound', () =>
          registration.installing?.addEventListener('statechange', () =>
            offer(serviceWorker, registration, found),
          ),
        )
      },
      (error: unknown) => console.info('This app cannot be kept for use without a network:', error),
    )
  const online = () => (navigator.onLine ? register() : addEventListener('online', register, { once: true }))
  const later = () => setTimeout(online, FIRST_THE_PAGE)
  if (document.readyState === 'complete') later()
  else addEventListener('load', later, { once: true })
}

/** Resolves once all of the app is kept on this device; never where the browser keeps none. */
export async function allKept(): Promise<void> {
  const { serviceWorker } = navigator as { serviceWorker?: ServiceWorkerContainer }
  await (serviceWorker?.ready ?? new Promise(() => undefined))
}

function offer(
  serviceWorker: ServiceWorkerContainer,
  { waiting }: ServiceWorkerRegistration,
  found: (takeOver: () => void) => void,
): void {
  // Without a controller this is the first version, which takes over by itself.
  if (waiting === null || serviceWorker.controller === null) return
  found(() => {
    serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true })
    waiting.postMessage('take-over')
  })
}
