/**
 * What callers say of answers: read, held against the request that it is about, kept, and told to the swap in which the answer had a part.
 * The data port's handler calls it; the admin port lists what there is.
 */
@NullMarked
package dev.pareto.proxy.feedback;

import org.jspecify.annotations.NullMarked;
