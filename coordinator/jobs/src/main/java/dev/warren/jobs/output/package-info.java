/** Reads the outcomes of a job in the order of its input, and writes them as lines. */
@org.jspecify.annotations.NullMarked
package dev.warren.jobs.output;
