// What the credential's worker does not do.

/** Why the worker does not do it: there is no credential here, or another one that would be lost. */
export class DeviceFailure extends Error {
  override readonly name = 'DeviceFailure'
  readonly code: 'no-credential' | 'credential-present'

  constructor(code: DeviceFailure['code']) {
    super(code)
    this.code = code
  }
}
