// The rule of a ballot over public parameters (SPEC 6.4); circuits/rule.ts is its twin over the integers.
// Relies on checkParameters (widths, flags 0 or 1, the blank slot's bounds) and on gamma being drawn after com.
pragma circom 2.1.9;

include "circomlib/circuits/bitify.circom";

// ceil(log2(n))
function log2(n) {
    var bits = 0;
    while ((1 << bits) < n) {
        bits++;
    }
    return bits;
}

// 0 <= in < 2^n. Unique, since n <= 253 bits never reach p; every comparison in our circuits is one of these.
template Range(n) {
    signal input in;
    signal bits[n] <== Num2Bits(n)(in);
}

// out = 1 where in != 0, else 0. The last constraint only makes the inverse of 0 unique.
template NonZero() {
    signal input in;
    signal output out;
    signal inverse <-- in != 0 ? 1 / in : 0;
    out <== in * inverse;
    (1 - out) * in === 0;
    (1 - out) * inverse === 0;
}

// prod (gamma - in_i)
template Vanishing(n) {
    signal input in[n];
    signal input gamma;
    signal output out;
    signal product[n];
    product[0] <== gamma - in[0];
    for (var i = 1; i < n; i++) {
        product[i] <== product[i - 1] * (gamma - in[i]);
    }
    out <== product[n - 1];
}

// The numbers 1, 2, ..., count and n - count zeros, for 0 <= count <= n. Pinned by count alone: u goes from 1 to 0, and may
// change from u_k to u_(k+1) only where k = count.
template Ranks(n) {
    signal input count;
    signal output out[n];
    signal u[n + 2];
    u[0] <== 1;
    u[n + 1] <== 0;
    for (var k = 0; k < n; k++) {
        u[k + 1] <-- k < count ? 1 : 0;
        out[k] <== (k + 1) * u[k + 1];
    }
    for (var k = 0; k <= n; k++) {
        (u[k] - u[k + 1]) * (count - k) === 0;
    }
}

// Values of VALUE_BITS 16, costs of COST_BITS 32, weights of WEIGHT_BITS 16 (circuits/sizes.ts).
template Rule(K) {
    signal input values[K];
    signal input weight;
    signal input gamma;
    signal input target;
    signal input min[K];
    signal input max[K];
    signal input cost[K];
    signal input sumMin;
    signal input sumMax;
    signal input countMin;
    signal input countMax;
    signal input costMax;
    signal input budgetPerWeight;
    signal input quadratic;
    signal input blank;
    signal input positional;
    signal input ranking;

    // isBlank is 0 or 1: where blank = 1, min[0] = 0 and max[0] = 1 keep values[0] to these, whatever isBlank is.
    signal isBlank <== blank * values[0];
    signal filled <== 1 - isBlank;

    signal least[K];
    signal nonZero[K];
    signal squares[K];
    signal costs[K];
    var sum = 0;
    var count = 0;
    var squareSum = 0;
    var costSum = 0;
    for (var i = 0; i < K; i++) {
        least[i] <== min[i] * filled;
        Range(16)(values[i] - least[i]);
        Range(16)(max[i] - values[i]);
        nonZero[i] <== NonZero()(values[i]);
        squares[i] <== values[i] * values[i];
        costs[i] <== cost[i] * values[i];
        sum += values[i];
        count += nonZero[i];
        squareSum += squares[i];
        costSum += costs[i];
    }

    isBlank * (sum - values[0]) === 0;

    // sum < K 2^16
    signal leastSum <== sumMin * filled;
    Range(16 + log2(K))(sum - leastSum);
    Range(16 + log2(K))(sumMax - sum);

    // count <= K
    signal leastCount <== countMin * filled;
    Range(log2(K) + 1)(count - leastCount);
    Range(log2(K) + 1)(countMax - count);

    // costs and squares < K (2^48 + 2^32)
    signal quadraticCost <== quadratic * squareSum;
    signal credits <== budgetPerWeight * weight;
    Range(32 + 16 + log2(K) + 1)(costMax + credits - costSum - quadraticCost);

    // Ranks: two monic polynomials of degree K - 1 that agree in gamma agree (Schwartz-Zippel, (K - 1) / p).
    signal others[K - 1];
    for (var i = 1; i < K; i++) {
        others[i - 1] <== values[i];
    }
    signal product <== Vanishing(K - 1)(others, gamma);
    signal scored <== positional * filled;
    scored * (product - target) === 0;

    signal ranked <== ranking * (count - nonZero[0]);
    signal ranks[K - 1] <== Ranks(K - 1)(ranked);
    signal rankProduct <== Vanishing(K - 1)(ranks, gamma);
    ranking * (product - rankProduct) === 0;
}
