/**
 * Questions that are worked on some at a time, and whose answers come in their order.
 */

/** Each question with its answer; `width` of them are worked on at a time. The first failure is thrown in its turn. */
export async function* inOrder<Question, Answer>(
  questions: readonly Question[],
  width: number,
  work: (question: Question) => Promise<Answer>,
): AsyncGenerator<[Question, Answer]> {
  const running: Promise<Answer>[] = [];
  for (const [at, question] of questions.entries()) {
    for (const next of questions.slice(running.length, at + width)) {
      const answer = work(next);
      // Where an earlier one fails, nobody asks for this one any more.
      answer.catch(() => undefined);
      running.push(answer);
    }
    yield [question, await (running[at] as Promise<Answer>)];
  }
}
