package dev.warren.json;

import java.io.File;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Calendar;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Currency;
import java.util.Date;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.GregorianCalendar;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.Vector;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Random types, and random values for them: mostly ordinary ones, mixed with everything that JSON
 * cannot represent. The same seed yields the same values. Not thread-safe. The file is long because
 * it lists the types with their values.
 */
@SuppressWarnings({
  "NullAway",
  "unchecked",
  "rawtypes",
  "JavaUtilDate",
  "JdkObsolete",
  "IdentityHashMapUsage",
  "UnnecessaryStringBuilder"
})
public final class RandomValues {
  private static final int DEEPEST = 4;

  private static final List<Class<?>> CLASSES =
      List.of(
          Shapely.Point.class,
          Shapely.Item.class,
          Shapely.Wide.class,
          Shapely.Node.class,
          Shapely.Rounded.class,
          Shapely.Sorted.class,
          Shapely.Masked.class,
          Shapely.Derived.class,
          Shapely.Named.class,
          Shapely.Raw.class,
          Shapely.Picky.class,
          Shapely.Bean.class,
          Shapely.SubBean.class,
          Shapely.Hidden.class,
          Shapely.HalfHidden.class,
          Shapely.Open.class,
          Shapely.ReadOnly.class,
          Shapely.Created.class,
          Shapely.Money.class,
          Shapely.BadGetter.class,
          Shapely.WrongSetter.class,
          Shapely.Loop.class,
          Shapely.Inner.class,
          Shapely.Tagged.class,
          Shapely.Shape.class,
          Shapely.Circle.class,
          Shapely.Marked.class,
          Shapely.Dot.class,
          Shapely.Line.class,
          Shapely.Plain.class,
          Shapely.Bodied.class,
          Shapely.Alike.class,
          Shapely.Renamed.class);

  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "text",
          "5",
          "1.5",
          "true",
          "null",
          "NaN",
          "line\nfeed",
          "\"quoted\\",
          "ä€😀",
          "\ud83d",
          "\ude00x",
          "a\ud83d b",
          "10}}{\"value\":{\"raw\":666",
          "[1,2]",
          "{\"a\":1}",
          "\u2028\u0000\u001b",
          "\ufeffbom",
          "\ud83d\ud83d\ude00");

  private final Random random;
  private final Map<Class<?>, Supplier<Object>> leaves = new LinkedHashMap<>();
  private final List<Class<?>> leafTypes;

  public RandomValues(long seed) {
    this.random = new Random(seed);
    numbers();
    times();
    others();
    this.leafTypes = new ArrayList<>(leaves.keySet());
  }

  /** A type that a parameter or a result may be declared with. */
  public Type type() {
    return type(0);
  }

  private Type type(int depth) {
    int kind = random.nextInt(depth >= DEEPEST ? 6 : 14);
    if (kind < 3) {
      return pick(leafTypes);
    }
    if (kind < 6) {
      return kind == 5 && random.nextInt(3) == 0 ? Object.class : pick(CLASSES);
    }
    if (kind == 6) {
      return Object.class;
    }
    if (kind < 10) {
      Class<?> raw =
          pick(
              List.of(
                  List.class,
                  List.class,
                  List.class,
                  Set.class,
                  Collection.class,
                  ArrayList.class,
                  LinkedList.class,
                  HashSet.class,
                  LinkedHashSet.class,
                  SortedSet.class,
                  TreeSet.class,
                  Deque.class,
                  Queue.class,
                  ArrayDeque.class,
                  PriorityQueue.class,
                  Vector.class,
                  Iterable.class,
                  Optional.class,
                  AtomicReference.class,
                  Iterator.class,
                  Stream.class,
                  CompletableFuture.class));
      return new Generic(raw, type(depth + 1));
    }
    if (kind < 12) {
      Class<?> raw =
          pick(
              List.of(
                  Map.class,
                  Map.class,
                  HashMap.class,
                  LinkedHashMap.class,
                  SortedMap.class,
                  TreeMap.class,
                  ConcurrentHashMap.class,
                  Map.Entry.class));
      return new Generic(
          raw, random.nextInt(3) == 0 ? type(depth + 1) : String.class, type(depth + 1));
    }
    if (kind == 12) {
      return new Generic(Shapely.Pair.class, type(depth + 1), type(depth + 1));
    }
    return array(type(depth + 1));
  }

  private static Type array(Type item) {
    return item instanceof Class<?> plain
        ? Array.newInstance(plain, 0).getClass()
        : (java.lang.reflect.GenericArrayType) () -> item;
  }

  /** Returns a value of a type: sometimes null, or one of a subclass with additional fields. */
  public @Nullable Object value(Type type) {
    return value(type, 0);
  }

  private @Nullable Object value(Type type, int depth) {
    if (type instanceof TypeVariable<?> || type instanceof WildcardType) {
      return value(Object.class, depth);
    }
    if (type instanceof java.lang.reflect.GenericArrayType of) {
      return array(raw(of.getGenericComponentType()), of.getGenericComponentType(), depth);
    }
    Class<?> raw = raw(type);
    if (!raw.isPrimitive() && random.nextInt(25) == 0) {
      return null;
    }
    if (raw == Object.class) {
      Type any = random.nextInt(3) == 0 ? type(Math.max(depth, 2)) : natural();
      return any == Object.class ? "object" : value(any, depth + 1);
    }
    Supplier<Object> leaf = leaves.get(raw);
    if (leaf != null) {
      return leaf.get();
    }
    if (raw.isArray()) {
      return array(raw.getComponentType(), raw.getComponentType(), depth);
    }
    Type[] arguments =
        type instanceof ParameterizedType generic ? generic.getActualTypeArguments() : new Type[0];
    if (arguments.length == 0) {
      return object(raw, Map.of(), depth);
    }
    if (raw == Shapely.Pair.class) {
      return object(
          raw,
          Map.of(
              raw.getTypeParameters()[0], arguments[0], raw.getTypeParameters()[1], arguments[1]),
          depth);
    }
    return arguments.length == 2
        ? map(raw, arguments[0], arguments[1], depth)
        : collection(raw, arguments[0], depth);
  }

  private Type natural() {
    return pick(
        List.of(
            String.class,
            Integer.class,
            Boolean.class,
            Double.class,
            new Generic(List.class, Object.class),
            new Generic(Map.class, String.class, Object.class),
            Long.class));
  }

  private Object array(Class<?> item, Type declared, int depth) {
    Object array = Array.newInstance(item, size(depth));
    for (int i = 0; i < Array.getLength(array); i++) {
      try {
        Array.set(array, i, value(declared, depth + 1));
      } catch (IllegalArgumentException e) {
        // null for a primitive, or an object that is not of the subclass
      }
    }
    return array;
  }

  private int size(int depth) {
    return random.nextInt(depth > 3 ? 2 : 4);
  }

  private Object collection(Class<?> raw, Type item, int depth) {
    List<Object> items = new ArrayList<>();
    for (int i = size(depth); i > 0; i--) {
      items.add(value(item, depth + 1));
    }
    try {
      return collectionOf(raw, items);
    } catch (RuntimeException e) {
      // nulls, or elements without an order, where they are not allowed
      return raw == Optional.class ? Optional.empty() : fallback(raw);
    }
  }

  private static Object fallback(Class<?> raw) {
    return raw == SortedSet.class || raw == TreeSet.class
        ? new TreeSet<>()
        : raw == PriorityQueue.class ? new PriorityQueue<>() : new ArrayDeque<>();
  }

  private Object collectionOf(Class<?> raw, List<Object> items) {
    Object first = items.isEmpty() ? null : items.get(0);
    return switch (raw.getSimpleName()) {
      case "Set" ->
          pick(
              List.<Object>of(
                  new HashSet<>(items),
                  new LinkedHashSet<>(items),
                  Collections.unmodifiableSet(new LinkedHashSet<>(items))));
      case "Collection", "Iterable" -> random.nextInt(4) == 0 ? new HashSet<>(items) : items;
      case "ArrayList" -> random.nextInt(6) == 0 ? new ArrayList<>(items) {} : items;
      case "LinkedList" -> new LinkedList<>(items);
      case "HashSet" -> new HashSet<>(items);
      case "LinkedHashSet" -> new LinkedHashSet<>(items);
      case "SortedSet", "TreeSet" -> sorted(items);
      case "Deque", "ArrayDeque", "Queue" -> new ArrayDeque<>(items);
      case "PriorityQueue" -> new PriorityQueue<>(items);
      case "Vector" -> new Vector<>(items);
      case "Optional" -> Optional.ofNullable(first);
      case "AtomicReference" -> new AtomicReference<>(first);
      case "Iterator" -> items.iterator();
      case "Stream" -> Stream.generate(() -> first);
      case "CompletableFuture" -> CompletableFuture.completedFuture(first);
      default -> list(items);
    };
  }

  private Object sorted(List<Object> items) {
    TreeSet<Object> set =
        random.nextInt(3) == 0
            ? new TreeSet<>((Comparator) Comparator.reverseOrder())
            : new TreeSet<>();
    set.addAll(items);
    return set;
  }

  private Object list(List<Object> items) {
    return switch (random.nextInt(6)) {
      case 0 -> new LinkedList<>(items);
      case 1 -> Arrays.asList(items.toArray());
      case 2 -> Collections.unmodifiableList(items);
      case 3 -> new CopyOnWriteArrayList<>(items);
      case 4 -> items.isEmpty() ? tagged() : items.subList(0, items.size());
      default -> items;
    };
  }

  private Object tagged() {
    Shapely.Tagged list = new Shapely.Tagged();
    list.tag = random.nextBoolean() ? "tag" : null;
    return list;
  }

  private Object map(Class<?> raw, Type key, Type item, int depth) {
    Map<Object, Object> all = new LinkedHashMap<>();
    for (int i = size(depth); i > 0; i--) {
      all.put(value(key, depth + 1), value(item, depth + 1));
    }
    try {
      return switch (raw.getSimpleName()) {
        case "HashMap" -> new HashMap<>(all);
        case "SortedMap", "TreeMap" -> sorted(all);
        case "ConcurrentHashMap" -> new ConcurrentHashMap<>(all);
        case "Entry" ->
            all.isEmpty()
                ? Map.entry("a", 1)
                : new java.util.AbstractMap.SimpleEntry<>(all.entrySet().iterator().next());
        case "Map" ->
            switch (random.nextInt(5)) {
              case 0 -> Map.copyOf(all);
              case 1 -> sorted(all);
              case 2 -> new IdentityHashMap<>(all);
              case 3 -> new HashMap<>(all);
              default -> all;
            };
        default -> all;
      };
    } catch (RuntimeException e) {
      return raw == SortedMap.class || raw == TreeMap.class
          ? new TreeMap<>()
          : raw == ConcurrentHashMap.class ? new ConcurrentHashMap<>() : all;
    }
  }

  private Object sorted(Map<Object, Object> all) {
    TreeMap<Object, Object> map =
        random.nextInt(3) == 0
            ? new TreeMap<>((Comparator) Comparator.reverseOrder())
            : new TreeMap<>();
    map.putAll(all);
    return map;
  }

  private @Nullable Object object(Class<?> type, Map<TypeVariable<?>, Type> bound, int depth) {
    if (depth > DEEPEST + 2) {
      return type.isEnum() ? type.getEnumConstants()[0] : null;
    }
    if (type.isEnum()) {
      return pick(Arrays.asList(type.getEnumConstants()));
    }
    if (type == Shapely.Shape.class) {
      return object(pick(List.of(Shapely.Circle.class, Shapely.Square.class)), bound, depth);
    }
    if (type == Shapely.Marked.class) {
      return object(pick(List.of(Shapely.Dot.class, Shapely.Line.class)), bound, depth);
    }
    if (type == Shapely.Bean.class && random.nextInt(5) == 0) {
      return random.nextBoolean()
          ? object(Shapely.SubBean.class, bound, depth)
          : new Shapely.Bean() {};
    }
    if (type == Shapely.Tagged.class) {
      return tagged();
    }
    try {
      return type.isRecord() ? record(type, bound, depth) : bean(type, depth);
    } catch (ReflectiveOperationException e) {
      return null;
    }
  }

  private Object record(Class<?> type, Map<TypeVariable<?>, Type> bound, int depth)
      throws ReflectiveOperationException {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    Object[] values = new Object[components.length];
    for (int i = 0; i < types.length; i++) {
      types[i] = components[i].getType();
      Type declared = components[i].getGenericType();
      values[i] = value(bound.getOrDefault(declared, declared), depth + 1);
    }
    Constructor<?> constructor = type.getDeclaredConstructor(types);
    constructor.setAccessible(true);
    return constructor.newInstance(values);
  }

  private Object bean(Class<?> type, int depth) throws ReflectiveOperationException {
    Object made;
    if (type == Shapely.ReadOnly.class) {
      return new Shapely.ReadOnly(random.nextInt());
    } else if (type == Shapely.Created.class) {
      return new Shapely.Created(random.nextInt(), text());
    } else if (type == Shapely.Money.class) {
      return new Shapely.Money(random.nextInt());
    } else if (type == Shapely.Inner.class) {
      Constructor<?> outer = Shapely.class.getDeclaredConstructor();
      outer.setAccessible(true);
      made = ((Shapely) outer.newInstance()).new Inner();
    } else {
      Constructor<?> constructor = type.getDeclaredConstructor();
      constructor.setAccessible(true);
      made = constructor.newInstance();
    }
    for (Class<?> at = type; at != Object.class; at = at.getSuperclass()) {
      for (Field field : at.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers()) && !field.isSynthetic()) {
          field.setAccessible(true);
          field.set(made, value(field.getGenericType(), depth + 1));
        }
      }
    }
    if (made instanceof Shapely.Loop loop && random.nextInt(3) == 0) {
      loop.next = loop;
    }
    return made;
  }

  private String text() {
    return pick(TEXTS);
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  private long whole() {
    return switch (random.nextInt(5)) {
      case 0 -> random.nextLong();
      case 1 -> random.nextInt();
      case 2 -> pick(List.of(Long.MAX_VALUE, Long.MIN_VALUE, 1L << 53, (1L << 53) + 1, 1L << 31));
      default -> random.nextInt(200) - 100;
    };
  }

  private double fraction() {
    return switch (random.nextInt(6)) {
      case 0 -> Double.longBitsToDouble(random.nextLong());
      case 1 -> random.nextInt(100);
      case 2 ->
          pick(
              List.of(
                  Double.NaN,
                  Double.POSITIVE_INFINITY,
                  Double.NEGATIVE_INFINITY,
                  -0.0,
                  Double.MIN_VALUE,
                  Double.MAX_VALUE,
                  1e22,
                  123456789.125));
      default -> random.nextDouble() * 1000;
    };
  }

  private void numbers() {
    leaves.put(int.class, () -> (int) whole());
    leaves.put(Integer.class, () -> (int) whole());
    leaves.put(long.class, this::whole);
    leaves.put(Long.class, this::whole);
    leaves.put(short.class, () -> (short) whole());
    leaves.put(Short.class, () -> (short) whole());
    leaves.put(byte.class, () -> (byte) whole());
    leaves.put(Byte.class, () -> (byte) whole());
    leaves.put(boolean.class, random::nextBoolean);
    leaves.put(Boolean.class, random::nextBoolean);
    leaves.put(char.class, () -> (char) random.nextInt(0x10000));
    leaves.put(Character.class, () -> (char) random.nextInt(0x10000));
    leaves.put(double.class, this::fraction);
    leaves.put(Double.class, this::fraction);
    leaves.put(float.class, () -> Float.intBitsToFloat(random.nextInt()));
    leaves.put(Float.class, () -> (float) fraction());
    leaves.put(BigInteger.class, () -> new BigInteger(random.nextInt(4) == 0 ? 5000 : 80, random));
    leaves.put(BigDecimal.class, this::decimal);
    leaves.put(
        Number.class, () -> pick(List.<Number>of(1, 2L, 1.5, 2.5f, BigInteger.TEN, (short) 3)));
    leaves.put(AtomicInteger.class, () -> new AtomicInteger(random.nextInt()));
    leaves.put(AtomicLong.class, () -> new AtomicLong(whole()));
    leaves.put(AtomicBoolean.class, () -> new AtomicBoolean(random.nextBoolean()));
    leaves.put(
        OptionalInt.class, () -> random.nextBoolean() ? OptionalInt.of(3) : OptionalInt.empty());
    leaves.put(OptionalLong.class, () -> OptionalLong.of(whole()));
    leaves.put(OptionalDouble.class, () -> OptionalDouble.of(fraction()));
    leaves.put(
        BitSet.class, () -> BitSet.valueOf(new long[] {random.nextLong(), random.nextInt(2)}));
  }

  private BigDecimal decimal() {
    BigInteger digits = new BigInteger(random.nextInt(8) == 0 ? 4000 : 70, random);
    int scale = random.nextInt(10) == 0 ? random.nextInt() : random.nextInt(40) - 20;
    return new BigDecimal(random.nextBoolean() ? digits : digits.negate(), scale);
  }

  private void times() {
    leaves.put(Instant.class, this::instant);
    leaves.put(LocalDate.class, this::date);
    leaves.put(LocalTime.class, this::time);
    leaves.put(LocalDateTime.class, () -> LocalDateTime.of(date(), time()));
    leaves.put(ZonedDateTime.class, () -> ZonedDateTime.of(date(), time(), zone()));
    leaves.put(OffsetDateTime.class, () -> OffsetDateTime.of(date(), time(), offset()));
    leaves.put(OffsetTime.class, () -> OffsetTime.of(time(), offset()));
    leaves.put(
        Duration.class, () -> Duration.ofSeconds(random.nextLong() / 4, random.nextInt(1000)));
    leaves.put(
        Period.class, () -> Period.of(random.nextInt(9), -random.nextInt(99), random.nextInt()));
    leaves.put(Year.class, () -> Year.of(random.nextInt(20_000) - 10_000));
    leaves.put(YearMonth.class, () -> YearMonth.from(date()));
    leaves.put(MonthDay.class, () -> MonthDay.from(date()));
    leaves.put(DayOfWeek.class, () -> DayOfWeek.of(1 + random.nextInt(7)));
    leaves.put(ZoneId.class, this::zone);
    leaves.put(ZoneOffset.class, this::offset);
    leaves.put(
        Date.class,
        () -> random.nextInt(4) == 0 ? new java.sql.Timestamp(5) : new Date(whole() / 1000));
    leaves.put(java.sql.Timestamp.class, () -> timestamp());
    leaves.put(Calendar.class, () -> new GregorianCalendar(TimeZone.getTimeZone(zone())));
    leaves.put(TimeZone.class, () -> TimeZone.getTimeZone(zone()));
  }

  private Object timestamp() {
    java.sql.Timestamp made = new java.sql.Timestamp(random.nextInt());
    made.setNanos(random.nextInt(1_000_000_000));
    return made;
  }

  private Instant instant() {
    return random.nextInt(5) == 0
        ? pick(List.of(Instant.MIN, Instant.MAX, Instant.EPOCH))
        : Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000));
  }

  private LocalDate date() {
    return random.nextInt(6) == 0
        ? pick(
            List.of(LocalDate.MIN, LocalDate.MAX, LocalDate.of(0, 2, 29), LocalDate.of(-1, 1, 1)))
        : LocalDate.ofEpochDay(random.nextInt(1_000_000) - 500_000);
  }

  private LocalTime time() {
    return random.nextBoolean()
        ? LocalTime.ofSecondOfDay(60L * random.nextInt(1440))
        : LocalTime.ofNanoOfDay(random.nextLong(86_400_000_000_000L));
  }

  private ZoneId zone() {
    return pick(
        List.of(
            ZoneId.of("Europe/Berlin"),
            ZoneId.of("UTC"),
            ZoneId.of("UTC+01:00"),
            ZoneOffset.UTC,
            offset()));
  }

  private ZoneOffset offset() {
    return ZoneOffset.ofTotalSeconds(random.nextInt(36_000) - 18_000);
  }

  private void others() {
    leaves.put(String.class, this::text);
    leaves.put(CharSequence.class, () -> random.nextBoolean() ? text() : new StringBuilder(text()));
    leaves.put(StringBuilder.class, () -> new StringBuilder(text()));
    leaves.put(UUID.class, () -> new UUID(random.nextLong(), random.nextLong()));
    leaves.put(
        URI.class,
        () -> pick(List.of(URI.create(""), URI.create("http://a/b?c#d"), URI.create("x:y"))));
    leaves.put(Locale.class, this::locale);
    leaves.put(Currency.class, () -> Currency.getInstance("EUR"));
    leaves.put(Pattern.class, () -> Pattern.compile("a+", random.nextInt(3)));
    leaves.put(
        Charset.class,
        () -> pick(List.of(Charset.forName("UTF-8"), Charset.forName("ISO-8859-1"))));
    leaves.put(
        Path.class,
        () -> pick(List.of(Path.of("a/b"), Path.of("/a b/ü"), Path.of(""), Path.of("c:d"))));
    leaves.put(File.class, () -> pick(List.of(new File("a/b"), new File("/a"), new File(""))));
    leaves.put(
        Class.class,
        () -> pick(List.<Class<?>>of(String.class, int.class, int[].class, Shapely.Point.class)));
    leaves.put(Thread.class, Thread::currentThread);
    leaves.put(Exception.class, () -> new IllegalStateException("x"));
    leaves.put(Random.class, Random::new);
    leaves.put(EnumSet.class, () -> EnumSet.of(Shapely.Plain.RED));
    leaves.put(EnumMap.class, () -> new EnumMap<>(Map.of(Shapely.Plain.RED, 1)));
    leaves.put(Supplier.class, () -> (Supplier<Object>) () -> 1);
  }

  private Locale locale() {
    return pick(
        List.of(
            Locale.ROOT,
            Locale.GERMANY,
            new Locale("de", "DE", "POSIX"),
            new Locale("x", "", "y_z"),
            new Locale("no", "NO", "NY"),
            Locale.forLanguageTag("zh-Hant-TW-x-java"),
            Locale.forLanguageTag("ja-JP-u-ca-japanese")));
  }

  private static Class<?> raw(Type type) {
    if (type instanceof Class<?> plain) {
      return plain;
    }
    if (type instanceof Generic generic) {
      return generic.raw;
    }
    if (type instanceof ParameterizedType generic) {
      return (Class<?>) generic.getRawType();
    }
    return type instanceof java.lang.reflect.GenericArrayType array
        ? Array.newInstance(raw(array.getGenericComponentType()), 0).getClass()
        : Object.class;
  }

  /** A generic type, as reflection represents it. */
  static final class Generic implements ParameterizedType {
    private final Class<?> raw;
    private final Type[] arguments;

    Generic(Class<?> raw, Type... arguments) {
      this.raw = raw;
      this.arguments = arguments;
      for (int i = 0; i < arguments.length; i++) {
        if (arguments[i] instanceof Class<?> plain && plain.isPrimitive()) {
          arguments[i] = java.lang.invoke.MethodType.methodType(plain).wrap().returnType();
        }
      }
    }

    @Override
    public Type[] getActualTypeArguments() {
      return arguments.clone();
    }

    @Override
    public Type getRawType() {
      return raw;
    }

    @Override
    public @Nullable Type getOwnerType() {
      return null;
    }

    @Override
    public String getTypeName() {
      StringBuilder text = new StringBuilder(raw.getTypeName()).append('<');
      for (int i = 0; i < arguments.length; i++) {
        text.append(i == 0 ? "" : ", ").append(arguments[i].getTypeName());
      }
      return text.append('>').toString();
    }

    @Override
    public String toString() {
      return getTypeName();
    }
  }
}
