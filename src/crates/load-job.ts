/** What a workspace is loaded from, and how: the flags, and what was read before it is known who answers. */
import type { CargoSession } from "./cargo-session.ts";
import type { CrateProblem, PackageInfo, TargetChoice } from "./crate-graph.ts";
import type { FeatureChoice } from "./feature-resolver.ts";
import type { AnswerStore } from "./kept-answers.ts";
import type { CommonOptions, Gathering } from "./load-context.ts";
import type { ManifestWorkspace } from "./manifest-workspace.ts";
import type { Selection } from "./select-members.ts";

export interface LoadOptions extends CommonOptions, Selection {
  readonly manifestPath: string | null;
  /** Output of `cargo metadata --format-version 1`, instead of asking cargo. */
  readonly metadataPath: string | null;
  /** Tests, examples and benches too. */
  readonly allTargets: boolean;
  /** Work on a copy, and change that before it is resolved; gives what is to be told of it. */
  readonly change?: ((session: CargoSession, workspace: ManifestWorkspace) => Promise<CrateProblem[]>) | undefined;
  /** Called while cargo works out features, with the packages that a program is likely to be made of: time that would be waited. */
  readonly meanwhile?: ((packages: readonly PackageInfo[]) => void) | undefined;
  /** Cargo's answers of earlier runs; null for a workspace in whose directory nothing is kept. */
  readonly answers?: ((root: string) => AnswerStore | null) | undefined;
  /** The project that must not be trusted, where the manifest is an exported copy of it. */
  readonly project?: string | undefined;
}

export interface LoadJob {
  readonly options: LoadOptions;
  readonly workspace: ManifestWorkspace;
  readonly gathering: Gathering;
  readonly targets: readonly TargetChoice[];
  readonly choice: FeatureChoice;
}
