package dev.pareto.proxy.testing;

import dev.pareto.proxy.testing.Browser.Shown;
import dev.pareto.proxy.testing.Browser.Theme;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import javax.imageio.ImageIO;

/**
 * Looks at a page in several colours and widths: that it says what it should, fits the window and keeps nobody out.
 * {@code -Dpareto.screenshots=FOLDER} keeps pictures.
 */
public final class Looks {

    /** axe-core, installed with what the pages are built with. */
    public static final Path AXE = Path.of("../dashboards/src/main/ui/node_modules/axe-core/axe.min.js");

    /** How a page is looked at. */
    public record Look(Theme theme, int width) {

        @Override
        public String toString() {
            return theme + " at " + width + " px";
        }
    }

    private final Browser browser;
    private final String axe;
    private final List<List<Look>> loads;
    private final Collection<Look> searched;
    private final Predicate<String> wrong;

    /**
     * @param loads the page is loaded for the first look of each list; for the others only its colours and width change
     * @param searched in which axe searches for barriers
     * @param wrong whether what the browser complained of since a page was loaded is a fault
     */
    public Looks(Browser browser, List<List<Look>> loads, Collection<Look> searched, Predicate<String> wrong)
            throws IOException {
        this.browser = browser;
        this.axe = Files.readString(AXE);
        this.loads = loads;
        this.searched = searched;
        this.wrong = wrong;
    }

    /**
     * @param name of its pictures
     * @param words what it says in every look
     * @return what is wrong, and in which look
     */
    public List<String> faults(URI page, String name, List<String> words) throws IOException {
        var faults = new ArrayList<String>();
        for (List<Look> load : loads) {
            for (Look look : load) {
                Shown shown = look.equals(load.getFirst())
                        ? browser.show(page, look.theme(), look.width())
                        : browser.again(look.theme(), look.width());
                keep(name, look);
                String where = page.getPath() + " in " + look + ": ";
                words.stream()
                        .filter(word -> !shown.dom().contains(word))
                        .forEach(word -> faults.add(where + "lacks '" + word + "'"));
                if (shown.overflow() > 0) {
                    faults.add(where + shown.overflow() + " px wider than the window");
                }
                if (searched.contains(look)) {
                    browser.barriers(axe).forEach(barrier -> faults.add(where + barrier));
                }
            }
            if (wrong.test(browser.complaints())) {
                faults.add(page.getPath() + " from " + load.getFirst() + " on: the browser complained: "
                        + browser.complaints());
            }
        }
        return faults;
    }

    private void keep(String name, Look look) throws IOException {
        String where = System.getProperty("pareto.screenshots");
        if (where != null) {
            ImageIO.write(browser.picture(), "png",
                    Path.of(where, name + "-" + look.theme() + "-" + look.width() + ".png").toFile());
        }
    }
}
