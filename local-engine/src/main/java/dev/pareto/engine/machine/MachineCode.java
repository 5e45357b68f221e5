package dev.pareto.engine.machine;

/**
 * The products that this machine computes by programs of our own.
 *
 * @param bytes rounded weights times rounded vectors
 * @param halves weights of F16 times vectors of floats
 */
public record MachineCode(ByteProducts bytes, HalfProducts halves) {

    /** Set to {@code false} to do without. */
    public static final String PROPERTY = "pareto.engine.machine-code";

    /** Why this machine or this JVM cannot have it, with what to do where something helps; empty where it can. */
    public static String lacks() {
        if (!Boolean.parseBoolean(System.getProperty(PROPERTY, "true"))) {
            return "-D" + PROPERTY + " turns it off";
        }
        var missing = Cpu.here().lacks();
        if (missing.isEmpty() && !MachineCode.class.getModule().isNativeAccessEnabled()) {
            return "native access is not enabled; start Java with --enable-native-access=ALL-UNNAMED";
        }
        return missing;
    }

    /**
     * Writes the programs. Call it where nothing {@link #lacks}.
     *
     * @throws IllegalStateException if the operating system refuses memory that can be executed
     */
    public static MachineCode open() {
        return new MachineCode(new ByteProducts(), new HalfProducts());
    }
}
