package dev.warren.service.browser;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.awaitility.Awaitility;

/**
 * Takes screenshots of a running coordinator's page, for {@code docs/screenshots.sh}. Its arguments
 * are the coordinator's port and a folder. Each line of its input is one picture: the file's name,
 * width, height, {@code light} or {@code dark}, the hash of the view, and an optional script that
 * must become true first. It prints {@code taken NAME} after each picture.
 */
public final class Screenshots {
  private static final int PARTS = 6;
  private static final Duration SOON = Duration.ofSeconds(30);

  /** Messages of the live stream before a picture: curves and flashes need a few. */
  private static final int FRAMES = 4;

  private Screenshots() {}

  /** Takes pictures until its input ends. */
  public static void main(String[] arguments) throws IOException {
    Awaitility.setDefaultTimeout(SOON);
    Path folder = Path.of(arguments[1]);
    try (Browser browser = new Browser(Integer.parseInt(arguments[0]));
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        take(browser, folder, line.strip().split(" ", PARTS));
      }
    }
  }

  private static void take(Browser browser, Path folder, String[] picture) {
    boolean dark = picture[3].toLowerCase(Locale.ROOT).equals("dark");
    browser.look(Integer.parseInt(picture[1]), Integer.parseInt(picture[2]), dark);
    browser.open(picture[4]);
    browser.awaitTrue(
        "document.querySelector('main').innerText && !document.querySelector('.loading')");
    browser.awaitFrames(FRAMES);
    if (picture.length == PARTS) {
      browser.awaitTrue(picture[5]);
    }
    browser.screenshot(folder.resolve(picture[0] + ".png"));
    System.out.println("taken " + picture[0]);
  }
}
