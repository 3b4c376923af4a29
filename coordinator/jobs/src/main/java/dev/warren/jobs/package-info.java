/**
 * Jobs that outlive the process that submitted them. Blocks on the store; has no thread of its own.
 * Door: {@link dev.warren.jobs.Jobs}, {@link dev.warren.jobs.JobSpec}, {@link dev.warren.jobs.Job}.
 *
 * <pre>{@code
 * try (Pool pool = Pool.open("amqp://broker/?pool=scores");
 *     Jobs jobs = Jobs.open("/var/lib/warren", pool)) {
 *   Job job = jobs.submit(JobSpec.named("nightly").function(Stats::score).items(items).build());
 *   job.await();
 * }
 * }</pre>
 */
@NullMarked
package dev.warren.jobs;

import org.jspecify.annotations.NullMarked;
