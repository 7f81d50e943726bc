// A ballot (SPEC 6.5): the voter is in the roll, N is the nullifier, com opens to values that follow the rule, and
// D1 = R G, D2 = R Y + V G with V = sum a_i w v_i. Why this fixes every ciphertext: SPEC 6.3, 3.3.
pragma circom 2.1.9;

include "circomlib/circuits/bitify.circom";
include "circomlib/circuits/poseidon.circom";
include "multiples.circom";
include "roll.circom";
include "rule.circom";

// P(4, packed values..., weight, salt), 15 values of 16 bits to an element. Binding on values below 2^16.
template BallotCommitment(K) {
    var elements = (K + 14) \ 15;
    signal input values[K];
    signal input weight;
    signal input salt;
    signal output out;
    component hash = Poseidon(elements + 3);
    hash.inputs[0] <== 4;
    for (var e = 0; e < elements; e++) {
        var packed = 0;
        for (var i = 15 * e; i < 15 * (e + 1) && i < K; i++) {
            packed += values[i] * (1 << (16 * (i - 15 * e)));
        }
        hash.inputs[e + 1] <== packed;
    }
    hash.inputs[elements + 1] <== weight;
    hash.inputs[elements + 2] <== salt;
    out <== hash.out;
}

// d1 = R G and d2 = R key + value G, where R has the signed digits r; 0 <= value < 2^177.
template Sealed() {
    signal input key[2];
    signal input d1[2];
    signal input d2[2];
    signal input value;
    signal input r[251];
    for (var i = 0; i < 251; i++) {
        r[i] * (r[i] - 1) === 0;
    }
    signal randomness[2] <== GeneratorMultiple()(r);
    randomness === d1;
    signal shared[2] <== KeyMultiple()(r, key);
    signal message[2] <== ValueMultiple()(value);
    signal (x, y) <== BabyAdd()(shared[0], shared[1], message[0], message[1]);
    x === d2[0];
    y === d2[1];
}

template Ballot(K, levels) {
    // Public, in this order (circuits/ballot.ts).
    signal input scope;
    signal input root;
    signal input nullifier;
    signal input t;
    signal input com;
    signal input key[2];
    signal input d1[2];
    signal input d2[2];
    signal input a[K];
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
    signal input weighted;
    signal input blank;
    signal input positional;
    signal input ranking;
    // Secret.
    signal input secret;
    signal input weight;
    signal input index;
    signal input path[levels][3];
    signal input values[K];
    signal input r[251];
    signal input salt;

    signal (memberRoot, memberNullifier) <== Member(levels)(secret, weight, index, path, scope);
    memberRoot === root;
    memberNullifier === nullifier;

    Range(16)(weight);
    Rule(K)(values, weight, gamma, target, min, max, cost, sumMin, sumMax, countMin, countMax, costMax,
        budgetPerWeight, quadratic, blank, positional, ranking);
    signal opened <== BallotCommitment(K)(values, weight, salt);
    opened === com;

    // V = factor sum a_i v_i < K 2^168 2^16 2^16 <= 2^207 as an integer, far below p and l. Of an honest ballot it is
    // sum rho_j m_j < K 2^128 2^40 <= 2^175, since packed sums are below 2^40 (SPEC 6.3): the 177 bits of Sealed do.
    signal factor <== 1 + weighted * (weight - 1);
    signal terms[K];
    var sum = 0;
    for (var i = 0; i < K; i++) {
        terms[i] <== a[i] * values[i];
        sum += terms[i];
    }
    signal value <== factor * sum;
    Sealed()(key, d1, d2, value, r);

    // The body is bound by the key's term for t; the square only puts t into a constraint.
    signal bound <== t * t;
}
