package dev.pareto.engine.model.blueprint;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.model.blueprint.Attention.Heads;
import dev.pareto.engine.model.blueprint.Attention.Inputs;
import dev.pareto.engine.model.blueprint.FeedForward.Gated;
import dev.pareto.engine.model.blueprint.FeedForward.Gating;
import dev.pareto.engine.model.blueprint.FeedForward.Plain;
import dev.pareto.engine.model.blueprint.FeedForward.Router;
import dev.pareto.engine.tensor.WeightMatrix;

/**
 * Reads the parts of one layer, by the names that GGUF gives their tensors. Names are without {@code blk.N.} and
 * {@code .weight}; a tensor of the same name with {@code .bias} is taken where the file has it.
 */
public final class LayerReader {

    private static final int MOST_EXPERTS = 1 << 12;

    private final ModelReader in;
    private final int index;

    LayerReader(ModelReader in, int index) {
        this.in = in;
        this.index = index;
    }

    /** The whole model's keys. */
    public ModelReader model() {
        return in;
    }

    /** Layers before this one. */
    public int index() {
        return index;
    }

    /** A size of this layer, from a key with one number for all layers or one for each. */
    public int size(String key) {
        return in.size(key, index, null);
    }

    /** A size of this layer with a default. */
    public int size(String key, int otherwise) {
        return in.size(key, index, otherwise);
    }

    private int embedding() {
        return in.size("embedding_length");
    }

    private String name(String part) {
        return "blk." + index + "." + part;
    }

    /** Whether the layer has a tensor {@code part.weight}. */
    public boolean has(String part) {
        return in.has(name(part) + ".weight");
    }

    /** An RMS norm of the state. */
    public Norm rms(String part) {
        return rms(part, embedding());
    }

    /** An RMS norm of vectors of this length. */
    public Norm rms(String part, int length) {
        return in.rms(name(part), length);
    }

    /** A layer norm of the state, with a bias if the file has one. */
    public Norm centred(String part) {
        return in.centred(name(part));
    }

    /** A matrix of this shape with its bias, if the file has one. */
    public Projection projection(String part, int rows, int columns) {
        return new Projection(in.matrix(name(part) + ".weight", rows, columns),
                in.findVector(name(part) + ".bias", rows));
    }

    /** Matrices that lie in one tensor {@code [columns, rows, count]}. */
    public List<WeightMatrix> matrices(String part, int count, int rows, int columns) {
        return in.matrices(name(part) + ".weight", count, rows, columns);
    }

    /** A vector that must be there; the full name within the layer. */
    public float[] vector(String fullName, int length) {
        return in.vector(name(fullName), length);
    }

    /** A vector or null; the full name within the layer. */
    public float @Nullable [] findVector(String fullName, int length) {
        return in.findVector(name(fullName), length);
    }

    /**
     * Whether this layer's attention has a window, where the file has windows at all: {@code sliding_window_pattern} says
     * so for each layer, or after how many layers one has none.
     *
     * @param usual pattern of the architecture
     */
    public boolean local(int usual) {
        String key = "attention.sliding_window_pattern";
        if (!in.metadata().isArray(in.key(key))) {
            int pattern = in.metadata().findInt(in.key(key), usual);
            if (pattern < 0) {
                throw in.refuse(key, "should not be negative");
            }
            return pattern == 0 || index % pattern < pattern - 1;
        }
        return in.perLayer(key)[index] != 0;
    }

    /** Numbers and sizes of the heads: the keys that all architectures with grouped attention share. */
    public Heads heads() {
        int heads = size("attention.head_count");
        int kvHeads = size("attention.head_count_kv", heads);
        if (heads % kvHeads != 0) {
            throw in.refuse("attention.head_count_kv", "should divide the " + heads + " heads");
        }
        int firstHeads = in.size("attention.head_count", 0, null);
        if (!in.metadata().contains(in.key("attention.key_length")) && embedding() % firstHeads != 0) {
            throw in.refuse("attention.head_count", "should divide the embedding of " + embedding());
        }
        int usual = Math.max(1, embedding() / firstHeads);
        return new Heads(heads, kvHeads, in.size("attention.key_length", usual),
                in.size("attention.value_length", usual));
    }

    /** Queries, keys and values: {@code attn_q}, {@code attn_k}, {@code attn_v}, or all in one {@code attn_qkv}. */
    public Inputs inputs(Heads heads) {
        int queries = in.product(heads.queries(), heads.keySize());
        int keys = in.product(heads.keyValues(), heads.keySize());
        int values = in.product(heads.keyValues(), heads.valueSize());
        if (!has("attn_qkv")) {
            return inputs(projection("attn_q", queries, embedding()), projection("attn_k", keys, embedding()),
                    projection("attn_v", values, embedding()));
        }
        var fused = projection("attn_qkv", queries + keys + values, embedding());
        return inputs(part(fused, 0, queries, "attn_q"), part(fused, queries, queries + keys, "attn_k"),
                part(fused, queries + keys, fused.rows(), "attn_v"));
    }

    /** A part of a fused projection; its bias may lie apart all the same. */
    private Projection part(Projection fused, int from, int to, String part) {
        var rows = fused.rows(from, to);
        return fused.bias() != null ? rows : new Projection(rows.weight(), findVector(part + ".bias", to - from));
    }

    private static Inputs inputs(Projection query, Projection key, Projection value) {
        return new Inputs(query, key, value, null, null, Float.POSITIVE_INFINITY);
    }

