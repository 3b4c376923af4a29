package dev.warren.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.ObjectInputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Allowed dependencies between the packages of this module, and APIs reserved to one package. */
class CommonArchitectureTest {
  private static final JavaClasses COMMON =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.warren");

  /** The packages of Warren that a package may use, besides itself. */
  private static ArchRule mayUse(String from, String... others) {
    String[] allowed = Arrays.copyOf(others, others.length + 1);
    allowed[others.length] = from;
    return noClasses()
        .that()
        .resideInAPackage(from)
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.warren..").and(not(resideInAnyPackage(allowed))));
  }

  @Test
  void all_five_packages_are_checked() {
    assertThat(COMMON.stream().map(c -> c.getPackageName()).distinct())
        .contains("dev.warren.task", "dev.warren.wire", "dev.warren.broker")
        .contains("dev.warren.lifecycle", "dev.warren.json");
  }

  @Test
  void task_depends_on_no_other_package() {
    mayUse("dev.warren.task..").check(COMMON);
    mayUse("dev.warren.lifecycle..").check(COMMON);
  }

  @Test
  void wire_knows_only_json_and_the_vocabularies() {
    mayUse("dev.warren.wire..", "dev.warren.json..", "dev.warren.task..", "dev.warren.trace..")
        .check(COMMON);
  }

  @Test
  void json_knows_only_the_vocabulary() {
    mayUse("dev.warren.json..", "dev.warren.task..").check(COMMON);
  }

  @Test
  void only_the_rabbitmq_broker_knows_rabbitmq() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.warren.broker.rabbit..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.rabbitmq..")
        .check(COMMON);
  }

  @Test
  void threads_and_clocks_come_from_lifecycle() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.warren.lifecycle..")
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
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.util.concurrent.Executors")
        .check(COMMON);
  }

  @Test
  void nothing_starts_processes() {
    noClasses().should().dependOnClassesThat().areAssignableTo(ProcessBuilder.class).check(COMMON);
  }

  @Test
  void nothing_reads_serialized_java() {
    noReading().check(COMMON);
  }

  private static ArchRule noReading() {
    return noClasses().should().dependOnClassesThat().areAssignableTo(ObjectInputStream.class);
  }

  @Test
  void a_broken_rule_fails() {
    ArchRule broken = mayUse("dev.warren.broker..", "dev.warren.task..", "dev.warren.lifecycle..");
    assertThatThrownBy(() -> broken.check(COMMON))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("dev.warren.wire.Message");
  }
}
