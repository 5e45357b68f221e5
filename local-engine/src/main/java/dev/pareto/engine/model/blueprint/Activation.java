package dev.pareto.engine.model.blueprint;

import dev.pareto.engine.kernel.Kernels;

/**
 * What gates a feed-forward block: {@code gate = activation(gate) * up}. All are {@code silu(a * g) * b} for some a and
 * b, so one fast loop over {@link Kernels#swiGlu} serves them.
 */
public enum Activation {
    /** {@code g / (1 + exp(-g)) * u}. */
    SILU {
        @Override
        public void gate(Kernels kernels, float[] gate, float[] up, int at, int count) {
            kernels.swiGlu(gate, up, at, count);
        }
    },
    /** GELU in its tanh form, {@code g / 2 * (1 + tanh(sqrt(2 / pi) * (g + 0.044715 g^3))) * u}. */
    GELU {
        @Override
        public void gate(Kernels kernels, float[] gate, float[] up, int at, int count) {
            for (int i = at; i < at + count; i++) {
                // (1 + tanh(z / 2)) / 2 is the logistic of z. Beyond 20 it is 0 or 1; the bound keeps z finite.
                float stretch = GELU_STRETCH * (1 + GELU_CUBE * Math.min(gate[i] * gate[i], 400));
                up[i] /= stretch;
                gate[i] *= stretch;
            }
            kernels.swiGlu(gate, up, at, count);
        }
    },
    /** gpt-oss: {@code g / (1 + exp(-1.702 g)) * (u + 1)} with g at most 7 and u within 7. */
    CLAMPED_SILU {
        @Override
        public void gate(Kernels kernels, float[] gate, float[] up, int at, int count) {
            for (int i = at; i < at + count; i++) {
                gate[i] = SHARPNESS * Math.min(gate[i], LIMIT);
                up[i] = (Math.clamp(up[i], -LIMIT, LIMIT) + 1) / SHARPNESS;
            }
            kernels.swiGlu(gate, up, at, count);
        }
    };

    private static final float GELU_STRETCH = (float) (2 * Math.sqrt(2 / Math.PI));
    private static final float GELU_CUBE = 0.044715f;
    private static final float SHARPNESS = 1.702f;
    private static final float LIMIT = 7;

    /** Overwrites gate with the result and up with anything. */
    public abstract void gate(Kernels kernels, float[] gate, float[] up, int at, int count);
}
