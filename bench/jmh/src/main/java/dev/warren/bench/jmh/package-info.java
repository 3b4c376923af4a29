/**
 * JMH benchmarks of single steps of a call: codec, values, frames. Not null-marked: JMH fills the
 * fields of a state in its set-up.
 *
 * <p>Door: all classes; {@code ./bench/run --jmh} runs them.
 */
@NullUnmarked
package dev.warren.bench.jmh;

import org.jspecify.annotations.NullUnmarked;
