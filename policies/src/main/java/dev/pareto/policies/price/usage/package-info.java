/**
 * What a vendor says was used, read in its own dialect into disjoint buckets, with the tier it served and the cost it reports. Pure
 * functions over JSON; whoever meters answers or imports bills may call them.
 */
@NullMarked
package dev.pareto.policies.price.usage;

import org.jspecify.annotations.NullMarked;
