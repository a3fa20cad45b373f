// The messages about the names of modules and frames.

import type { DaemonCommand } from "../protocol";
import {
  DELETE_NAME,
  type DeleteNameParams,
  type Evaluation,
  type Gone,
  MODULES,
  type ModuleNamespaces,
  type ModulesParams,
  VARIABLES,
  type Variables,
  type VariablesParams,
} from "../protocol.gen";

export const modulesCommand: DaemonCommand<ModulesParams, ModuleNamespaces> = { name: MODULES };
export const variablesCommand: DaemonCommand<VariablesParams, Variables | Gone> = {
  name: VARIABLES,
};
export const deleteNameCommand: DaemonCommand<DeleteNameParams, Evaluation> = {
  name: DELETE_NAME,
};
