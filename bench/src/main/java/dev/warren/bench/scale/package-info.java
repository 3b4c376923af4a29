/**
 * The scale test of durable jobs: simulated workers, a real broker and a real coordinator, each a
 * process. Door: {@link dev.warren.bench.scale.ScaleMain}, the program, and {@link
 * dev.warren.bench.scale.SimulatedWorkers}, which it starts.
 */
@NullMarked
package dev.warren.bench.scale;

import org.jspecify.annotations.NullMarked;
