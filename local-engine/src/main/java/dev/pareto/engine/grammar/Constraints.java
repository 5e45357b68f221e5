package dev.pareto.engine.grammar;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.sample.TokenConstraint;
import dev.pareto.engine.text.Tokenizer;

/**
 * Begins constrained sequences on the vocabulary of one model. Keeps what was learnt of the latest grammars, so that
 * requests with equal ones share it. Safe for use by any thread.
 */
public final class Constraints {

    private static final int MOST = 8;

    private final Tokenizer tokenizer;
    private final Map<Grammar, GrammarMasks> latest = LinkedHashMap.newLinkedHashMap(MOST);
    private @Nullable TokenTrie trie;

    /** The vocabulary is looked at when the first grammar comes. */
    public Constraints(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /** What may follow, token by token, in a sequence that begins now. */
    public TokenConstraint begin(Grammar grammar) {
        return begin(grammar, Set.of());
    }

    /**
     * The same, where control tokens may stand for the markers of the grammar that have their names.
     *
     * @param shown the tokens; of no effect in a grammar without such markers
     */
    public TokenConstraint begin(Grammar grammar, Set<Integer> shown) {
        var markers = new TreeMap<Integer, byte[]>();
        for (int token : shown) {
            if (!tokenizer.isEndOfGeneration(token)) {
                markers.put(token, Nfa.marker(tokenizer.name(token)));
            }
        }
        return masks(grammar).begin(markers);
    }

    private synchronized GrammarMasks masks(Grammar grammar) {
        var known = latest.remove(grammar);
        if (known == null) {
            var tokens = trie;
            if (tokens == null) {
                tokens = new TokenTrie(tokenizer);
                trie = tokens;
            }
            known = new GrammarMasks(grammar, tokens, tokenizer);
        }
        latest.put(grammar, known); // the newest last
        if (latest.size() > MOST) {
            latest.remove(latest.keySet().iterator().next());
        }
        return known;
    }
}
