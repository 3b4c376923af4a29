package dev.warren.junit;

import dev.warren.pool.Pool;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

/**
 * Opens the pool of a test when the test first needs it, and closes it after the test. Used through
 * {@link WarrenPool}.
 */
final class WarrenPoolExtension
    implements BeforeEachCallback, AfterEachCallback, ParameterResolver {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(WarrenPoolExtension.class);

  /** JUnit creates the extension. */
  WarrenPoolExtension() {}

  @Override
  public void beforeEach(ExtensionContext context)
      throws IllegalAccessException, InterruptedException {
    for (Field field : fields(context)) {
      if (field.getType() != Pool.class || Modifier.isStatic(field.getModifiers())) {
        throw new ExtensionConfigurationException(
            "@WarrenPool is on " + field + "; it belongs on a Pool field that is not static");
      }
      field.setAccessible(true);
      field.set(context.getRequiredTestInstance(), of(context, Optional.empty()).pool());
    }
  }

  @Override
  public void afterEach(ExtensionContext context) {
    TestPool opened = context.getStore(NAMESPACE).remove(TestPool.class, TestPool.class);
    if (opened != null) {
      opened.close();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return context.getTestMethod().isPresent() && (type == Pool.class || type == PoolFaults.class);
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    try {
      TestPool open = of(context, parameter.findAnnotation(WarrenPool.class));
      return parameter.getParameter().getType() == Pool.class ? open.pool() : open.faults();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ParameterResolutionException("interrupted while the pool was opened", e);
    }
  }

  private static TestPool of(ExtensionContext context, Optional<WarrenPool> onParameter)
      throws InterruptedException {
    ExtensionContext.Store store = context.getStore(NAMESPACE);
    TestPool open = store.get(TestPool.class, TestPool.class);
    if (open == null) {
      open = TestPool.open(onParameter.orElseGet(() -> settings(context)));
      store.put(TestPool.class, open);
    }
    return open;
  }

  private static WarrenPool settings(ExtensionContext context) {
    for (AnnotatedElement parameter : context.getRequiredTestMethod().getParameters()) {
      Optional<WarrenPool> there = AnnotationSupport.findAnnotation(parameter, WarrenPool.class);
      if (there.isPresent()) {
        return there.get();
      }
    }
    return AnnotationSupport.findAnnotation(context.getRequiredTestMethod(), WarrenPool.class)
        .or(
            () ->
                fields(context).stream()
                    .findFirst()
                    .map(field -> field.getAnnotation(WarrenPool.class)))
        .or(() -> onClass(context))
        .orElseThrow(
            () ->
                new ExtensionConfigurationException(
                    "no @WarrenPool on " + context.getDisplayName() + " or its class"));
  }

  private static Optional<WarrenPool> onClass(ExtensionContext context) {
    for (Class<?> type = context.getRequiredTestClass();
        type != null;
        type = type.getEnclosingClass()) {
      Optional<WarrenPool> there = AnnotationSupport.findAnnotation(type, WarrenPool.class);
      if (there.isPresent()) {
        return there;
      }
    }
    return Optional.empty();
  }

  private static List<Field> fields(ExtensionContext context) {
    return ReflectionSupport.findFields(
        context.getRequiredTestClass(),
        field -> field.isAnnotationPresent(WarrenPool.class),
        HierarchyTraversalMode.TOP_DOWN);
  }
}
