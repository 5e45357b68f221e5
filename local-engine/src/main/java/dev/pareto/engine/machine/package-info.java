/**
 * Products of bytes and of halves by instructions of x86 that the Vector API cannot express (VPDPBUSD, VCVTPH2PS): a small
 * assembler, pages of memory that are first written and then executed, the programs, and one door,
 * {@link dev.pareto.engine.machine.MachineCode}, whose products check every bound before they call them. The kernels call
 * them, where this machine has what they need.
 */
@NullMarked
package dev.pareto.engine.machine;

import org.jspecify.annotations.NullMarked;
