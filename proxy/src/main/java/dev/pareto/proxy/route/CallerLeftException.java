package dev.pareto.proxy.route;

/** A caller who left before the end of the body. An everyday event: no stack trace, nobody to answer. */
final class CallerLeftException extends RuntimeException {

    CallerLeftException(Throwable how) {
        super("the caller left in the middle of the body: " + how.getMessage(), null, false, false);
    }
}
