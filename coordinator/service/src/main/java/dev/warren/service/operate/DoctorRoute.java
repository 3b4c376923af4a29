package dev.warren.service.operate;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.lifecycle.TimeSource;
import dev.warren.service.http.Answers;
import dev.warren.service.http.Parameters;
import dev.warren.service.http.Route;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/**
 * Answers with the findings of an examination, which is made at most once in ten seconds, for all
 * who ask meanwhile. Thread-safe.
 */
public final class DoctorRoute {
  private static final long FRESH = Duration.ofSeconds(10).toNanos();

  private final Examination examination;
  private final TimeSource time;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private List<Check> checks = List.of();

  @GuardedBy("lock")
  private long examinedNanos;

  public DoctorRoute(Examination examination, TimeSource time) {
    this.examination = examination;
    this.time = time;
    this.examinedNanos = time.nanos() - FRESH;
  }

  /** Its only route. */
  public List<Route> routes() {
    return List.of(Route.get("/doctor", this::examine));
  }

  /** A finding as the API shows it. */
  private record Check(String level, String title, String text, @Nullable String remedy) {
    static Check of(Examination.Finding finding) {
      String level = finding.level().name().toLowerCase(Locale.ROOT);
      return new Check(level, finding.title(), finding.text(), finding.remedy());
    }
  }

  private void examine(Context request) throws InterruptedException {
    Parameters.of(request);
    Answers.json(request, HttpStatus.OK_200, Map.of("checks", checks()));
  }

  private List<Check> checks() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (time.nanos() - examinedNanos >= FRESH) {
        checks = examination.examine().stream().map(Check::of).toList();
        examinedNanos = time.nanos();
      }
      return checks;
    } finally {
      lock.unlock();
    }
  }
}
