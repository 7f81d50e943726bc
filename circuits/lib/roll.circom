// Membership in the electoral roll and the nullifier (SPEC 4.1, 4.2, 4.3); circuits/roll.ts is its twin.
pragma circom 2.1.9;

include "circomlib/circuits/bitify.circom";
include "circomlib/circuits/poseidon.circom";

// The four children of a node: in at position low + 2 high, the siblings in order at the other places.
// low and high must be 0 or 1.
template Children() {
    signal input in;
    signal input siblings[3];
    signal input low;
    signal input high;
    signal output out[4];
    signal third <== low * high;
    signal shift1 <== (in - siblings[0]) * (1 - low - high + third);
    signal shift2 <== (siblings[0] - siblings[1]) * (1 - low - high + third);
    signal shift3 <== (in - siblings[1]) * (low - third);
    signal shift4 <== (in - siblings[2]) * third;
    out[0] <== siblings[0] + shift1;
    out[1] <== siblings[1] + shift2 + shift3;
    out[3] <== siblings[2] + shift4;
    // The four children are the five summands' sum, whatever their order.
    out[2] <== in + siblings[0] + siblings[1] + siblings[2] - out[0] - out[1] - out[3];
}

// root of the tree of 4^levels places in which leaf P(2, P(1, secret), weight) stands at index, and the nullifier
// P(3, secret, scope). An empty place holds 0, of which nobody knows a preimage.
template Member(levels) {
    signal input secret;
    signal input weight;
    signal input index;
    signal input path[levels][3];
    signal input scope;
    signal output root;
    signal output nullifier;

    signal commitment <== Poseidon(2)([1, secret]);
    signal nodes[levels + 1];
    nodes[0] <== Poseidon(3)([2, commitment, weight]);
    signal bits[2 * levels] <== Num2Bits(2 * levels)(index);
    signal children[levels][4];
    for (var i = 0; i < levels; i++) {
        children[i] <== Children()(nodes[i], path[i], bits[2 * i], bits[2 * i + 1]);
        nodes[i + 1] <== Poseidon(4)(children[i]);
    }
    root <== nodes[levels];
    nullifier <== Poseidon(3)([3, secret, scope]);
}
