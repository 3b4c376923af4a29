package dev.warren.pool.engine.collect;

import dev.warren.json.Lines;
import dev.warren.pool.engine.pending.RanBy;
import dev.warren.wire.CallRanges;

/**
 * Outcomes that arrived together.
 *
 * @param calls the numbers of the calls, as many as there are outcomes
 * @param outcomes one line per call, in the order of the numbers
 * @param ran where the calls ran, and how long
 */
public record OutcomeBatch(CallRanges calls, Lines outcomes, RanBy ran) {}
