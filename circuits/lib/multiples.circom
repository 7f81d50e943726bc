// Multiples of points of BabyJubJub by signed digits (SPEC 6.5): r G, V G and r Y in 421, 474 and 1,528 constraints.
// Most additions are Montgomery's, which leave the slope free where both points have the same u. Each template
// states why that cannot happen, as a bound on integers that are compared with l:
//   l = 0.756 x 2^251 = 1.512 x 2^250, so 2^249 < 2^250 < 3 x 2^249 < l < 2^251.
// A point k P with P of order l and 0 < |k| < l is not of order 1 or 2, so u, v and 1 - y, x are never 0 for it;
// u = -1 is not on the curve, since 168696 is no square. Edwards addition (BabyAdd) is complete for the same reason.
pragma circom 2.1.9;

include "circomlib/circuits/babyjub.circom";
include "circomlib/circuits/bitify.circom";
include "circomlib/circuits/montgomery.circom";
include "tables.circom";

// The digit d = 4 e2 + 2 e1 + e0 of a window times its constant point, e = 2 bits - 1; see tables.ts for the formula.
template Window(constants) {
    signal input bits[3];
    signal output out[2];
    var e0 = 2 * bits[0] - 1;
    var e1 = 2 * bits[1] - 1;
    var e2 = 2 * bits[2] - 1;
    out[0] <== (e0 + constants[0] * e1) * (constants[1] * e1 + constants[2] * e2) + constants[3];
    out[1] <== constants[4] * out[0] * e0 + constants[5] * e0 + constants[6] * e1 + constants[7] * e2;
}

// sum_{i < 3n} (2 bits_i - 1) 2^i B for B = G, or B = G/2 where half = 1; Montgomery. Bits must be 0 or 1.
// The sum A of the first j windows is odd and |A| < 8^j; the next term T is an odd multiple of 8^j. So A != T and
// A != -T, and |A| + |T| < 8^(j+1) <= 2^249 < l: they differ modulo l as well, and no partial sum is O.
template Windows(half, n) {
    assert(n <= 83);
    signal input bits[3 * n];
    signal output out[2];
    component windows[n];
    component sums[n];
    for (var j = 0; j < n; j++) {
        windows[j] = Window(half == 1 ? valueWindow(j) : generatorWindow(j));
        for (var k = 0; k < 3; k++) {
            windows[j].bits[k] <== bits[3 * j + k];
        }
        if (j > 0) {
            sums[j] = MontgomeryAdd();
            if (j == 1) {
                sums[j].in1 <== windows[0].out;
            } else {
                sums[j].in1 <== sums[j - 1].out;
            }
            sums[j].in2 <== windows[j].out;
        }
    }
    out <== sums[n - 1].out;
}

// in + (x, y) for a constant point of the curve; Edwards, complete, 3 constraints.
template Offset(x, y) {
    signal input in[2];
    signal output out[2];
    signal product <== in[0] * in[1];
    var t = 168696 * x * y * product;
    out[0] <-- (in[0] * y + in[1] * x) / (1 + t);
    out[0] * (1 + t) === in[0] * y + in[1] * x;
    out[1] <-- (in[1] * y - 168700 * in[0] * x) / (1 - t);
    out[1] * (1 - t) === in[1] * y - 168700 * in[0] * x;
}

// value G for 0 <= value < 2^177, which it also proves; Edwards.
// With H = G/2: sum (2 b_i - 1) 2^i H = (2 value - (2^177 - 1)) H, to which ((2^177 - 1) / 2) G is added.
template ValueMultiple() {
    signal input value;
    signal output out[2];
    signal bits[177] <== Num2Bits(177)(value);
    signal windows[2] <== Windows(1, 59)(bits);
    signal point[2] <== Montgomery2Edwards()(windows);
    var offset[2] = valueOffset(0);
    out <== Offset(offset[0], offset[1])(point);
}

// S G with S = 2^252 + sum_{i < 251} (2 bits_i - 1) 2^i; Edwards. Bits must be 0 or 1.
// 83 windows, then the two high digits and 2^252 as one of four constants, by complete addition.
template GeneratorMultiple() {
    signal input bits[251];
    signal output out[2];
    component windows = Windows(0, 83);
    for (var i = 0; i < 249; i++) {
        windows.bits[i] <== bits[i];
    }
    signal low[2] <== Montgomery2Edwards()(windows.out);
    var T[4][2] = [generatorTop(0), generatorTop(1), generatorTop(2), generatorTop(3)];
    signal both <== bits[249] * bits[250];
    signal high[2];
    for (var c = 0; c < 2; c++) {
        high[c] <== T[0][c] + (T[1][c] - T[0][c]) * bits[249] + (T[2][c] - T[0][c]) * bits[250]
            + (T[3][c] - T[2][c] - T[1][c] + T[0][c]) * both;
    }
    (out[0], out[1]) <== BabyAdd()(low[0], low[1], high[0], high[1]);
}

// 2 A + B on the Montgomery curve as (A + B) + A without the v of A + B; 5 constraints.
// A != B, A != -B, B != O and 2 A + B != O must hold.
template DoubleAndAdd() {
    signal input a[2];
    signal input b[2];
    signal output out[2];
    signal slope <-- (b[1] - a[1]) / (b[0] - a[0]);
    slope * (b[0] - a[0]) === b[1] - a[1];
    signal u <== slope * slope - 168698 - a[0] - b[0];
    // slope of A and A + B: (v_A - v_{A+B}) / (u_A - u_{A+B}), where v_{A+B} = slope (u_A - u_{A+B}) - v_A
    signal next <-- 2 * a[1] / (a[0] - u) - slope;
    (next + slope) * (a[0] - u) === 2 * a[1];
    out[0] <== next * next - 168698 - u - a[0];
    out[1] <== next * (a[0] - out[0]) - a[1];
}

// S P with S as in GeneratorMultiple, for P of order l (the election key: checked outside); Edwards. Bits must be 0 or 1.
// Horner from the top: m_0 = 2, m_{k+1} = 2 m_k + (2 b - 1), so 2^k < m_k < 3 x 2^k, and m_k P is doubled and added to
// for k < 249. There m_k -+ 1 > 0 and 2 m_k -+ 1 = m_{k+1} < 3 x 2^249 < l are not 0 modulo l: DoubleAndAdd's conditions.
// The last two digits could reach l, so they take complete additions.
template KeyMultiple() {
    signal input bits[251];
    signal input point[2];
    signal output out[2];

    signal base[2] <== Edwards2Montgomery()(point);
    signal sums[250][2];
    sums[0] <== MontgomeryDouble()(base);
    signal signed[249];
    for (var k = 0; k < 249; k++) {
        signed[k] <== base[1] * (2 * bits[250 - k] - 1);
        sums[k + 1] <== DoubleAndAdd()(sums[k], [base[0], signed[k]]);
    }

    signal totals[3][2];
    signal doubles[2][2];
    signal last[2];
    totals[0] <== Montgomery2Edwards()(sums[249]);
    for (var k = 0; k < 2; k++) {
        (doubles[k][0], doubles[k][1]) <== BabyAdd()(totals[k][0], totals[k][1], totals[k][0], totals[k][1]);
        last[k] <== point[0] * (2 * bits[1 - k] - 1);
        (totals[k + 1][0], totals[k + 1][1]) <== BabyAdd()(doubles[k][0], doubles[k][1], last[k], point[1]);
    }
    out <== totals[2];
}
