// Groth16 proofs over BN254 in one equation with gnark-crypto, on one thread: the native limit beside which `npm run bench
// -- native` puts the core. Reads the file that test/bench/native.ts writes, prints one JSON object.
package main

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"errors"
	"math/big"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"syscall"

	"github.com/consensys/gnark-crypto/ecc"
	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fp"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
)

const repeats = 5

type verificationKey struct {
	alpha              bn254.G1Affine
	beta, gamma, delta bn254.G2Affine
	ic                 []bn254.G1Affine
}

// An item is a proof of 256 bytes, then its public inputs of 32 bytes each.
type item []byte

type reader struct{ rest []byte }

func (r *reader) take(n int) []byte {
	taken := r.rest[:n]
	r.rest = r.rest[n:]
	return taken
}

func main() {
	runtime.GOMAXPROCS(1)
	file, err := os.ReadFile(os.Args[1])
	fail(err)
	r := &reader{file}
	inputs, count := int(binary.BigEndian.Uint32(r.take(4))), int(binary.BigEndian.Uint32(r.take(4)))
	key := verificationKey{ic: make([]bn254.G1Affine, inputs+1)}
	ok := decodeG1(&key.alpha, r.take(64)) && decodeG2(&key.beta, r.take(128)) &&
		decodeG2(&key.gamma, r.take(128)) && decodeG2(&key.delta, r.take(128))
	for j := range key.ic {
		ok = decodeG1(&key.ic[j], r.take(64)) && ok
	}
	if !ok {
		fail(errors.New("a point of the key is not in its group"))
	}
	items := make([]item, count)
	for i := range items {
		items[i] = r.take(256 + 32*inputs)
	}

	accepted := true
	times := make([]float64, repeats)
	for i := range times {
		start := processorMs()
		accepted = check(&key, items) && accepted
		times[i] = (processorMs() - start) / float64(count)
	}
	slices.Sort(times)
	items[count/2] = slices.Clone(items[count/2])
	items[count/2][256+31] ^= 1
	fail(json.NewEncoder(os.Stdout).Encode(map[string]any{
		"version":        version(),
		"accepted":       accepted,
		"refusesAltered": !check(&key, items),
		"proofMs":        times[repeats/2],
	}))
}

// check says whether prod e(-r_i A_i, B_i) e((sum r_i) alpha, beta) e(sum_j (sum_i r_i x_ij) IC_j, gamma)
// e(sum r_i C_i, delta) = 1 for random r_i of 128 bits (docs/protocol.md, 3.2), all encodings and groups checked.
func check(key *verificationKey, items []item) bool {
	n := len(items)
	p, q := make([]bn254.G1Affine, n, n+3), make([]bn254.G2Affine, n, n+3)
	c, weights := make([]bn254.G1Affine, n), make([]fr.Element, n)
	sums := make([]fr.Element, len(key.ic))
	for i, bytes := range items {
		if !decodeG1(&p[i], bytes[:64]) || !decodeG2(&q[i], bytes[64:192]) || !decodeG1(&c[i], bytes[192:256]) {
			return false
		}
		var random [16]byte
		_, err := rand.Read(random[:])
		fail(err)
		r := new(big.Int).SetBytes(random[:])
		weights[i].SetBigInt(r)
		p[i].ScalarMultiplication(&p[i], r)
		p[i].Neg(&p[i])
		sums[0].Add(&sums[0], &weights[i])
		for j := range sums[1:] {
			var x fr.Element
			if x.SetBytesCanonical(bytes[256+32*j:256+32*(j+1)]) != nil {
				return false
			}
			x.Mul(&x, &weights[i])
			sums[j+1].Add(&sums[j+1], &x)
		}
	}
	var alpha, statement, proofs bn254.G1Affine
	alpha.ScalarMultiplication(&key.alpha, sums[0].BigInt(new(big.Int)))
	_, err := statement.MultiExp(key.ic, sums, ecc.MultiExpConfig{NbTasks: 1})
	fail(err)
	_, err = proofs.MultiExp(c, weights, ecc.MultiExpConfig{NbTasks: 1})
	fail(err)
	holds, err := bn254.PairingCheck(append(p, alpha, statement, proofs), append(q, key.beta, key.gamma, key.delta))
	fail(err)
	return holds
}

func decodeG1(p *bn254.G1Affine, bytes []byte) bool {
	return coordinates(bytes, &p.X, &p.Y) && !p.IsInfinity() && p.IsOnCurve()
}

func decodeG2(p *bn254.G2Affine, bytes []byte) bool {
	return coordinates(bytes, &p.X.A0, &p.X.A1, &p.Y.A0, &p.Y.A1) && !p.IsInfinity() && p.IsInSubGroup()
}

func coordinates(bytes []byte, elements ...*fp.Element) bool {
	for i, element := range elements {
		if element.SetBytesCanonical(bytes[32*i:32*(i+1)]) != nil {
			return false
		}
	}
	return true
}

func processorMs() float64 {
	var usage syscall.Rusage
	fail(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1e6
}

func version() string {
	info, _ := debug.ReadBuildInfo()
	for _, module := range info.Deps {
		if module.Path == "github.com/consensys/gnark-crypto" {
			return module.Version + ", " + runtime.Version()
		}
	}
	return ""
}

func fail(err error) {
	if err != nil {
		panic(err)
	}
}
