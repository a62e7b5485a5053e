/**
 * Words that hold a sentence together and that WordNet leaves out. What it has under their letters is something else:
 * helium under "he", Maine under "me". Those that it does have as such ("in", "each", "mine") are not among them.
 */
const functionWords: ReadonlySet<string> = new Set(
  [
    'he him his himself she her hers herself it its itself we us our ours ourselves you your yours yourself yourselves',
    'they them their theirs themselves i me my myself who whom whose what which whoever whichever',
    'this that these those a an the and or nor if than because although unless until since whether',
    'of at for from to with without into onto upon per via against among amongst toward towards during',
    'would should could shall ought',
  ].flatMap((words) => words.split(' ')),
);

/** Forms of the three verbs that are also auxiliaries: they are these before the unit "are" or the element "Am". */
const auxiliaryForms: Readonly<Record<string, string>> = {
  am: 'be',
  are: 'be',
  is: 'be',
  was: 'be',
  were: 'be',
  has: 'have',
  had: 'have',
  does: 'do',
  did: 'do',
};

/** Whether the word is one that the dictionary does not explain. In: lower case. */
export function isFunctionWord(name: string): boolean {
  return functionWords.has(name);
}

/** The verb of which the word is a form before it is anything else. In: lower case. */
export function auxiliaryOf(name: string): string | undefined {
  return Object.hasOwn(auxiliaryForms, name) ? auxiliaryForms[name] : undefined;
}
