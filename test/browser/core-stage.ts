// The page of core.test.ts: the core's own test files, in the order in which they build on each other.
import { runSuite } from './suite.ts'
import '../crypto/core/field.test.ts'
import '../crypto/core/quadratic.test.ts'
import '../crypto/core/sums.test.ts'
import '../crypto/core/pairing.test.ts'
import '../crypto/core/batch.test.ts'
import '../crypto/core/babyjubjub.test.ts'
import '../crypto/core/neighbours.test.ts'

Object.assign(globalThis, { runSuite })
