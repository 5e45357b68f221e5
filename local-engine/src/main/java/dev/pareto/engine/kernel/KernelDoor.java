package dev.pareto.engine.kernel;

import dev.pareto.engine.machine.MachineCode;

/**
 * Chooses the implementation once. The vector classes are loaded only after the module is known to be there, because
 * naming them without it is a {@link LinkageError}.
 */
final class KernelDoor {

    static final Kernels CHOSEN = choose(true);

    private static final String MODULE = "jdk.incubator.vector";

    private KernelDoor() {}

    private static Kernels choose(boolean machineCode) {
        if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
            return new ScalarKernels(
                    "the module " + MODULE + " is not loaded; start Java with --add-modules=" + MODULE);
        }
        try {
            return Vectors.kernels(machineCode);
        } catch (LinkageError | RuntimeException e) {
            return new ScalarKernels("the Vector API of this JVM cannot be used: " + e);
        }
    }

    static Kernels withoutMachineCode() {
        return choose(false);
    }

    /** Keeps the vector classes out of this class's own linkage. */
    private static final class Vectors {

        static Kernels kernels(boolean machineCode) {
            int bits = VectorKernels.bits();
            if (bits < 128) {
                return new ScalarKernels("this CPU or JVM has vectors of " + bits + " bits; at least 128 are needed");
            }
            return machineCode ? withCode() : without("nobody asked for it");
        }

        private static Kernels withCode() {
            var lacks = MachineCode.lacks();
            if (!lacks.isEmpty()) {
                return without(lacks);
            }
            try {
                return new VectorKernels(MachineCode.open(),
                        "machine code for products of bytes and of halves (VPDPBUSD of AVX512-VNNI, VCVTPH2PS)");
            } catch (LinkageError | RuntimeException e) {
                return without(e.toString());
            }
        }

        private static Kernels without(String why) {
            return new VectorKernels(null, "no machine code of our own: " + why);
        }
    }
}
