package dev.pareto.engine.machine;

/**
 * The instructions on vectors of 512 bits that the programs use, as the Intel manual (volume 2) encodes them with EVEX: opcode
 * map, prefix, opcode, digit in the place of a register or -1, and bytes that a displacement of one byte counts in, where no
 * element is broadcast.
 */
enum Op {
    /** Adds four products of unsigned bytes (second operand) and signed bytes (third) to each int. */
    VPDPBUSD(2, 1, 0x50, -1, 64),
    /** From memory. */
    VPBROADCASTD(2, 1, 0x58, -1, 4),
    /** A float from memory. */
    VBROADCASTSS(2, 1, 0x18, -1, 4),
    /** From a general register. */
    VPBROADCASTD_GENERAL(2, 1, 0x7C, -1, 0),
    /** Loads, or copies a register. */
    VMOVDQU32(1, 2, 0x6F, -1, 64),
    /** Stores. */
    VMOVUPS_STORE(1, 0, 0x11, -1, 64),
    /** Bits of both. */
    VPANDD(1, 1, 0xDB, -1, 64),
    /** Bits of one of two; of a register and itself zero. */
    VPXORD(1, 1, 0xEF, -1, 64),
    /** Any function of three bits. */
    VPTERNLOGD(3, 1, 0x25, -1, 64),
    /** Shorts to the left. */
    VPSLLW(1, 1, 0x71, 6, 64),
    /** Shorts to the right. */
    VPSRLW(1, 1, 0x71, 2, 64),
    /** Ints to the left. */
    VPSLLD(1, 1, 0x72, 6, 64),
    /** Ints to floats. */
    VCVTDQ2PS(1, 0, 0x5B, -1, 64),
    /** Halves to floats. */
    VCVTPH2PS(2, 1, 0x13, -1, 32),
    /** Unsigned bytes to ints. */
    VPMOVZXBD(2, 1, 0x31, -1, 16),
    /** Signed bytes to ints. */
    VPMOVSXBD(2, 1, 0x21, -1, 16),
    /** Sums of floats. */
    VADDPS(1, 0, 0x58, -1, 64),
    /** Products of floats. */
    VMULPS(1, 0, 0x59, -1, 64),
    /** Adds products of the second and the third operand. */
    VFMADD231PS(2, 1, 0xB8, -1, 64);

    final int map;
    final int prefix;
    final int code;
    final int digit;
    final int scale;

    Op(int map, int prefix, int code, int digit, int scale) {
        this.map = map;
        this.prefix = prefix;
        this.code = code;
        this.digit = digit;
        this.scale = scale;
    }
}
