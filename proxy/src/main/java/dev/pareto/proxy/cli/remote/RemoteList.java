package dev.pareto.proxy.cli.remote;

import java.io.IOException;
import java.util.concurrent.Callable;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** A command that lists what a gateway has of one kind, a line each, or the gateway's own answer as JSON. */
public abstract class RemoteList implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private GatewayOptions where;

    @Option(names = "--json", description = "print one JSON document and nothing else")
    private boolean json;

    private final String items;
    private final String none;

    /**
     * @param items the field of the answer that holds them
     * @param none what is said where there are none
     */
    protected RemoteList(String items, String none) {
        this.items = items;
        this.none = none;
    }

    /** The gateway's answer. */
    protected abstract JsonNode ask(GatewayClient gateway) throws IOException, InterruptedException;

    /** One of them for a terminal. */
    protected abstract String told(JsonNode item);

    @Override
    public final Integer call() throws IOException, InterruptedException {
        var out = spec.commandLine().getOut();
        JsonNode answer;
        try (GatewayClient gateway = where.connect()) {
            answer = ask(gateway);
        }
        if (json) {
            out.println(answer.toPrettyString());
            return 0;
        }
        answer.path(items).forEach(item -> out.println(told(item)));
        if (answer.path(items).isEmpty()) {
            out.println(none);
        }
        return 0;
    }
}
