/**
 * Users' values to JSON and back: arguments, captured variables and results. A value is carried
 * whole or refused, and reading is strict unless a task asks otherwise; docs/VALUES.md has the
 * rules. Callers and children use the same code, so that both sides mean the same.
 *
 * <p>Door: {@link dev.warren.json.Values}, {@link dev.warren.json.ValueWriter}, {@link
 * dev.warren.json.ValueException}. Thread-safe, no threads of its own; runs users' getters,
 * constructors, serializers and deserializers on the thread that calls it.
 */
@NullMarked
package dev.warren.json;

import org.jspecify.annotations.NullMarked;
