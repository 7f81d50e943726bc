// Circuit signal: membership in a roll of up to 4^12 voters, a nullifier and a bound message (SPEC 4.3).
pragma circom 2.1.9;

include "lib/roll.circom";

template Signal(levels) {
    // Public, in this order (circuits/signal.ts).
    signal input scope;
    signal input root;
    signal input nullifier;
    signal input message;
    // Secret.
    signal input secret;
    signal input weight;
    signal input index;
    signal input path[levels][3];

    signal (memberRoot, memberNullifier) <== Member(levels)(secret, weight, index, path, scope);
    memberRoot === root;
    memberNullifier === nullifier;

    // The message is bound by the key's term for it; the square only puts it into a constraint.
    signal bound <== message * message;
}

component main {public [scope, root, nullifier, message]} = Signal(12);
