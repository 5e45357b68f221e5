package dev.pareto.proxy.cli.terminal;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * Ctrl-C as a call. The JDK has it in {@code sun.misc.Signal} alone, which javac refuses to name without a warning;
 * reflection keeps that to one place, and a JVM without it ends at Ctrl-C as it always did.
 */
public final class Interrupts {

    private static final String SIGNAL = "INT";

    private Interrupts() {}

    /**
     * Calls this at each Ctrl-C, on a thread of its own, in place of ending the program.
     *
     * @return whether it will be called
     */
    public static boolean call(Runnable handler) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handling = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(Interrupts.class.getClassLoader(), new Class<?>[]{handling},
                    (self, method, arguments) -> answer(self, method, arguments, handler));
            signal.getMethod("handle", signal, handling)
                    .invoke(null, signal.getConstructor(String.class).newInstance(SIGNAL), proxy);
            return true;
        } catch (ReflectiveOperationException | IllegalArgumentException | SecurityException _) {
            return false;
        }
    }

    @SuppressWarnings("ReferenceEquality") // it is equal to itself alone
    private static @Nullable Object answer(Object self, Method method, Object[] arguments, Runnable handler) {
        return switch (method.getName()) {
            case "equals" -> self == arguments[0];
            case "hashCode" -> System.identityHashCode(self);
            case "toString" -> "Ctrl-C";
            default -> {
                handler.run();
                yield null;
            }
        };
    }
}
