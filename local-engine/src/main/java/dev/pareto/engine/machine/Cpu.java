package dev.pareto.engine.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What Linux says of this machine.
 *
 * @param system as {@code os.name} says it
 * @param architecture as {@code os.arch} says it
 * @param flags of the first processor; those that the system does not save between threads are not among them
 */
record Cpu(String system, String architecture, Set<String> flags) {

    private static final List<String> NEEDED = List.of("avx512f", "avx512bw", "avx512_vnni");

    Cpu {
        flags = Set.copyOf(flags);
    }

    static Cpu here() {
        return new Cpu(System.getProperty("os.name"), System.getProperty("os.arch"), flags(Path.of("/proc/cpuinfo")));
    }

    /** None where the file cannot be read. */
    static Set<String> flags(Path cpuinfo) {
        try (var lines = Files.lines(cpuinfo)) {
            return lines.filter(line -> line.startsWith("flags"))
                    .findFirst()
                    .map(line -> Set.copyOf(List.of(line.substring(line.indexOf(':') + 1).strip().split("\\s+"))))
                    .orElse(Set.of());
        } catch (IOException | RuntimeException e) {
            return Set.of();
        }
    }

    /** Why the programs cannot run here, or an empty string where they can. */
    String lacks() {
        if (!system.toLowerCase(Locale.ROOT).contains("linux") || !architecture.equals("amd64")) {
            return "this is " + system + " on " + architecture + "; Linux on amd64 is needed";
        }
        var missing = NEEDED.stream().filter(flag -> !flags.contains(flag)).toList();
        return missing.isEmpty() ? "" : "this CPU has no " + String.join(", ", missing);
    }
}
