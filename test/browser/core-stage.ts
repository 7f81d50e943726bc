// The page of core.test.ts: the core's own test files, in the order in which they build on each other, and those of
// what the verifier does with it.
import { runSuite } from './suite.ts'
import '../crypto/core/field.test.ts'
import '../crypto/core/quadratic.test.ts'
import '../crypto/core/tower.test.ts'
import '../crypto/core/sums.test.ts'
import '../crypto/core/decoders.test.ts'
import '../crypto/core/pairing.test.ts'
import '../crypto/core/batch.test.ts'
import '../crypto/core/babyjubjub.test.ts'
import '../crypto/core/neighbours.test.ts'
import '../crypto/cancelling.test.ts'
import '../crypto/claims.test.ts'
import '../attack/g3-aliased-inputs.test.ts'
import '../attack/g4-wrong-modulus.test.ts'
import '../attack/g5-rerandomised-proof.test.ts'
import '../attack/g6-hostile-points.test.ts'

Object.assign(globalThis, { runSuite })
