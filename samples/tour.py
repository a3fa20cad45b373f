"""Five minutes with Relive.

Each step names a key. Put the cursor on the line below its comment, press the key, and look at the
end of the line. Nothing has run so far: opening a file never runs anything. (Mac: Alt is Option.)
"""

from penguins.clean import clean, to_penguin
from penguins.features import by_species, chance, mean_mass
from penguins.load import load_rows
from penguins.report import report

# 1. A value. Cursor on the next line, Alt+Enter. The imports above run first, by themselves.
#    At the end of the line: ⇒ 344
len(load_rows())

# 2. Names that stay. Select the next two lines, Alt+Enter: each line shows its own value.
rows = load_rows()
penguins = clean(rows)

# 3. Line after line. Ctrl+Alt+Enter, and once more: the cursor moves on by itself. The second line
#    prints a small chart and shows the last of it. Hover over it and click Output to see the rest.
mean_mass(penguins)
print(report(penguins))

# 4. Change a method while its objects live. Alt+Enter on each line: ⇒ 'Adelie of 3750 g'
first = penguins[0]
first.describe()
#    Now open penguins/clean.py. In `describe` change " g" to " grams"; do not save. With the cursor
#    still there press Shift+Alt+Enter: the method is redefined in the running process. Come back
#    and press Alt+Enter on first.describe() again: the same old penguin is now of 3750 grams.

# 5. An error. Alt+Enter: nobody measured this bird. Hover over the line to see where it failed.
to_penguin(rows[3])

# 6. Old values say so. Alt+Enter, then change the 0 to 1: the value is marked as stale.
#    Undo with Ctrl+Z, and it holds again.
penguins[0].mass

# 7. Something slow: are Gentoo heavier than Adelie only by chance? Alt+Enter on both lines. The
#    second takes minutes, so stop it: Ctrl+K, then G, then Enter. The session is as it was.
groups = by_species(penguins)
chance(groups["Adelie"], groups["Gentoo"], shuffles=2_000_000)
#    Change 2_000_000 to 200 and press Alt+Enter: ⇒ 0.0, so no.

# 8. That is it. Escape clears the result at the cursor, Shift+Alt+Backspace clears all of them, and
#    Ctrl+K, G lists what else there is. The whole pipeline at once: python -m penguins
