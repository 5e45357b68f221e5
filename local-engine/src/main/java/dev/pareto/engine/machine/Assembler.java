package dev.pareto.engine.machine;

import java.io.ByteArrayOutputStream;

/**
 * Writes machine code of x86-64: the few general instructions of a loop, and {@link Op instructions} on registers zmm0 to
 * zmm31 without masks. Names and order of operands are Intel's. For one writer.
 */
final class Assembler {

    static final int RAX = 0;
    static final int RCX = 1;
    static final int RDX = 2;
    static final int RBX = 3;
    static final int RSI = 6;
    static final int RDI = 7;
    static final int R8 = 8;
    static final int R9 = 9;
    static final int R10 = 10;
    static final int R11 = 11;

    private static final int REX_W = 0x48;

    private final ByteArrayOutputStream code = new ByteArrayOutputStream();

    /**
     * What lies at an address.
     *
     * @param base one of the general registers named here
     * @param broadcast whether one int or float there stands for sixteen
     */
    record Memory(int base, int offset, boolean broadcast) {}

    static Memory at(int base, int offset) {
        return new Memory(base, offset, false);
    }

    static Memory all(int base, int offset) {
        return new Memory(base, offset, true);
    }

    /** How many bytes are written: the place of what comes next. */
    int here() {
        return code.size();
    }

    byte[] bytes() {
        return code.toByteArray();
    }

    /** An instruction of two registers; the first is written, or both where it also reads. */
    void op(Op op, int to, int from) {
        op(op, to, 0, from);
    }

    void op(Op op, int to, Memory from) {
        op(op, to, 0, from);
    }

    void op(Op op, int to, int left, int right) {
        evex(op, to, left, right >> 3 & 1, right >> 4 & 1, 0);
        write(0xC0 | (to & 7) << 3 | (right & 7));
    }

    void op(Op op, int to, int left, Memory right) {
        evex(op, to, left, right.base >> 3, 0, right.broadcast ? 1 : 0);
        address(to, right, right.broadcast ? 4 : op.scale);
    }

    /** A shift by a constant. */
    void shift(Op op, int to, int from, int bits) {
        op(op, op.digit, to, from);
        write(bits);
    }

    void shift(Op op, int to, Memory from, int bits) {
        op(op, op.digit, to, from);
        write(bits);
    }

    /** Each bit of {@code to} becomes that bit of the table which bits of {@code to}, left and right number, in this order. */
    void logic(int to, int left, int right, int table) {
        op(Op.VPTERNLOGD, to, left, right);
        write(table);
    }

    /** Registers' and addresses' upper bits are written as their opposites. */
    private void evex(Op op, int reg, int second, int rm, int rmHigh, int broadcast) {
        write(0x62);
        write((~reg & 8) << 4 | (1 - rmHigh) << 6 | (1 - rm) << 5 | (~reg & 16) | op.map);
        write((~second & 15) << 3 | 4 | op.prefix);
        write(0x40 | broadcast << 4 | (~second & 16) >> 1);
        write(op.code);
    }

    private void address(int reg, Memory memory, int scale) {
        int low = memory.base & 7;
        if (low == 4) {
            throw new IllegalArgumentException("rsp and r12 need a form that is not written here");
        }
        int bits = (reg & 7) << 3 | low;
        int offset = memory.offset;
        if (offset == 0 && low != 5) {
            write(bits);
        } else if (offset % scale == 0 && offset / scale == (byte) (offset / scale)) {
            write(0x40 | bits);
            write(offset / scale);
        } else {
            write(0x80 | bits);
            writeInt(offset);
        }
    }

    /** {@code to = value}, the upper half zero. */
    void set(int to, int value) {
        if (to > 7) {
            write(0x41);
        }
        write(0xB8 | (to & 7));
        writeInt(value);
    }

    void move(int to, int from) {
        general(0x89, from, to);
    }

    void add(int to, int from) {
        general(0x01, from, to);
    }

    void addConstant(int to, int value) {
        general(0x81, 0, to);
        writeInt(value);
    }

    void decrement(int register) {
        general(0xFF, 1, register);
    }

    private void general(int opcode, int reg, int rm) {
        write(REX_W | reg >> 3 << 2 | rm >> 3);
        write(opcode);
        write(0xC0 | (reg & 7) << 3 | (rm & 7));
    }

    /** Jumps back if the last result was not zero. */
    void jumpIfNotZero(int place) {
        write(0x0F);
        write(0x85);
        writeInt(place - here() - 4);
    }

    /** Only of the first eight registers. */
    void push(int register) {
        write(0x50 | register);
    }

    void pop(int register) {
        write(0x58 | register);
    }

    /** Brings a line into the caches; never fails, whatever the address. */
    void prefetch(int base, int offset) {
        if (base > 7) {
            write(0x41);
        }
        write(0x0F);
        write(0x18);
        write(0x88 | (base & 7));
        writeInt(offset);
    }

    /** Clears the upper halves, which slow down other code that does not know of them, and returns. */
    void leave() {
        write(0xC5);
        write(0xF8);
        write(0x77);
        write(0xC3);
    }

    private void writeInt(int value) {
        for (int shift = 0; shift < 32; shift += 8) {
            write(value >>> shift);
        }
    }

    private void write(int value) {
        code.write(value);
    }
}
