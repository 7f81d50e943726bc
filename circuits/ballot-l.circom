// Circuit L: 128 slots, a roll of up to 4^12 voters (SPEC 6.5; circuits/sizes.ts).
pragma circom 2.1.9;

include "lib/ballot.circom";

component main {public [
    scope, root, nullifier, t, com, key, d1, d2, a, gamma, target, min, max, cost, sumMin, sumMax,
    countMin, countMax, costMax, budgetPerWeight, quadratic, weighted, blank, positional, ranking
]} = Ballot(128, 12);
