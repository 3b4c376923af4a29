/**
 * {@code warren jobs}: lists, shows and changes durable jobs, through a coordinator or in the
 * store. Everything runs on the main thread.
 *
 * <p>Door: {@link dev.warren.cli.jobs.JobsCommand}.
 */
@NullMarked
package dev.warren.cli.jobs;

import org.jspecify.annotations.NullMarked;
