package dev.pareto.proxy.report;

import java.io.IOException;
import java.io.Serial;

/** Mail that would be refused again, such as one to an address that is none. */
final class MailRefusedException extends IOException {

    @Serial
    private static final long serialVersionUID = 1;

    MailRefusedException(String message) {
        super(message);
    }
}
