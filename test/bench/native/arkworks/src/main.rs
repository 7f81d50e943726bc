//! Groth16 proofs over BN254 in one equation with arkworks, on one thread: the native limit beside which `npm run bench --
//! native` puts the core. Reads the file that test/bench/native.ts writes, prints one JSON object.
use ark_bn254::{Bn254, Fq, Fq2, Fr, G1Affine, G1Projective, G2Affine};
use ark_ec::{pairing::Pairing, AffineRepr, CurveGroup, VariableBaseMSM};
use ark_ff::{BigInt, PrimeField, Zero};
use cpu_time::ProcessTime;

const REPEATS: usize = 5;

struct Key {
    alpha: G1Affine,
    beta: G2Affine,
    gamma: G2Affine,
    delta: G2Affine,
    ic: Vec<G1Affine>,
}

fn main() {
    let file = std::fs::read(std::env::args().nth(1).expect("a file")).expect("a file");
    let mut rest = &file[..];
    let mut take = |n: usize| {
        let (taken, after) = rest.split_at(n);
        rest = after;
        taken
    };
    let mut number = || u32::from_be_bytes(take(4).try_into().unwrap()) as usize;
    let (inputs, count) = (number(), number());
    let key = Key {
        alpha: g1(take(64)).expect("alpha"),
        beta: g2(take(128)).expect("beta"),
        gamma: g2(take(128)).expect("gamma"),
        delta: g2(take(128)).expect("delta"),
        ic: (0..=inputs).map(|_| g1(take(64)).expect("IC")).collect(),
    };
    // A proof of 256 bytes, then its public inputs of 32 bytes each.
    let mut items: Vec<Vec<u8>> = (0..count)
        .map(|_| take(256 + 32 * inputs).to_vec())
        .collect();

    let mut accepted = true;
    let mut times: Vec<f64> = (0..REPEATS)
        .map(|_| {
            let start = ProcessTime::now();
            accepted &= check(&key, &items) == Some(true);
            start.elapsed().as_secs_f64() * 1000.0 / count as f64
        })
        .collect();
    times.sort_by(f64::total_cmp);
    items[count / 2][256 + 31] ^= 1;
    println!(
        "{{\"version\":\"0.5.0\",\"accepted\":{accepted},\"refusesAltered\":{},\"proofMs\":{}}}",
        check(&key, &items) == Some(false),
        times[REPEATS / 2]
    );
}

/// Whether prod e(-r_i A_i, B_i) e((sum r_i) alpha, beta) e(sum_j (sum_i r_i x_ij) IC_j, gamma) e(sum r_i C_i, delta) = 1
/// for random r_i of 128 bits (docs/protocol.md, 3.2); None if a point or an input is not what it should be.
fn check(key: &Key, items: &[Vec<u8>]) -> Option<bool> {
    let (mut a, mut b, mut c, mut weights) = (vec![], vec![], vec![], vec![]);
    let mut sums = vec![Fr::zero(); key.ic.len()];
    for bytes in items {
        let mut random = [0; 16];
        getrandom::getrandom(&mut random).expect("random bytes");
        let r = u128::from_be_bytes(random);
        a.push(-g1(&bytes[..64])?.mul_bigint([r as u64, (r >> 64) as u64]));
        b.push(g2(&bytes[64..192])?);
        c.push(g1(&bytes[192..256])?);
        let weight = Fr::from(r);
        sums[0] += weight;
        for (sum, x) in sums[1..].iter_mut().zip(bytes[256..].chunks(32)) {
            *sum += Fr::from_bigint(integer(x))? * weight;
        }
        weights.push(weight);
    }
    let fixed = [
        key.alpha * sums[0],
        G1Projective::msm(&key.ic, &sums).unwrap(),
        G1Projective::msm(&c, &weights).unwrap(),
    ];
    a.extend(fixed);
    b.extend([key.beta, key.gamma, key.delta]);
    Some(Bn254::multi_pairing(G1Projective::normalize_batch(&a), b).is_zero())
}

fn g1(bytes: &[u8]) -> Option<G1Affine> {
    let point = G1Affine::new_unchecked(coordinate(&bytes[..32])?, coordinate(&bytes[32..])?);
    point.is_on_curve().then_some(point)
}

fn g2(bytes: &[u8]) -> Option<G2Affine> {
    let pair = |at: usize| {
        Some(Fq2::new(
            coordinate(&bytes[at..at + 32])?,
            coordinate(&bytes[at + 32..at + 64])?,
        ))
    };
    let point = G2Affine::new_unchecked(pair(0)?, pair(64)?);
    (point.is_on_curve() && point.is_in_correct_subgroup_assuming_on_curve()).then_some(point)
}

fn coordinate(bytes: &[u8]) -> Option<Fq> {
    Fq::from_bigint(integer(bytes))
}

fn integer(bytes: &[u8]) -> BigInt<4> {
    BigInt(std::array::from_fn(|i| {
        u64::from_be_bytes(bytes[24 - 8 * i..32 - 8 * i].try_into().unwrap())
    }))
}
