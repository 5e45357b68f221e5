package dev.pareto.engine.machine;

import static dev.pareto.engine.machine.Assembler.at;

import dev.pareto.engine.tensor.Interleaved;

/**
 * Writes the program that multiplies groups of thirty-two interleaved rows of F16 with one to six vectors, column after
 * column. For each vector four registers gather sums, those of even and of odd columns apart, as the twin on the Vector API
 * does: the sums are the same bit for bit. A word's halves are widened in the order in which they lie, so the lanes are rows
 * 0, 16, 1, 17 and so on; {@link HalfProducts} brings them in order.
 *
 * <p>
 * Arguments, by the convention of Linux: weights (rdi), vectors (rsi), sums (rdx), runs of {@link #COLUMNS} columns (rcx),
 * groups (r8), bytes from one vector's sums to the next one's (r9). No register that a caller expects unchanged is used.
 */
final class HalfCode {

    /** Vectors that it takes at most. */
    static final int MOST = 6;
    /** Columns that are multiplied without a jump. */
    static final int COLUMNS = 4;

    private static final int WEIGHTS = Assembler.RDI;
    private static final int X = Assembler.RAX;
    private static final int LEFT = Assembler.R10;
    private static final int TO = Assembler.R11;
    /** The first of two registers for weights of even columns; those of odd ones follow. */
    private static final int WIDE = 4 * MOST;
    /** The first of four registers that take turns with numbers of the vectors. */
    private static final int NUMBER = WIDE + 4;
    /** So far ahead weights are asked for: the processor does not read ahead across pages of 4 KiB by itself. */
    private static final int AHEAD = 8 << 10;

    private final Assembler code = new Assembler();
    private final int tokens;

    private HalfCode(int tokens) {
        this.tokens = tokens;
    }

    /** The program for a number of vectors. */
    static byte[] of(int tokens) {
        var program = new HalfCode(tokens);
        program.write();
        return program.code.bytes();
    }

    private void write() {
        int group = code.here();
        for (int i = 0; i < 4 * tokens; i++) {
            code.op(Op.VPXORD, i, i, i);
        }
        code.move(X, Assembler.RSI);
        code.move(LEFT, Assembler.RCX);
        int run = code.here();
        for (int column = 0; column < COLUMNS; column++) {
            column(column);
        }
        code.addConstant(WEIGHTS, COLUMNS * Interleaved.WORD);
        code.addConstant(X, COLUMNS * tokens * Float.BYTES);
        code.decrement(LEFT);
        code.jumpIfNotZero(run);
        store();
        code.addConstant(Assembler.RDX, Interleaved.ROWS * Float.BYTES);
        code.decrement(Assembler.R8);
        code.jumpIfNotZero(group);
        code.leave();
    }

    private void column(int column) {
        int word = column * Interleaved.WORD;
        int wide = WIDE + 2 * (column % 2);
        code.prefetch(WEIGHTS, AHEAD + word);
        for (int half = 0; half < 2; half++) {
            code.op(Op.VCVTPH2PS, wide + half, at(WEIGHTS, word + half * Interleaved.WORD / 2));
        }
        for (int token = 0; token < tokens; token++) {
            int number = NUMBER + (column * tokens + token) % 4;
            code.op(Op.VBROADCASTSS, number, at(X, Float.BYTES * (column * tokens + token)));
            for (int half = 0; half < 2; half++) {
                code.op(Op.VFMADD231PS, sum(token, column % 2, half), wide + half, number);
            }
        }
    }

    private static int sum(int token, int odd, int half) {
        return 4 * token + 2 * odd + half;
    }

    private void store() {
        code.move(TO, Assembler.RDX);
        for (int token = 0; token < tokens; token++) {
            for (int half = 0; half < 2; half++) {
                code.op(Op.VADDPS, sum(token, 0, half), sum(token, 0, half), sum(token, 1, half));
                code.op(Op.VMOVUPS_STORE, sum(token, 0, half), at(TO, half * Interleaved.WORD));
            }
            code.add(TO, Assembler.R9);
        }
    }
}
