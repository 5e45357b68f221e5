package dev.pareto.engine.kernel;

/**
 * Chooses the implementation once. The vector classes are loaded only after the module is known to be there, because
 * naming them without it is a {@link LinkageError}.
 */
final class KernelDoor {

    static final Kernels CHOSEN = choose();

    private static final String MODULE = "jdk.incubator.vector";

    private KernelDoor() {}

    private static Kernels choose() {
        if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
            return new ScalarKernels(
                    "the module " + MODULE + " is not loaded; start Java with --add-modules=" + MODULE);
        }
        try {
            return Vectors.kernels();
        } catch (LinkageError | RuntimeException e) {
            return new ScalarKernels("the Vector API of this JVM cannot be used: " + e);
        }
    }

    /** Keeps the vector classes out of this class's own linkage. */
    private static final class Vectors {

        static Kernels kernels() {
            int bits = VectorKernels.bits();
            return bits < 128
                    ? new ScalarKernels("this CPU or JVM has vectors of " + bits + " bits; at least 128 are needed")
                    : new VectorKernels();
        }
    }
}
