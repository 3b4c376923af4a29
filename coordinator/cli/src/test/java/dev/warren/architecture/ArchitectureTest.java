package dev.warren.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import dev.warren.cli.kit.Logging;
import dev.warren.lifecycle.Logs;
import dev.warren.worker.functions.WarrensOwn;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * Allowed dependencies between the modules and packages of the whole program
 * (docs/ARCHITECTURE.md).
 */
class ArchitectureTest {
  private static final JavaClasses ALL =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("dev.warren");

  private static final SliceAssignment EACH_PACKAGE =
      new SliceAssignment() {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
          return SliceIdentifier.of(type.getPackageName());
        }

        @Override
        public String getDescription() {
          return "one slice per package";
        }
      };

  private static ArchRule mustNotKnow(String from, String... others) {
    return noClasses()
        .that()
        .resideInAPackage(from)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(others);
  }

  @Test
  void all_modules_are_checked() {
    assertThat(ALL.stream().map(c -> c.getPackageName()).distinct())
        .contains("dev.warren.wire", "dev.warren.broker", "dev.warren.worker.child")
        .contains("dev.warren.worker.supervise", "dev.warren.worker.consume")
        .contains("dev.warren.pool.engine", "dev.warren.cli", "dev.warren.service.http");
  }

  @Test
  void the_classes_that_identify_an_app_with_warren_exist() {
    assertThat(ALL.stream().map(c -> c.getName())).containsAll(WarrensOwn.MARKERS);
  }

  @Test
  void common_knows_neither_worker_nor_coordinator() {
    for (String common :
        new String[] {"task", "json", "wire", "broker", "lifecycle", "meter", "trace", "testkit"}) {
      mustNotKnow(
              "dev.warren." + common + "..",
              "dev.warren.worker..",
              "dev.warren.pool..",
              "dev.warren.cluster..",
              "dev.warren.cli..")
          .check(ALL);
    }
  }

  @Test
  void the_worker_does_not_know_the_coordinator() {
    mustNotKnow(
            "dev.warren.worker..", "dev.warren.pool..", "dev.warren.cluster..", "dev.warren.cli..")
        .check(ALL);
  }

  @Test
  void the_pool_knows_neither_the_command_line_nor_its_libraries() {
    for (String library : new String[] {"dev.warren.pool..", "dev.warren.cluster.."}) {
      mustNotKnow(library, "dev.warren.cli..", "dev.warren.testkit..", "picocli..", "me.tongfei..")
          .check(ALL);
    }
  }

  @Test
  void a_child_depends_on_no_broker_and_loads_little() {
    mustNotKnow(
            "dev.warren.worker.child..",
            "dev.warren.broker..",
            "dev.warren.worker.supervise..",
            "dev.warren.worker.consume..",
            "com.rabbitmq..",
            "org.slf4j..",
            "picocli..",
            "io.github.resilience4j..")
        .check(ALL);
  }

  @Test
  void the_link_depends_only_on_frames() {
    mustNotKnow(
            "dev.warren.worker.link..",
            "dev.warren.broker..",
            "dev.warren.worker.supervise..",
            "dev.warren.worker.consume..",
            "dev.warren.worker.child..")
        .check(ALL);
  }

  @Test
  void supervision_depends_on_no_broker_and_no_deliveries() {
    mustNotKnow(
            "dev.warren.worker.supervise..", "dev.warren.broker..", "dev.warren.worker.consume..")
        .check(ALL);
  }

  @Test
  void only_the_rabbitmq_broker_and_the_testkit_know_rabbitmq() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.warren.broker.rabbit..", "dev.warren.testkit..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.rabbitmq..")
        .check(ALL);
  }

  @Test
  void only_the_service_knows_the_web_server() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.warren.service..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.javalin..", "org.eclipse.jetty..", "jakarta.servlet..", "kotlin..")
        .check(ALL);
  }

  @Test
  void libraries_for_metrics_are_known_only_where_values_are_shown() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.warren.metrics", "dev.warren.spring..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.micrometer..")
        .check(ALL);
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.warren.service.metrics")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.prometheus..", "com.sun.net.httpserver..")
        .check(ALL);
  }

  @Test
  void opentelemetry_is_known_only_where_spans_are_made_with_it() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.warren.tracing", "dev.warren.cli.trace")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.opentelemetry..")
        .check(ALL);
  }

  @Test
  void the_service_does_not_know_the_command_line() {
    mustNotKnow("dev.warren.service..", "dev.warren.cli..", "dev.warren.testkit..", "picocli..")
        .check(ALL);
  }

  @Test
  void processes_are_started_by_supervision_the_testkit_and_the_demo_only() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "dev.warren.worker.supervise..", "dev.warren.testkit..", "dev.warren.cli.demo")
        .should()
        .callConstructor(ProcessBuilder.class, String[].class)
        .orShould()
        .callConstructor(ProcessBuilder.class, java.util.List.class)
        .check(ALL);
  }

  @Test
  void nothing_reads_serialized_java() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .areAssignableTo(java.io.ObjectInputStream.class)
        .check(ALL);
  }

  @Test
  void threads_and_clocks_come_from_lifecycle() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.warren.lifecycle..", "dev.warren.testkit")
        .should()
        .callConstructor(Thread.class, Runnable.class)
        .orShould()
        .callConstructor(Thread.class, Runnable.class, String.class)
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(java.time.Instant.class, "now")
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(Executors.class)
        .check(ALL);
  }

  @Test
  void loggers_come_from_logs_which_makes_every_line_printable() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(Logs.class.getName())
        .and()
        .doNotHaveFullyQualifiedName(Logging.class.getName()) // configures; logs nothing itself
        .should()
        .dependOnClassesThat()
        .areAssignableTo(LoggerFactory.class)
        .check(ALL);
  }

  @Test
  void packages_have_no_cycles() {
    slices().assignedFrom(EACH_PACKAGE).should().beFreeOfCycles().check(ALL);
  }

  @Test
  void a_rule_that_is_broken_fails() {
    ArchRule broken = mustNotKnow("dev.warren.worker..", "dev.warren.task..");
    assertThatThrownBy(() -> broken.check(ALL)).isInstanceOf(AssertionError.class);
  }
}
