// How long a wait may take before it has failed. A machine busy with something else needs this for a first evaluation.
export const PATIENCE_MS = 30_000;
