// What the logic of evaluations asks of the editor.

import type { Lines } from "../annotations/evaluated";
import type { Region } from "../annotations/regions";

export interface OpenDocument {
  /** As the annotation store knows the document. */
  readonly key: string;
  readonly lines: Lines;
}

export interface Host {
  /** The open document of this URI, however the URI is spelled. */
  document(uri: string): OpenDocument | undefined;
  /** Whether an editor shows the document. */
  isVisible(key: string): boolean;
  /** Lights up code that is about to run. */
  flash(key: string, region: Region): void;
}
