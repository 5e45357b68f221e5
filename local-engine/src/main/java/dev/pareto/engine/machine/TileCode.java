package dev.pareto.engine.machine;

import static dev.pareto.engine.machine.Assembler.all;
import static dev.pareto.engine.machine.Assembler.at;

import dev.pareto.engine.gguf.WeightType;
import dev.pareto.engine.tensor.Quads;

/**
 * Writes the program that multiplies groups of thirty-two rows in {@link Quads} with one to six rounded vectors, of which
 * {@link RoundedTile} tells the layout. Two registers for each vector gather products of a run's bytes as ints, a lane for
 * each row, two more their sums as floats: with six vectors that is 24 of 32 registers.
 *
 * <p>
 * Arguments, by the convention of Linux: weights (rdi), vectors (rsi), sums (rdx), blocks of a row (rcx), groups (r8), bytes
 * from one vector's sums to the next one's (r9). Of the registers that a caller expects unchanged only rbx is used.
 */
final class TileCode {

    private static final int WEIGHTS = Assembler.RDI;
    private static final int X = Assembler.RAX;
    private static final int BLOCKS = Assembler.R10;
    private static final int HEAD = Assembler.R11;
    private static final int RUNS = Assembler.RBX;

    /** Ints of a vector's lower rows are in this register and the next one, and so on. */
    private static final int INTS = 2 * RoundedTile.MOST;
    private static final int SCALES = 24;
    private static final int LOW = 26;
    private static final int HIGH = 27;
    private static final int TEMPORARY = 28;
    private static final int FOUR_BITS = 29;
    private static final int SIX_BITS = 30;
    private static final int TOP_BITS = 31;
    private static final int MINIMA = 30;

    /**
     * So far ahead weights are asked for. One vector waits for memory anyway; several compute long enough that the processor
     * stops reading ahead by itself, which made them up to twice as slow.
     */
    private static final int AHEAD = 16 << 10;

    /** Left where right has a one, else unchanged: see {@link Assembler#logic}. */
    private static final int RIGHT_WHERE_LEFT = 0xB8;
    private static final int RIGHT_WHERE_NOT_LEFT = 0xE2;

    private static final int PLANE = Quads.PLANE;
    private static final int HALF_WORD = 32;

    private final Assembler code = new Assembler();
    private final WeightType type;
    private final RoundedTile tile;

    private TileCode(WeightType type, int tokens) {
        this.type = type;
        this.tile = new RoundedTile(tokens);
    }

    /** The program for one type and number of vectors. */
    static byte[] of(WeightType type, int tokens) {
        var program = new TileCode(type, tokens);
        program.write();
        return program.code.bytes();
    }

    private void write() {
        boolean runs = type.blockElements() > Quads.RUN;
        if (runs) {
            code.push(RUNS);
        }
        constant(FOUR_BITS, 0x0F0F0F0F);
        if (type == WeightType.Q6_K) {
            constant(SIX_BITS, 0x3F3F3F3F);
        }
        int group = code.here();
        for (int i = 0; i < 2 * tile.tokens(); i++) {
            code.op(Op.VPXORD, i, i, i);
        }
        code.move(X, Assembler.RSI);
        code.move(BLOCKS, Assembler.RCX);
        int block = code.here();
        code.move(HEAD, WEIGHTS);
        code.addConstant(WEIGHTS, Quads.headBytes(type));
        if (runs) {
            code.set(RUNS, type.blockElements() / Quads.RUN);
        }
        int run = code.here();
        run();
        code.addConstant(X, tile.runBytes());
        code.addConstant(WEIGHTS, Quads.runBytes(type));
        if (runs) {
            code.decrement(RUNS);
            code.jumpIfNotZero(run);
        }
        code.decrement(BLOCKS);
        code.jumpIfNotZero(block);
        store();
        code.addConstant(Assembler.RDX, Quads.ROWS * Float.BYTES);
        code.decrement(Assembler.R8);
        code.jumpIfNotZero(group);
        if (runs) {
            code.pop(RUNS);
        }
        code.leave();
    }

    private void constant(int register, int value) {
        code.set(Assembler.RAX, value);
        code.op(Op.VPBROADCASTD_GENERAL, register, Assembler.RAX);
    }

    private void run() {
        for (int line = 0; tile.tokens() > 1 && line < Quads.runBytes(type); line += PLANE) {
            code.prefetch(WEIGHTS, AHEAD + line);
        }
        switch (type) {
            case Q8_0 -> {
                start(tile.minusSum(0), 7);
                for (int quad = 0; quad < 8; quad++) {
                    code.op(Op.VMOVDQU32, LOW, at(WEIGHTS, 2 * PLANE * quad));
                    code.op(Op.VMOVDQU32, HIGH, at(WEIGHTS, 2 * PLANE * quad + PLANE));
                    products(quad);
                }
                halves(SCALES, 0);
                finish();
            }
            case Q4_0 -> {
                start(tile.minusSum(0), 3);
                nibbles(0);
                halves(SCALES, 0);
                finish();
            }
            case Q4_K -> {
                for (int i = 0; i < 2 * tile.tokens(); i++) {
                    code.op(Op.VPXORD, INTS + i, INTS + i, INTS + i);
                }
                nibbles(PLANE);
                scaled(SCALES, Op.VPMOVZXBD, 0, 0);
                scaled(MINIMA, Op.VPMOVZXBD, Quads.ROWS, PLANE);
                finish();
                for (int i = 0; i < 2 * tile.tokens(); i++) {
                    code.op(Op.VFMADD231PS, i, MINIMA + i % 2, all(X, tile.minusValue(i / 2)));
                }
            }
            case Q6_K -> {
                for (int half = 0; half < 2; half++) {
                    start(tile.minusHalfSum(half, 0), 5);
                    sixBits(2 * half);
                    sixBits(2 * half + 1);
                    scaled(SCALES, Op.VPMOVSXBD, Quads.ROWS * half, 0);
                    finish();
                }
            }
            default -> throw new IllegalArgumentException("no program for " + type);
        }
    }

