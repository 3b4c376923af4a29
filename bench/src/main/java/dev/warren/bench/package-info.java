/**
 * Measures Warren and its peers side by side.
 *
 * <p>Door: {@link dev.warren.bench.BenchMain}.
 */
@NullMarked
package dev.warren.bench;

import org.jspecify.annotations.NullMarked;
