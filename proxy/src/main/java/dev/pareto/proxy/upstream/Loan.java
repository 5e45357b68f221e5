package dev.pareto.proxy.upstream;

import java.util.function.Supplier;

import dev.pareto.engine.LoadedModel;

import org.jspecify.annotations.Nullable;

/** A model for one request, borrowed when it is first needed and given back with this. For one thread. */
final class Loan implements Supplier<LoadedModel>, AutoCloseable {

    private final Supplier<LoadedModel> lender;
    private @Nullable LoadedModel model;

    Loan(Supplier<LoadedModel> lender) {
        this.lender = lender;
    }

    @Override
    public LoadedModel get() {
        LoadedModel present = model;
        if (present == null) {
            present = lender.get();
            model = present;
        }
        return present;
    }

    /** What was begun with the model goes on and holds it to its end. */
    @Override
    public void close() {
        if (model != null) {
            model.close();
        }
    }
}
