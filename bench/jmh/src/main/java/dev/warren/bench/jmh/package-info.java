/**
 * JMH benchmarks of single steps of a call: codec, values, frames.
 *
 * <p>Door: all classes; {@code ./bench/run --jmh} runs them.
 */
@NullMarked
package dev.warren.bench.jmh;

import org.jspecify.annotations.NullMarked;
