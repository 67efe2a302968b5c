/**
 * A workspace as cargo answers: one question for the packages of each target, one for the features of each member, some of them at a time.
 */

import { availableParallelism } from "node:os";
import { join } from "node:path";
import { pushAll } from "../base/push-all.ts";
import { type CargoSession, sessionFeatures, sessionMetadata, withFreshLock } from "./cargo-session.ts";
import type { CrateProblem, Program, Workspace } from "./crate-graph.ts";
import type { FeatureChoice } from "./feature-resolver.ts";
import type { ExactFeatures } from "./feature-tree.ts";
import { inOrder } from "./in-order.ts";
import { addProgram, finishWorkspace, lockedPackages, programContext } from "./load-context.ts";
import type { LoadJob } from "./load-job.ts";
import { checkSources, finishPrograms, memberFeatures } from "./member-programs.ts";
import { libraryOf, type RawPackage, type RawWorkspace } from "./raw-packages.ts";
import type { Scratch } from "./scratch.ts";
import { selectMembers } from "./select-members.ts";

/** The workspace of a job; the first session says where cargo works. */
export async function fromCargo(job: LoadJob, first: CargoSession, scratch: Scratch): Promise<Workspace> {
  const { options, workspace, targets, choice } = job;
  const { rootManifest } = workspace.raw;
  const progress = options.onProgress ?? (() => {});
  const none: FeatureChoice = { features: [], allFeatures: choice.allFeatures, noDefaultFeatures: false };
  const ask = async (session: CargoSession): Promise<RawWorkspace[]> => {
    const answers: RawWorkspace[] = [];
    for (const { triple } of targets) {
      progress(`cargo metadata (${triple})`);
      answers.push(await sessionMetadata(session, rootManifest, triple, none));
    }
    return answers;
  };
  const { value: answers, session, outdated } = await withFreshLock(first, workspace, scratch, options.locked, ask);
  const gathering = {
    ...job.gathering,
    locked: lockedPackages(session.site.lockfile),
    lockHasLines: session.site.skeleton === null,
  };
  if (outdated) gathering.problems.push(outdatedLock(session.site.toReal(session.site.lockfile)));
  for (const raw of answers) pushAll(gathering.problems, raw.problems);
  const selected = selectMembers(answers[0] ?? workspace.raw, options, gathering.problems);
  const programs: Program[] = [];
  const questions = targets.flatMap(({ triple }, index) => {
    const whole = answers[index] ?? workspace.raw;
    return memberFeatures(whole, selected, choice).map(([member, own]) => ({ triple, whole, member, own }));
  });
  let isTold = false;
  const answer = async ({ triple, whole, member, own }: (typeof questions)[number]): Promise<Answer> => {
    progress(`features of ${whole.packages.get(member)?.name ?? member}`);
    // Features named on the command line may bring in packages that the plain resolve does not have.
    const manifest = whole.packages.get(member)?.manifestPath ?? rootManifest;
    const raw = own.features.length > 0 ? await sessionMetadata(session, manifest, triple, own) : whole;
    const context = programContext(gathering, raw, triple, new Set(raw.members));
    const kinds: Kind[] = [];
    for (const dev of options.allTargets ? [false, true] : [false]) {
      const running = sessionFeatures(session, raw, member, triple, own, dev);
      if (!isTold) options.meanwhile?.(linked(raw, member, context.holds).map(context.infoOf));
      isTold = true;
      kinds.push({ dev, exact: await running });
    }
    return { context, kinds };
  };
  for await (const [{ member }, { context, kinds }] of inOrder(questions, availableParallelism(), answer)) {
    for (const { dev, exact } of kinds)
      addProgram(programs, context, { member, exact, dev, approximated: false }, gathering.problems);
  }
  checkSources(programs, options.offline);
  const lockfile = session.site.skeleton === null || outdated ? join(workspace.raw.root, "Cargo.lock") : null;
  return finishWorkspace(gathering, {
    origin: "cargo",
    root: workspace.raw.root,
    targets,
    programs: finishPrograms(programs, options, answers[0] ?? workspace.raw),
    lockfile,
    metadata: workspace.raw.metadata,
  });
}

interface Answer {
  readonly context: ReturnType<typeof programContext>;
  readonly kinds: readonly Kind[];
}

/** What is shipped, or tests, examples and benches. */
interface Kind {
  readonly dev: boolean;
  readonly exact: ExactFeatures;
}

/** The member and all libraries that normal dependencies lead to, whatever is optional. */
function linked(raw: RawWorkspace, member: string, holds: (target: string | null) => boolean): RawPackage[] {
  const found = new Set([member]);
  for (const key of found) {
    for (const { to, declarations } of raw.edges.get(key) ?? []) {
      const pkg = raw.packages.get(to);
      const isLinked = declarations.some((one) => one.kind === "normal" && holds(one.target));
      if (isLinked && pkg !== undefined && libraryOf(pkg)?.kind === "lib") found.add(to);
    }
  }
  return [...found].flatMap((key) => raw.packages.get(key) ?? []);
}

function outdatedLock(file: string): CrateProblem {
  const message = "Cargo.lock is out of date: linted with the versions that cargo would write into it";
  return { level: "warning", message, package: null, file, line: null };
}
