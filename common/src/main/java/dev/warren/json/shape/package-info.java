/**
 * Decides whether a value survives the way through JSON: what its class has, what Jackson writes
 * and reads of it, and where the two differ.
 *
 * <p>Door, for package {@code json} only: {@link dev.warren.json.shape.Comparison}, {@link
 * dev.warren.json.shape.Shapes}, {@link dev.warren.json.shape.Mappers}. Stateless apart from caches
 * per class; thread-safe.
 */
@NullMarked
package dev.warren.json.shape;

import org.jspecify.annotations.NullMarked;
