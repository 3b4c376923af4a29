/**
 * {@code warren demo}: runs a job on a RabbitMQ and workers of its own, and shows what happens.
 *
 * <p>Door: {@link dev.warren.cli.demo.DemoCommand}. Runs on the main thread; workers are processes.
 */
@NullMarked
package dev.warren.cli.demo;

import org.jspecify.annotations.NullMarked;
