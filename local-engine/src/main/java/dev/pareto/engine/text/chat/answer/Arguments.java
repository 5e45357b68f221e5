package dev.pareto.engine.text.chat.answer;

import java.util.HashSet;
import java.util.Set;

/** The arguments of a call, told one after another and written as one JSON object. */
final class Arguments {

    private final Output out;
    private final Set<String> names = new HashSet<>();

    Arguments(Output out) {
        this.out = out;
    }

    /** Begins a call; false where no such tool was offered or there are too many calls. */
    boolean begin(String tool) {
        names.clear();
        return out.begin(tool);
    }

    /** Begins an argument, whose value is to follow; false where there is one of that name already. */
    boolean name(String name) {
        boolean first = names.isEmpty();
        return names.add(name) && write((first ? "{" : ", ") + Quoting.quoted(name) + ": ");
    }

    /** More of a value; false where all is too long. */
    boolean write(CharSequence json) {
        for (int i = 0; i < json.length(); i++) {
            if (!out.argument(json.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** Ends the call; false where it is too long. */
    boolean complete() {
        boolean good = write(names.isEmpty() ? "{}" : "}");
        if (good) {
            out.complete();
        }
        return good;
    }
}
