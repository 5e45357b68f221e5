package dev.pareto.proxy.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Bytes to a port and back, for what no client library would send. */
public final class Wire {

    private static final int PATIENCE_MILLIS = 10_000;

    private Wire() {}

    /** Sends and reads until the other side closes. */
    public static String exchange(URI to, String request) {
        try (Socket socket = open(to)) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A connection on which something was sent; the test closes it. */
    public static Socket begin(URI to, String request) throws IOException {
        Socket socket = open(to);
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        return socket;
    }

    private static Socket open(URI to) throws IOException {
        Socket socket = new Socket(to.getHost(), to.getPort());
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }
}
