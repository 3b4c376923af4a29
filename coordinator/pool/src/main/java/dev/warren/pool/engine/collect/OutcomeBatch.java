package dev.warren.pool.engine.collect;

import dev.warren.json.Lines;
import dev.warren.wire.CallRanges;

/**
 * Outcomes that arrived together.
 *
 * @param calls the numbers of the calls, as many as there are outcomes
 * @param outcomes one line per call, in the order of the numbers
 * @param microsPerCall mean time, in microseconds, that a child was busy with one of the calls
 * @param worker the worker that sent them
 */
public record OutcomeBatch(CallRanges calls, Lines outcomes, double microsPerCall, String worker) {}
