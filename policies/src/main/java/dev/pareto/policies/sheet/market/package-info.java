/**
 * Public catalogues of prices (LiteLLM, models.dev, OpenRouter, genai-prices) read as quotes, compared with the price book, and kept
 * as proposals until a person or a stated rule accepts them. Only the command line calls it; nothing here changes a price in force.
 */
@NullMarked
package dev.pareto.policies.sheet.market;

import org.jspecify.annotations.NullMarked;
