/**
 * Converts users' values to JSON and back: arguments, captured variables and results. A value is
 * carried without loss or refused, and reading is strict unless a task asks otherwise;
 * docs/VALUES.md has the rules. Callers and children use the same code, so that a value means the
 * same on both sides.
 *
 * <p>Door: {@link dev.warren.json.Values}, {@link dev.warren.json.ValueWriter}, {@link
 * dev.warren.json.JsonValues}. Has no threads of its own. Runs users' getters, constructors,
 * serializers and deserializers on the calling thread.
 */
@NullMarked
package dev.warren.json;

import org.jspecify.annotations.NullMarked;
