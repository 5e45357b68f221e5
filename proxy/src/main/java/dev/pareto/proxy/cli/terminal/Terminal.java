package dev.pareto.proxy.cli.terminal;

import java.io.Console;
import org.jspecify.annotations.Nullable;

/** Whether somebody watches: a terminal gets lines that rewrite themselves, a file gets few lines. */
public final class Terminal {

    private Terminal() {}

    public static boolean watched() {
        return interactive(System.console());
    }

    private static boolean interactive(@Nullable Console console) {
        return console != null && console.isTerminal();
    }
}
