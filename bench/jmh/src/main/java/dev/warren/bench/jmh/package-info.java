/** What single steps on the way of a call cost, by JMH: codec, values, frames. */
package dev.warren.bench.jmh;
