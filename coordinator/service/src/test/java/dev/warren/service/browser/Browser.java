package dev.warren.service.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.openqa.selenium.By;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/**
 * The installed Chromium without a window, for tests of the page. It notes what a page must not do:
 * break its security policy, load from elsewhere, or move under its reader. Confined to one thread.
 */
public final class Browser implements AutoCloseable {
  private static final Duration SOON = Duration.ofMinutes(1);

  private final ChromeDriver driver;
  private final String origin;

  /** Starts the browser; nothing is downloaded for it. */
  public Browser(int port) {
    this.origin = "http://127.0.0.1:" + port;
    ChromeOptions options = new ChromeOptions();
    options.setBinary(program("chromium"));
    options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars");
    ChromeDriverService service =
        new ChromeDriverService.Builder().usingDriverExecutable(program("chromedriver")).build();
    this.driver = new ChromeDriver(service, options);
    cdp("Page.addScriptToEvaluateOnNewDocument", Map.of("source", script("watch.js")));
  }

  private static File program(String name) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .map(folder -> new File(folder, name))
        .filter(File::canExecute)
        .findFirst()
        .orElseThrow(
            () ->
                new AssertionError(
                    name
                        + " is missing; install it (Debian: apt install chromium chromium-driver)"));
  }

  private static String script(String name) {
    try (InputStream in =
        Objects.requireNonNull(Browser.class.getResourceAsStream("/browser/" + name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void cdp(String command, Map<String, Object> parameters) {
    driver.executeCdpCommand(command, parameters);
  }

  /** Shows pages in this size from now on. */
  public void look(int width, int height, boolean dark) {
    cdp(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    cdp(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
  }

  /** Loads the page again, with this hash. */
  public void open(String hash) {
    driver.get("about:blank");
    driver.get(origin + "/" + hash);
  }

  /** The result of a script. */
  public Object run(String script) {
    return ((JavascriptExecutor) driver).executeScript(script);
  }

  /** The text that the page shows, as a reader sees it. */
  public String text() {
    return String.valueOf(run("return document.body.innerText"));
  }

  /** Waits until a script returns true. */
  public void awaitTrue(String script) {
    await()
        .alias(script)
        .atMost(SOON)
        .failFast(() -> assertThat(watched("errors")).isEmpty())
        .until(() -> Boolean.TRUE.equals(run("return !!(" + script + ")")));
  }

  /** Waits until the page shows a text. */
  public void awaitText(String text) {
    await().alias(text).atMost(SOON).until(() -> text().contains(text));
  }

  /** Waits until {@code count} further messages of the live stream have arrived. */
  public void awaitFrames(int count) {
    long now = (Long) run("return watched.frames");
    awaitTrue("watched.frames >= " + (now + count));
  }

  /** Follows a link or presses a button, by its text, with the keyboard only. */
  public void press(String text) {
    WebElement element = find(text);
    element.sendKeys(Keys.ENTER);
  }

  private WebElement find(String text) {
    String having =
        "[normalize-space()='" + text + "' or starts-with(normalize-space(), '" + text + "')]";
    By by =
        By.xpath(
            "//dialog[@open]//button"
                + having
                + " | //main[not(//dialog[@open])]//button"
                + having
                + " | //*[self::a or self::button][not(//dialog[@open])][not(ancestor::dialog)]"
                + having);
    return await()
        .alias(text)
        .atMost(SOON)
        .ignoreExceptions()
        .until(
            () ->
                driver.findElements(by).stream()
                    .filter(element -> element.isDisplayed() && element.isEnabled())
                    .findFirst()
                    .orElse(null),
            Objects::nonNull);
  }

  /** What has the focus. */
  public WebElement focused() {
    return driver.switchTo().activeElement();
  }

  /** Presses keys where the focus is. */
  public void type(CharSequence... keys) {
    focused().sendKeys(keys);
  }

  /** What was noted since the page was loaded. */
  public List<?> watched(String what) {
    return (List<?>) run("return watched." + what);
  }

  /** Time from the request to the first view, in milliseconds. */
  public double firstView() {
    awaitTrue("watched.firstView");
    return ((Number) run("return watched.firstView")).doubleValue();
  }

  /** By how much the page has moved under its reader, as browsers measure it. */
  public double shift() {
    return ((Number) run("return watched.shifts.reduce((sum, shift) => sum + shift.value, 0)"))
        .doubleValue();
  }

  /** Fails if the page did something that it must not do, or cannot be read. */
  public void assertGood(String view) {
    assertThat(watched("violations")).as("security policy, %s", view).isEmpty();
    assertThat(watched("errors")).as("errors, %s", view).isEmpty();
    assertThat(
            (List<?>)
                run(
                    "return performance.getEntriesByType('resource').map((entry) => entry.name)"
                        + ".filter((name) => !name.startsWith(location.origin))"))
        .as("requests elsewhere, %s", view)
        .isEmpty();
    assertThat((List<?>) run(script("contrast.js"))).as("contrast, %s", view).isEmpty();
    assertThat((Long) run("return document.documentElement.scrollWidth - innerWidth"))
        .as("width, %s", view)
        .isNotPositive();
  }

  /** Writes what is shown as a PNG. */
  public void screenshot(Path file) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    driver.quit();
  }
}