    /** The same with RMS norms of each head's query and key. */
    public Inputs normedInputs(Heads heads) {
        return inputs(heads).normed(rms("attn_q_norm", heads.keySize()), rms("attn_k_norm", heads.keySize()));
    }

    /** The bound of queries, keys and values, infinite where the file names none. */
    public float clamp() {
        float bound = in.positiveOrOff("attention.clamp_kqv");
        return bound == 0 ? Float.POSITIVE_INFINITY : bound;
    }

    /** From the heads' results to the state. */
    public Projection attentionOutput(Heads heads) {
        return projection("attn_output", embedding(), in.product(heads.queries(), heads.valueSize()));
    }

    /** The file's rope for these heads; ask for it after {@link #inputs}, whose tensors prove the head size. */
    public Rope rope(Heads heads, Rope.Pairing pairing) {
        return RopeReader.read(in, heads.keySize(), pairing);
    }

    /** The same for a layer with a window. */
    public Rope localRope(Heads heads, Rope.Pairing pairing) {
        return RopeReader.local(in, heads.keySize(), pairing);
    }

    /** {@code ffn_gate}, {@code ffn_up} and {@code ffn_down}. */
    public Gated gated(Activation activation) {
        return gated(activation, "", size("feed_forward_length"));
    }

    /** The same under names with a suffix. */
    public Gated gated(Activation activation, String suffix, int width) {
        return new Gated(activation, projection("ffn_gate" + suffix, width, embedding()),
                projection("ffn_up" + suffix, width, embedding()),
                projection("ffn_down" + suffix, embedding(), width));
    }

    /** Gate and up in one {@code ffn_up}, the gate's rows first. */
    public Gated fusedGated(Activation activation) {
        int width = size("feed_forward_length");
        var fused = projection("ffn_up", 2 * width, embedding());
        return new Gated(activation, fused.rows(0, width), fused.rows(width, 2 * width),
                projection("ffn_down", embedding(), width));
    }

    /** {@code ffn_up} and {@code ffn_down}. */
    public Plain plain(Activation activation) {
        int width = size("feed_forward_length");
        return new Plain(activation, projection("ffn_up", width, embedding()),
                projection("ffn_down", embedding(), width));
    }

    /** Whether the file says that there are experts. */
    public boolean hasExperts() {
        return in.metadata().findInt(in.key("expert_count"), 0) > 0;
    }

    /** Scores of the experts. */
    private Projection expertScores() {
        int experts = in.size("expert_count");
        if (experts > MOST_EXPERTS) {
            throw in.refuse("expert_count", "should be at most " + MOST_EXPERTS);
        }
        return projection("ffn_gate_inp", experts, embedding());
    }

    /** Experts of a token. */
    private int expertsUsed() {
        int experts = in.size("expert_count");
        int used = in.size("expert_used_count");
        if (used > experts) {
            throw in.refuse("expert_used_count", "should be at most the " + experts + " experts");
        }
        return used;
    }

    /**
     * What chooses the experts, from the best groups of them where the file has groups.
     *
     * @param normalised whether the chosen experts' weights are made to sum to 1
     * @param scale of the weights at last
     */
    public Router router(Gating gating, boolean normalised, float scale) {
        var scores = expertScores();
        int used = expertsUsed();
        int groups = Math.max(1, in.metadata().findInt(in.key("expert_group_count"), 1));
        int groupsUsed = groups == 1 ? 1 : in.size("expert_group_used_count", groups);
        if (scores.rows() % groups != 0) {
            throw in.refuse("expert_group_count", "should divide the " + scores.rows() + " experts");
        }
        if (groupsUsed > groups || used > scores.rows() / groups * groupsUsed) {
            throw in.refuse("expert_group_used_count", "should be at most the " + groups
                    + " groups and leave room for the " + used + " experts used");
        }
        return new Router(scores, gating, null, used, groups, groupsUsed, normalised, scale);
    }

    /** {@code ffn_gate_exps}, {@code ffn_up_exps} and {@code ffn_down_exps}, the first two perhaps in one. */
    public List<Gated> experts(Activation activation, int width) {
        boolean fused = has("ffn_gate_up_exps");
        var both = fused ? expertProjections("ffn_gate_up_exps", 2 * width, embedding()) : List.<Projection>of();
        var gates = fused
                ? both.stream().map(projection -> projection.rows(0, width)).toList()
                : expertProjections("ffn_gate_exps", width, embedding());
        var ups = fused
                ? both.stream().map(projection -> projection.rows(width, 2 * width)).toList()
                : expertProjections("ffn_up_exps", width, embedding());
        var downs = expertProjections("ffn_down_exps", embedding(), width);
        var experts = new ArrayList<Gated>();
        for (int i = 0; i < gates.size(); i++) {
            experts.add(new Gated(activation, gates.get(i), ups.get(i), downs.get(i)));
        }
        return experts;
    }

    private List<Projection> expertProjections(String part, int rows, int columns) {
        int experts = in.size("expert_count");
        var weights = matrices(part, experts, rows, columns);
        var biases = in.findVectors(name(part) + ".bias", experts, rows);
        var projections = new ArrayList<Projection>();
        for (int i = 0; i < experts; i++) {
            projections.add(new Projection(weights.get(i),
                    biases == null ? null : Arrays.copyOfRange(biases, i * rows, (i + 1) * rows)));
        }
        return projections;
    }
}
