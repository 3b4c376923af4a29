/** JMH benchmarks of single steps of a call: codec, values, frames. */
package dev.warren.bench.jmh;