    /** What codes are above their values, a power of two, times the bytes they will be multiplied with. */
    private void start(int firstSum, int bits) {
        for (int token = 0; token < tile.tokens(); token++) {
            int ints = INTS + 2 * token;
            code.shift(Op.VPSLLD, ints, all(X, firstSum + Integer.BYTES * token), bits);
            code.op(Op.VMOVDQU32, ints + 1, ints);
        }
    }

    private void products(int quad) {
        for (int token = 0; token < tile.tokens(); token++) {
            int ints = INTS + 2 * token;
            code.op(Op.VPBROADCASTD, TEMPORARY, at(X, tile.codes(token) + Integer.BYTES * quad));
            code.op(Op.VPDPBUSD, ints, LOW, TEMPORARY);
            code.op(Op.VPDPBUSD, ints + 1, HIGH, TEMPORARY);
        }
    }

    private void nibbles(int offset) {
        for (int quad = 0; quad < 8; quad++) {
            code.op(Op.VMOVDQU32, LOW, at(WEIGHTS, offset + PLANE * quad));
            code.shift(Op.VPSRLW, HIGH, LOW, 4);
            code.op(Op.VPANDD, LOW, LOW, FOUR_BITS);
            code.op(Op.VPANDD, HIGH, HIGH, FOUR_BITS);
            products(quad);
        }
    }

    /** Eight columns: shifts move bits into the next byte, so what is not wanted is masked off last. */
    private void sixBits(int eight) {
        int planes = PLANE + 3 * PLANE * eight;
        code.op(Op.VMOVDQU32, TOP_BITS, at(WEIGHTS, planes + 2 * PLANE));
        for (int i = 0; i < 2; i++) {
            code.op(Op.VMOVDQU32, LOW, at(WEIGHTS, planes + PLANE * i));
            code.shift(Op.VPSRLW, TEMPORARY, LOW, 4);
            code.shift(i == 0 ? Op.VPSLLW : Op.VPSRLW, HIGH, TOP_BITS, 2);
            code.logic(HIGH, FOUR_BITS, TEMPORARY, RIGHT_WHERE_LEFT);
            code.op(Op.VPANDD, HIGH, HIGH, SIX_BITS);
            if (i == 0) {
                code.shift(Op.VPSLLW, TEMPORARY, TOP_BITS, 4);
                code.logic(TEMPORARY, FOUR_BITS, LOW, RIGHT_WHERE_LEFT);
                code.op(Op.VPANDD, LOW, TEMPORARY, SIX_BITS);
            } else {
                code.logic(LOW, FOUR_BITS, TOP_BITS, RIGHT_WHERE_NOT_LEFT);
                code.op(Op.VPANDD, LOW, LOW, SIX_BITS);
            }
            products(2 * eight + i);
        }
    }

    /** Halves of all rows from the block's head as floats, in this register and the next. */
    private void halves(int register, int offset) {
        code.op(Op.VCVTPH2PS, register, at(HEAD, offset));
        code.op(Op.VCVTPH2PS, register + 1, at(HEAD, offset + HALF_WORD));
    }

    /** Bytes of all rows from the run, each times its row's half from the block's head. */
    private void scaled(int register, Op widen, int bytes, int halves) {
        for (int i = 0; i < 2; i++) {
            code.op(widen, register + i, at(WEIGHTS, bytes + 16 * i));
            code.op(Op.VCVTDQ2PS, register + i, register + i);
            code.op(Op.VCVTPH2PS, TEMPORARY, at(HEAD, halves + HALF_WORD * i));
            code.op(Op.VMULPS, register + i, register + i, TEMPORARY);
        }
    }

    /** Adds the ints, each times its row's and its vector's scale. */
    private void finish() {
        for (int token = 0; token < tile.tokens(); token++) {
            for (int i = 0; i < 2; i++) {
                int ints = INTS + 2 * token + i;
                code.op(Op.VCVTDQ2PS, ints, ints);
                code.op(Op.VMULPS, LOW + i, SCALES + i, all(X, tile.scale(token)));
                code.op(Op.VFMADD231PS, 2 * token + i, ints, LOW + i);
            }
        }
    }

    private void store() {
        code.move(HEAD, Assembler.RDX);
        for (int token = 0; token < tile.tokens(); token++) {
            code.op(Op.VMOVUPS_STORE, 2 * token, at(HEAD, 0));
            code.op(Op.VMOVUPS_STORE, 2 * token + 1, at(HEAD, 64));
            code.add(HEAD, Assembler.R9);
        }
    }
}
