// The messages about exports and imports.

import type { DaemonCommand } from "../protocol";
import {
  EXPORT_RESULTS,
  EXPORT_SESSION,
  type Exported,
  type ExportResultsParams,
  type ExportSessionParams,
  IMPORT_NOTEBOOK,
  type ImportedNotebook,
  type ImportNotebookParams,
} from "../protocol.gen";

export const exportSessionCommand: DaemonCommand<ExportSessionParams, Exported> = {
  name: EXPORT_SESSION,
};
export const exportResultsCommand: DaemonCommand<ExportResultsParams, Exported> = {
  name: EXPORT_RESULTS,
};
export const importNotebookCommand: DaemonCommand<ImportNotebookParams, ImportedNotebook> = {
  name: IMPORT_NOTEBOOK,
};
