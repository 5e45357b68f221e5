/**
 * Products of bytes by the instruction VPDPBUSD of x86, which the Vector API cannot express: a small assembler, pages of
 * memory that are first written and then executed, the programs, and one door,
 * {@link dev.pareto.engine.machine.ByteProducts}, that checks every bound before it calls them. The kernels call it, where
 * this machine has what it needs.
 */
@NullMarked
package dev.pareto.engine.machine;

import org.jspecify.annotations.NullMarked;
