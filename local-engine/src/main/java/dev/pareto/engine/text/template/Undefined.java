package dev.pareto.engine.text.template;

/**
 * What a name without a value evaluates to: it prints as nothing and is false, and any other use fails.
 *
 * @param what the thing that is missing, for messages
 */
record Undefined(String what) {

    TemplateException error(Meter meter) {
        return meter.error(what + " is undefined");
    }
}
