/**
 * The measures, by what they need: nothing but this host, a broker, workers, a slow line.
 *
 * <p>Door: the classes named {@code …Measures}.
 */
@NullMarked
package dev.warren.bench.measure;

import org.jspecify.annotations.NullMarked;
