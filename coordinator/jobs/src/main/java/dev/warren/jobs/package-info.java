/**
 * Jobs that outlive the process that submitted them: {@link dev.warren.jobs.Jobs} is the door.
 *
 * <pre>{@code
 * try (Pool pool = Pool.open("amqp://broker/?pool=scores");
 *     Jobs jobs = Jobs.open("/var/lib/warren", pool)) {
 *   Job job = jobs.submit(JobSpec.named("nightly").function(Stats::score).items(items).build());
 *   job.await();
 * }
 * }</pre>
 */
@org.jspecify.annotations.NullMarked
package dev.warren.jobs;
