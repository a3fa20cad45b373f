// A list of things, and a list of what can be done with the one that is chosen: all of it by keys.

import {
  type QuickInputButton,
  type QuickPickItem,
  QuickPickItemKind,
  ThemeIcon,
  window,
} from "vscode";

/** Something to choose from a list. */
export interface Row<Thing> {
  readonly thing: Thing;
  readonly label: string;
  readonly description: string;
  readonly detail?: string;
  readonly icon?: string;
}

/** What can be done with a thing; with some of them only. */
export interface Deed<Thing> {
  readonly title: string;
  readonly icon: string;
  readonly applies: (thing: Thing) => boolean;
  readonly run: (thing: Thing) => Promise<void>;
}

interface ThingItem<Thing> extends QuickPickItem {
  readonly row?: Row<Thing>;
}

interface DeedButton<Thing> extends QuickInputButton {
  readonly deed: Deed<Thing>;
}

/** Shows the rows. A row's buttons do at once what the second list, after Enter, offers by name. */
export function showList<Thing>(
  { title, placeholder }: { title: string; placeholder: string },
  rows: readonly (Row<Thing> | string)[],
  deeds: readonly Deed<Thing>[],
  fail: (failure: unknown) => Promise<void>,
): void {
  const pick = window.createQuickPick<ThingItem<Thing>>();
  const run = (work: () => Promise<void>) => {
    pick.hide();
    work().catch(fail);
  };
  pick.title = title;
  pick.placeholder = placeholder;
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.items = rows.map((row) => itemOf(row, deeds));
  pick.onDidHide(() => pick.dispose());
  pick.onDidTriggerItemButton(({ button, item: { row } }) => {
    // SAFETY: the buttons of the items are those that `itemOf` makes.
    const { deed } = button as DeedButton<Thing>;
    if (row !== undefined) {
      run(() => deed.run(row.thing));
    }
  });
  pick.onDidAccept(() => {
    const row = pick.activeItems[0]?.row;
    if (row !== undefined) {
      run(() => choose(row, deeds));
    }
  });
  pick.show();
}

async function choose<Thing>(row: Row<Thing>, deeds: readonly Deed<Thing>[]): Promise<void> {
  const items = applying(row.thing, deeds).map((deed) => ({
    label: deed.title,
    iconPath: new ThemeIcon(deed.icon),
    deed,
  }));
  const chosen = await window.showQuickPick(items, { title: `${row.label} · ${row.description}` });
  await chosen?.deed.run(row.thing);
}

function applying<Thing>(thing: Thing, deeds: readonly Deed<Thing>[]): Deed<Thing>[] {
  return deeds.filter((deed) => deed.applies(thing));
}

function itemOf<Thing>(row: Row<Thing> | string, deeds: readonly Deed<Thing>[]): ThingItem<Thing> {
  if (typeof row === "string") {
    return { label: row, kind: QuickPickItemKind.Separator };
  }
  const { thing, label, description, detail, icon } = row;
  const buttons: DeedButton<Thing>[] = applying(thing, deeds).map((deed) => ({
    iconPath: new ThemeIcon(deed.icon),
    tooltip: deed.title,
    deed,
  }));
  return {
    row,
    label,
    description,
    ...(detail === undefined ? {} : { detail }),
    ...(icon === undefined ? {} : { iconPath: new ThemeIcon(icon) }),
    buttons,
  };
}
