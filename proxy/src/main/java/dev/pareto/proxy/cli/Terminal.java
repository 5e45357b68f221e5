package dev.pareto.proxy.cli;

import java.io.Console;
import org.jspecify.annotations.Nullable;

/** Whether somebody watches: a terminal gets lines that rewrite themselves, a file gets few lines. */
final class Terminal {

    private Terminal() {}

    static boolean watched() {
        return interactive(System.console());
    }

    private static boolean interactive(@Nullable Console console) {
        return console != null && console.isTerminal();
    }
}
